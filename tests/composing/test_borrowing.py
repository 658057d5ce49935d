"""Borrowing: the part that was played beside the same music is the one that is taken, in the right key and order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from composers import band_seed, tiny_composer

from symbolic_embed.bars import cut
from symbolic_embed.composing import borrowing
from symbolic_embed.composing.borrowing import borrow, gathered
from symbolic_embed.errors import UsageError
from symbolic_embed.library.building import build
from symbolic_embed.library.excerpts import Excerpts, Origin
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import AccompanyRequest
from symbolic_embed.score import Notes
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.accompany import accompany


@pytest.fixture(scope="module")
def trained():
    return tiny_composer(seed=6)


def without(barred, *parts):
    tracks = tuple(track for number, track in enumerate(barred.score.tracks) if number not in parts)
    return cut(replace(barred.score, tracks=tracks))


def moved(barred, semitones):
    tracks = []
    for track in barred.score.tracks:
        notes = track.notes
        pitch = notes.pitch.astype(int) + (0 if track.is_drum else semitones)
        tracks.append(replace(track, notes=Notes.of(notes.onset_ticks, notes.duration_ticks, pitch, notes.velocity)))
    return cut(replace(barred.score, tracks=tuple(tracks)))


def reversed_pitches(barred):
    """Another piece: every part's pitches backwards."""
    tracks = tuple(
        replace(t, notes=Notes.of(t.notes.onset_ticks, t.notes.duration_ticks, t.notes.pitch[::-1], t.notes.velocity))
        for t in barred.score.tracks
    )
    return cut(replace(barred.score, tracks=tracks))


def test_the_bass_that_was_played_beside_the_same_music_is_taken(trained):
    band = band_seed(bars=8).barred
    lenders = [("other.mid", reversed_pitches(band)), ("same.mid", moved(band, 3))]
    piece = without(band, 2)
    loans = gathered(trained.embedder, lenders, seed=piece, roles=["bass"])
    written, origins = borrow(trained.embedder, piece, loans, roles=["bass"], seed=1)
    assert origins["bass"] == [("same.mid", bar) for bar in range(8)]
    bass = band.notes.where(band.notes.track == 2)
    assert written.onset_steps.tolist() == bass.onset_steps.tolist()
    assert (written.pitch % 12).tolist() == (bass.pitch % 12).tolist()
    assert set(written.track) == {3}


def test_a_path_goes_on_rather_than_jump(trained, monkeypatch):
    """With a price beyond all distances, bars follow each other wherever they can."""
    monkeypatch.setattr(borrowing, "JUMP", 1e6)
    band = band_seed(bars=8).barred
    loans = gathered(trained.embedder, [("other.mid", reversed_pitches(band))], seed=band, roles=["drums"])
    _, origins = borrow(trained.embedder, without(band, 3), loans, roles=["drums"], seed=1)
    bars = [bar for _, bar in origins["drums"]]
    assert bars == list(range(8))


def test_nothing_goes_on_over_a_silent_bar(trained):
    """The third bar of four is silent: what is lent in the second ends there."""
    band = band_seed(bars=4).barred
    third = (band.metre.barline_ticks[2], band.metre.barline_ticks[3])

    def without_third(notes):
        return notes.where((notes.onset_ticks < third[0]) | (notes.onset_ticks >= third[1]))

    tracks = tuple(replace(track, notes=without_third(track.notes)) for track in band.score.tracks)
    gap = cut(replace(band.score, tracks=tracks))
    loans = gathered(trained.embedder, [("gap.mid", gap)], seed=band, roles=["drums"])["drums"]
    assert [origin.bar for origin in loans.cells.origins] == [0, 1, 3]
    assert loans.goes_on.tolist() == [True, False, False]


def test_the_cheapest_path_is_the_cheapest_of_all_paths(monkeypatch):
    """Beside every possible way through three windows of four rows."""
    monkeypatch.setattr(borrowing, "CHANCE", 0.0)
    random = np.random.default_rng(5)
    goes_on = np.array([True, True, True, False])
    for _ in range(20):
        here, beside = random.normal(size=(3, 2)).astype(np.float32), random.normal(size=(4, 2)).astype(np.float32)
        origins = [Origin("a", 0, bar, 0) for bar in range(4)]
        loans = borrowing.Loans(Excerpts(four_cells(), beside, origins), goes_on)
        monkeypatch.setattr(borrowing, "JUMP", float(random.random()))
        found = borrowing._cheapest_path(here, loans, steps=np.array([48, 48, 48]), random=random)

        def cost(way, here=here, beside=beside):
            jumps = sum(not (goes_on[a] and b == a + 1) for a, b in pairwise(way))
            return sum(np.linalg.norm(here[w] - beside[row]) for w, row in enumerate(way)) + borrowing.JUMP * jumps

        ways = [(a, b, c) for a in range(4) for b in range(4) for c in range(4)]
        assert cost(tuple(found)) == pytest.approx(min(map(cost, ways)), abs=1e-6)


def four_cells():
    from symbolic_embed.bars import bar_windows

    return bar_windows(band_seed(bars=4).barred)


def test_a_role_that_nobody_has_is_named(trained):
    band = band_seed().barred
    with pytest.raises(UsageError, match="`source` has no piece with drums beside other parts"):
        gathered(trained.embedder, [("a.mid", without(band, 3))], seed=band, roles=["drums"])


def test_the_command_writes_them_beside_the_seed(trained):
    band = band_seed(bars=4).barred
    seed = Seed.from_bytes(score_to_events(without(band, 2, 3).score).to_bytes(), path="two.mid")
    lenders = [("a.mid", band)]
    outputs = accompany(seed, trained, AccompanyRequest(parts=["bass", "drums"], variations=2), lenders=iter(lenders))
    assert [len(output.events.score().tracks) for output in outputs] == [4, 4]
    assert outputs[0].record["borrowed_from"]["bass"][0] == {"path": "a.mid", "bar": 1}
    assert outputs[0].record["diff"]["outside"]["same"]


def test_a_store_lends_what_its_pieces_lend(trained):
    band, roles = band_seed(bars=4).barred, ["bass", "drums"]
    lenders = [("a.mid", band), ("b.mid", moved(reversed_pitches(band), 2))]
    store = MemoryStore(trained.embedder.hash, frozenset({"outline", "bar_notes", "cell_notes"}))
    build(lenders, trained.embedder, store)
    stored, read = (gathered(trained.embedder, pieces, seed=band, roles=roles) for pieces in (store, lenders))
    for role in roles:
        assert np.array_equal(stored[role].cells.vectors, read[role].cells.vectors)
        assert list(stored[role].cells.origins) == list(read[role].cells.origins)
        assert np.array_equal(stored[role].goes_on, read[role].goes_on)
