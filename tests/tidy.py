"""A tidy file of one part, and what the checks find in one that is less so.

findings_of(part(NOTE, "00 b0 40 7f"))     ["fault pedal-down | bar 1 beat 1.2, track 0 Flute"]
"""

from __future__ import annotations

from midi_bytes import meta, midi, track

from symbolic_embed.score import parse
from symbolic_embed.score.checks import findings

SETUP = (meta(0x51, b"\x07\xa1\x20"), meta(0x58, b"\x04\x02\x18\x08"))  # 120 a minute, 4/4
NAME = meta(0x03, b"Flute")
PIANO = "00 c0 00"
BAR = "8f 00"  # a delta of 1920 ticks


def part(*events: str | bytes) -> bytes:
    """A track with a name and a programme, and these events."""
    return track(NAME, PIANO, *events)


def findings_of(*parts: bytes, conductor: tuple[bytes, ...] = SETUP) -> list[str]:
    """What is found in a file with a conductor's track and these parts: level, kind and place."""
    return findings_in(midi(track(*conductor), *parts))


def findings_in(data: bytes) -> list[str]:
    """What is found in a file given as bytes."""
    return [f"{finding.level} {finding.kind} | {finding.place}" for finding in findings(parse(data))]
