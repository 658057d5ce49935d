"""Runs that two pieces share: against every run there is, tried one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.originality.fingerprint import Lines
from symbolic_embed.originality.shared_runs import longest_shared

Note = tuple[int, int, int]  # part, step, pitch


def lines(notes: list[Note]) -> Lines:
    return Lines(*np.array(sorted(notes), np.int64).reshape(-1, 3).T)


def moves(notes: list[Note]) -> list[tuple[int, int] | None]:
    """Time and interval from each note to the next; None from part to part."""
    return [(b[1] - a[1], b[2] - a[2]) if a[0] == b[0] else None for a, b in pairwise(notes)]


def naive(known: list[Note], ours: list[Note], note: int) -> tuple[int, set[int]]:
    """The longest run through a note, and the last notes in `known` at which runs so long end; every stretch of ours
    that holds the note beside every stretch of theirs."""
    our_moves, their_moves = moves(ours), moves(known)
    best, ends = 0, set()
    for first in range(note + 1):
        for last in range(max(note, first + 1), len(ours)):
            stretch = our_moves[first:last]
            if None in stretch:
                continue
            for start in range(len(their_moves) - len(stretch) + 1):
                if their_moves[start : start + len(stretch)] == stretch:
                    length, end = len(stretch) + 1, start + len(stretch)
                    if length > best:
                        best, ends = length, set()
                    if length == best:
                        ends.add(end)
    return best, ends


@st.composite
def melodies(draw: st.DrawFn, *, most: int = 14) -> list[Note]:
    """Lines of one or two parts over few pitches and few rhythms, so that much of them is alike."""
    notes = []
    for part in range(draw(st.integers(1, 2))):
        step = 0
        for _ in range(draw(st.integers(0, most))):
            step += draw(st.sampled_from([6, 6, 12]))
            notes.append((part, step, draw(st.sampled_from([60, 60, 62, 64]))))
    return notes


@given(known=melodies(), ours=melodies(), data=st.data())
def test_the_longest_run_through_each_new_note_is_found_with_its_end(known, ours, data):
    new = np.array([data.draw(st.booleans()) for _ in ours], bool)
    longest, ends = longest_shared(lines(known), lines(ours), new=new)
    for note in np.flatnonzero(new).tolist():
        expected, expected_ends = naive(sorted(known), sorted(ours), note)
        assert longest[note] == expected
        assert ends[note] in (expected_ends or {-1})


@given(melodies(most=8), st.integers(-7, 7), st.integers(0, 96))
def test_a_run_is_blind_to_key_and_to_where_it_stands(notes, up, later):
    moved = [(part, step + later, pitch + up) for part, step, pitch in notes]
    longest, _ = longest_shared(lines(notes), lines(moved), new=np.ones(len(notes), bool))
    sizes = [sum(part == own for part, _, _ in notes) for own, _, _ in sorted(notes)]
    assert [length for length in longest.tolist() if length > 1] or max(sizes, default=0) < 2
    assert all(length >= size for length, size in zip(longest.tolist(), sizes, strict=True) if size > 1)


def line(count: int, *, random_seed: int = 1) -> list[Note]:
    """A line that does not repeat itself."""
    pitches = 60 + np.random.default_rng(random_seed).integers(-24, 24, count)
    return [(0, 6 * number, int(pitch)) for number, pitch in enumerate(pitches)]


@pytest.mark.parametrize("length", [20, 60, 130, 300])
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_new_note_tells_of_a_whole_copy_wherever_it_stands_in_it(length, place):
    """The rest of the copy is not new. Before and behind it stand other notes."""
    copy = line(length)
    around = [(0, step - 1200, pitch) for _, step, pitch in line(50, random_seed=2)]
    behind = [(0, step + 6 * length + 600, pitch) for _, step, pitch in line(50, random_seed=3)]
    new = np.zeros(100 + length, bool)
    new[50 + {"first": 0, "middle": length // 2, "last": length - 1}[place]] = True
    longest, ends = longest_shared(lines(copy), lines([*around, *copy, *behind]), new=new)
    assert longest[new].tolist() == [length]
    assert ends[new].tolist() == [length - 1]


def test_a_copy_of_sixty_notes_with_another_last_note_is_fifty_nine_long():
    ours = line(60)
    ours[-1] = (0, ours[-1][1], ours[-1][2] + 1)
    new = np.zeros(60, bool)
    new[[58, 59]] = True  # as after an edit of the end
    longest, _ = longest_shared(lines(line(60)), lines(ours), new=new)
    assert longest[new].tolist() == [59, 0]


def test_nothing_new_or_nothing_known_shares_nothing():
    notes = line(5)
    for known, new in ((notes, np.zeros(5, bool)), ([], np.ones(5, bool)), (notes[:1], np.ones(5, bool))):
        longest, ends = longest_shared(lines(known), lines(notes), new=new)
        assert (longest[new].tolist(), ends[new].tolist()) == ([0] * new.sum(), [-1] * new.sum())


def test_a_run_does_not_go_on_around_the_ends_of_the_other_piece():
    """Theirs goes up by one, then by two. Ours goes up by two, by one, by two, and only its last note is new: the
    run is two moves long, although the move before them is the one with which theirs ends."""
    theirs = [(0, 0, 60), (0, 6, 61), (0, 12, 63)]
    ours = [(0, 0, 60), (0, 6, 62), (0, 12, 63), (0, 18, 65)]
    longest, ends = longest_shared(lines(theirs), lines(ours), new=np.array([False, False, False, True]))
    assert (longest[3], ends[3]) == (3, 2)
