"""An output in the layout that any DAW expects, for those who ask for it."""

from __future__ import annotations

from dataclasses import replace

from symbolic_embed.outputs.seam import first_new_tick
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import EventList, Marker
from symbolic_embed.score.editing.in_place import add_conductor
from symbolic_embed.score.reading.conductor import MARKER
from symbolic_embed.score.writing.normalising import normalised

WORDS = {"compose": "continuation", "vary": "variation"}  # what the marker calls the outputs of a command


def normalised_output(output: Output, seed: Seed) -> Output:
    """The output in the layout that any DAW expects (`score.writing.normalising`), with a marker where what is new
    begins. Its record still compares it with the seed as it was before."""
    settings = output.record["settings"]
    word = WORDS.get(output.record["command"], output.record["command"])
    number = settings["step"] if output.record["command"] == "blend" else settings["variation"]
    marked = _with_marker(output.events, f"{word} {number}", tick=first_new_tick(output, seed))
    return replace(output, events=normalised(marked), record={**output.record, "normalised": True})


def _with_marker(events: EventList, text: str, *, tick: int) -> EventList:
    """The events with a marker in place of those at its tick, which also says what they said."""
    there = [marker.text for marker in events.score().markers if marker.tick == tick]
    chunks = [
        tuple(event for event in chunk if event.tick != tick or event.message[:2] != bytes([0xFF, MARKER]))
        for chunk in events.chunks
    ]
    return add_conductor(replace(events, chunks=tuple(chunks)), [Marker(tick, ", ".join([*there, text]))])
