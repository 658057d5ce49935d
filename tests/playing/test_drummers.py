"""The table of how drummers play, learnt from drummers who play by rules that are known."""

from __future__ import annotations

import json

import numpy as np
import pytest
from played_music import kit, seed

from symbolic_embed.errors import UsageError
from symbolic_embed.playing.drummers import FILE, LATE, LOUD, Drummers, bundled_drummers
from symbolic_embed.playing.kit import PIECES
from symbolic_embed.playing.learning import learn
from symbolic_embed.playing.strokes import Strokes
from symbolic_embed.playing.takes import Take, meant_beats, take_of
from symbolic_embed.score import TimeSignature

HAT, SNARE = PIECES.index("hat"), PIECES.index("snare")


def take(number: int, *, style: str = "rock", tempo: float = 120.0, bars: int = 16) -> Take:
    """Eighths of a hat, the beats 20 louder than what is between, and late by .04; each player has a place of his own
    for accents, and steps of time that all strokes share."""
    random = np.random.default_rng(number)
    positions = np.tile(np.arange(8) / 2, bars)
    piece = np.where(np.arange(8 * bars) % 2 == 0, HAT, SNARE)
    strokes = Strokes.of(piece, np.repeat(np.arange(bars), 8), positions, (TimeSignature(0, 4, 4),) * bars)
    on_beat = strokes.in_beat == 0
    own_places = random.normal(0, 6, 8)[strokes.bar_step // 6]
    drift = np.zeros(len(piece))
    for step in range(1, len(drift)):
        drift[step] = 0.9 * drift[step - 1] + random.normal(0, 0.02 * (1 - 0.9**2) ** 0.5)
    louder = np.where(on_beat, 10.0, -10.0) + own_places + random.normal(0, 4, len(piece)) + 5 * (style == "jazz")
    late = np.where(on_beat, 0.02, -0.02) + drift + random.normal(0, 0.01, len(piece))
    return Take(strokes, np.stack([louder, late], axis=1), tempo, style)


@pytest.fixture(scope="module")
def learnt() -> Drummers:
    return learn([take(number, tempo=90 + 3 * number) for number in range(40)])


def test_means_are_found(learnt):
    one = take(99)
    mean = learnt.mean(one.strokes, tempo=one.tempi)
    on_beat = one.strokes.in_beat == 0
    assert mean[on_beat, LOUD].mean() == pytest.approx(10, abs=1.5)
    assert mean[~on_beat, LOUD].mean() == pytest.approx(-10, abs=1.5)
    assert mean[on_beat, LATE].mean() == pytest.approx(0.02, abs=0.005)


def test_sizes_and_what_deviations_share_are_found(learnt):
    one = take(99)
    sizes = learnt.deviation(one.strokes, tempo=one.tempi).mean(axis=0)
    assert sizes == pytest.approx([52**0.5, 0.0005**0.5], rel=0.15)
    _, w, _, _ = learnt.shares[LOUD]
    _, _, t, _ = learnt.shares[LATE]
    assert w == pytest.approx(36 / 52, abs=0.12)
    assert t == pytest.approx(4 / 5, abs=0.12)
    assert learnt.phi[LATE] == pytest.approx(0.9 ** (1 / 6), abs=0.03)  # an eighth is six steps
    assert learnt.shares.sum(axis=1) == pytest.approx([1, 1])


def test_what_is_drawn_has_the_shares_that_the_table_says(learnt):
    one = take(99, bars=200)
    steps, at = np.unique(one.strokes.step, return_inverse=True)
    several = []
    for number in range(20):
        random = np.random.default_rng(number)
        several.append(learnt.drawn(one.strokes, random=random, time=learnt.time_of(steps, random=random)[at]))
    drawn = np.array(several)
    assert drawn.std(axis=(0, 1)) == pytest.approx([1, 1], abs=0.1)
    again = (drawn[:, :-8] * drawn[:, 8:]).mean(axis=(0, 1))  # a bar apart: u + w, and time that has gone by
    u, w, t, _ = learnt.shares.T
    assert again == pytest.approx(u + w + t * learnt.phi**48, abs=0.1)


def test_styles_differ_and_are_mixed_by_tempo():
    rock = [take(number, tempo=150, style="rock") for number in range(20)]
    jazz = [take(number, tempo=75, style="jazz") for number in range(20, 40)]
    drummers = learn(rock + jazz)
    one = take(99)

    def loud(tempo: float, style: str | None = None) -> float:
        return float(drummers.mean(one.strokes, tempo=np.full(len(one), tempo), style=style)[:, LOUD].mean())

    assert loud(120, "jazz") > loud(120, "rock") + 0.5
    assert drummers._mixture(np.array([75.0]), None)[0].tolist() == pytest.approx([1, 0], abs=0.05)
    assert drummers._mixture(np.array([150.0, 106.0]), None)[:, 1].tolist() == pytest.approx([1, 0.5], abs=0.05)
    with pytest.raises(UsageError, match="`style`: nobody played 'polka'; there are jazz, rock"):
        loud(120, "polka")


def test_a_table_is_read_as_it_was_written(learnt, tmp_path):
    (tmp_path / "table").write_bytes(learnt.to_bytes(about={"licence": "CC BY 4.0"}))
    again = Drummers.from_file(tmp_path / "table")
    assert again.styles == learnt.styles
    assert again.place == pytest.approx(learnt.place, abs=0.02)
    assert again.shares == pytest.approx(learnt.shares, abs=1e-3)


def test_the_bundled_table_is_small_and_says_whose_it_is():
    from safetensors import safe_open

    assert FILE.stat().st_size < 200_000
    with safe_open(FILE, "numpy") as file:
        about = json.loads(file.metadata()["about"])
    assert about["licence"] == "CC BY 4.0"
    assert about["attribution"].startswith("Groove MIDI Dataset by Jon Gillick")
    drummers = bundled_drummers()
    assert {"rock", "funk", "jazz", "latin", "hiphop"} <= set(drummers.styles)
    assert all(np.isfinite(getattr(drummers, name)).all() for name in ("place", "style", "size", "shares"))


def test_sixteenths_and_triplets_are_told_apart_beat_by_beat():
    beats = np.array([0.02, 0.27, 0.49, 0.74, 1.0, 1.34, 1.65, 1.98, 3.32])
    assert meant_beats(beats).tolist() == pytest.approx([0, 1 / 4, 1 / 2, 3 / 4, 1, 4 / 3, 5 / 3, 2, 10 / 3])


def test_a_take_is_what_was_played_beside_its_mean():
    played = seed(kit(2, hat=[(0, 100), (1.05, 60), (2, 100), (3.05, 60)])).barred.score
    one = take_of(played, style="rock")
    assert one.strokes.bar_step.tolist() == [0, 12, 24, 36] * 2
    assert one.played[:, LOUD].tolist() == [20, -20] * 4
    assert one.played[:, LATE].tolist() == pytest.approx([-0.025, 0.025] * 4)
    assert one.tempo == 120
    assert (
        take_of(seed(kit(2, quarters=2.5, hat=[(0, 80)]), metres=[TimeSignature(0, 5, 8)]).barred.score, style="x")
        is None
    )
