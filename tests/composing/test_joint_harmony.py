"""Whose chords hold between two pieces, half bar by half bar."""

from __future__ import annotations

import numpy as np
from looping_music import part, piece, triads

from symbolic_embed.bars import cell_windows
from symbolic_embed.composing.half_bars import tokens_in
from symbolic_embed.composing.joint_harmony import JointHarmony, moved_into

NOTHING_STAYS = np.zeros(2, bool)


def classes(row) -> set[int]:
    return set(np.flatnonzero(row).tolist())


def two_parts(*roots: int):
    """Two parts of a bar: a chord that changes in its middle, and its first root as a bass."""
    return cell_windows(piece(part(triads(roots, each=2)), part([(0, 4, 36 + roots[0])], program=33, channel=1)))


def joint(*, stays=NOTHING_STAYS) -> JointHarmony:
    """C and F over C beside D and G over D."""
    return JointHarmony.of(two_parts(0, 5), two_parts(2, 7), place=np.array([0, 0]), stays=stays)


def test_the_first_harmony_holds_to_the_middle_then_the_second():
    for share, first, second in ((0.25, {0, 4, 7}, {0, 5, 9}), (0.75, {2, 6, 9}, {2, 7, 11})):
        holds = joint().at(share)
        assert [classes(half) for half in holds[0]] == [first, second]
        np.testing.assert_array_equal(holds[0], holds[1])


def test_what_stays_of_the_first_piece_keeps_its_harmony_to_the_end():
    holds = joint(stays=np.array([False, True])).at(1.0)
    assert classes(holds[0, 0]) == {0, 4, 7}


def test_silence_forbids_nothing_and_drums_have_no_say():
    silent = two_parts(0, 5)
    silent = silent.keeping(np.zeros(len(silent.note_window), bool))
    assert JointHarmony.of(silent, silent, place=np.array([0, 0]), stays=NOTHING_STAYS).at(0.0).all()
    kit = cell_windows(piece(part([(0, 1, 36), (1, 1, 38)], channel=9)))
    assert JointHarmony.of(kit, kit, place=np.array([0]), stays=np.zeros(1, bool)).at(0.0).all()


def test_tokens_are_pitches_of_the_classes_half_by_half_and_all_drums():
    allowed = tokens_in(joint().at(0.0))
    assert allowed.shape == (2, 48, 256)
    assert classes(allowed[0, 23, 60:72]) == {0, 4, 7}
    assert classes(allowed[0, 24, 60:72]) == {0, 5, 9}
    assert allowed[:, :, 128:].all()


def test_notes_move_to_the_nearest_pitch_and_drums_stay():
    """D, F# and A over C, E and G: a second down, a second down (F# to E, not to G: up would be nearer), down."""
    cells = two_parts(2, 7)
    moved = moved_into(cells, joint().at(0.0))
    assert moved.pitch[:3].tolist() == [60, 67, 67]
    assert moved.pitch[3:6].tolist() == [65, 72, 72]
    inside = moved_into(two_parts(0, 5), joint().at(0.0))
    np.testing.assert_array_equal(inside.pitch, two_parts(0, 5).pitch)
    kit = cell_windows(piece(part([(0, 1, 37)], channel=9)))
    assert moved_into(kit, np.zeros((1, 2, 12), bool)).pitch.tolist() == [37]
