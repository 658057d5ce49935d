"""Tables of windows: what was put in comes out, window by window; what follows what."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pieces
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from strategies import contents

from symbolic_embed.bars import ROLES, bar_windows, cell_windows, cut
from symbolic_embed.bars.windows import HELD
from symbolic_embed.corpus.tables import TableWriter, load_table
from symbolic_embed.files import placing_folder
from symbolic_embed.score import Notes, Score, TimeSignature, Track

HELD_IN_SEVEN = Score(  # a piece in 7/4 with a note held over barlines and a bar of rest
    480,
    (Track(Notes.of([0, 480 * 6, 480 * 21], [480, 480 * 6, 480], [60, 64, 67], [90] * 3)),),
    time_signatures=(TimeSignature(0, 7, 4),),
)
PIECES = [cut(score) for score in (*(pieces.piece(seed, bars=3) for seed in range(3)), HELD_IN_SEVEN)]


def saved(folder, made, barred_pieces):
    """The table of the windows of some pieces."""
    writer = TableWriter()
    for number, barred in enumerate(barred_pieces):
        writer.append(made(barred), barred, piece=number)
    with placing_folder(folder / f"{len(list(folder.iterdir()))}") as making:
        writer.save(making, made.__name__)
    return load_table(Path(making.path) / made.__name__)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    return saved(folder, cell_windows, PIECES), saved(folder, bar_windows, PIECES)


def starts_of(barred):
    """The step on which each window of a piece begins, in time."""
    edges = barred.grid.bar_steps.tolist()
    return [start for begin, end in pairwise(edges) for start in range(begin, end, 48)]


@given(st.lists(strategies.scores(quarters=12).filter(lambda score: score.note_count), min_size=1, max_size=3))
@pytest.mark.parametrize("made", [cell_windows, bar_windows])
def test_windows_come_out_as_they_went_in(tmp_path_factory, made, scores):
    barred_pieces = [cut(score) for score in scores]
    table = saved(tmp_path_factory.mktemp("table"), made, barred_pieces)
    first = 0
    for number, barred in enumerate(barred_pieces):
        windows = made(barred)
        rows = np.arange(first, first + len(windows))
        first += len(windows)
        back = table.windows(rows)
        assert contents(back) == contents(windows)
        assert back.track.tolist() == table.track[rows].tolist() == windows.track.tolist()
        assert (table.piece[rows] == number).all()
        assert table.content[rows].tolist() == windows.content_hashes().tolist()
        in_time = starts_of(barred)
        begin = (barred.grid.bar_steps[windows.bar] + 48 * windows.part_of_bar).tolist()
        assert [in_time[ordinal] for ordinal in table.ordinal[rows]] == begin
        roles = [ROLES.index(barred.roles[track]) if track >= 0 else -1 for track in windows.track]
        assert table.role[rows].tolist() == roles
        begins = [sum(not note[1] & HELD for note in notes) for _, notes in contents(windows)]
        assert table.onsets[rows].tolist() == begins
    assert first == len(table)


def test_windows_in_any_order_and_empty_ones(tables):
    table, _ = tables
    chosen = np.array([5, -1, 0, 5])
    found = table.windows(chosen)
    alone = [contents(table.windows(np.array([index])))[0] for index in (5, 0)]
    assert contents(found) == [alone[0], (found.steps[1], []), alone[1], alone[0]]
    assert {column.dtype for column in (found.track, found.bar, found.part_of_bar, found.steps)} == {np.dtype(np.int64)}
    with pytest.raises(ValueError, match="read-only"):
        table.notes[0, 0] = 1


def test_successors_follow_in_the_same_part_where_something_begins(tables):
    """In both windows, that is; a window may hold only what is held over."""
    for table in tables:
        successors = table.successors()
        for index, following in enumerate(successors.tolist()):
            fits = index + 1 < len(table) and all(
                (
                    table.piece[index] == table.piece[index + 1],
                    table.track[index] == table.track[index + 1],
                    table.ordinal[index] + 1 == table.ordinal[index + 1],
                    table.onsets[index] > 0,
                    table.onsets[index + 1] > 0,
                )
            )
            assert following == (index + 1 if fits else -1)
    _, bars = tables
    odd = bars.piece == len(PIECES) - 1
    assert bars.onsets[odd].tolist() == [1, 1, 0, 0, 0, 0, 1, 0]
    assert (bars.successors()[odd] >= 0).tolist() == [True, *[False] * 7]
