"""Windows: what sounds in each, compared with a loop over windows and notes; hashes; choosing; transposing."""

import naive
import numpy as np
import pytest
import strategies
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import contents, of_notes

from symbolic_embed.bars import Windows, bar_windows, cell_windows, cut
from symbolic_embed.bars.merging import merge
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.score import Notes, Score, TimeSignature, Track

QUARTER = 480


def score_of(*parts, signature=(4, 4)):
    """Parts as (channel, [(onset, duration, pitch) in quarters, ...])."""
    tracks = []
    for channel, rows in parts:
        onset, duration, pitch = np.transpose(rows)
        notes = Notes.of(np.round(onset * QUARTER), np.round(duration * QUARTER), pitch, np.full(len(rows), 80))
        tracks.append(Track(notes, channel=channel))
    return cut(Score(QUARTER, tuple(tracks), time_signatures=(TimeSignature(0, *signature),)))


@given(strategies.scores(quarters=16))
def test_bar_windows_hold_what_all_parts_do(score):
    barred = cut(score)
    windows = bar_windows(barred)
    spans = naive.windows(barred)
    assert [span[:2] for span in spans] == list(zip(windows.bar.tolist(), windows.part_of_bar.tolist(), strict=True))
    assert (windows.track == -1).all()
    expected = [(steps, naive.window_notes(barred, bar=bar, part=part)) for bar, part, _, steps in spans]
    assert contents(windows) == expected


@given(strategies.scores(quarters=16))
def test_cell_windows_hold_what_one_part_does_where_it_begins_a_note(score):
    barred = cut(score)
    windows = cell_windows(barred)
    places = list(zip(windows.track.tolist(), windows.bar.tolist(), windows.part_of_bar.tolist(), strict=True))
    cells = set(zip(barred.notes.track.tolist(), barred.note_bar.tolist(), strict=True))
    spans = [(track, *span) for track in range(len(score.tracks)) for span in naive.windows(barred)]
    spans = [span for span in spans if span[:2] in cells]
    assert places == [span[:3] for span in spans]
    expected = [(span[4], naive.window_notes(barred, track=span[0], bar=span[1], part=span[2])) for span in spans]
    assert contents(windows) == expected


