"""New notes into the seed's own file: into its parts, and as parts behind them.

The file is edited in place, event for event: what nobody asked for stays. New notes keep clear of all that sounds on
their channel, in whichever chunk it stands, and stay in the bars they were written for: one that has to wait for a kept
one to end must not find itself in the next (`in_their_bars`).

Drums are struck, not held. A kit may be spread over chunks of one channel: what another chunk plays is only not struck
twice at once. And a hit that was said to last until the next of its drum is cut short where a new one comes between
(`struck_between`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Grid, PlacedNotes
from symbolic_embed.bars.cutting import notes_in_ticks
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score import EventList, Notes, Track
from symbolic_embed.score.editing.in_place import append_track, fitted, with_fitted
from symbolic_embed.score.reading.parts import Part

UNREACHED_STEPS = 1 << 24  # more than a piece has: see `bars.grid.MAX_STEPS`


def with_notes(seed: Seed, *, removed: NDArray[np.int64], added: PlacedNotes) -> EventList:
    """The seed's events without some of its notes (indices into `seed.barred.notes`), and with new ones, which keep
    clear of all notes of their channel."""
    events, notes, tracks = seed.events, seed.barred.notes, seed.barred.score.tracks
    leaving = [notes.source[removed[notes.track[removed] == number]] for number in range(len(tracks))]
    after = [track.notes.where(_others(track.notes, of_track)) for track, of_track in zip(tracks, leaving, strict=True)]
    parts, edited = _parts_by_place(events), set()
    for number, track in enumerate(tracks):
        new = notes_in_ticks(added.where(added.track == number), grid=seed.barred.grid)
        if not (len(leaving[number]) or len(new)):
            continue
        if track.chunk in edited:  # the places of its events have moved
            parts = _parts_by_place(events)
        part = parts[track.chunk, track.address]
        beside = [
            after[other]
            for other, of_other in enumerate(tracks)
            if not set(track.addresses).isdisjoint(of_other.addresses) and of_other.chunk != track.chunk
        ]
        if track.is_drum:
            new, beside = new.where(_not_struck(new, beside)), []
        placed = fitted(new, events, part, remove=leaving[number], beside=beside)
        placed = placed.where(in_their_bars(placed, new, grid=seed.barred.grid))
        events = with_fitted(events, part, remove=leaving[number], fitting=placed)
        after[number] = Notes.concatenated([after[number], placed])
        edited.add(track.chunk)
    return events


def in_their_bars(placed: Notes, new: Notes, *, grid: Grid) -> NDArray[np.bool_]:
    """Which notes that found room begin in the bar they were written for; bool (notes,). One that has to wait until a
    kept note ends may find itself in the next bar, where nobody asked for it. Behind the seam all is one bar."""

    def bars(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
        return grid.bar_of(np.minimum(grid.step_of(ticks), grid.bar_steps[-1] - 1))

    longest = int(max(new.onset_ticks.max(initial=0), placed.onset_ticks.max(initial=0))) + 1
    before, after = (notes.pitch.astype(np.int64) * longest + notes.onset_ticks for notes in (new, placed))
    order = np.argsort(before, kind="stable")
    came_from = order[np.searchsorted(before[order], after, side="right") - 1]  # the last of its pitch, not later
    return np.equal(bars(placed.onset_ticks), bars(new.onset_ticks[came_from]))


def struck_between(
    barred: BarredScore, removed: NDArray[np.int64], added: PlacedNotes, *, free: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], PlacedNotes]:
    """The same changes and, where new hits on drums come while an old one of the same drum is said to last, that one
    written anew, to be cut short there. `free`: which notes of the piece may change, bool (notes,)."""
    notes = barred.notes
    stays = free & barred.note_is_drum
    stays[removed] = False
    kept = np.flatnonzero(stays)
    ends = (notes.onset_steps + notes.length_steps)[kept]
    place, new_place = (which.track * 128 + which.pitch for which in (notes.where(kept), added))
    steps = np.sort(new_place * UNREACHED_STEPS + added.onset_steps)
    first = np.searchsorted(steps, place * UNREACHED_STEPS + notes.onset_steps[kept], side="right")
    following = np.append(steps, np.iinfo(np.int64).max)[first]
    again = kept[following < place * UNREACHED_STEPS + ends]
    anew = notes.where(again)
    anew = replace(anew, source=np.full(len(again), -1))
    columns = (np.concatenate([getattr(added, name), getattr(anew, name)]) for name in PlacedNotes.__dataclass_fields__)
    return np.concatenate([removed, again]), PlacedNotes(*columns)


def with_parts(seed: Seed, tracks: Sequence[Track], *, added: PlacedNotes) -> EventList:
    """The seed's events and new parts after them: `tracks` are empty, their notes are those of `added` whose track
    counts on from the seed's. A part without notes is left out."""
    events, first = seed.events, len(seed.barred.score.tracks)
    for number, track in enumerate(tracks, start=first):
        notes = notes_in_ticks(added.where(added.track == number), grid=seed.barred.grid)
        if len(notes):
            events = append_track(events, replace(track, notes=notes))
    return events


def _not_struck(new: Notes, others: Sequence[Notes]) -> NDArray[np.bool_]:
    """Which new hits no other chunk has at the same tick already; bool (notes,)."""
    theirs = Notes.concatenated(others)
    return ~np.isin(new.onset_ticks * 128 + new.pitch, theirs.onset_ticks * 128 + theirs.pitch)


def _others(notes: Notes, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """The indices of the notes that are not chosen."""
    return np.setdiff1d(np.arange(len(notes)), chosen)


def _parts_by_place(events: EventList) -> dict[tuple[int, int], Part]:
    """The parts by chunk and address."""
    return {(part.track.chunk, part.track.address): part for part in events.parts()}
