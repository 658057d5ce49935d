"""What a layout could not take over, each kind named and counted: nothing is lost in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.events import EventList
from symbolic_embed.score.lines import streams
from symbolic_embed.score.reading.walking import TRACK_NAME
from symbolic_embed.score.score import Score, ScoreWarning, Track


def losses(
    before: EventList, events: EventList, after: EventList, *, apart_from: Collection[tuple[int, int]]
) -> Iterator[ScoreWarning]:
    """What of `before`, which is `events` in the new division, is not in `after`. Parts `apart_from` by (chunk,
    address), were taken over as they stood."""
    score = events.score()
    moved = [track for track in score.tracks if (track.chunk, track.address) not in apart_from]
    yield from _notes(moved, after)
    yield from _rounded(before.score(), events.division)
    yield from _messages(before, apart_from)
    late = len({tempo.tick for tempo in score.tempi if tempo.tick >= max(score.end_tick, 1)})
    yield from _counted("tempo-left-out", late, "after the last note left out", "tempo change")
    yield from _names(before, score)
    ports = max((max(ports) for ports in after.ports), default=0) + 1
    if ports > 1:
        text = f"the parts need {ports} ports of sixteen channels: programs that know no ports play them on one"
        yield ScoreWarning("several-ports", text)


def _notes(tracks: Sequence[Track], after: EventList) -> Iterator[ScoreWarning]:
    """Notes that one channel cannot hold: two of a pitch at one tick, or one that still sounds as the next begins."""
    wanted = Counter(_row(row) for track in tracks for row in track.notes.rows())
    written = Counter(_row(row) for track in after.score().tracks for row in track.notes.rows())
    begun, begins = (Counter(_onset(row) for row in rows.elements()) for rows in (wanted, written))
    gone = (begun - begins).total()
    yield from _counted("notes-left-out", gone, "left out, of one pitch at one tick on one channel", "note")
    shorter = (wanted - written).total() - gone
    yield from _counted("notes-shortened", shorter, "shortened, each to where its pitch begins anew", "note")


def _row(row: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(row.tolist())


def _onset(row: tuple[int, ...]) -> tuple[int, ...]:
    """A note without its length."""
    return row[0], *row[2:]


def _rounded(score: Score, division: int) -> Iterator[ScoreWarning]:
    """Notes that begin or end between two ticks of the new division."""
    count = 0
    for track in score.tracks:
        ticks = np.stack([track.notes.onset_ticks, track.notes.offset_ticks]) * division
        count += int(np.count_nonzero((ticks % score.division).any(axis=0)))
    text = f"moved by less than a tick, to ticks of {division} a quarter"
    yield from _counted("ticks-rounded", count, text, "note")


def _messages(before: EventList, apart_from: Collection[tuple[int, int]]) -> Iterator[ScoreWarning]:
    """Messages to addresses where nothing plays, and those with data that no message may have."""
    playing = {address for _, address in apart_from}
    playing |= {address for notes in before.notes() for address in notes}
    sent = [(address, one.message) for address, several in streams(before, []).items() for one in several]
    unheard = sum(address not in playing and max(message[1:]) < 0x80 for address, message in sent)
    yield from _counted("messages-left-out", unheard, "left out, on channels where nothing plays", "message")
    illegal = sum(max(message[1:]) >= 0x80 for _, message in sent)
    yield from _counted("illegal-left-out", illegal, "with data above 127 left out", "message")


def _names(before: EventList, score: Score) -> Iterator[ScoreWarning]:
    """Names that are others in ASCII, and those of tracks without notes."""
    changed = list(dict.fromkeys(track.name for track in score.tracks if not track.name.isascii()))
    text = f"written in ASCII or after the instrument, {changed[0]!r} the first" if changed else ""
    yield from _counted("names-changed", len(changed), text, "name")
    playing = {track.chunk for track in score.tracks} | {0}
    count = sum(
        any(message[:2] == bytes((0xFF, TRACK_NAME)) for _, message in chunk)
        for index, chunk in enumerate(before.chunks)
        if index not in playing
    )
    yield from _counted("names-left-out", count, "left out, of tracks without notes", "name")


def _counted(kind: str, count: int, text: str, what: str) -> Iterator[ScoreWarning]:
    if count:
        yield ScoreWarning(kind, f"{count:,} {what}{'s' * (count != 1)} {text}")
