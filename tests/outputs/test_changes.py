"""What differs between a piece and cells written for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import strategies
from composers import band_seed
from hypothesis import given
from strategies import of_notes

from symbolic_embed.bars import BarredScore, Windows, cell_windows, cut
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.outputs.changes import changes, placed_notes, voiced
from symbolic_embed.outputs.written_notes import WrittenNotes

TUNE, KEYS, BASS, KIT = range(4)


def bass_bar(bar: int, *notes: tuple[int, int, int, int]) -> tuple[Windows, Windows]:
    """The cell of the band's bass in a bar, and what is written in its place: notes (onset, flags, pitch, length)."""
    cells = cell_windows(band_seed().barred)
    return cells.where(np.flatnonzero((cells.track == BASS) & (cells.bar == bar))), of_notes(list(notes))


def added_notes(added: WrittenNotes) -> list[tuple[int, ...]]:
    columns = (added.track, added.onset_steps, added.length_steps, added.pitch)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_note_written_again_stays_the_note_it_is_and_others_come_and_go():
    """The bass of bar 2 plays F, for 22 steps; it gets an A beside it, then an F as long, then a shorter one."""
    band = band_seed().barred
    (own,) = np.flatnonzero((band.notes.track == BASS) & (band.note_bar == 1))
    for written, removed, added in (
        ([(0, 0, 41, 22), (24, 0, 45, 12)], [], [(BASS, 72, 12, 45)]),
        ([(0, 0, 41, 12)], [own], [(BASS, 48, 12, 41)]),
        ([(0, HELD, 41, 22)], [own], []),  # what is held over is not written here
        ([], [own], []),
    ):
        goes, comes = changes(band, *bass_bar(1, *written))
        assert goes.tolist() == removed
        assert added_notes(comes) == added


def test_the_length_of_a_drum_is_no_difference():
    band = band_seed().barred
    cells = cell_windows(band)
    kit = cells.where(np.flatnonzero((cells.track == KIT) & (cells.bar == 0)))
    longer = replace(kit, length=(kit.length + 20).astype(np.uint8))
    goes, comes = changes(band, kit, longer)
    assert len(goes) == len(comes) == 0
    assert (kit.flags == DRUM).all()


def columns_of(piece: BarredScore) -> tuple[np.ndarray, ...]:
    return piece.notes.track, piece.notes.onset_steps, piece.notes.pitch


@given(score=strategies.scores(quarters=12, most_tracks=2))
def test_a_piece_written_again_has_no_changes_and_one_left_empty_loses_what_begins_there(score):
    piece = cut(score)
    cells = cell_windows(piece)
    goes, comes = changes(piece, cells, cells)
    assert len(comes) == 0
    struck = list(zip(*(column.tolist() for column in columns_of(piece)), strict=True))
    for index in goes:  # of a note that is doubled the windows know the longest alone
        stay = [other for other in range(len(struck)) if struck[other] == struck[index] and other not in goes]
        assert piece.notes.length_steps[stay].max() > piece.notes.length_steps[index]
    half = cells.where(np.flatnonzero(cells.bar % 2 == 0))
    goes, comes = changes(piece, half, half.keeping(np.zeros(len(half.onset), bool)))
    assert goes.tolist() == np.flatnonzero(piece.note_bar % 2 == 0).tolist()
    assert len(comes) == 0


@given(score=strategies.scores(quarters=12, most_tracks=2))
def test_notes_of_windows_lie_in_the_piece_where_they_lay(score):
    """Drum lengths are those of windows; of doubled notes one is left."""
    piece = cut(score)
    cells = cell_windows(piece)
    placed = placed_notes(piece, cells, cells)
    ours = zip(placed.track.tolist(), placed.onset_steps.tolist(), placed.pitch.tolist(), strict=True)
    assert sorted(ours) == sorted(set(zip(*(column.tolist() for column in columns_of(piece)), strict=True)))


def test_in_one_voice_no_note_sounds_into_the_next_be_it_new_or_staying():
    """The tune has a note on each beat. Two of bar 1 go; of what comes, the first ends where the second begins, the
    second where the kept third beat does, and the last of all at the end of the piece."""
    band = band_seed().barred
    removed = np.flatnonzero((band.notes.track == TUNE) & (band.notes.onset_steps < 24))
    added = WrittenNotes(*np.array([[TUNE, 0, 48, 70], [TUNE, 6, 48, 71], [TUNE, 186, 48, 72]]).T)
    assert voiced(band, removed, added, end=192).length_steps.tolist() == [6, 18, 6]
    kept = np.zeros(0, np.int64)
    assert voiced(band, kept, added, end=192).length_steps.tolist() == [6, 6, 6]


def test_several_voices_and_new_parts_are_only_cut_at_the_end():
    band = band_seed().barred
    added = WrittenNotes(*np.array([[KEYS, 0, 60, 70], [KEYS, 6, 60, 71], [7, 0, 300, 72]]).T)
    assert voiced(band, np.zeros(0, np.int64), added, end=192).length_steps.tolist() == [60, 60, 192]
