"""Interpolation: from one piece to another; what is not in the scope stays."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from composers import band_seed, duo_seed, tiny_composer

from symbolic_embed.composing.interpolation import HALVINGS, Interpolation, _Arc
from symbolic_embed.composing.locks import Locks
from symbolic_embed.composing.scope import Scope
from symbolic_embed.outputs.written_notes import WrittenNotes


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer(seed=4).embedder


def notes_of(written: WrittenNotes) -> set[tuple[int, int, int]]:
    """Track, onset and pitch of each note."""
    return set(zip(written.track.tolist(), written.onset_steps.tolist(), written.pitch.tolist(), strict=True))


def test_a_piece_blended_with_itself_stays(embedder):
    band = band_seed().barred
    for blend in Interpolation(embedder, band, band).at([0.3, 0.9]):
        assert len(blend.removed) == len(blend.added) == 0


def test_parts_that_only_one_piece_has_go_note_by_note_and_for_good(embedder):
    """The band has bass and drums, the duo has not. Of their notes the share is gone that lies behind; what is gone
    stays away, and the bass drum on the first beat is there to the last."""
    band, duo = band_seed().barred, duo_seed(bars=4).barred
    blends = Interpolation(embedder, band, duo, random_seed=1).at([0.0, 0.25, 0.5, 0.75, 0.99, 1.0])
    left = []
    for blend in blends:
        stay = band.notes.where(np.setdiff1d(np.arange(len(band.notes)), blend.removed))
        onsets = [*zip(stay.track.tolist(), stay.onset_steps.tolist(), strict=True)]
        onsets += [(track, step) for track, step, _ in notes_of(blend.added)]
        left.append({(track, step) for track, step in onsets if track in (2, 3)})
    assert [len(notes) for notes in left] == [20, 15, 10, 5, 2, 0]
    assert all(before >= after for before, after in pairwise(left))
    assert {step % 48 for _, step in left[4]} == {0}


def test_parts_that_only_the_second_piece_has_come_note_by_note(embedder):
    duo, band = duo_seed(bars=4).barred, band_seed().barred
    blends = Interpolation(embedder, duo, band).at([0.0, 0.01, 0.25, 0.75, 1.0])
    came = [notes_of(blend.added.where(np.isin(blend.added.track, [2, 3]))) for blend in blends]
    assert [len(notes) for notes in came] == [0, 2, 5, 15, 20]
    assert all(before <= after for before, after in pairwise(came))


def test_at_the_end_the_tracks_of_the_second_piece_are_there_note_for_note_where_only_it_plays(embedder):
    """Bass and drums of the band, transposed to the duo's key, come to a duo that has none."""
    duo, band = duo_seed(bars=4).barred, band_seed().barred
    interpolation = Interpolation(embedder, duo, band)
    (blend,) = interpolation.at([1.0])
    moved = interpolation.cells.semitones
    bass, kit = (band.notes.where(band.notes.track == part) for part in (2, 3))
    assert notes_of(blend.added.where(blend.added.track == 2)) == {
        (2, step, pitch + moved) for step, pitch in zip(bass.onset_steps.tolist(), bass.pitch.tolist(), strict=True)
    }
    assert notes_of(blend.added.where(blend.added.track == 3)) == {
        (3, step, pitch) for step, pitch in zip(kit.onset_steps.tolist(), kit.pitch.tolist(), strict=True)
    }


def test_the_longer_piece_gives_the_length(embedder):
    band, duo = band_seed(bars=4).barred, duo_seed(bars=6).barred
    (blend,) = Interpolation(embedder, band, duo, random_seed=1).at([0.5])
    ends = blend.added.onset_steps + blend.added.length_steps
    assert blend.added.onset_steps.max() >= 5 * 48
    assert ends.max() <= 6 * 48


def test_what_is_measured_is_where_the_written_cells_lie(embedder):
    """Each written cell embedded again, and how far it is from the cells of either piece."""
    interpolation = Interpolation(embedder, band_seed().barred, duo_seed(bars=4).barred)
    arc = _Arc(interpolation, 0.5)
    for _ in range(HALVINGS):
        arc.halve()
    assert len(arc.measured) == len(interpolation.both) > 4
    for window, point, measured in zip(interpolation.both, embedder.embed_windows(arc.best), arc.measured, strict=True):
        start, end = (float(np.linalg.norm(point - points[window])) for points in interpolation.ends)
        assert measured == pytest.approx(start / (start + end), abs=1e-5)


