"""The colours of a picture, counted in its pixels: what stayed is grey, what went orange, what came blue."""

from __future__ import annotations

import io

import numpy as np
import pieces
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from symbolic_embed.bars import cut
from symbolic_embed.presenting.side_by_side import GONE, KEPT, MOST_ROWS, NEW, side_by_side
from symbolic_embed.score import Notes, Score, Track

BAR = 4 * pieces.QUARTER


def tune(*notes: tuple[int, int], drums: tuple[int, ...] = ()) -> Score:
    """Half notes (tick, pitch), and kicks."""
    line = Notes.of([t for t, _ in notes], [960] * len(notes), [p for _, p in notes], [80] * len(notes))
    kick = Notes.of(drums, [60] * len(drums), [36] * len(drums), [80] * len(drums))
    return Score(pieces.QUARTER, tuple(t for t in (Track(line), Track(kick, channel=9)) if len(t.notes)))


def pixels(*scores: Score) -> dict[str, int]:
    """How many pixels have each colour, where the rolls are: below the legend."""
    seed, *variants = (cut(score) for score in scores)
    data = side_by_side(seed, [("variant", variant) for variant in variants], title="seed")
    picture = imread(io.BytesIO(data))[80:, :, :3]
    return {c: int((np.abs(picture - to_rgb(c)).max(axis=2) < 0.01).sum()) for c in (KEPT, GONE, NEW)}


def test_what_both_have_is_grey_in_both_rows_and_the_rest_coloured_in_one():
    found = pixels(tune((0, 60), (960, 64)), tune((0, 60), (960, 67)))
    assert found[GONE] > 300
    assert found[NEW] > 300
    assert 1.5 * found[NEW] < found[KEPT] < 3 * found[NEW]


def test_a_note_that_some_variants_keep_is_paler():
    seed, other = tune((0, 60), (960, 64)), tune((0, 60))
    assert pixels(seed, other)[GONE] > 300
    assert pixels(seed, other, seed)[GONE] < 100  # the name of the row


def test_after_its_end_the_seed_has_no_row():
    found = pixels(tune((0, 60)), tune((0, 60), (20 * BAR, 62)))
    assert (found[GONE], found[KEPT]) == (0, 0)
    assert found[NEW] > 300


def test_a_changed_drum_brings_the_strip():
    assert pixels(tune((0, 60), drums=(0,)), tune((0, 60), drums=(480,)))[NEW] > 10
    assert pixels(tune((0, 60), drums=(0,)), tune((0, 60), drums=(0,)))[NEW] == 0


@pytest.mark.parametrize("bars", [1, 900])
def test_the_same_music_gives_the_same_picture_of_bounded_height(bars):
    seed, variant = tune(*((bar * BAR, 60) for bar in range(bars))), tune(*((bar * BAR, 61) for bar in range(bars)))
    first, second = (side_by_side(cut(seed), [("one", cut(variant))] * 20, title="t") for _ in range(2))
    assert first == second
    assert imread(io.BytesIO(first)).shape[0] < MOST_ROWS * 250
