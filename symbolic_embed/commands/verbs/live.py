"""`live`: parts beside whoever plays, while they play; and sessions played again."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.errors import UsageError
from symbolic_embed.requests.live import LiveRequest

if TYPE_CHECKING:
    from symbolic_embed.live.places import Places
    from symbolic_embed.live.running import Session
    from symbolic_embed.live.serving import Service


@dataclass(frozen=True, kw_only=True)
class LiveOptions(options.Options):
    """What the command line adds to a LiveRequest."""

    output: options.Output = Path("live")
    input: Annotated[
        str | None, typer.Option("--in", metavar="PORT", help="Where you play: a port, virtual:NAME, socket:HOST:PORT.")
    ] = None
    out: Annotated[str | None, typer.Option("--out", metavar="PORT", help="Where it plays, likewise.")] = None
    ports: Annotated[bool, typer.Option("--list-ports", help="Say which ports there are, and stop.")] = False
    replay: Annotated[
        Path | None,
        typer.Option(metavar="SESSION", help="Play a session again, without ports; compare what comes out."),
    ] = None
    source: Annotated[
        str | None, typer.Option("--from", metavar="LIB|FOLDER", help="Answer from music of your own.")
    ] = None
    out_at: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Play on the machine that runs --serve-out there.")
    ] = None
    model_at: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Ask the machine that runs --serve-model there.")
    ] = None
    serve_out: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Play on --out what sessions elsewhere send.")
    ] = None
    serve_model: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Answer sessions elsewhere with the model.")
    ] = None
    token: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            envvar="SYMBOLIC_EMBED_TOKEN",
            help="The same on all machines; may be empty on this one alone.",
            show_default=False,
        ),
    ] = ""
    checkpoint: options.Checkpoint = None
    force: options.Force = False


@taking(LiveRequest, LiveOptions)
def live(request: LiveRequest, given: LiveOptions) -> None:
    """Play along while somebody plays, bar by bar, on MIDI ports; every session is a file that can be played again."""
    _require_one_meaning(request, given)
    if given.ports:
        _list_ports()
    elif given.replay is not None:
        _replay(given.replay, given)
    elif given.serve_model or given.serve_out:
        _serve(request, given)
    else:
        _play(request, given)


ALONE = {  # of what a run can be, the options that would mean nothing there; the request itself: `request`
    "ports": ("replay", "serve_model", "serve_out", "input", "out", "out_at", "model_at", "source", "request"),
    "replay": ("serve_model", "serve_out", "input", "out", "out_at", "model_at", "request"),
    "serve_model": ("serve_out", "input", "out", "out_at", "model_at"),
    "serve_out": ("input", "out_at", "model_at", "source"),
    "out": ("out_at",),
}


def _require_one_meaning(request: LiveRequest, given: LiveOptions) -> None:
    """Raises UsageError where two options contradict each other."""
    fields = LiveRequest.model_fields
    asked = sorted(name for name in fields if getattr(request, name) != fields[name].default and name != "stand_in")
    for name, others in ALONE.items():
        if not getattr(given, name):
            continue
        named = [other for other in others if other != "request" and getattr(given, other)]
        named += asked if "request" in others else []
        if named:
            raise UsageError(f"`{name}` and `{named[0]}` are not taken together; leave one out", field=named[0])


def _list_ports() -> None:
    from symbolic_embed.live.ports import input_names, output_names

    for name in input_names():
        typer.echo(f"in   {name}")
    for name in output_names():
        typer.echo(f"out  {name}")


def _play(request: LiveRequest, given: LiveOptions) -> None:
    from symbolic_embed.live.interrupting import Interrupts
    from symbolic_embed.live.notes import parts_of
    from symbolic_embed.live.takes import midi_of_take, play_take
    from symbolic_embed.live.view import HELP, account_in_words, keys_pressed, shown
    from symbolic_embed.live.worker import Start

    places, progress = _places(request, given), given.progress()
    start = Start(request, parts_of(request), given.checkpoint, _lenders(request, given))
    signal.signal(signal.SIGTERM, _terminate)
    interrupts = Interrupts(signal.SIGINT, signal.SIGTERM)

    @contextlib.contextmanager
    def meanwhile(session: Session) -> Iterator[None]:
        for name, clock in session.clocks.items():
            progress.tell(f"{name} at {getattr(places, name)}: {clock}")
        with keys_pressed(session.press), interrupts.ending(session.interrupt):
            progress.tell(f"play; {HELP}; bars are begun {1e3 * session.ahead.lead:.0f} ms before they sound")
            yield

    progress.tell("loading the model" if places.model is None else f"asking the model at {places.model}")
    take = play_take(
        start,
        places=places,
        folder=given.output,
        tell=lambda told: None if given.quiet else shown(told, sys.stderr),
        meanwhile=meanwhile,
    )
    progress.tell(f"\n{take.path}: {account_in_words(take.account, lead=take.lead)}")
    _place(midi_of_take(take.path), take.path.with_suffix(".mid"), force=False)
    if interrupts.came is not None:
        raise SystemExit(128 + interrupts.came)


def _places(request: LiveRequest, given: LiveOptions) -> Places:
    """Where the session listens, sends and asks. Raises UsageError."""
    from symbolic_embed.live.places import Places
    from symbolic_embed.live.wire import Address

    if given.input is None or (given.out is None) == (given.out_at is None):
        field = "input" if given.input is None else "out"
        either = "" if given.input is None else ", or else `out_at`"
        raise UsageError(
            f"`{field}` must be given: a port (`ports` lists them), virtual:NAME or socket:HOST:PORT{either}",
            field=field,
        )
    if given.model_at and given.source and not request.stand_in:
        raise UsageError("`source` would answer, and so would `model_at`; add `stand_in`, or leave one out")
    model = Address.of(given.model_at, field="model_at") if given.model_at else None
    out = Address.of(given.out_at, field="out_at") if given.out_at else given.out
    assert out is not None
    return Places(given.input, out, model, given.token)


def _serve(request: LiveRequest, given: LiveOptions) -> None:
    """Serves a model, or a port, until it is told to end."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.live.serving import ModelService, OutService, Server
    from symbolic_embed.live.wire import Address
    from symbolic_embed.live.worker import Start

    use_threads(1)
    progress = given.progress()
    service: Service
    if given.serve_model:
        at = Address.of(given.serve_model, field="serve_model")
        at.require_token(given.token)
        progress.tell("loading the model")
        service = ModelService(Start(request, request.parts, given.checkpoint, _lenders(request, given)))
    else:
        at = Address.of(given.serve_out or "", field="serve_out")
        at.require_token(given.token)
        if given.out is None:
            raise UsageError("`serve_out` needs a port to play on; name it with `out`", field="out")
        service = OutService(given.out)
    signal.signal(signal.SIGTERM, _terminate)
    with contextlib.ExitStack() as ending:
        ending.callback(service.close)
        server = Server(at, given.token, service)
        ending.callback(server.close)
        progress.tell(f"serving `{service.name}` at {server.at}")
        server.run()


