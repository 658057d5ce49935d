"""`live`: parts beside whoever plays, while they play; and sessions played again."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.errors import InputError, OutputError, UsageError
from symbolic_embed.requests.live import LiveRequest

MOST_TAKES = 10_000


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
    checkpoint: options.Checkpoint = None
    force: options.Force = False


@taking(LiveRequest, LiveOptions)
def live(request: LiveRequest, given: LiveOptions) -> None:
    """Play along while somebody plays, bar by bar, on MIDI ports; every session is a file that can be played again."""
    if given.ports:
        _list_ports()
    elif given.replay is not None:
        _replay(given.replay, given)
    else:
        _play(request, given)


def _list_ports() -> None:
    from symbolic_embed.live.ports import input_names, output_names

    for name in input_names():
        typer.echo(f"in   {name}")
    for name in output_names():
        typer.echo(f"out  {name}")


def _play(request: LiveRequest, given: LiveOptions) -> None:
    from symbolic_embed.live.linking import Linking
    from symbolic_embed.live.notes import Metre, parts_of
    from symbolic_embed.live.running import Session
    from symbolic_embed.live.view import HELP, keys_pressed, shown
    from symbolic_embed.live.worker import Start

    if given.input is None or given.out is None:
        field = "input" if given.input is None else "out"
        raise UsageError(
            f"`{field}` must be given: a port (`ports` lists them), virtual:NAME or socket:HOST:PORT", field=field
        )
    progress = given.progress()
    start = Start(request, parts_of(request), given.checkpoint, _lenders(request, given))
    signal.signal(signal.SIGTERM, _terminate)
    path, stream = _new_session(given.output)
    with stream:
        progress.tell("loading the model")
        try:
            session = Session(
                start,
                ports_named=(given.input, given.out),
                stream=stream,
                tell=lambda told: None if given.quiet else shown(told, sys.stderr),
            )
        except BaseException:  # nothing was played
            stream.close()
            path.unlink()
            raise
        link = (
            Linking(request.tempo, quarters=Metre.of(request.metre).quarters, hear=session.happen)
            if request.sync == "link"
            else None
        )
        try:
            with keys_pressed(session.press):
                progress.tell(f"play; {HELP}; bars are begun {1e3 * session.lead:.0f} ms before they sound")
                session.run()
        finally:
            if link is not None:
                link.close()
            account = session.close()
            progress.tell(f"\n{path}: {json.dumps(account)}")
    _export(path, path.with_suffix(".mid"), force=False)


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
    from symbolic_embed.live.replay import Replay
    from symbolic_embed.live.sessions import lines_of
    from symbolic_embed.live.worker import Start

    use_threads(1)
    with path.open(encoding="utf-8", errors="replace") as stream:
        lines = lines_of(stream, source=str(path))
        head = next(lines)
        if missing := {"request", "parts", "lead"} - head.keys():
            raise InputError(str(path), f"line 1 says nothing of {' and '.join(sorted(missing))}; is it damaged?")
        request, parts = LiveRequest(**head["request"]), tuple(head["parts"])
        start = Start(request, parts, given.checkpoint, _lenders(request, given))
        trained = start.model()
        if trained.embedder.hash != head.get("checkpoint"):
            raise UsageError(
                f"{path} was played with checkpoint {str(head.get('checkpoint'))[:12]}, this is "
                f"{trained.embedder.hash[:12]}; name it with `checkpoint`",
                field="checkpoint",
            )
        begin = [partial(one.answerer, trained) for one in (start.first, start.stand_in) if one is not None]
        replay = Replay(request, parts=parts, lead=head["lead"], begin=begin)
        difference = replay.run(lines)
    if difference is not None:
        raise OutputError(
            f"{path}: message {difference.number} was {difference.was} and is {difference.now}; was it another version "
            f"({head.get('version')}) or machine?"
        )
    given.progress().tell(f"{path}: {replay.count:,} messages, the same")
    _export(path, given.output / f"{path.stem}.mid", force=given.force)


def _export(path: Path, target: Path, *, force: bool) -> None:
    """Writes the MIDI file of a session."""
    from symbolic_embed.files.writer import place
    from symbolic_embed.live.exporting import session_as_midi
    from symbolic_embed.live.sessions import lines_of

    with path.open(encoding="utf-8", errors="replace") as stream:
        lines = lines_of(stream, source=str(path))
        events = session_as_midi(next(lines), lines)
    target.parent.mkdir(parents=True, exist_ok=True)
    place(events.to_bytes(), target, force=force)
    typer.echo(str(target))


def _new_session(folder: Path) -> Any:
    """The first name in a folder that no session has, and its file, open."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, MOST_TAKES):
        path = folder / f"take{number:03d}.session"
        if not path.with_suffix(".mid").exists():
            try:
                return path, path.open("x", encoding="utf-8")
            except FileExistsError:
                continue
    raise OutputError(f"{folder}: {MOST_TAKES:,} sessions are there; name another folder")


def _terminate(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)