def test_a_nearer_share_is_found_than_at_either_end(embedder):
    """The search keeps what is nearest to the share; the first piece itself lies at 0."""
    band, duo = band_seed().barred, duo_seed(bars=4).barred
    interpolation = Interpolation(embedder, band, duo, random_seed=2)
    for share in (0.2, 0.5, 0.8):
        arc = _Arc(interpolation, share)
        for _ in range(HALVINGS):
            arc.halve()
        assert abs(arc.measured.mean() - share) < share
        assert interpolation.share_at(interpolation.both, arc.best) == pytest.approx(arc.measured.mean(), abs=1e-6)


def test_no_new_note_of_one_voice_sounds_into_the_next(embedder):
    band, duo = band_seed().barred, duo_seed(bars=6).barred
    (blend,) = Interpolation(embedder, band, duo, random_seed=2).at([0.5])
    tune = blend.added.where(blend.added.track == 0)
    order = np.argsort(tune.onset_steps, kind="stable")
    step, end = tune.onset_steps[order], (tune.onset_steps + tune.length_steps)[order]
    later = step[1:] > step[:-1]
    assert later.any()
    assert (end[:-1] <= step[1:])[later].all()


def test_only_what_is_in_the_scope_changes(embedder):
    band, duo = band_seed().barred, duo_seed(bars=4).barred
    scope = Scope(tracks=frozenset({0}), bars=frozenset({1}))
    (blend,) = Interpolation(embedder, band, duo, scope=scope, random_seed=2).at([0.6])
    touched = [*band.notes.where(blend.removed).onset_steps, *blend.added.onset_steps]
    assert touched
    assert all(48 <= step < 96 for step in touched)
    assert set(blend.added.track) <= {0}


def test_bars_that_begin_again_are_none_of_the_first_piece(embedder):
    """Bar 5 of six is the band's first bar again, and does not change with it."""
    band, duo = band_seed().barred, duo_seed(bars=6).barred
    (blend,) = Interpolation(embedder, band, duo, scope=Scope(bars=frozenset({0}))).at([1.0])
    assert {step // 48 for step in blend.added.onset_steps.tolist()} <= {0, 4, 5}
    again = blend.added.where(blend.added.onset_steps >= 4 * 48)
    first = band.notes.where((band.note_bar == 0) & (band.notes.track == 0))
    tune = again.where((again.track == 0) & (again.onset_steps < 5 * 48))
    assert tune.pitch.tolist() == first.pitch.tolist()


def test_with_a_rhythm_nothing_comes_and_nothing_goes(embedder):
    band, duo = band_seed().barred, duo_seed(bars=4).barred
    scope = Scope(locks=Locks(rhythm=True))
    (blend,) = Interpolation(embedder, band, duo, scope=scope, random_seed=1).at([0.9])
    removed = band.notes.where(blend.removed)
    for part in range(4):
        gone, come = (notes.onset_steps[notes.track == part] for notes in (removed, blend.added))
        assert sorted(gone.tolist()) == sorted(come.tolist())


def test_the_search_takes_its_steps_and_says_how_many(embedder):
    taken = []
    band, duo = band_seed().barred, duo_seed(bars=4).barred
    Interpolation(embedder, band, duo).at([0.3, 0.6], progress=lambda steps: taken.extend(steps) or steps)
    assert taken == list(range(2 * HALVINGS))


def classes_by_half_bar(notes, step: int) -> set[int]:
    """The pitch classes that sound in the half bar of a step."""
    half = step // 24 * 24
    sounding = (notes.onset_steps < half + 24) & (notes.onset_steps + notes.length_steps > half)
    return set((notes.pitch[sounding] % 12).tolist())


def test_what_comes_keeps_to_the_locks_as_well(embedder):
    """The band's bass, which the duo has not, comes as it is; under a lock on the chords it is decoded anew, within the
    duo's."""
    duo, band = duo_seed(bars=4).barred, band_seed().barred
    is_within = {}
    for locks in (Locks(), Locks(chords=True)):
        (blend,) = Interpolation(embedder, duo, band, scope=Scope(locks=locks)).at([1.0])
        bass = blend.added.where(blend.added.track == 2)
        is_within[locks.chords] = [
            pitch % 12 in classes_by_half_bar(duo.notes, step)
            for onset, length, pitch in zip(bass.onset_steps, bass.length_steps, bass.pitch, strict=True)
            for step in range(onset, onset + length)
        ]
    assert not all(is_within[False])
    assert is_within[True]
    assert all(is_within[True])
