"""Writing MIDI that was read back: by both readers, before a byte of it is put anywhere."""

from __future__ import annotations

import os
from dataclasses import replace

from symbolic_embed.errors import MidiError, OutputError, printable
from symbolic_embed.files import NOTHING_IN_USE, InUse, place
from symbolic_embed.score.events import EventList, parse
from symbolic_embed.score.reading.reader import read_bytes
from symbolic_embed.score.score import Score
from symbolic_embed.score.writing.layout import score_to_events


def write(
    music: EventList | Score, path: str | os.PathLike[str], *, force: bool = False, in_use: InUse = NOTHING_IN_USE
) -> None:
    """Writes events, or a score laid out as `score_to_events` does, as a MIDI file.

    Raises OutputExistsError where `path` exists and `force` is not given, OutputError where it cannot be written, or is
    `in_use`.
    """
    events = score_to_events(music) if isinstance(music, Score) else music
    place(verified_bytes(events), path, force=force, in_use=in_use)


def verified_bytes(events: EventList) -> bytes:
    """The MIDI file of `events`, after reading it back and finding the same in it.

    Raises OutputError where something else was found (a tick too far for the format, an event out of order).
    """
    source = printable(events.source)
    try:
        data = events.to_bytes()
        said = replace(events, roles={}).score()  # what somebody said stands in no file
        again = read_bytes(data, source=events.source, join_channels=events.join_channels)
        same = parse(data) == events and again == said
    except (ValueError, OverflowError, MidiError) as fault:
        raise OutputError(f"{source}: cannot be said in MIDI ({fault}); nothing was written") from None
    if not same:
        raise OutputError(f"{source}: read back, it is not what was to be written; nothing was written")
    return data
