"""What `benchmarks/untouched.py` calls different."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from untouched_messages import Said, differences

SEAM = 100
VOLUME, PAN, BEND = "control_change control=7", "control_change control=10", "pitchwheel pitch=0"
WORD = "MetaMessage('lyrics', text='la'"


def said(*messages: tuple[int, str]) -> list[Said]:
    return [Said(0, tick, message) for tick, message in messages]


@pytest.mark.parametrize(
    ("before", "after", "moved", "different"),
    [
        ([(5, VOLUME), (5, PAN)], [(5, VOLUME), (5, PAN)], 0, 0),
        ([(5, VOLUME), (5, PAN)], [(5, PAN), (5, VOLUME)], 0, 4),  # before the seam places count
        ([(5, VOLUME)], [(6, VOLUME)], 0, 2),
        ([(100, WORD), (100, VOLUME)], [(100, BEND), (100, WORD), (100, PAN), (100, VOLUME)], 0, 0),  # dials come
        ([(100, WORD), (100, VOLUME)], [(100, VOLUME), (100, WORD)], 0, 2),  # and what is there keeps its order
        ([(100, WORD)], [(100, WORD), (100, WORD)], 0, 1),  # nothing else comes
        ([(100, BEND), (100, PAN)], [(100, BEND), (140, PAN)], 1, 0),  # what closes the file moves
        ([(100, WORD), (100, VOLUME)], [(100, VOLUME), (140, WORD)], 1, 0),
        ([(100, BEND), (100, PAN)], [(100, BEND), (140, PAN)], 0, 1),  # but for as much as was said to
        ([(100, BEND), (100, PAN)], [(100, BEND)], 1, 1),  # and nothing goes
        ([(100, WORD)], [(140, WORD), (140, WORD)], 1, 1),
        ([(100, PAN), (100, VOLUME)] * 2, [(100, VOLUME)] * 2 + [(140, PAN)] * 2, 2, 0),  # the block of a reset, twice
    ],
)
def test_what_differs(before, after, moved, different):
    assert len(differences(said(*before), said(*after), seam=SEAM, moved=moved)) == different