def test_a_bar_of_seven_quarters_is_two_windows():
    windows = bar_windows(score_of((0, [(0, 1, 60), (4, 1, 62), (6, 1, 64), (7, 1, 65)]), signature=(7, 4)))
    assert list(zip(windows.bar, windows.part_of_bar, strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert contents(windows) == [
        (48, [(0, 0, 60, 12)]),
        (36, [(0, 0, 62, 12), (24, 0, 64, 12)]),
        (48, [(0, 0, 65, 12)]),
        (36, []),
    ]


def test_a_note_held_over_barlines_is_seen_in_each_bar_with_what_is_left_of_it():
    held = score_of((0, [(2, 8, 60), (11, 1, 62)]))
    assert contents(bar_windows(held)) == [
        (48, [(24, 0, 60, 96)]),
        (48, [(0, HELD, 60, 72)]),
        (48, [(0, HELD, 60, 24), (36, 0, 62, 12)]),
    ]
    assert [steps_and_notes[1] for steps_and_notes in contents(cell_windows(held))] == [
        [(24, 0, 60, 96)],
        [(0, HELD, 60, 24), (36, 0, 62, 12)],
    ]


def test_a_drone_is_heard_for_32_windows_and_lengths_end_at_255_steps():
    notes = contents(bar_windows(score_of((0, [(0, 160, 40)]))))
    assert [rows for _, rows in notes[:2]] == [[(0, 0, 40, 255)], [(0, HELD, 40, 255)]]
    assert len(notes) == 40
    assert [len(rows) for _, rows in notes] == [1] * 33 + [0] * 7


def test_drum_notes_last_a_sixteenth_and_are_not_held():
    windows = bar_windows(score_of((9, [(3, 8, 36)])))
    assert contents(windows) == [(48, [(36, DRUM, 36, 3)]), (48, []), (48, [])]


def test_a_note_that_two_parts_share_is_there_once_the_longest():
    shared = score_of((0, [(0, 1, 60)]), (1, [(0, 2, 60)]), (9, [(0, 1, 60)]))
    assert contents(bar_windows(shared)) == [(48, [(0, 0, 60, 24), (0, DRUM, 60, 3)])]
    assert [rows for _, rows in contents(cell_windows(shared))] == [[(0, 0, 60, 12)], [(0, 0, 60, 24)], [(0, 1, 60, 3)]]


def test_an_empty_score_has_one_empty_bar_window_and_no_cell():
    empty = cut(Score(480))
    assert contents(bar_windows(empty)) == [(48, [])]
    assert len(cell_windows(empty)) == 0


@given(strategies.windows(), strategies.windows())
def test_hashes_are_equal_where_content_is_equal_and_nowhere_else(one, other):
    """Neither track, bar nor place in the batch matters."""
    hashes = [*one.content_hashes().tolist(), *other.content_hashes().tolist()]
    said = [(steps, tuple(notes)) for steps, notes in contents(one) + contents(other)]
    assert len(dict(zip(hashes, said, strict=True))) == len(set(said))
    assert all(
        (a == b) == (x == y) for a, x in zip(hashes, said, strict=True) for b, y in zip(hashes, said, strict=True)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (of_notes([(0, 0, 60, 6)]), of_notes([(1, 0, 60, 6)])),
        (of_notes([(0, 0, 60, 6)]), of_notes([(0, 0, 61, 6)])),
        (of_notes([(0, 0, 60, 6)]), of_notes([(0, 0, 60, 7)])),
        (of_notes([(0, 0, 60, 6)]), of_notes([(0, HELD, 60, 6)])),
        (of_notes([(0, 0, 60, 6)]), of_notes([(0, 0, 60, 6)], steps=36)),
        (of_notes([(0, 0, 0, 0)]), of_notes([])),
        (of_notes([(0, 0, 1, 2)]), of_notes([(0, 0, 2, 1)])),
        (of_notes([(0, 0, 59, 6), (0, 0, 62, 6)]), of_notes([(0, 0, 60, 6), (0, 0, 61, 6)])),
    ],
)
def test_a_hash_notices_every_number(one, other):
    assert one.content_hashes() != other.content_hashes()


@given(strategies.windows(), st.data())
def test_choosing_windows_keeps_their_order_and_content(windows, data):
    chosen = data.draw(st.lists(st.integers(0, len(windows) - 1), max_size=8))
    picked = windows.where(np.array(chosen, np.int64))
    assert contents(picked) == [contents(windows)[index] for index in chosen]
    for name in ("track", "bar", "part_of_bar", "steps"):
        assert getattr(picked, name).tolist() == [getattr(windows, name)[index] for index in chosen]
    assert picked.note_window.tolist() == [i for i, (_, notes) in enumerate(contents(picked)) for _ in notes]


@given(strategies.windows())
def test_what_each_note_is_and_how_many_there_are(windows):
    notes = [note for _, notes in contents(windows) for note in notes]
    assert windows.begins.tolist() == [not note[1] & HELD for note in notes]
    assert windows.is_drum.tolist() == [bool(note[1] & DRUM) for note in notes]
    assert windows.note_counts.tolist() == [len(notes) for _, notes in contents(windows)]
    assert windows.counted(windows.pitch > 60).tolist() == [
        sum(pitch > 60 for _, _, pitch, _ in notes) for _, notes in contents(windows)
    ]


@given(strategies.windows(), strategies.windows())
def test_concatenating_and_keeping(one, other):
    both = Windows.concatenated([one, other])
    assert contents(both) == contents(one) + contents(other)
    begins = both.begins
    kept = both.keeping(begins)
    assert contents(kept) == [
        (steps, [note for note in notes if not note[1] & HELD]) for steps, notes in contents(both)
    ]


@given(strategies.windows(levels=["bars"]))
def test_the_cells_of_a_bar_merged_are_the_bar(windows):
    """Splitting a bar's notes in two overlapping halves and merging these gives it back."""
    whole = contents(windows)
    number = np.arange(len(windows))
    halves = Windows.concatenated([windows.keeping(windows.pitch < 70), windows.keeping(windows.pitch > 50)])
    assert contents(merge(halves, groups=np.concatenate([number, number]), steps=windows.steps)) == whole


@given(strategies.windows(), st.integers(-11, 11))
@example(of_notes([(0, 0, 127, 3), (1, 0, 118, 3)]), 11)
@example(of_notes([(0, 0, 0, 3), (1, DRUM, 0, 3)]), -11)
def test_transposing_moves_pitched_notes_and_no_drum(windows, semitones):
    moved = windows.transposed(semitones)
    drum = windows.is_drum
    assert (moved.pitch[drum] == windows.pitch[drum]).all()
    distance = moved.pitch[~drum].astype(int) - windows.pitch[~drum]
    inside = (windows.pitch[~drum].astype(int) + semitones >= 0) & (windows.pitch[~drum].astype(int) + semitones < 128)
    assert (distance[inside] == semitones).all()
    assert (np.abs(distance[~inside] - semitones) == 12).all()
    assert (moved.pitch < 128).all()
    if inside.all():
        assert contents(moved.transposed(-semitones)) == contents(windows)


@given(strategies.windows())
def test_each_window_may_be_transposed_by_its_own_interval(windows):
    semitones = np.arange(len(windows)) - 3
    moved = windows.transposed(semitones)
    for index, interval in enumerate(semitones.tolist()):
        alone = windows.where(np.array([index])).transposed(interval)
        assert contents(moved.where(np.array([index]))) == contents(alone)
