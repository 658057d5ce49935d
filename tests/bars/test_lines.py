"""Top lines: what is struck highest, and what sounds highest, each against a loop over notes; where they differ."""

import numpy as np
import strategies
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import cut
from symbolic_embed.bars.lines import LONGEST_STEPS, Pitched, pitched_notes, struck_highest, top_line

columns = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(60, 64)), max_size=20)
few_notes = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 260), st.integers(60, 64)), max_size=10)


def pitched(*rows):
    return Pitched(*np.array(rows, np.int64).reshape(-1, 3).T)


def spelt(line):
    return list(zip(line.onset_steps.tolist(), line.pitch.tolist(), strict=True))


@given(columns)
def test_struck_highest_is_the_highest_of_what_begins_together_in_a_part(rows):
    part, onset, pitch = np.array(rows, np.int64).reshape(-1, 3).T
    chosen = struck_highest(onset, pitch, part=part)
    highest = {place: max(p for *other, p in rows if tuple(other) == place) for place in {row[:2] for row in rows}}
    assert [tuple(rows[index]) for index in chosen] == [(*place, highest[place]) for place in sorted(highest)]


def test_of_equal_notes_the_last_is_taken_and_one_part_needs_no_name():
    onset, pitch = np.array([12, 0, 0, 0], np.uint8), np.array([50, 60, 72, 72], np.uint8)
    assert struck_highest(onset, pitch).tolist() == [3, 0]
    assert struck_highest(onset[:0], pitch[:0]).tolist() == []


@given(few_notes)
def test_top_line_is_what_nothing_sounds_above(rows):
    def is_hidden(onset, pitch):
        return any(
            begin <= onset < begin + min(length, LONGEST_STEPS) and other > pitch for begin, length, other in rows
        )

    expected = sorted({(onset, pitch) for onset, _, pitch in rows if not is_hidden(onset, pitch)})
    assert spelt(top_line(pitched(*rows))) == expected


def test_a_long_note_hides_what_moves_below_it_but_is_struck_once():
    notes = pitched((0, 48, 72), (12, 12, 60), (24, 12, 62), (48, 12, 64))
    assert spelt(top_line(notes)) == [(0, 72), (48, 64)]
    assert notes.pitch[struck_highest(notes.onset_steps, notes.pitch)].tolist() == [72, 60, 62, 64]


def test_a_drone_hides_nothing_after_four_bars():
    notes = pitched((0, 10_000, 72), (LONGEST_STEPS - 1, 1, 60), (LONGEST_STEPS, 12, 60))
    assert spelt(top_line(notes)) == [(0, 72), (LONGEST_STEPS, 60)]


@given(strategies.scores(quarters=8))
def test_pitched_notes_are_all_but_drums(score):
    barred = cut(score)
    expected = [
        (onset, length, pitch)
        for part, onset, length, pitch in zip(
            barred.notes.track.tolist(),
            barred.notes.onset_steps.tolist(),
            barred.notes.length_steps.tolist(),
            barred.notes.pitch.tolist(),
            strict=True,
        )
        if not score.tracks[part].is_drum
    ]
    assert list(zip(*(column.tolist() for column in pitched_notes(barred)), strict=True)) == expected
