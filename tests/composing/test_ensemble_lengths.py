"""How long the notes last that an ensemble writes, and what comes out."""

from __future__ import annotations

from dataclasses import replace

from ensembles import cell, ensemble_of, writer
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars.windows import HELD
from symbolic_embed.composing.sheet import WINDOWS_HELD, Sheet
from symbolic_embed.encodings.note_rows import FIRST_DRUM
from symbolic_embed.networks.choosing import Choice


def test_a_note_that_lasts_is_held_in_the_windows_after_its_own():
    ensemble = ensemble_of(writer())
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=[[cell([12, 60, 100], [24, 62, 24])]])
    for window, left in ((1, 64), (2, 16), (3, None)):
        rows = ensemble.sheet._held_over(0, 0, start=48 * window).tolist()
        assert rows == ([] if left is None else [[0, 60, left, HELD]])
        ensemble.write_window(start=48 * window, steps=48, choice=Choice(), played=[[cell()]])


def test_a_drone_is_held_for_some_windows_and_drums_for_none():
    ensemble = ensemble_of(writer(), writer("drums", track=1))
    played = [[cell([0, 60, 48 * 20]), cell([0, FIRST_DRUM + 49, 48 * 20])]]
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=played)
    held = []
    for window in range(1, WINDOWS_HELD + 2):
        held.append(len(ensemble.sheet._held_over(0, 0, start=48 * window)))
        assert len(ensemble.sheet._held_over(0, 1, start=48 * window)) == 0
        ensemble.write_window(start=48 * window, steps=48, choice=Choice(), played=[[cell(), cell()]])
    assert held == [1] * WINDOWS_HELD + [0]


notes = st.tuples(st.integers(0, 1), st.integers(0, 30), st.integers(1, 40), st.integers(60, 62))


@given(st.lists(notes, max_size=12), st.booleans())
def test_lengths_are_cut_as_by_hand(table, first_is_single):
    """Track 0 has one voice or several; each note ends where its pitch, or in one voice anything, begins again."""
    single = {0} if first_is_single else set()
    sheet = Sheet([replace(writer(), track=track, single=track in single) for track in range(2)], variations=1)
    for track, onset, length, pitch in table:  # in any order, each note in a cell of its own
        sheet.add(0, track, cell([0, pitch, length]), start=onset)
    (written,) = sheet.finished(end=36)
    expected = []
    for track, onset, length, pitch in table:
        later = [
            other_onset
            for other_track, other_onset, _, other_pitch in table
            if other_track == track and other_onset > onset and (track in single or other_pitch == pitch)
        ]
        expected.append((track, onset, max(min(onset + length, *later, 36) - onset, 1), pitch))
    columns = (written.track, written.onset_steps, written.length_steps, written.pitch)
    assert sorted(zip(*(column.tolist() for column in columns), strict=True)) == sorted(expected)


def ensemble_with(played):
    ensemble = ensemble_of(writer("drums", track=5))
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=[[played]])
    return ensemble


def test_drums_come_out_as_pitches():
    (written,) = ensemble_with(cell([0, FIRST_DRUM + 36, 3])).finished(end=48)
    assert (written.track.tolist(), written.pitch.tolist()) == ([5], [36])
