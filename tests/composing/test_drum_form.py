"""New drums leave their groove where phrases and sections end, and crash where they begin."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, deciding, tiny_composer

from symbolic_embed.bars import bar_windows
from symbolic_embed.composing import accompanying, drum_form
from symbolic_embed.composing.accompanying import accompany_piece
from symbolic_embed.composing.drum_form import CRASH, DrumForm
from symbolic_embed.composing.sheet import rolls_of_cells
from symbolic_embed.encodings import note_rows
from symbolic_embed.requests import AccompanyRequest

KICK, SNARE, HAT = (note_rows.FIRST_DRUM + key for key in (36, 38, 42))


def cell(*strokes) -> np.ndarray:
    """Strokes of (step, key), a sixteenth long each."""
    return np.array([(step, key, 3) for step, key in strokes], np.int64).reshape(-1, 3)


GROOVE = cell((0, KICK), (0, HAT), (12, SNARE), (24, KICK))


def form(**asked) -> DrumForm:
    """A form of one window, which begins a bar."""
    given = {"anew": True, "likeness": 0.6, "back": 1, "begins_bar": True, "crashes": False} | asked
    return DrumForm(**{name: np.array([value]) for name, value in given.items()})


def drawn(barred, *, seed: int = 0) -> DrumForm:
    return DrumForm.drawn(barred, bar_windows(barred), np.random.default_rng(seed))


@pytest.mark.parametrize(("wanted", "taken"), [(1.0, 0), (0.7, 1), (0.3, 2), (0.0, 3)])
def test_the_cell_is_taken_that_is_as_like_the_bar_before_as_it_shall_be(wanted, taken):
    cells = [
        GROOVE,
        cell((0, KICK), (0, HAT), (12, SNARE), (30, SNARE)),  # shares 3 of 5
        cell((0, KICK), (0, HAT), (12, KICK), (36, SNARE), (39, SNARE)),  # 2 of 7
        cell((6, SNARE)),
    ]
    (before,) = rolls_of_cells([GROOVE])
    assert form(likeness=wanted).chosen(cells, 0, before=before) is cells[taken]


def test_a_crash_takes_the_place_of_the_hat_where_it_shall_stand():
    together = form(crashes=True).with_crash(GROOVE, 0)
    assert together[:, :2].tolist() == [[0, KICK], [0, CRASH], [12, SNARE], [24, KICK]]
    np.testing.assert_array_equal(form(crashes=True).with_crash(together, 0), together)


def test_no_crash_stands_elsewhere_on_a_first_beat():
    crashing = cell((0, KICK), (0, CRASH), (12, CRASH))
    assert form().with_crash(crashing, 0)[:, :2].tolist() == [[0, KICK], [12, CRASH]]
    assert form(begins_bar=False).with_crash(crashing, 0) is crashing
    alone = cell((0, CRASH))
    assert form().with_crash(alone, 0) is alone
    assert not len(form(crashes=True).with_crash(cell(), 0))


def test_ends_of_phrases_are_written_anew_more_often_than_bars_within(monkeypatch):
    monkeypatch.setattr(drum_form, "section_bars", lambda barred: 8)
    barred = band_seed(bars=16).barred
    shares = np.mean([drawn(barred, seed=seed).anew for seed in range(400)], axis=0)
    assert shares[[3, 7, 11, 15]] == pytest.approx(0.5, abs=0.1)
    assert shares[1::4] == pytest.approx(0.3, abs=0.1)
    assert shares[0::2] == pytest.approx(0.1, abs=0.06)


def test_sections_alone_begin_with_a_crash(monkeypatch):
    monkeypatch.setattr(drum_form, "section_bars", lambda barred: 6)
    barred = band_seed(bars=18).barred
    crashes = np.mean([drawn(barred, seed=seed).crashes for seed in range(300)], axis=0)
    assert np.flatnonzero(crashes).tolist() == [0, 6, 12]
    assert crashes[[0, 6, 12]] == pytest.approx(0.3, abs=0.1)


def test_bars_of_several_windows_are_held_against_the_same_part_of_the_bar_before():
    barred = band_seed(bars=3, numerator=6).barred  # windows of four quarters and of two
    made = drawn(barred)
    assert made.back.tolist() == [1, 1, 2, 2, 2, 2]
    assert made.begins_bar.tolist() == [True, False] * 3


def test_drums_that_are_written_anew_differ_and_others_return(monkeypatch):
    barred = band_seed(bars=8).barred
    windows = np.arange(8)
    fixed = DrumForm(windows % 4 == 3, np.full(8, 0.5), np.ones(8, int), np.ones(8, bool), windows == 4)
    monkeypatch.setattr(accompanying.DrumForm, "drawn", lambda *given: fixed)
    trained = deciding(tiny_composer(), returns=True, plays=True)
    request = AccompanyRequest(parts=("drums",), takes=1, random_seed=3)
    (new,) = accompany_piece(trained, barred, request, roles=["drums"])
    strokes: list[set[tuple[int, int]]] = [set() for _ in range(8)]
    for step, key in zip(new.notes.onset_steps.tolist(), new.notes.pitch.tolist(), strict=True):
        strokes[step // 48].add((step % 48, key))
    crashes = [(0, 49) in one for one in strokes]
    assert crashes == [number == 4 for number in range(8)]
    assert strokes[3] != strokes[2]
    assert strokes[7] != strokes[6]
