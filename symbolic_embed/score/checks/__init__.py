"""Checking a file for what goes wrong in DAWs.

Five well-known programs take a hanging note without a word, show a wrong name, or look for the tempo in one place only.
`findings` says what of that is in a file, and where. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbolic_embed.score.checks.controls import control_findings
from symbolic_embed.score.checks.ending import ending_findings
from symbolic_embed.score.checks.finding import FAULT, REMARK, Examined, Finding, grouped, in_time
from symbolic_embed.score.checks.layout import layout_findings
from symbolic_embed.score.checks.notes import note_findings
from symbolic_embed.score.events import EventList

__all__ = ["FAULT", "REMARK", "Finding", "findings", "grouped"]

FOUND_HERE = ("hanging-notes", "zero-length", "signature-inside-bar", "no-grid", "keyswitches", "many-channels")
HARMLESS = (
    "conductor-clash",
    "long-silence",
    "extreme-tempo",
    "many-programs",
    "many-conductor-events",
    "odd-metronome",
    "heaped-notes",
)
WAYS_OUT = {"conductor-clash": "most programs take the last: delete those before it at the tick"}


def findings(events: EventList) -> list[Finding]:
    """All findings about a file, in the order of the piece, what reading had to repair among them. Raises MidiError
    where the events cannot be a piece of music."""
    file = Examined.of(events)
    of_all = (layout_findings, note_findings, control_findings, ending_findings, _repairs)
    return list(in_time(one for found in of_all for one in found(file)))


def _repairs(file: Examined) -> Iterator[Finding]:
    """What reading had to repair or understood in its own way; the texts name the place."""
    for warning in file.score.warnings:
        is_told = warning.kind in FOUND_HERE or (warning.kind == "format" and file.events.format == 2)
        if not is_told:
            level = REMARK if warning.kind in HARMLESS else FAULT
            way_out = WAYS_OUT.get(
                warning.kind, "other programs may read it otherwise: write it again with one that can"
            )
            yield Finding(level, warning.kind, warning.text, way_out, count=warning.count)
