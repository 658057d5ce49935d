"""Loops of the project's own making, in many genres and metres, none taken from data: what a composer might begin with.

every_loop()     all of them, always the same
"""

from __future__ import annotations

from loops import bands, others
from loops.notation import Loop, Part

__all__ = ["MAKERS", "Loop", "Part", "every_loop"]

MAKERS = (bands.pop, bands.swing, others.drums_alone, bands.in_seven, others.satb, bands.funk, bands.waltz,
          others.one_bar, bands.bossa, bands.house, others.orchestra, bands.blues, others.ambient, bands.in_five,
          bands.rock, bands.techno, bands.reggae, others.melody_alone, bands.montuno, bands.hip_hop, bands.disco,
          bands.jig, bands.march, bands.country, others.nocturne)  # fmt: skip


def every_loop() -> list[Loop]:
    """All loops, those that differ most first."""
    return [make() for make in MAKERS]
