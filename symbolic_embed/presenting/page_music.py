"""The music of a page: what a browser needs to draw a seed and its takes, and to play them, as plain data.

All pieces share one list of parts, so that a part keeps its colour, and stays muted, from take to take. A part of a
take is a part of the seed if it has its place in the file and its name; else if it has its channel and its name; else
if it has its name and its programme; else, as a plain layout gives parts other names, if it has its programme, and no
other part has. What is left is new, and may be another take's new part as well.

Ticks stay ticks. Notes lie in one flat list a part, four numbers each: ticks since the onset before, length in ticks,
pitch, and velocity, to which NEW is added where the seed has no such note. What the seed has and a take has not is
listed by its number among the seed's notes. Of all that a part was told besides its notes, a page plays the volume and
the place in stereo that the body of the piece had (`outputs.body`), and the sustain pedal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.errors import printable
from symbolic_embed.outputs.body import PEDAL_DOWN, dials
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.presenting.differences import NoteKey, not_among, note_keys
from symbolic_embed.score import EventList
from symbolic_embed.score.instruments import drum_name, instrument_name
from symbolic_embed.score.score import NO_NOTES, Notes, Track
from symbolic_embed.score.sounding.order import in_playing_order
from symbolic_embed.score.sounding.parameters import CONTROLLER, EXPRESSION, PAN, SUSTAIN, VOLUME, Parameter, power_on

NEW = 128  # added to the velocity of a note that the seed has not
END = 1 << 62  # a tick behind any piece

SAME_PART: tuple[Callable[[Track], tuple[object, ...]], ...] = (
    lambda track: (track.chunk, track.address, track.name),
    lambda track: (track.address, track.name),
    lambda track: (track.name, track.program, track.is_drum),
    lambda track: (track.program, track.is_drum),
)


def page_music(seed: Seed, outputs: Sequence[Output]) -> dict[str, Any]:
    """The seed and what was made of it, ready for JSON: the `parts` they share, those of the seed first; the names of
    the `drums` that are struck, by pitch; and the `pieces`, the seed before all others."""
    tracks = seed.barred.score.tracks
    known = list(tracks)
    seed_keys = [note_keys(track, division=seed.barred.score.division) for track in tracks]
    pieces = [_piece(seed.barred, seed.events, range(len(tracks)), seed_keys)]
    struck = _struck(tracks)
    for output in outputs:
        barred = cut(output.events.score())
        places = _places(barred.score.tracks, known)
        is_alone = bool(output.record.get("settings", {}).get("alone"))
        piece = _piece(barred, output.events, places, [] if is_alone else seed_keys)
        pieces.append({**piece, "seedEnd": None if is_alone else _seed_end(seed.barred, barred)})
        struck |= _struck(barred.score.tracks)
    return {
        "parts": [_part(track, is_new=number >= len(tracks)) for number, track in enumerate(known)],
        "drums": {str(pitch): drum_name(pitch) for pitch in sorted(struck)},
        "pieces": pieces,
    }


def _places(tracks: Sequence[Track], known: list[Track]) -> list[int]:
    """The place of each part among those that are `known`, to which the new ones are added; no two have the same."""
    places: dict[int, int] = {}
    for same in SAME_PART:
        for number, track in enumerate(tracks):
            free = [place for place, other in enumerate(known) if same(other) == same(track)]
            free = [place for place in free if place not in places.values()]
            if number not in places and free:
                places[number] = free[0]
    for number, track in enumerate(tracks):
        if number not in places:
            places[number] = len(known)
            known.append(track)
    return [places[number] for number in range(len(tracks))]


def _part(track: Track, *, is_new: bool) -> dict[str, Any]:
    instrument = instrument_name(track.program, is_drum=track.is_drum)
    name = printable(track.name.strip()) or instrument
    kind = {"program": track.program, "drum": track.is_drum, "isNew": is_new}
    return {"name": name, "instrument": instrument, **kind}


def _struck(tracks: Sequence[Track]) -> set[int]:
    return {pitch for track in tracks if track.is_drum for pitch in track.notes.pitch.tolist()}


def _seed_end(seed: BarredScore, barred: BarredScore) -> int | None:
    """The tick of the barline that ends the seed; None where the piece ends there as well."""
    end = round(int(seed.metre.barline_ticks[-1]) * barred.score.division / seed.score.division)
    return end if end < int(barred.metre.barline_ticks[-1]) else None


def _piece(
    barred: BarredScore, events: EventList, places: Sequence[int], seed_keys: Sequence[list[NoteKey]]
) -> dict[str, Any]:
    """One piece. `places`: of its parts among all; `seed_keys`: the notes of each part of the seed that it is laid
    beside, by place."""
    score, signatures = barred.score, barred.metre.signatures
    pedals = _pedals(events)
    told = {(dial.address, dial.parameter): dial.body for dial in dials(events, until=END)}
    parts = []
    by_place = dict(zip(places, score.tracks, strict=True))
    for place in sorted({*by_place, *range(len(seed_keys))}):
        track = by_place.get(place)
        keys = note_keys(track, division=score.division) if track else []
        before = seed_keys[place] if place < len(seed_keys) else []
        part = {"part": place, "notes": _flat(track.notes if track else NO_NOTES, not_among(keys, before))}
        part["gone"] = np.flatnonzero(not_among(before, keys)).tolist()
        parts.append(part | (_sound(track, told, pedals) if track else {}))
    return {
        "division": score.division,
        "bars": barred.metre.barline_ticks.tolist(),
        "metres": [
            [bar, str(signature)]
            for bar, signature in enumerate(signatures)
            if bar == 0 or str(signature) != str(signatures[bar - 1])
        ],
        "tempi": [[tempo.tick, tempo.microseconds] for tempo in score.tempi],
        "seedEnd": None,
        "parts": parts,
    }


def _flat(notes: Notes, new: NDArray[np.float64]) -> list[int]:
    """Notes as a page has them, four numbers each."""
    columns = (
        np.diff(notes.onset_ticks, prepend=0),
        notes.duration_ticks,
        notes.pitch,
        notes.velocity + NEW * new.astype(np.int64),
    )
    flat: list[int] = np.stack(columns, axis=1).astype(np.int64).ravel().tolist()
    return flat


def _sound(
    track: Track, told: Mapping[tuple[int, Parameter], object], pedals: Mapping[int, list[int]]
) -> dict[str, Any]:
    """How loud a part is (0 to 1, an amplitude), where it stands (-1 left, 1 right), and its pedal."""

    def dial(number: int) -> int:
        parameter = Parameter(CONTROLLER, number)
        value = told.get((track.address, parameter), power_on(parameter))
        return value if isinstance(value, int) else 0

    level = (dial(VOLUME) * dial(EXPRESSION) / 127**2) ** 2
    pan = min(max((dial(PAN) - 64) / 63, -1.0), 1.0)
    return {"level": round(level, 4), "pan": round(pan, 3), "pedal": pedals.get(track.address, [])}


def _pedals(events: EventList) -> dict[int, list[int]]:
    """The ticks at which the sustain pedal of each address goes down and up, in turn."""
    turns: dict[int, list[int]] = defaultdict(list)
    for event in in_playing_order(events):
        if event.message[0] & 0xF0 == 0xB0 and event.message[1] == SUSTAIN:
            is_down = len(turns[event.address]) % 2 == 1
            if (event.message[2] >= PEDAL_DOWN) != is_down:
                turns[event.address].append(event.tick)
    return dict(turns)
