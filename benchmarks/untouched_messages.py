"""Two MIDI files laid beside each other, message by message, as `untouched.py` does it.

Before a seam every message must be the same, at the same tick and at the same place among those of its track and tick.
From the seam on a file goes on that had an end: parts are brought back to how they sounded, by dials that stand beside
the seed's own messages, and some of those, which close the file, move behind the new bars. So there messages of one
track and tick need only keep their order; what is missing must stand later in its track, as often as the record says
that something moved; and what is new must be a dial.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import mido
import numpy as np

from symbolic_embed.score import EventList

DIALS = ("control_change", "program_change", "pitchwheel", "aftertouch", "sysex", "set_tempo")


class Said(NamedTuple):
    """A message as mido says it, in which track (from 0) and at which tick."""

    track: int
    tick: int
    message: str

    @property
    def is_dial(self) -> bool:
        """Whether it turns a dial of a channel or of the whole instrument."""
        return self.message.removeprefix("MetaMessage(").strip("'").startswith(DIALS)


def unasked(events: EventList, asked: list[tuple[int, int, int, int]]) -> list[Said]:
    """Every message that mido reads, track by track in order, without ends of tracks and without the notes that begin
    where something was asked for: track, channel, first tick, tick after the last."""
    kept = []
    for number, track in enumerate(mido.MidiFile(file=io.BytesIO(events.to_bytes())).tracks):
        tick, free = 0, Counter[tuple[int, int]]()
        for message in track:
            tick += message.time
            if not _is_asked(message, number, tick, asked, free) and message.type != "end_of_track":
                kept.append(Said(number, tick, str(message.copy(time=0))))
    return kept


def differences(before: Sequence[Said], after: Sequence[Said], *, seam: int, moved: int) -> list[Said]:
    """The messages that were not asked for and are in one file alone, or elsewhere; from the seam on up to `moved` of
    those that are missing may stand later, and new ones may be dials."""
    early = _with_places(one for one in before if one.tick < seam)
    early ^= _with_places(one for one in after if one.tick < seam)
    lost, came = _apart(*([one for one in messages if one.tick >= seam] for messages in (before, after)))
    behind = Counter((one.track, one.message) for one in came if one.tick > seam)
    arrived = Counter[tuple[int, str]]()
    missing = []
    for one in lost:
        key = (one.track, one.message)
        if arrived[key] < behind[key] and arrived.total() < moved:
            arrived[key] += 1
        else:
            missing.append(one)
    strange = []
    for one in reversed(came):  # what moved stands last
        key = (one.track, one.message)
        arrived[key] -= (has_moved := arrived[key] > 0)
        if not has_moved and not one.is_dial:
            strange.append(one)
    return [*sorted(said for said, _ in early), *missing, *strange]


def _with_places(messages: Iterable[Said]) -> set[tuple[Said, int]]:
    """Each message with its place among those of its track and tick."""
    places, found = Counter[tuple[int, int]](), set()
    for one in messages:
        found.add((one, places[one.track, one.tick]))
        places[one.track, one.tick] += 1
    return found


def _apart(before: Sequence[Said], after: Sequence[Said]) -> tuple[list[Said], list[Said]]:
    """What is left of either, track by track and tick by tick, without as many messages as both have in one order."""
    lost, came = [], []
    for place in sorted({(one.track, one.tick) for one in (*before, *after)}):
        first, second = ([one for one in side if (one.track, one.tick) == place] for side in (before, after))
        common = _in_one_order(first, second)
        lost += [one for row, one in enumerate(first) if row not in {pair[0] for pair in common}]
        came += [one for row, one in enumerate(second) if row not in {pair[1] for pair in common}]
    return lost, came


def _in_one_order(first: Sequence[Said], second: Sequence[Said]) -> list[tuple[int, int]]:
    """The most pairs of equal messages that come in the same order in both, by their places."""
    most = np.zeros((len(first) + 1, len(second) + 1), np.int64)
    for row in reversed(range(len(first))):
        for column in reversed(range(len(second))):
            same = first[row] == second[column]
            most[row, column] = max(most[row + 1, column], most[row, column + 1], most[row + 1, column + 1] + same)
    pairs, row, column = [], 0, 0
    while row < len(first) and column < len(second):
        if first[row] == second[column]:
            pairs.append((row, column))
            row, column = row + 1, column + 1
        elif most[row + 1, column] >= most[row, column + 1]:
            row += 1
        else:
            column += 1
    return pairs


def _is_asked(
    message: mido.Message,
    number: int,
    tick: int,
    asked: list[tuple[int, int, int, int]],
    free: Counter[tuple[int, int]],
) -> bool:
    """Whether a message is the on or off of a note that was asked for; `free` holds those that sound."""
    if message.type not in ("note_on", "note_off"):
        return False
    key = (message.channel, message.note)
    if message.type == "note_on" and message.velocity:
        ours = any((number, message.channel) == one[:2] and one[2] <= tick < one[3] for one in asked)
        free[key] += ours
        return ours
    was_asked = free[key] > 0
    free[key] -= was_asked
    return was_asked
