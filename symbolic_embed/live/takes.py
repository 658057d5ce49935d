"""Sessions in a folder: played into the next file there is room for, and played again from it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from symbolic_embed.errors import InputError, OutputError, UsageError
from symbolic_embed.live.checking import LONGEST
from symbolic_embed.live.exporting import session_as_midi
from symbolic_embed.live.linking import Linking
from symbolic_embed.live.notes import Metre
from symbolic_embed.live.performance import HORIZON, Ahead
from symbolic_embed.live.replay import Replay
from symbolic_embed.live.running import Session, Told
from symbolic_embed.live.sessions import lines_of
from symbolic_embed.live.telling import real
from symbolic_embed.live.worker import Start
from symbolic_embed.requests.live import LiveRequest

if TYPE_CHECKING:
    from symbolic_embed.composing.trained import TrainedComposer
    from symbolic_embed.live.places import Places

MOST_TAKES = 10_000
Meanwhile = Callable[[Session], contextlib.AbstractContextManager[None]]


class Take(NamedTuple):
    """A session that was played: its file, how it went (`Session.close`), and the seconds before a barline at which
    a bar was begun."""

    path: Path
    account: dict[str, Any]
    lead: float


class Head(NamedTuple):
    """What the first line of a session's file says."""

    request: LiveRequest
    parts: tuple[str, ...]
    ahead: Ahead
    checkpoint: str | None
    version: str | None


def new_take(folder: Path) -> tuple[Path, IO[str]]:
    """The first name in a folder that no session has, and its file, open. Raises OutputError where all are taken, or
    nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, MOST_TAKES):
            path = folder / f"take{number:03d}.session"
            if not path.with_suffix(".mid").exists():
                with contextlib.suppress(FileExistsError):
                    return path, path.open("x", encoding="utf-8")
    except OSError as refusal:
        raise OutputError(
            f"{folder}: no session can be written there ({refusal.strerror}); name another folder as `output`"
        ) from None
    raise OutputError(f"{folder}: {MOST_TAKES:,} sessions are there; name another folder as `output`")


def play_take(
    start: Start, *, places: Places, folder: Path, tell: Callable[[Told], object], meanwhile: Meanwhile
) -> Take:
    """Plays a session into a new file of a folder, inside the context `meanwhile`, and returns when it is over. Raises
    what a `Session` does, which leaves no file, and SoundError without Ableton Link where that is asked for."""
    is_new = not folder.exists()
    path, stream = new_take(folder)
    request = start.request
    with stream:
        try:
            session = Session(start, places=places, stream=stream, tell=tell)
        except BaseException:  # nothing was played
            stream.close()
            path.unlink()
            if is_new:
                folder.rmdir()
            raise
        with contextlib.ExitStack() as ending:
            account: dict[str, Any] = {}
            ending.callback(lambda: account.update(session.close()))
            if request.sync == "link":
                quarters = Metre.of(request.metre).quarters
                ending.callback(Linking(request.tempo, quarters=quarters, hear=session.happen).close)
            ending.enter_context(meanwhile(session))
            session.run()
    return Take(path, account, session.ahead.lead)


class Replayed(NamedTuple):
    """A session that was played again: how many messages were the same, and whether its file has an end, or was cut
    off."""

    messages: int
    is_whole: bool


def replay_take(path: Path, load: Callable[[LiveRequest], tuple[TrainedComposer, Start]]) -> Replayed:
    """Plays a session again. `load`: its model, and what it begins with. Raises InputError for what is no session,
    UsageError for another model, OutputError where another message comes out."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        lines = lines_of(stream, source=str(path))
        head = _head(next(lines), source=path)
        trained, start = load(head.request)
        if trained.embedder.hash != head.checkpoint:
            raise UsageError(
                f"{path} was played with checkpoint {str(head.checkpoint)[:12]}, this is "
                f"{trained.embedder.hash[:12]}; name it with `checkpoint`",
                field="checkpoint",
            )
        start = start._replace(request=head.request, parts=head.parts)
        begin = [partial(one.answerer, trained) for one in (start.first, start.stand_in) if one is not None]
        replay = Replay(head.request, parts=head.parts, ahead=head.ahead, begin=begin)
        difference = replay.run(lines)
    if difference is not None:
        raise OutputError(
            f"{path}: message {difference.number} was {difference.was} and is {difference.now}; was it another version "
            f"({head.version}) or machine?"
        )
    return Replayed(replay.count, replay.is_whole)


def midi_of_take(path: Path) -> bytes:
    """The MIDI file of a session, with both players. Raises InputError for what is no session."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        lines = lines_of(stream, source=str(path))
        head = next(lines)
        _head(head, source=path)
        return session_as_midi(head, lines).to_bytes()


def _head(fields: dict[str, Any], *, source: Path) -> Head:
    if missing := {"request", "parts", "lead"} - fields.keys():
        raise InputError(str(source), f"line 1 says nothing of {' and '.join(sorted(missing))}; is it damaged?")
    try:
        request = LiveRequest(**{**dict(fields["request"]), "parts": fields["parts"]})
        lead = real(fields["lead"], 0, LONGEST)
        first = None if fields.get("first") is None else real(fields["first"], 0, LONGEST)
        ahead = Ahead(lead, real(fields.get("horizon", HORIZON), 0, LONGEST), first)
    except (UsageError, TypeError, ValueError) as fault:
        reason = str(fault).replace("`", "")  # they are no options of who replays it
        raise InputError(str(source), f"line 1: {reason}; is it damaged?") from None
    parts = tuple(request.parts)
    return Head(request, parts, ahead, fields.get("checkpoint"), fields.get("version"))
