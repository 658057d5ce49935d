"""What composers learn to plan and to copy from: the right answers, and how often they are told astray."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from symbolic_embed.encodings.patterns.material import REFERENCES
from symbolic_embed.encodings.patterns.past import NOWHERE, Past
from symbolic_embed.training import composer_material
from symbolic_embed.training.composer_material import ASTRAY, HIDDEN, Beside, Passage, PlanTargets, _astray, heard

SILENT = np.zeros((48, 128), np.uint8)


def line(*pitches: int) -> np.ndarray:
    cell = SILENT.copy()
    cell[12 * np.arange(len(pitches)), list(pitches)] = 12
    return cell


A, B, C = line(60, 64), line(62, 65), line(67, 71)


def passage(*parts: list[np.ndarray], lengths: list[int] | None = None) -> Passage:
    """One piece; after the parts that are there stands one that is none."""
    windows = len(parts[0])
    cells = np.stack([*(np.stack(part) for part in parts), np.stack([SILENT] * windows)])[None]
    present = np.array([[True] * len(parts) + [False]])
    steps = np.array([lengths or [48] * windows])
    return Passage(cells, steps, np.arange(windows)[None] + 1, np.zeros_like(present), present)


@pytest.fixture
def never_astray(monkeypatch):
    monkeypatch.setattr(composer_material, "ASTRAY", 0.0)


def test_the_right_answers_are_the_windows_that_each_is_likest_to(never_astray):
    """Silence, A B A C, silence, and A B with another bass."""
    tune = [SILENT, A, B, A, C, SILENT, A, B]
    bass = [SILENT, C, C, C, C, SILENT, A, C]
    plan, _ = heard(passage(tune, bass), random=np.random.default_rng(0))
    right = [np.flatnonzero(row).tolist() for row in plan.right[0].numpy()]
    assert right[2] == [1]  # A after A B
    assert right[4] == [0]  # silence is like the silence before
    assert right[6] == [2]
    assert plan.sources[0].tolist()[2::2] == [1, 0, 2]
    assert plan.source_chords[0, 2] == 2
    assert plan.fits.shape == (1, 7, 7)
    assert plan.plays.tolist() == [[True, True, True, True, False, True, True]] * 2
    row = lambda column: plan._asdict()[column][:, 2].tolist()  # noqa: E731
    assert (row("may_return"), row("returns")) == ([True, True], [True, True])
    last = [plan.returns[:, 6].tolist(), plan.may_return[:, 6].tolist()]
    assert last == [[True, True], [True, True]]
    assert plan.may_return[:, 4].tolist() == [False, False]


def test_of_a_part_that_changes_the_others_return(never_astray):
    tune, bass = [SILENT, A, B, A], [SILENT, C, A, B]
    plan, beside = heard(passage(tune, bass), random=np.random.default_rng(0))
    assert plan.sources[0, 2] == 1
    assert plan.returns[:, 2].tolist() == [True, False]
    source = REFERENCES.index("source")
    rolls = beside.rolls.reshape(2, 3, len(REFERENCES), 48, 128)  # parts there are, steps
    assert np.array_equal(rolls[0, 2, source], A)
    assert np.array_equal(rolls[1, 2, source], C)


def test_windows_of_another_length_are_no_answer(never_astray):
    plan, _ = heard(passage([SILENT, A, A], lengths=[48, 48, 36]), random=np.random.default_rng(0))
    assert plan.sources.tolist() == [[NOWHERE, NOWHERE]]
    assert not plan.fits[0, 1].any()


def test_what_comes_later_changes_no_question(never_astray):
    """Nor the answers, nor what lies beside what comes before."""
    tune, other = [SILENT, A, B, A, C, B], [SILENT, A, B, A, B, A]
    plans, besides = zip(
        *(heard(passage(part, part), random=np.random.default_rng(0)) for part in (tune, other)), strict=True
    )
    for name in PlanTargets._fields:
        one, two = (getattr(plan, name)[:, :3] for plan in plans)
        assert torch.equal(one, two), name
    for name in set(Beside._fields) - {"keys"}:
        one, two = (getattr(beside, name) for beside in besides)
        assert np.array_equal(*(rows.reshape(2, 5, *rows.shape[1:])[:, :3] for rows in (one, two))), name
    assert not np.array_equal(besides[0].rolls, besides[1].rolls)


def test_now_and_then_parts_are_told_of_another_source_or_of_none():
    """Of ten times once: half of these times of none, half of any that fits, the right one among them."""
    count, random = 40_000, np.random.default_rng(0)
    fits = np.tile([True, False, True, True], (count, 1))
    told = _astray(np.full(count, 2), fits, random)
    shares = {number: float((told == number).mean()) for number in (NOWHERE, 0, 1, 2, 3)}
    hidden, other = ASTRAY * HIDDEN, ASTRAY * (1 - HIDDEN) / 3
    expected = {NOWHERE: hidden, 0: other, 1: 0, 2: 1 - ASTRAY + other, 3: other}
    assert shares == pytest.approx(expected, abs=0.005)
    nothing = _astray(np.full(count, NOWHERE), np.zeros((count, 3), bool), random)
    assert set(nothing.tolist()) == {NOWHERE}


def test_parts_that_are_told_astray_are_answered_by_what_they_were_told(monkeypatch):
    """Always any source that fits: what returns is what is like that one, while the right one stays the answer."""
    monkeypatch.setattr(composer_material, "ASTRAY", 1.0)
    monkeypatch.setattr(composer_material, "HIDDEN", 0.0)
    tune = [SILENT, A, B, A, B, A, B, A]
    plan, beside = heard(passage(tune), random=np.random.default_rng(1))
    source = REFERENCES.index("source")
    astray = 0
    for step, told in enumerate(plan.sources[0].tolist()):
        assert np.array_equal(beside.rolls[step, source], tune[told])
        assert bool(plan.returns[0, step]) == (told > 0 and np.array_equal(tune[told], tune[step + 1]))
        astray += not bool(plan.right[0, step, told])
    assert astray >= 2


def test_a_past_of_training_is_a_past(never_astray):
    """What is asked of a window is asked of nothing but the windows before it, as the past has them."""
    tune = [SILENT, A, B, A, C, B]
    plan, _ = heard(passage(tune), random=np.random.default_rng(0))
    past = Past(np.zeros((1, 1), bool), room=8)
    for window, cell in enumerate(tune):
        coming = past.coming(cell[None, None])
        right, source = past.likest(coming, steps=np.array([48]))
        if window:
            assert plan.right[0, window - 1, :window].tolist() == right[0].tolist()
            assert not plan.right[0, window - 1, window:].any()
            assert plan.sources[0, window - 1] == source[0]
        past.append(cell[None, None], coming, steps=np.array([48]), chords=np.array([window + 1]), sources=source)
