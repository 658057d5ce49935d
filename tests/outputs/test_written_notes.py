"""New notes as columns."""

from __future__ import annotations

import numpy as np

from symbolic_embed.outputs.written_notes import WrittenNotes

COLUMNS = ("track", "onset_steps", "length_steps", "pitch")


def notes(*rows: tuple[int, int, int, int]) -> WrittenNotes:
    return WrittenNotes(*np.array(rows, np.int64).reshape(-1, 4).T)


def rows_of(written: WrittenNotes) -> list[tuple[int, ...]]:
    return list(zip(*(getattr(written, name).tolist() for name in COLUMNS), strict=True))


def test_notes_are_chosen_by_masks_and_by_numbers_and_joined_in_order():
    one, two, three = (0, 0, 12, 60), (0, 12, 6, 62), (1, 0, 48, 36)
    written = notes(one, two, three)
    assert len(written) == 3
    assert rows_of(written.where(np.array([True, False, True]))) == [one, three]
    assert rows_of(written.where(np.array([2, 0]))) == [three, one]
    assert rows_of(WrittenNotes.concatenated(notes(three), WrittenNotes.none(), notes(one, two))) == [three, one, two]
    assert len(WrittenNotes.none()) == 0
