"""Where written music goes.

A seed's file is edited in place, event for event: what nobody asked for stays. Outputs are named after the seed and
never overwrite anything; beside `NAME.mid` lies `NAME.json`, which says how it was made and from what.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.bars.cutting import PlacedNotes, notes_in_ticks
from symbolic_embed.bars.grid import Grid
from symbolic_embed.errors import NoNotesError, OutputError, OutputExistsError
from symbolic_embed.files.names import file_stem
from symbolic_embed.files.writer import place
from symbolic_embed.score import EventList, KeySignature, Marker, Notes, Score, Tempo, TimeSignature, Track, parse
from symbolic_embed.score.editing.in_place import add_conductor, append_track, fitted, replace_notes
from symbolic_embed.score.reading.assembling import Part
from symbolic_embed.score.reading.conductor import MARKER
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.score.writing.normalising import normalised
from symbolic_embed.score.writing.verified import write


@dataclass(frozen=True, eq=False)
class Seed:
    """A piece to write from: its events, to be edited, and its bars."""

    path: str
    sha256: str
    events: EventList
    barred: BarredScore

    @property
    def stem(self) -> str:
        """What outputs are named after."""
        return file_stem(Path(self.path).stem)

    @classmethod
    def from_bytes(cls, data: bytes, *, path: str) -> Seed:
        """Raises MidiError, or NoNotesError where there is nothing to write from."""
        events = parse(data, source=path)
        score = events.score()
        if not score.note_count:
            raise NoNotesError(path)
        return cls(path, hashlib.sha256(data).hexdigest(), events, cut(score))


@dataclass(frozen=True, eq=False)
class Output:
    """A file to be written: its name without ending, its events, and what the sidecar says of it."""

    name: str
    events: EventList
    record: Mapping[str, Any]


def with_notes(seed: Seed, *, removed: np.ndarray, added: PlacedNotes) -> EventList:
    """The seed's events without some of its notes (indices into `seed.barred.notes`), and with new ones, which keep
    clear of all notes of their channel."""
    events, notes, tracks = seed.events, seed.barred.notes, seed.barred.score.tracks
    gone = [notes.source[removed[notes.track[removed] == number]] for number in range(len(tracks))]
    after = [track.notes.where(_others(track.notes, of_track)) for track, of_track in zip(tracks, gone, strict=True)]
    parts, edited = _parts_by_place(events), set()
    for number, track in enumerate(tracks):
        new = notes_in_ticks(added.where(added.track == number), grid=seed.barred.grid)
        if not (len(gone[number]) or len(new)):
            continue
        if track.chunk in edited:  # the places of its events have moved
            parts = _parts_by_place(events)
        part = parts[track.chunk, track.channel]
        beside = [
            after[other]
            for other, of_other in enumerate(tracks)
            if of_other.channel == track.channel and of_other.chunk != track.chunk
        ]
        fitting = fitted(new, events, part, remove=gone[number], beside=beside)
        fitting = fitting.where(_in_their_bars(fitting, new, grid=seed.barred.grid))
        events = replace_notes(events, part, remove=gone[number], add=fitting)
        after[number] = Notes.concatenated([after[number], fitting])
        edited.add(track.chunk)
    return events


def _in_their_bars(fitting: Notes, new: Notes, *, grid: Grid) -> np.ndarray:
    """Which notes that found room begin in the bar they were written for; bool (notes,). One that has to wait until a
    kept note ends may find itself in the next bar, where nobody asked for it."""

    def bars(ticks: np.ndarray) -> np.ndarray:
        return grid.bar_of(np.minimum(grid.step_of(ticks), grid.bar_steps[-1] - 1))

    longest = int(max(new.onset_ticks.max(initial=0), fitting.onset_ticks.max(initial=0))) + 1
    written, found = (notes.pitch.astype(np.int64) * longest + notes.onset_ticks for notes in (new, fitting))
    order = np.argsort(written, kind="stable")
    came_from = order[np.searchsorted(written[order], found, side="right") - 1]  # the last of its pitch, not later
    return bars(fitting.onset_ticks) == bars(new.onset_ticks[came_from])


def _others(notes: Notes, chosen: np.ndarray) -> np.ndarray:
    """The indices of the notes that are not chosen."""
    return np.setdiff1d(np.arange(len(notes)), chosen)


def _parts_by_place(events: EventList) -> dict[tuple[int, int], Part]:
    """The parts by chunk and channel."""
    return {(part.track.chunk, part.track.channel): part for part in events.parts()}


def with_parts(seed: Seed, tracks: Sequence[Track], *, added: PlacedNotes) -> EventList:
    """The seed's events and new parts after them: `tracks` are empty, their notes are those of `added` whose track
    counts on from the seed's. A part without notes is left out."""
    events, first = seed.events, len(seed.barred.score.tracks)
    for number, track in enumerate(tracks, start=first):
        notes = notes_in_ticks(added.where(added.track == number), grid=seed.barred.grid)
        if len(notes):
            events = append_track(events, replace(track, notes=notes))
    return events


