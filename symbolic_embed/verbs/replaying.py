"""How verbs end that play notes otherwise: the file edited in place, and the proof that nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from symbolic_embed.errors import OutputError, UsageError
from symbolic_embed.outputs.proof import asked_cells, proved
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.playing.laying import Way, played
from symbolic_embed.playing.places import BarPlaces
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.editing.moving import Played, is_movable, replayed, struck_otherwise


class Tracks(NamedTuple):
    """Which tracks can be played otherwise, rising, and what is to be said of those that cannot."""

    movable: list[int]
    warnings: list[str]


def movable_tracks(seed: Seed, chosen: Iterable[int] | None) -> Tracks:
    """Of the tracks that were chosen (None: all) those whose notes can be moved. Raises UsageError where none can."""
    parts = seed.events.parts()
    numbers = range(len(parts)) if chosen is None else sorted(chosen)
    movable = [number for number in numbers if is_movable(parts[number])]
    warnings = [
        f"track {number} {parts[number].track.name}".rstrip() + " stays as it is: each of its notes has expression of "
        "its own (MPE)"
        for number in numbers
        if number not in movable
    ]
    if not movable:
        raise UsageError(f"{seed.path}: {'; '.join(warnings)}; choose others", field="tracks")
    return Tracks(movable, warnings)


def replayed_output(
    seed: Seed, name: str, record: Mapping[str, Any], *, places: BarPlaces, ways: Mapping[int, Way]
) -> Output:
    """The seed with the notes of some tracks (by number) gone their ways, and what was measured of that in its record.
    Raises OutputError where anything else would have changed."""
    tracks = seed.barred.score.tracks
    notes = {number: played(tracks[number], places, way) for number, way in ways.items()}
    events = replayed(seed.events, notes)
    faults = struck_otherwise(seed.events, events)
    if faults:
        raise OutputError(
            f"{name}: {faults[0]}; nothing was written; this is a fault of the program, please report it with the seed"
        )
    output = Output(name, events, {**record, "played": [_measured(seed, one, new) for one, new in notes.items()]})
    return proved(output, seed, asked=asked_cells(seed, tracks=ways))


def _measured(seed: Seed, number: int, new: Played) -> dict[str, Any]:
    """How far the notes of a track went: how many moved, the means of their moves in milliseconds and in velocity."""
    track, score = seed.barred.score.tracks[number], seed.barred.score
    before, after = (
        seconds(ticks, tempi=score.tempi, division=score.division)
        for ticks in (track.notes.onset_ticks, new.onset_ticks)
    )
    louder = np.abs(new.velocity - track.notes.velocity)
    changed = (new.onset_ticks != track.notes.onset_ticks) | (louder > 0)
    return {
        "track": number,
        "name": track.name,
        "notes": len(track.notes),
        "changed": int(changed.sum()),
        "mean_ms": round(1000 * float(np.abs(after - before).mean()), 2),
        "mean_velocity": round(float(louder.mean()), 2),
    }
