"""What was written, read again: bars keep the numbers of the seed, and what is not in the file is not counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import strategies
from composers import band_seed

from symbolic_embed.bars import cell_windows, cut
from symbolic_embed.bars.cutting import cut_along
from symbolic_embed.outputs.reread import cells_again, cut_again, is_as_before
from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.score import Notes, Tempo
from symbolic_embed.score.editing.in_place import add_conductor, replace_notes
from symbolic_embed.score.editing.transforming import transposed


def without(seed, part, *, bar):
    """The band's events without what a part plays in a bar."""
    track = seed.barred.score.tracks[part]
    there = np.flatnonzero(seed.barred.note_bar[seed.barred.notes.track == part] == bar)
    part_of = seed.events.parts()[part]
    assert part_of.track == track
    return replace_notes(seed.events, part_of, remove=there, add=Notes.none())


def test_the_cells_of_a_file_that_is_the_seed_are_the_seeds():
    seed = band_seed()
    cells = cell_windows(seed.barred)
    again = cells_again(cells, seed, cut_again(seed.events, seed))
    assert again.content_hashes().tolist() == cells.content_hashes().tolist()


def test_a_cell_that_is_not_there_any_more_is_empty_and_the_others_stay():
    seed = band_seed()
    cells = cell_windows(seed.barred)
    order = np.random.default_rng(0).permutation(len(cells))
    again = cells_again(cells.where(order), seed, cut_again(without(seed, 2, bar=1), seed))
    gone = (cells.track == 2) & (cells.bar == 1)
    assert again.counted(again.begins).tolist() == np.where(gone, 0, cells.counted(cells.begins))[order].tolist()
    assert len(cells_again(cells.where([]), seed, cut_again(seed.events, seed))) == 0


@pytest.mark.parametrize("more", [0, 3])
def test_bars_keep_their_numbers_where_the_longer_piece_would_be_cut_otherwise(more):
    """A performance, and behind it notes on another pulse."""
    random = np.random.default_rng(3)
    played = strategies.tune(np.arange(80) / 2 * 1.13 + random.normal(0, 0.03, 80) + 1)
    seed = cut(replace(played, has_grid=False))
    assert seed.follows_beats
    tail = strategies.moved(strategies.tune(np.arange(40) * 0.71), seed.score.end_tick + 300)
    longer = replace(seed.score, tracks=seed.score.tracks + tail.tracks)
    again = cut_along(longer, seed, more_bars=more)
    assert again.bars == len(again.metre) == seed.bars + more
    assert again.grid.bar_steps[: seed.bars + 1].tolist() == seed.grid.bar_steps.tolist()
    first = again.notes.where(again.notes.track == 0)
    assert first.onset_steps.tolist() == seed.notes.onset_steps.tolist()
    assert (np.diff(again.metre.barline_ticks) > 0).all()


def output(events, **settings):
    return Output("name", events, {"settings": settings})


def test_as_before_is_what_has_no_other_note_tempo_or_key():
    seed = band_seed()
    assert is_as_before(output(seed.events), seed)
    assert not is_as_before(output(seed.events, alone=True), seed)
    assert not is_as_before(output(without(seed, 0, bar=3)), seed)
    assert not is_as_before(output(transposed(seed.events, 1)), seed)
    assert not is_as_before(output(add_conductor(seed.events, [Tempo(480, 700_000)])), seed)
    silent = seed.events
    for part in range(4):
        (of_part,) = [one for one in silent.parts() if one.track.name == seed.barred.score.tracks[part].name]
        silent = replace_notes(silent, of_part, remove=range(len(of_part.track.notes)), add=Notes.none())
    assert is_as_before(output(silent, alone=True), seed)
