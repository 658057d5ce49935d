"""New drums leave their groove where phrases and sections end, and crash where they begin."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, deciding, tiny_composer

from symbolic_embed.bars import bar_windows
from symbolic_embed.bars.patterns.loops import Loop
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
    given = {"anew": True, "holds": False, "likeness": 0.6, "back": 1, "begins_bar": True, "crashes": False} | asked
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


def looping(monkeypatch, likeness: float, *, section: int) -> None:
    """Every piece is in sections of so many bars, and in a loop whose turns are so alike."""
    monkeypatch.setattr(drum_form, "section_bars", lambda barred: section)
    monkeypatch.setattr(drum_form, "loop_of", lambda barred: Loop(2, likeness))


@pytest.mark.parametrize(("likeness", "expected"), [(1.0, 1.0), (0.9, 0.5), (0.8, 0.0), (0.0, 0.0)])
def test_the_more_alike_the_turns_of_a_loop_the_more_bars_within_hold_the_one_before(monkeypatch, likeness, expected):
    looping(monkeypatch, likeness, section=8)
    barred = band_seed(bars=16).barred
    forms = [drawn(barred, seed=seed) for seed in range(300)]
    anew, holds = (np.mean([getattr(one, name) for one in forms], axis=0) for name in ("anew", "holds"))
    assert anew[[7, 15]] == pytest.approx(0.5, abs=0.1)  # the ends of sections, whatever plays
    assert anew[[1, 5, 9, 13]] == pytest.approx(0.3 * (1 - expected), abs=0.08)
    assert holds[0] == 0
    assert holds[1:] == pytest.approx((1 - anew[1:]) * expected, abs=0.08)
    assert not any((one.anew & one.holds).any() for one in forms)


def test_what_is_held_is_the_bar_before_unless_it_rests():
    holding = form(anew=False, holds=True, crashes=True)
    (held,) = holding.held([GROOVE], 0)
    np.testing.assert_array_equal(held, holding.with_crash(GROOVE, 0))
    assert holding.held([GROOVE, cell()], 0) is None


def test_ends_of_phrases_are_written_anew_more_often_than_bars_within(monkeypatch):
    looping(monkeypatch, 0.0, section=8)
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
    fixed = DrumForm(
        windows % 4 == 3, np.zeros(8, bool), np.full(8, 0.5), np.ones(8, int), np.ones(8, bool), windows == 4
    )
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


def test_drums_that_hold_play_the_bar_before_in_every_take(monkeypatch):
    barred = band_seed(bars=8).barred
    windows = np.arange(8)
    nothing = np.zeros(8, bool)
    fixed = DrumForm(nothing, windows % 4 > 0, np.full(8, 0.5), np.ones(8, int), np.ones(8, bool), nothing)
    monkeypatch.setattr(accompanying.DrumForm, "drawn", lambda *_: fixed)
    request = AccompanyRequest(parts=["drums"], takes=2, variations=2)
    for one in accompany_piece(tiny_composer(), barred, request, roles=["drums"]):
        bar = barred.grid.bar_of(one.notes.onset_steps)
        into = one.notes.onset_steps - barred.grid.bar_steps[bar]
        bars = [set(zip(into[bar == n].tolist(), one.notes.pitch[bar == n].tolist(), strict=True)) for n in range(8)]
        assert bars[0]
        assert bars[0] == bars[1] == bars[2] == bars[3]
        assert bars[4] == bars[5] == bars[6] == bars[7]
