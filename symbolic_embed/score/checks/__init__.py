"""Checking a file for what goes wrong in DAWs.

Five well-known programs take a hanging note without a word, show a wrong name, or look for the tempo in one place only.
`findings` says what of that is in a file, and where. Nothing is changed.
"""

from __future__ import annotations

from symbolic_embed.score.checks.controls import control_findings
from symbolic_embed.score.checks.finding import FAULT, REMARK, Examined, Finding, grouped, in_time
from symbolic_embed.score.checks.layout import layout_findings
from symbolic_embed.score.checks.notes import note_findings
from symbolic_embed.score.events import EventList

__all__ = ["FAULT", "REMARK", "Finding", "findings", "grouped"]

FOUND_HERE = ("hanging-notes", "zero-length", "signature-inside-bar", "doubled-note")
HARMLESS = ("long-silence", "extreme-tempo", "many-programs", "many-conductor-events", "odd-metronome", "heaped-notes")


def findings(events: EventList) -> list[Finding]:
    """All findings about a file, in the order of the piece, what reading had to repair among them. Raises MidiError
    where the events cannot be a piece of music."""
    file = Examined.of(events)
    return list(in_time([*layout_findings(file), *note_findings(file), *control_findings(file), *_repairs(file)]))


def _repairs(file: Examined) -> list[Finding]:
    """What reading had to repair or understood in its own way; the texts name the place."""
    return [
        Finding(
            REMARK if warning.kind in HARMLESS else FAULT,
            warning.kind,
            warning.text,
            "other programs may read it otherwise: write it again with a program that reads it",
            count=warning.count,
        )
        for warning in file.score.warnings
        if warning.kind not in FOUND_HERE
    ]
