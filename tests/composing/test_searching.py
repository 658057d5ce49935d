"""The search for cells as far from given ones as asked, on a circle where distances can be seen.

A cell is one note; its embedding lies on the circle of radius sqrt(2), at two degrees for each semitone from E4. So E4
is at 0 degrees, and A flat 4 at 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from strategies import of_notes

from symbolic_embed.bars import Windows
from symbolic_embed.bars.windows import HELD
from symbolic_embed.composing import searching
from symbolic_embed.composing.idiom import Idiom
from symbolic_embed.composing.locks import Rules
from symbolic_embed.composing.searching import DIRECTIONS, HALVINGS, Ground, replaced, search
from symbolic_embed.encodings.note_rows import PITCH_TOKENS

E4 = 64


@dataclass
class Circle:
    """An embedder whose points are angles; it counts the windows that it decodes. Its notes can be made to fall silent
    beyond an angle."""

    silent_beyond: float = 180.0
    decoded: list[int] = field(default_factory=list)

    def embed_windows(self, windows: Windows) -> np.ndarray:
        degrees = np.full(len(windows), 90.0)  # silence lies at a right angle to E4
        sounding = windows.note_counts > 0
        degrees[sounding] = 2.0 * (windows.pitch[windows.offsets[:-1][sounding]].astype(float) - E4)
        angles = np.deg2rad(degrees)
        return (2**0.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)).astype(np.float32)

    def decode(self, vectors: np.ndarray, rules: object) -> Windows:
        self.decoded.append(len(vectors))
        degrees = np.rad2deg(np.arctan2(vectors[:, 1], vectors[:, 0]))
        notes = [[(0, 0, int(np.clip(round(E4 + d / 2), 0, 127)), 12)] if abs(d) < self.silent_beyond else []
                 for d in degrees]  # fmt: skip
        return of_notes(*notes)


def apart(degrees: float) -> float:
    """How far two points of the circle are that so many degrees lie between."""
    return float(2 * 2**0.5 * np.sin(np.deg2rad(degrees) / 2))


def ground(*pitches: int, asked: float, by_notes: bool = False, embedder: Circle | None = None) -> Ground:
    """Cells of one note each; nothing of them is kept, and everything may be written."""
    cells = of_notes(*([(0, 0, pitch, 12)] for pitch in pitches))
    count = len(pitches)
    idiom = Idiom(np.ones((count, PITCH_TOKENS), bool), np.zeros(count, bool))
    rules = Rules(np.zeros(count, bool), None, None, idiom)
    drums, far = np.zeros(count, bool), np.full(count, asked)
    return Ground.of(embedder or Circle(), cells, rules=rules, drums=drums, asked=far, by_notes=by_notes)


@pytest.mark.parametrize("semitones", [4, 15, 30])
def test_cells_are_found_that_are_as_far_as_asked_up_or_down(semitones):
    (found,) = search(ground(E4, E4 + 5, asked=apart(2 * semitones)), [1])
    moved = found.windows.pitch.astype(int) - [E4, E4 + 5]
    assert np.abs(moved).tolist() == [semitones, semitones]
    np.testing.assert_allclose(found.measured, apart(2 * semitones), atol=1e-5)
    assert found.distances.tolist() == found.measured.tolist()


def test_what_is_reported_is_the_distance_of_what_is_written():
    (found,) = search(ground(E4, E4 + 20, asked=apart(33)), [4])  # no semitone lies there: 32 or 34 degrees
    moved = np.abs(found.windows.pitch.astype(int) - [E4, E4 + 20])
    assert set(moved.tolist()) <= {16, 17}
    np.testing.assert_allclose(found.measured, [apart(2 * step) for step in moved], atol=1e-5)


def test_a_cell_that_is_near_enough_is_not_searched_further():
    circle = Circle()
    (found,) = search(ground(E4, asked=apart(40), embedder=circle), [1])
    assert found.redrawn == 0
    assert circle.decoded == [1] * HALVINGS
    circle = Circle()
    (found,) = search(ground(E4, asked=apart(33), embedder=circle), [1])
    assert found.redrawn == DIRECTIONS - 1
    assert circle.decoded == [1] * HALVINGS * DIRECTIONS


def test_where_nothing_but_silence_is_found_a_cell_stays():
    """Silence is as far as asked, and is no variation."""
    (found,) = search(ground(E4, asked=apart(90), embedder=Circle(silent_beyond=0)), [1])
    assert found.windows.pitch.tolist() == [E4]
    assert found.measured.tolist() == found.distances.tolist() == [0.0]


def test_by_notes_a_share_is_measured_and_the_distance_beside_it():
    (found,) = search(ground(E4, asked=1.0, by_notes=True), [2])
    assert found.measured.tolist() == [1.0]
    moved = abs(int(found.windows.pitch[0]) - E4)
    assert moved > 0
    np.testing.assert_allclose(found.distances, [apart(2 * moved)], atol=1e-5)


def test_near_enough_is_half_a_note_or_a_hundredth_of_the_distance():
    assert ground(E4, asked=3.0).near_enough().tolist() == pytest.approx([0.03])
    cells = of_notes([(0, 0, 60, 6), (6, 0, 62, 6)], [(0, 0, 60, 6)], [])
    rules = Rules(np.zeros(3, bool), None, None, Idiom(np.ones((3, PITCH_TOKENS), bool), np.zeros(3, bool)))
    zeros = np.zeros(3)
    by_notes = Ground(Circle(), cells, cells, np.zeros((3, 2)), rules, zeros.astype(bool), zeros, by_notes=True)
    assert by_notes.near_enough().tolist() == [0.25, 0.5, 0.5]


def test_what_is_kept_of_a_cell_is_there_in_what_is_written():
    cells = of_notes([(0, HELD, 50, 12), (12, 0, E4, 12)])
    kept = np.array([True, False])
    rules = Rules(kept, None, None, Idiom(np.ones((1, PITCH_TOKENS), bool), np.zeros(1, bool)))
    one = Ground.of(Circle(), cells, rules=rules, drums=np.zeros(1, bool), asked=np.ones(1), by_notes=False)
    written = one.written(np.array([0]), np.array([[2**0.5, 0.0]], np.float32))
    assert sorted(zip(written.onset.tolist(), written.pitch.tolist(), strict=True)) == [(0, 50), (0, E4)]


def test_random_seeds_choose_their_own_directions_whatever_is_searched_beside_them(monkeypatch):
    place = ground(E4, E4 + 1, asked=apart(30))
    together = search(place, list(range(6)))
    assert {int(found.windows.pitch[0]) for found in together} == {E4 - 15, E4 + 15}
    monkeypatch.setattr(searching, "AT_ONCE", 1)
    for random_seed, found in enumerate(together):
        (alone,) = search(place, [random_seed])
        assert alone.windows.pitch.tolist() == found.windows.pitch.tolist()


def test_progress_wraps_as_many_steps_as_there_are_at_most():
    taken = []
    search(ground(E4, asked=apart(40)), [1, 2], progress=lambda steps: taken.extend(steps) or steps)
    assert taken == list(range(DIRECTIONS))


def test_directions_are_tangents_as_long_as_their_points():
    random = np.random.default_rng(0)
    points = random.standard_normal((5, 16))
    tangents = searching._tangents(points, [np.random.default_rng(number) for number in range(1, 6)])
    np.testing.assert_allclose((tangents * points).sum(axis=1), 0, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(tangents, axis=1), np.linalg.norm(points, axis=1))
    (alone,) = searching._tangents(points[3:4], [np.random.default_rng(4)])
    np.testing.assert_allclose(alone, tangents[3])


def test_chosen_windows_are_exchanged_for_new_ones():
    windows = of_notes([(0, 0, 60, 6)], [(0, 0, 61, 6)], [(0, 0, 62, 6)])
    new = of_notes([(0, 0, 70, 6)], [])
    after = replaced(windows, np.array([2, 0]), new)
    assert np.split(after.pitch, after.offsets[1:-1])[0].tolist() == []
    assert after.pitch.tolist() == [61, 70]
