"""Kept bars: angles that are known are estimated, the right bars are chosen, and what is saved is read again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from symbolic_embed.errors import CheckpointError
from symbolic_embed.originality.fingerprint import FILE, fingerprint_of, load_fingerprint, save_fingerprint
from symbolic_embed.originality.kept_bars import (
    KeptBars,
    chosen_bars,
    estimates,
    hyperplanes,
    meaning_of,
    nearest_by,
    signs_of,
)

DIM = 256


def on_sphere(count, *, seed=0):
    points = np.random.default_rng(seed).standard_normal((count, DIM))
    return 16 * points / np.linalg.norm(points, axis=1, keepdims=True)


def turned(points, degrees, *, seed=1):
    """Points at an angle from `points`, in random directions."""
    aside = on_sphere(len(points), seed=seed) / 16
    along = points / 16
    aside -= (aside * along).sum(1, keepdims=True) * along
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    return 16 * (np.cos(np.radians(degrees)) * along + np.sin(np.radians(degrees)) * aside)


def kept(points, **fields):
    count = len(points)
    places = {"piece": np.arange(count) % 2, "number": np.arange(count) + 1}
    about = {"pieces": [("tunes", "deep/a.mid"), ("tunes", "bé.mid")], "of": 9000, "embedder": "e" * 64}
    return KeptBars(signs_of(points), **places, **{**about, "dim": DIM, "radius": 16.0, **fields})


def test_hyperplanes_are_at_right_angles_and_half_as_many_as_numbers():
    normals = hyperplanes(DIM)
    assert np.allclose(normals.T @ normals, np.eye(128))
    assert [hyperplanes(dim).shape[1] for dim in (16, 64, 1024)] == [8, 32, 128]


@pytest.mark.parametrize("degrees", [30, 60, 90])
def test_known_angles_are_estimated_without_bias(degrees):
    points = on_sphere(300)
    found = np.diag(estimates(signs_of(points), turned(points, degrees), radius=16.0))
    cosines = 1 - found**2 / 512
    assert cosines.mean() == pytest.approx(np.cos(np.radians(degrees)), abs=0.02)
    assert cosines.std() < 0.1


def test_the_bar_that_is_near_is_named_as_by_naive_search():
    points = on_sphere(400)
    asked = turned(points[::7], 25)
    naive = [int(np.argmin([np.linalg.norm(point - one) for point in points])) for one in asked]
    bars, distances = kept(points).nearest(asked)
    assert bars.tolist() == naive == list(range(0, 400, 7))
    true = np.linalg.norm(points[bars] - asked, axis=1)
    assert np.median(np.abs(distances - true)) < 2.5
    assert kept(points).place(3) == {"set": "tunes", "path": "bé.mid", "bar": 4}


def test_bars_that_are_passed_over_are_not_named():
    points = on_sphere(40)
    passed_over = np.eye(40, dtype=bool)
    bars, distances = nearest_by(signs_of(points), points, radius=16.0, passed_over=passed_over)
    everything = estimates(signs_of(points), points, radius=16.0)
    for number in range(40):
        others = [other for other in range(40) if other != number]
        assert bars[number] == min(others, key=lambda other: everything[number, other])
        assert distances[number] == everything[number, bars[number]]


def test_where_all_fit_each_content_is_kept_once():
    content = np.array([5, 5, 7, 9], np.uint64)
    places = {"piece": np.array([0, 1, 1, 2]), "cluster": np.array([0, 1, 1, 2])}
    assert chosen_bars(content, **places, most=9).tolist() == [0, 2, 3]


def test_bars_of_several_works_come_first_then_each_piece_in_turn():
    content = np.array([1, 2, 3, 4, 2, 5, 6], np.uint64)
    places = {"piece": np.array([0, 0, 0, 1, 1, 2, 2]), "cluster": np.array([0, 0, 0, 1, 1, 2, 2])}
    assert chosen_bars(content, **places, most=1).tolist() == [1]
    chosen = chosen_bars(content, **places, most=4)
    assert 1 in chosen
    assert set(places["piece"][np.setdiff1d(chosen, [1])]) == {0, 1, 2}
    same_work = {**places, "cluster": np.array([0, 0, 0, 0, 0, 1, 1])}
    assert 1 not in chosen_bars(content, **same_work, most=1)


def test_what_estimates_mean_is_read_from_a_table():
    estimated = np.linspace(0, 20, 200)
    said = meaning_of(estimated, 2 * estimated)
    _, distances = kept(on_sphere(5), **said).nearest(turned(on_sphere(5)[:1], 20))
    _, raw = kept(on_sphere(5)).nearest(turned(on_sphere(5)[:1], 20))
    assert distances == pytest.approx(2 * raw, rel=0.05)
    assert said["error"] < 0.5
    assert meaning_of(estimated[:99], estimated[:99]) == {}


def test_a_saved_fingerprint_with_bars_is_read_again(tmp_path):
    bars = kept(on_sphere(40), estimated=[0.0, 1.0], true=[0.0, 2.0], error=0.5)
    content, said = save_fingerprint(replace(fingerprint_of([np.arange(3, dtype=np.uint64)]), bars=bars))
    (tmp_path / FILE).write_bytes(content)
    card = {"fingerprint": said, "weights": {"embedder": "e" * 64}}
    again = load_fingerprint(tmp_path, card).bars
    assert (again.signs == bars.signs).all()
    assert [again.place(bar) for bar in range(40)] == [bars.place(bar) for bar in range(40)]
    assert (again.of, again.radius, again.error, list(again.true)) == (9000, 16.0, 0.5, [0.0, 2.0])
    with pytest.raises(CheckpointError, match=r"embedded by another embedder \(eeeeeeeeeeee, .*`train fingerprint`"):
        load_fingerprint(tmp_path, {**card, "weights": {"embedder": "f" * 64}})
    wrong = {**said, "training_bars": {**said["training_bars"], "kept": 39}}
    with pytest.raises(CheckpointError, match=r"no fingerprint in it .*39 bars"):
        load_fingerprint(tmp_path, {**card, "fingerprint": wrong})
    (tmp_path / FILE).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(CheckpointError, match=r"not the file that the card knows"):
        load_fingerprint(tmp_path, card)


def test_many_runs_are_saved_in_a_fuse_filter_and_few_as_they_were(tmp_path):
    runs = np.random.default_rng(0).integers(0, 2**63, 10_000, dtype=np.uint64)
    content, said = save_fingerprint(fingerprint_of([runs], most_bits=40_000))
    (tmp_path / FILE).write_bytes(content)
    again = load_fingerprint(tmp_path, {"fingerprint": said})
    assert again.holds(runs).all()
    assert again.chance == said["found_by_chance"] == 1 / 8
    assert "fused" not in save_fingerprint(fingerprint_of([runs]))[1]


def test_hashes_do_not_depend_on_lengths():
    """So those of a fingerprint from before long bars lay on the sphere are what they would be now."""
    points = on_sphere(50)
    assert (signs_of(points) == signs_of(points / 2)).all()