def new_bars_alone(seed: Seed, added: PlacedNotes) -> EventList:
    """A piece of the new notes alone, from tick 0, with the seed's parts and the tempo, metre and key it ended in."""
    score, start = seed.barred.score, int(seed.barred.grid.tick_of(seed.barred.grid.bar_steps[-1:])[0])
    tracks = []
    for number, track in enumerate(score.tracks):
        notes = notes_in_ticks(added.where(added.track == number), grid=seed.barred.grid)
        onsets = np.maximum(notes.onset_ticks - start, 0)
        tracks.append(replace(track, notes=Notes.of(onsets, notes.duration_ticks, notes.pitch, notes.velocity)))
    end = int(seed.barred.metre.barline_ticks[-1])
    last = next((one for one in score.time_signatures if one.tick == end), seed.barred.metre.signatures[-1])
    return score_to_events(
        Score(
            division=score.division,
            tracks=tuple(tracks),
            tempi=tuple(Tempo(0, tempo.microseconds) for tempo in score.tempi[-1:]),
            time_signatures=(TimeSignature(0, last.numerator, last.denominator),),
            key_signatures=tuple(KeySignature(0, key.sharps, key.minor) for key in score.key_signatures[-1:]),
            source=score.source,
        )
    )


def normalised_output(output: Output, seed: Seed) -> Output:
    """The output in the layout that any DAW expects (`score.writing.normalising`), with a marker where what is new
    begins. Its record still compares it with the seed as it was before."""
    settings = output.record["settings"]
    word = {"compose": "continuation", "vary": "variation"}.get(output.record["command"], output.record["command"])
    number = settings["step"] if output.record["command"] == "blend" else settings["variation"]
    marked = _with_marker(output.events, f"{word} {number}", tick=_first_new_tick(output, seed))
    return replace(output, events=normalised(marked), record={**output.record, "normalised": True})


def _first_new_tick(output: Output, seed: Seed) -> int:
    """Where the first new bar begins."""
    settings, barlines = output.record["settings"], seed.barred.grid.bar_steps
    bar = seed.barred.bars if output.record["command"] == "compose" else min(settings.get("bars") or [1]) - 1
    return 0 if settings.get("alone") else int(seed.barred.grid.tick_of(barlines[bar : bar + 1])[0])


def _with_marker(events: EventList, text: str, *, tick: int) -> EventList:
    """The events with a marker in place of those at its tick, which also says what they said."""
    there = [marker.text for marker in events.score().markers if marker.tick == tick]
    chunks = [
        tuple(event for event in chunk if event.tick != tick or event.message[:2] != bytes([0xFF, MARKER]))
        for chunk in events.chunks
    ]
    return add_conductor(replace(events, chunks=tuple(chunks)), [Marker(tick, ", ".join([*there, text]))])


def save_outputs(
    outputs: Sequence[Output],
    folder: str | os.PathLike,
    *,
    force: bool = False,
    beside: Sequence[Mapping[str, bytes]] = (),
) -> list[Path]:
    """Writes each output and its sidecar; the paths of the MIDI files. `beside`: what else is written for each output,
    by the ending of its name. Raises OutputExistsError, and then has written nothing, where a file of one of the names
    is there already."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror})") from None
    contents = [
        {".json": (json.dumps(output.record, indent=2) + "\n").encode(), **more}
        for output, more in zip(outputs, beside or [{}] * len(outputs), strict=True)
    ]
    for output, content in zip(outputs, contents, strict=True):
        for taken in (folder / f"{output.name}{ending}" for ending in (".mid", *content)):
            if taken.exists() and not force:
                raise OutputExistsError(taken)
    for output, content in zip(outputs, contents, strict=True):
        write(output.events, folder / f"{output.name}.mid", force=force)
        for ending, data in content.items():
            place(data, folder / f"{output.name}{ending}", force=force)
    return [folder / f"{output.name}.mid" for output in outputs]
