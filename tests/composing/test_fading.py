"""Which notes go first where a part fades."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from looping_music import BEAT, KIT, part, piece, repeated, triads

from symbolic_embed.bars import cell_windows
from symbolic_embed.composing.fading import weakness


def last_to_go(barred, count: int) -> list[tuple[int, int, int]]:
    """Bar, step in the bar and pitch of the `count` notes that stay longest, in the order of the piece."""
    cells = cell_windows(barred)
    owner = cells.note_window
    kept = np.argsort(weakness(cells, part=cells.track, random_seed=0), kind="stable")[:count]
    return sorted((int(cells.bar[owner[n]]), int(cells.onset[n]), int(cells.pitch[n])) for n in kept)


def test_a_beat_thins_to_its_bass_drum_and_snare():
    """Hats on all eighths go first, those between the beats before those on them."""
    hats = [(eighth / 2, 0.25, 42) for eighth in range(8)]
    beat = piece(part(repeated([*BEAT, *hats], times=2, quarters=4), channel=KIT))
    frame = [(bar, 12 * beat, 36 + 2 * (beat % 2)) for bar in range(2) for beat in range(4)]
    assert last_to_go(beat, 8) == frame
    on_beats = last_to_go(beat, 16)
    assert all(step % 12 == 0 for _, step, _ in on_beats)


def test_a_chord_thins_to_its_outer_voices_and_the_top_stays_last():
    chord = piece(part(triads([0])))
    assert last_to_go(chord, 2) == [(0, 0, 60), (0, 0, 67)]
    assert last_to_go(chord, 1) == [(0, 0, 67)]


def test_a_tune_thins_to_its_downbeats_bar_by_bar():
    """Of four equal bars the first and third keep what the others have lost."""
    tune = piece(part(repeated([(0, 1, 60), (1, 0.5, 62), (1.5, 0.5, 64)], times=4, quarters=4)))
    assert last_to_go(tune, 4) == [(bar, 0, 60) for bar in range(4)]
    assert last_to_go(tune, 2) == [(0, 0, 60), (2, 0, 60)]
    assert last_to_go(tune, 8) == [(bar, *note) for bar in range(4) for note in ((0, 60), (12, 62))]


def test_places_beyond_the_first_window_of_a_long_bar_are_weighed_in_the_bar():
    """In 5/4 the fifth quarter is the second window's first step, and no downbeat."""
    five = piece(part(repeated([(0, 1, 60), (4, 1, 62)], times=2, quarters=5)), metre=(5, 4))
    assert [pitch for _, _, pitch in last_to_go(five, 2)] == [60, 60]


@given(st.integers(0, 100), st.lists(st.tuples(st.integers(0, 60), st.integers(50, 60)), min_size=1, unique=True))
def test_each_share_of_a_part_is_that_share_of_its_notes(random_seed, notes):
    barred = piece(part([(step / 4, 0.25, pitch) for step, pitch in notes]), part([(0, 1, 40), (8, 1, 40)]))
    cells = cell_windows(barred)
    share = weakness(cells, part=cells.track, random_seed=random_seed)
    for track, count in enumerate((len(notes), 2)):
        mine = np.sort(share[cells.track[cells.note_window] == track])
        np.testing.assert_allclose(mine, np.arange(count) / count)
    np.testing.assert_array_equal(share, weakness(cells, part=cells.track, random_seed=random_seed))