def _lenders(request: LiveRequest, given: LiveOptions) -> Any:
    """The music to borrow from, of a library or a folder, read; None where none is named."""
    from symbolic_embed.library.stores.folder import is_library
    from symbolic_embed.library.stores.milvus import is_address

    if given.source is None:
        if request.stand_in:
            raise UsageError("`stand_in` needs music of your own to play; name it with `source`", field="stand_in")
        return None
    from symbolic_embed.commands.shared.inputs import Intake
    from symbolic_embed.commands.shared.seeds import music_of_library, own_music

    with Intake(given.progress()) as intake:
        is_named = is_address(given.source) or is_library(given.source)
        music = music_of_library(given.source, intake) if is_named else own_music(Path(given.source), intake)
        return tuple(music)


def _replay(path: Path, given: LiveOptions) -> None:
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.composing.trained import TrainedComposer
    from symbolic_embed.live.takes import midi_of_take, replay_take
    from symbolic_embed.live.worker import Start

    def load(request: LiveRequest) -> tuple[TrainedComposer, Start]:
        lenders = _lenders(request, given)
        return TrainedComposer.load(given.checkpoint), Start(request, request.parts, given.checkpoint, lenders)

    use_threads(1)
    replayed = replay_take(path, load)
    if not replayed.is_whole:
        typer.echo(f"{path}: has no end, it was cut off; what is there is played again", err=True)
    given.progress().tell(f"{path}: {replayed.messages:,} messages, the same")
    _place(midi_of_take(path), given.output / f"{path.stem}.mid", force=given.force)


def _place(data: bytes, target: Path, *, force: bool) -> None:
    """Writes the MIDI file of a session."""
    from symbolic_embed.files.writer import place

    target.parent.mkdir(parents=True, exist_ok=True)
    place(data, target, force=force)
    typer.echo(str(target))


def _terminate(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)
