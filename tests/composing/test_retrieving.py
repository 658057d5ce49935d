"""The user's own music as a source: what is gathered, at which distance, in which key, under which rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, tiny_composer

from symbolic_embed.bars import ROLES, cell_windows, cut
from symbolic_embed.composing import retrieving
from symbolic_embed.composing.retrieving import OwnCells
from symbolic_embed.errors import UsageError
from symbolic_embed.library.building import build
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import VaryRequest
from symbolic_embed.score import Notes
from symbolic_embed.verbs.vary import vary


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer(seed=2).embedder


def transposed(barred, semitones):
    tracks = tuple(
        track if track.is_drum else replace(track, notes=Notes.of(*_moved(track.notes, semitones)))
        for track in barred.score.tracks
    )
    return cut(replace(barred.score, tracks=tracks))


def _moved(notes, semitones):
    return notes.onset_ticks, notes.duration_ticks, notes.pitch.astype(int) + semitones, notes.velocity


def folder():
    """Two bands, one of them a tone higher, and the tune of the first backwards."""
    band = band_seed(bars=6).barred
    tune = band.score.tracks[0]
    backwards = replace(tune, notes=Notes.of(*_moved(tune.notes, 0)[:2], tune.notes.pitch[::-1], tune.notes.velocity))
    other = cut(replace(band.score, tracks=(backwards, *band.score.tracks[1:])))
    return [("a.mid", band), ("b.mid", transposed(other, 2))]


def test_cells_are_gathered_once_in_the_key_of_the_seed(embedder):
    seed = band_seed().barred
    own = OwnCells.gathered(embedder, folder(), seed=seed)
    assert len(own.cells.notes) == len(own.cells.vectors) == len(own.roles) == len(own.cells.origins)
    assert len(set(own.cells.notes.content_hashes().tolist())) == len(own.cells.notes)
    assert {origin.semitones for origin in own.cells.origins} == {0, -2}
    assert {ROLES[role] for role in own.roles} == set(ROLES)
    again = embedder.embed_windows(own.cells.notes)
    assert np.allclose(own.cells.vectors, again, atol=1e-4)
    seeds = set(cell_windows(seed).content_hashes().tolist())
    assert seeds & set(own.cells.notes.content_hashes().tolist())  # the first band's own cells are among them


def test_a_folder_without_notes_is_refused(embedder):
    with pytest.raises(UsageError, match="holds no notes"):
        OwnCells.gathered(embedder, [], seed=band_seed().barred)


def test_nearness_sorts_by_the_distance_asked_for(embedder):
    own = OwnCells.gathered(embedder, folder(), seed=band_seed().barred)
    found, distances = own.by_nearness(own.cells.vectors[0], distance=1.0, role=int(own.roles[0]), steps=48)
    assert (own.roles[found] == own.roles[0]).all()
    assert (np.diff(np.abs(distances - 1.0)) >= 0).all()
    assert np.allclose(distances, np.linalg.norm(own.cells.vectors[found] - own.cells.vectors[0], axis=1))


def test_quantiles_are_those_of_random_pairs_of_a_role(embedder, monkeypatch):
    monkeypatch.setattr(retrieving, "FEWEST_CELLS", 4)
    own = OwnCells.gathered(embedder, folder(), seed=band_seed().barred)
    table = own.quantiles()
    melody = own.cells.vectors[own.roles == ROLES.index("melody")]
    every = np.linalg.norm(melody[:, None] - melody, axis=2)
    assert len(table["melody"]) == 101
    assert table["melody"] == sorted(table["melody"])
    assert table["melody"][-1] == pytest.approx(every.max(), abs=1e-3)
    assert "drums" not in table  # all bars of the drums are the same: one cell is too few


def test_every_cell_that_changes_comes_from_the_folder_and_says_whence(embedder):
    seed = band_seed()
    own = OwnCells.gathered(embedder, folder(), seed=seed.barred)
    output = vary(seed, embedder, VaryRequest(strength=0.3, random_seed=1, tracks=[0]), source=folder())[0]
    known = {int(number) for number in own.cells.notes.content_hashes()}
    after = cell_windows(cut(output.events.score()))
    cells = {(int(t), int(b)): int(h) for t, b, h in zip(after.track, after.bar, after.content_hashes(), strict=True)}
    changed = [cell for cell in output.record["cells"] if cell["from"]]
    assert changed
    for cell in changed:
        assert cells[cell["track"], cell["bar"] - 1] in known
        assert cell["from"]["path"] in ("a.mid", "b.mid")
    assert output.record["diff"]["outside"]["same"]


def test_locks_hold_on_what_is_retrieved(embedder):
    seed = band_seed()
    output = vary(seed, embedder, VaryRequest(strength=0.5, random_seed=1, keep=["rhythm"]), source=folder())[0]
    after = cut(output.events.score())
    for part in range(3):
        before, now = (sorted(b.notes.where(b.notes.track == part).onset_steps.tolist()) for b in (seed.barred, after))
        assert before == now


def test_the_own_scale_is_used(embedder, monkeypatch):
    monkeypatch.setattr(retrieving, "FEWEST_CELLS", 4)
    seed = band_seed()
    own = OwnCells.gathered(embedder, folder(), seed=seed.barred)
    output = vary(seed, embedder, VaryRequest(strength=0.5, tracks=[0]), library=folder())[0]
    assert output.record["cells"][0]["asked"] == pytest.approx(own.quantiles()["melody"][50], abs=1e-3)


def test_what_is_scale_and_source_at_once_is_read_once(embedder, monkeypatch):
    """A stream can be read once only."""
    monkeypatch.setattr(retrieving, "FEWEST_CELLS", 4)
    stream, request = iter(folder()), VaryRequest(strength=0.4, tracks=[0])
    (output,) = vary(band_seed(), embedder, request, library=stream, source=stream)
    assert output.record["settings"]["own_scale"] == ["melody"]
    assert output.record["settings"]["own_cells"]
    (twice,) = vary(band_seed(), embedder, request, library=folder(), source=folder())
    assert (output.events, output.record) == (twice.events, twice.record)


def test_a_store_gives_the_cells_of_its_pieces(embedder):
    store = MemoryStore(embedder.hash, frozenset({"outline", "cell_notes"}))
    build(folder(), embedder, store)
    seed = band_seed().barred
    stored, read = (OwnCells.gathered(embedder, pieces, seed=seed) for pieces in (store, folder()))
    assert np.array_equal(stored.cells.vectors, read.cells.vectors)
    assert list(stored.cells.origins) == list(read.cells.origins)
    assert np.array_equal(stored.roles, read.roles)
