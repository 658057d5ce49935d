"""An output in the layout that any DAW expects, for those who ask for it."""

from __future__ import annotations

from dataclasses import replace

from symbolic_embed.outputs.seam import first_new_tick
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import EventList, Marker, ScoreWarning
from symbolic_embed.score.editing.in_place import add_conductor
from symbolic_embed.score.reading.conductor import MARKER
from symbolic_embed.score.writing.normalising import normalised_and_losses

WORDS = {"compose": "continuation", "vary": "variation"}  # what the marker calls the outputs of a command


def normalised_output(output: Output, seed: Seed) -> Output:
    """The output in the layout that any DAW expects (`score.writing.normalising`), with a marker where what is new
    begins. Its record still compares it with the seed as it was before; what the layout has no place for is warned
    of."""
    settings = output.record["settings"]
    word = WORDS.get(output.record["command"], output.record["command"])
    number = settings["step"] if output.record["command"] == "blend" else settings["variation"]
    marked = _with_marker(output.events, f"{word} {number}", tick=first_new_tick(output, seed))
    events, losses = normalised_and_losses(marked)
    record = {**output.record, "normalised": True}
    if losses:
        record["warnings"] = [*record.get("warnings", []), *map(as_told, losses)]
    return replace(output, events=events, record=record)


def as_told(loss: ScoreWarning) -> str:
    """What is said of a loss, in the record and by who writes the file."""
    return f"`normalise`: {loss}"


def losses_of(output: Output) -> list[str]:
    """What a layout had no place for, of an output that was brought into it."""
    begin = as_told(ScoreWarning("", ""))
    return [warning for warning in output.record.get("warnings", []) if warning.startswith(begin)]


def _with_marker(events: EventList, text: str, *, tick: int) -> EventList:
    """The events with a marker in place of those at its tick, which also says what they said."""
    there = [marker.text for marker in events.score().markers if marker.tick == tick]
    chunks = [
        tuple(event for event in chunk if event.tick != tick or event.message[:2] != bytes([0xFF, MARKER]))
        for chunk in events.chunks
    ]
    return add_conductor(replace(events, chunks=tuple(chunks)), [Marker(tick, ", ".join([*there, text]))])
