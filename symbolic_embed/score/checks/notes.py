"""Checks of notes: those that hang, overlap, have no length, are there twice, or lie beside the grid."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.checks.finding import FAULT, REMARK, Examined, Finding, Position
from symbolic_embed.score.instruments import pitch_name
from symbolic_embed.score.reading.pairing import NEVER, PairedNotes

FINEST = (8, 12)  # lines of the grid in a quarter: thirty-seconds, sixteenth triplets
BESIDE = 1 / 48  # of a quarter: 10 ms at 120 a minute, the least that is heard as early or late
EVER = np.iinfo(np.int64).max  # a tick after all music
APART = "give each of the two parts a channel of its own"
SHIFTED = 0.9  # of a part's notes lie beside the grid by about the same: the file is shifted, not played


def note_findings(file: Examined) -> Iterator[Finding]:
    """All findings about single notes, and the notes beside the grid."""
    for chunk, channel, notes in file.notes:
        yield from _unfinished(file, chunk, channel, notes)
        yield from _stray_offs(file, chunk, channel, notes)
        if file.score.has_grid:
            yield from _beside_the_grid(file, chunk, channel, notes)
    for channel in sorted({channel for _, channel, _ in file.notes}):
        yield from _overlaps(file, channel)


def _unfinished(file: Examined, chunk: int, channel: int, notes: PairedNotes) -> Iterator[Finding]:
    """Notes that never end, and notes that end where they begin."""
    never = notes.off_events == NEVER
    for index in np.flatnonzero(never | (notes.duration_ticks == 0)):
        name, position = pitch_name(int(notes.pitch[index])), Position(int(notes.onset_ticks[index]), chunk, channel)
        if never[index]:
            text, way_out = f"{name} never ends", "it sounds on and on in some programs: give it an end"
            yield file.finding(FAULT, "hanging-note", text, way_out, position)
        else:
            text, way_out = (
                f"{name} has no length",
                "it is hardly seen, and not heard in every program: give it a length",
            )
            yield file.finding(FAULT, "zero-length", text, way_out, position)


def _stray_offs(file: Examined, chunk: int, channel: int, notes: PairedNotes) -> Iterator[Finding]:
    """Note-offs that end nothing."""
    ends = set(notes.off_events.tolist())
    ports = file.events.ports[chunk]
    for index, (tick, message) in enumerate(file.events.chunks[chunk]):
        is_off = message[0] & 0xF0 == 0x80 or (message[0] & 0xF0 == 0x90 and message[2] == 0)
        if is_off and index not in ends and ports[index] << 4 | message[0] & 0x0F == channel:
            text = f"an end of {pitch_name(message[1])} that ends no note"
            way_out = "harmless until a note is put there: delete it"
            yield file.finding(REMARK, "stray-off", text, way_out, Position(tick, chunk, channel))


def _overlaps(file: Examined, channel: int) -> Iterator[Finding]:
    """Notes that begin while the same pitch sounds on the same channel, in whichever chunk; notes there twice. A note
    that never ends sounds beyond the end of its chunk."""
    parts = [(chunk, notes) for chunk, used, notes in file.notes if used == channel]
    chunks = np.concatenate([np.full(len(notes.pitch), chunk) for chunk, notes in parts])
    onset, duration, pitch, off_events = (
        np.concatenate([getattr(notes, name) for _, notes in parts])
        for name in ("onset_ticks", "duration_ticks", "pitch", "off_events")
    )
    order = np.lexsort((chunks, onset, pitch))
    ends = np.where(off_events == NEVER, EVER, onset + duration)
    until, before = -1, -1  # how far this pitch sounds, and where its last note began
    until_chunk = 0  # whose note sounds so far
    for this, previous in zip(order.tolist(), [-1, *order.tolist()], strict=False):
        if previous < 0 or pitch[this] != pitch[previous]:
            until = before = -1
        position = Position(int(onset[this]), int(chunks[this]), channel)
        name, is_own = pitch_name(int(pitch[this])), until_chunk == chunks[this]
        if onset[this] == before:
            text = f"{name} is there twice at one tick"
            way_out = "one end may silence both: " + ("delete one" if is_own else APART)
            yield file.finding(FAULT, "doubled-note", text, way_out, position)
        elif onset[this] < until:
            text = f"{name} begins while {name} still sounds on the same channel"
            mend = "end the first where the second begins" if is_own else APART
            yield file.finding(FAULT, "overlap", text, f"programs disagree on which end is whose: {mend}", position)
        before = int(onset[this])
        if ends[this] > until:
            until, until_chunk = int(ends[this]), int(chunks[this])


def _beside_the_grid(file: Examined, chunk: int, channel: int, notes: PairedNotes) -> Iterator[Finding]:
    """One finding for all notes of a part that begin beside the grid of their bar."""
    barlines = file.metre.barline_ticks
    into = notes.onset_ticks - barlines[np.minimum(file.metre.bar_at(notes.onset_ticks), len(barlines) - 1)]
    beside = _from_the_grid(into / file.score.division) * file.score.division
    off = np.flatnonzero(np.abs(beside) > BESIDE * file.score.division)
    if len(off) == 0:
        return
    usual = float(np.median(beside[off]))
    alike = np.abs(beside - usual) < BESIDE / 2 * file.score.division
    most = np.abs(beside[off]).max()
    text = f"{len(off)} of {len(beside)} notes begin beside thirty-seconds and triplets, by {most:.0f} ticks at most"
    way_out = "fine if it was played so; else quantise them"
    if alike.mean() >= SHIFTED and abs(usual) > BESIDE * file.score.division:
        way_out = f"nearly all by {usual:+.0f} ticks: the part is shifted against the barlines, move it back"
    tick = int(notes.onset_ticks[off].min())
    yield file.finding(REMARK, "beside-grid", text, way_out, Position(tick, chunk, channel))


def _from_the_grid(quarters: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far after (or, negative, before) the nearest line of the grid each time lies, in quarters."""
    thirty_seconds, triplets = (quarters - np.rint(quarters * fine) / fine for fine in FINEST)
    return np.where(np.abs(thirty_seconds) <= np.abs(triplets), thirty_seconds, triplets)
