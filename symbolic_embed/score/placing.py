"""Putting a finished file where the user wants it.

A file that exists is not touched unless the user forces it. Without force the file is created exclusively, so that two
programs cannot both win. With force it is written beside the old one, pushed to the disk, and renamed over it: at every
moment either the old or the new file is whole. MIDI is read back, by both readers, before a byte of it is put anywhere.
"""

from __future__ import annotations

import contextlib
import os
import secrets

from symbolic_embed.errors import MidiError, OutputError, OutputExistsError, printable
from symbolic_embed.score.events import EventList, parse
from symbolic_embed.score.reading import read_bytes
from symbolic_embed.score.score import Score
from symbolic_embed.score.writing import score_to_events


def write(music: EventList | Score, path: str | os.PathLike, *, force: bool = False) -> None:
    """Writes events, or a score laid out as `score_to_events` does, as a MIDI file.

    Raises OutputExistsError where `path` exists and `force` is not given, OutputError where it cannot be written.
    """
    events = score_to_events(music) if isinstance(music, Score) else music
    place(verified_bytes(events), path, force=force)


def verified_bytes(events: EventList) -> bytes:
    """The MIDI file of `events`, after reading it back and finding the same in it.

    Raises OutputError where something else was found (a tick too far for the format, an event out of order).
    """
    source = printable(events.source)
    try:
        data = events.to_bytes()
        same = parse(data) == events and read_bytes(data, source=events.source) == events.score()
    except (ValueError, OverflowError, MidiError) as fault:
        raise OutputError(f"{source}: cannot be said in MIDI ({fault}); nothing was written") from None
    if not same:
        raise OutputError(f"{source}: read back, it is not what was to be written; nothing was written")
    return data


def place(data: bytes, path: str | os.PathLike, *, force: bool = False) -> None:
    """Puts `data` at `path`. Raises as `write` does; after an error nothing new is left behind."""
    target = os.fspath(path)
    beside = f"{target}.{secrets.token_hex(4)}.part" if force else target
    try:
        with open(beside, "xb") as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                _remove(beside)
                raise
        if force:
            _rename(beside, target)
    except FileExistsError:
        raise OutputExistsError(target) from None
    except OSError as refusal:
        reason = (refusal.strerror or str(refusal)).lower()
        raise OutputError(
            f"{printable(target)}: cannot be written: {reason}; is the folder there, and writable?"
        ) from None


def _rename(beside: str, target: str) -> None:
    try:
        os.replace(beside, target)
    except OSError:
        _remove(beside)
        raise
    with contextlib.suppress(OSError):  # where folders cannot be opened (Windows) the rename is as safe as it gets
        folder = os.open(os.path.dirname(target) or ".", os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
