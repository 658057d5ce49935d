"""New notes of an output played as people play them.

A new note is one that the seed has not. It stays nearest to the step it was written for, so that what is read again is
what was written, and begins no earlier than the first bar that is new.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore, cut
from symbolic_embed.outputs.proof import proved
from symbolic_embed.outputs.reread import cut_again
from symbolic_embed.outputs.seam import first_new_tick
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.playing.humanising import Human, Humaniser
from symbolic_embed.playing.laying import played
from symbolic_embed.playing.places import BarPlaces
from symbolic_embed.score import Event, EventList, Track
from symbolic_embed.score.editing.moving import Played, is_movable, replayed

WITHIN = 0.45 / STEPS_PER_QUARTER  # of a quarter: nearly half a step


def new_notes_humanised(output: Output, seed: Seed, *, amount: float) -> Output:
    """The same output with its new notes played as people do, as far as `amount` (0 to 1), and its proof made again."""
    settings = output.record["settings"]
    barred = cut(output.events.score()) if settings.get("alone") else _along_the_seed(output.events, seed)
    random = np.random.SeedSequence([settings["random_seed"], settings["variation"]])
    human = Human(amount, random_seed=int(random.generate_state(1)[0]), within=WITHIN)
    places = BarPlaces.of(barred)
    humaniser = Humaniser(barred.score, places, human)
    first = first_new_tick(output, seed)
    plays: dict[int, Played] = {}
    counted = 0
    for number, part in enumerate(output.events.parts()):
        new = np.ones(len(part.track.notes), bool) if settings.get("alone") else _new(part.track, seed)
        if new.any() and is_movable(part):
            counted += int(new.sum())
            way = humaniser.way(number, chosen=new)
            plays[number] = _from(first, played(part.track, places, way), was=part.track.notes.onset_ticks)
    record = {**output.record, "settings": {**settings, "humanise": amount}, "humanised": {"notes": counted}}
    events = replayed(output.events, plays)
    if output.asked is None:
        return replace(output, events=events, record=record)
    events = _ending_as_needed(events, before=output.moved or seed.events)
    humanised = replace(output, events=events, record=record)
    return proved(humanised, seed, asked=output.asked, moved=output.moved)


def _ending_as_needed(events: EventList, *, before: EventList) -> EventList:
    """The events with each end of track where it was before, or later only as far as a note needs that: one that is
    played earlier than it was written needs less."""
    chunks = list(events.chunks)
    for number, (old, (*body, end)) in enumerate(zip(before.chunks, chunks, strict=False)):
        chunks[number] = (*body, Event(max([old[-1].tick, *(event.tick for event in body)]), end.message))
    return replace(events, chunks=tuple(chunks))


def _from(tick: int, notes: Played, *, was: NDArray[np.int64]) -> Played:
    """The notes with none moved before a tick that was not there (`was`: where they began)."""
    return notes._replace(onset_ticks=np.where(was >= tick, np.maximum(notes.onset_ticks, tick), notes.onset_ticks))


def _along_the_seed(events: EventList, seed: Seed) -> BarredScore:
    """An output cut along the grid of its seed, which goes on as far as the output does."""
    grid = seed.barred.grid
    last, after = grid.tick_of(int(grid.bar_steps[-1]) + np.array([0, grid.next_bar_steps]))
    beyond = max(events.score().end_tick - int(last), 0)
    return cut_again(events, seed, more_bars=-(-beyond // int(after - last)))


def _new(track: Track, seed: Seed) -> NDArray[np.bool_]:
    """Which notes of a part of an output its seed has not; bool (n,). Of drums lengths do not count."""
    columns = [0, 2, 3] if track.is_drum else [0, 1, 2, 3]
    place = (track.chunk, track.address)
    before = [one.notes.rows() for one in seed.barred.score.tracks if (one.chunk, one.address) == place]
    left = Counter(tuple(row) for rows in before for row in rows[:, columns].tolist())
    new = []
    for row in map(tuple, track.notes.rows()[:, columns].tolist()):
        new.append(not left[row])
        left[row] -= left[row] > 0
    return np.array(new, bool)
