"""The seam: where a seed ends and new bars begin, and what is done there.

*Where.* Bars are cut on a grid, so a note that a player strikes a little before a barline belongs to the bar after it:
a bar begins with the first tick that is nearest to its first step (`first_tick`). The seam is the barline after the
seed's last bar (`seam_tick`); new notes stand from the first tick on that counts to it. A new note that has to wait for
a kept one to end must not find itself in the next bar (`in_their_bars`).

*What may change* (`asked_after`). Notes from there on, in the seed's own parts; controllers may be added, never taken
away. Nothing before the seam changes.

*Controllers* (`dry`). A pedal that is down at the seam would make the last bars ring in the new ones, so sustain and
sostenuto are let up there; where the seed presses one later, behind its last note, it is let up at once. All other
controllers, programmes, bends, tempo, metre and key stay as the seed leaves them, and hold in the new bars.

*The new bars alone* (`new_bars_alone`) are a piece of their own from tick 0, in the tempo, metre and key that the seed
ends in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Grid, PlacedNotes
from symbolic_embed.bars.cutting import notes_in_ticks
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import Event, EventList, KeySignature, Notes, Score, Tempo, TimeSignature
from symbolic_embed.score.editing.comparing import Asked
from symbolic_embed.score.editing.in_place import add_events
from symbolic_embed.score.writing.layout import score_to_events

EVER = 2**62  # a tick after all music
PEDALS, PEDAL_DOWN = (64, 66), 64  # sustain and sostenuto; the value from which they are down


def seam_tick(barred: BarredScore) -> int:
    """The barline after the last bar."""
    return _tick_of(barred, int(barred.grid.bar_steps[-1]))


def first_tick(barred: BarredScore, bar: int) -> int:
    """The first tick that counts to a bar (from 0). After the last bar there is none that a note of the piece could
    have: EVER."""
    if bar >= barred.bars:
        return EVER
    return 0 if bar == 0 else _first_nearest(barred, int(barred.grid.bar_steps[bar]))


def first_new_tick(output: Output, seed: Seed) -> int:
    """The barline with which that begins which is new in an output; 0 in new bars alone."""
    settings = output.record["settings"]
    bar = seed.barred.bars if output.record["command"] == "compose" else min(settings.get("bars") or [1]) - 1
    return 0 if settings.get("alone") else _tick_of(seed.barred, int(seed.barred.grid.bar_steps[bar]))


def asked_after(seed: Seed) -> list[Asked]:
    """What may change where bars after the seed's last were asked for: new notes there, and controllers that bring
    the parts into the state in which they play on, also where a chunk without notes holds a part's pedal."""
    start = _first_nearest(seed.barred, int(seed.barred.grid.bar_steps[-1]))
    parts = [(part.chunk, part.channel) for part in seed.barred.score.tracks]
    pedals = [(pedal.chunk, pedal.channel) for pedal in pedals_to_release(seed.events, seam_tick(seed.barred))]
    return [
        Asked(chunk, channel, start, EVER, new_controls=True) for chunk, channel in dict.fromkeys([*parts, *pedals])
    ]


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


def dry(seed: Seed) -> Seed:
    """The seed with its pedals let up at the seam."""
    return replace(seed, events=release_pedals(seed.events, seam_tick(seed.barred)))


class PedalUp(NamedTuple):
    """Where a pedal has to be let up: the chunk that pressed it, its channel, its controller number, the tick."""

    chunk: int
    channel: int
    controller: int
    tick: int


def pedals_to_release(events: EventList, tick: int) -> list[PedalUp]:
    """Where sustain and sostenuto pedals must be let up if what is written after `tick` is to be dry: at `tick` those
    that are down there, by channel; then each that is pressed later, as soon as it is pressed."""
    last: dict[tuple[int, int], tuple[tuple[int, int, int], bool]] = {}  # when each channel's pedal last moved, and how
    later = []
    for chunk, of_chunk in enumerate(events.chunks):
        for number, (at, message) in enumerate(of_chunk):
            if message[0] & 0xF0 != 0xB0 or message[1] not in PEDALS:
                continue
            pedal, is_down = (message[0] & 0x0F, message[1]), message[2] >= PEDAL_DOWN
            if at <= tick:
                move = ((at, chunk, number), is_down)
                last[pedal] = max(last.get(pedal, move), move)
            elif is_down:
                later.append(PedalUp(chunk, *pedal, at))
    down = [PedalUp(chunk, *pedal, tick) for pedal, ((_, chunk, _), is_down) in sorted(last.items()) if is_down]
    return [*down, *dict.fromkeys(later)]


def release_pedals(events: EventList, tick: int) -> EventList:
    """`events` with pedals let up as `pedals_to_release` says, so that what is written after `tick` is dry."""
    for chunk, channel, controller, at in pedals_to_release(events, tick):
        events = add_events(events, [Event(at, bytes([0xB0 | channel, controller, 0]))], chunk=chunk)
    return events


def new_bars_alone(seed: Seed, added: PlacedNotes) -> EventList:
    """A piece of the new notes alone, from tick 0, with the seed's parts and the tempo, metre and key it ended in."""
    score, start = seed.barred.score, seam_tick(seed.barred)
    tracks = []
    for number, track in enumerate(score.tracks):
        notes = notes_in_ticks(added.where(added.track == number), grid=seed.barred.grid)
        onsets = np.maximum(notes.onset_ticks - start, 0)
        tracks.append(replace(track, notes=Notes.of(onsets, notes.duration_ticks, notes.pitch, notes.velocity)))
    end = int(seed.barred.metre.barline_ticks[-1])
    at_end = next(
        (signature for signature in score.time_signatures if signature.tick == end), seed.barred.metre.signatures[-1]
    )
    return score_to_events(
        Score(
            division=score.division,
            tracks=tuple(tracks),
            tempi=tuple(Tempo(0, tempo.microseconds) for tempo in score.tempi[-1:]),
            time_signatures=(TimeSignature(0, at_end.numerator, at_end.denominator),),
            key_signatures=tuple(KeySignature(0, key.sharps, key.minor) for key in score.key_signatures[-1:]),
            source=score.source,
        )
    )


def _tick_of(barred: BarredScore, step: int) -> int:
    return int(barred.grid.tick_of(np.array([step]))[0])


def _first_nearest(barred: BarredScore, step: int) -> int:
    """The first tick that is nearest to a step, or to one after it."""
    tick, reach = _tick_of(barred, step), int(np.ceil(barred.grid.ticks_per_step.max())) + 1
    near = np.arange(max(tick - reach, 0), tick + 1)
    return int(near[np.argmax(barred.grid.step_of(near) >= step)])
