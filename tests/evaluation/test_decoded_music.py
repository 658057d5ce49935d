"""Draws and midpoints decoded: midpoints, what is legal, and a model whose cells are real ones."""

import numpy as np
import pieces
import pytest
import tiny
from evaluation.models import PerfectModel
from strategies import of_notes

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.prior_map import PriorMap
from symbolic_embed.evaluation.decoded_music import MAPPED, decoded_music_rows, legal, partners, unseen_cells
from symbolic_embed.evaluation.subject import Subject


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("decoded"), count=10)


def test_partners_are_of_a_kind_each_of_one_and_nobody_of_himself_unless_he_is_alone():
    kinds = np.array([True, True, False, True, False, False])
    found = partners(kinds, random=np.random.default_rng(0))
    assert sorted(found.tolist()) == list(range(6))
    assert (found != np.arange(6)).all()
    assert (kinds[found] == kinds).all()
    assert partners(np.array([True, False]), random=np.random.default_rng(0)).tolist() == [0, 1]


def test_what_is_legal():
    windows = of_notes(
        [(0, 0, 60, 3), (0, 0, 61, 3), (3, 0, 60, 3)],
        [],
        [(0, 0, 60, 3), (0, 0, 60, 6)],  # struck twice
        [(36, 0, 60, 3)],  # past the end
        [(0, DRUM, 36, 3)],  # a drum in a pitched cell
        [(0, HELD, 60, 3)],  # begins nowhere
        [(0, 0, 200, 3)],
        [(0, 0, 60, 0)],
        [(0, DRUM, 36, 3), (35, DRUM, 38, 3)],
        steps=36,
    )
    drums = np.arange(9) == 8
    assert legal(windows, drums=drums).tolist() == [True, True, *[False] * 6, True]


def test_cells_are_compared_with_cells_of_other_pieces(corpus):
    cells, others = unseen_cells(Subject(None, corpus, "train"), count=30, random=np.random.default_rng(0))
    assert (len(cells.windows), len(others.windows)) == (30, 30)
    assert not set(cells.clusters) & set(others.clusters)
    for half in (cells, others):
        assert len(np.unique(half.windows.content_hashes())) == 30
        drums = [bool(flags & DRUM) for flags in half.windows.flags[half.windows.offsets[:-1]]]
        assert half.drums.tolist() == drums


def by_name(rows):
    return {(row.who, row.measure): row.value for row in rows}


def test_a_model_that_writes_cells_back_writes_what_unseen_cells_are(corpus):
    rows = by_name(decoded_music_rows(Subject(PerfectModel(), corpus, "train"), kind="cells written back", count=40))
    measures = {measure for who, measure in rows if who == "unseen cells"}
    assert len(measures) == 7
    assert all(rows["model", measure] == rows["unseen cells", measure] for measure in measures)
    assert rows["model", "legal"] == 1


@pytest.mark.parametrize("kind", ["draws", "midpoints"])
def test_an_untrained_decoder_writes_legal_cells_that_are_no_music(corpus, tmp_path, kind):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    rows = list(decoded_music_rows(Subject(embedder, corpus, "train"), kind=kind, count=60))
    assert {row.test for row in rows} == {f"music from {kind}"}
    found = by_name(rows)
    assert found["model", "legal"] == 1
    area = "classifier's area under the curve"
    assert found["model", area] > 0.9 > found["unseen cells", area]
    again = decoded_music_rows(Subject(embedder, corpus, "train"), kind=kind, count=60)
    assert by_name(again) == found


@pytest.mark.parametrize("kind", ["draws", "midpoints"])
def test_with_a_map_what_is_made_up_is_made_a_second_time_through_it(corpus, tmp_path, kind):
    """A map that changes nothing makes the same music; another makes other music."""
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    found = {}
    for name, whitening in (("same", np.eye(16)), ("other", np.diag(np.linspace(0.2, 3, 16)))):
        embedder.__dict__["prior_map"] = PriorMap(np.zeros(16), whitening)
        rows = by_name(decoded_music_rows(Subject(embedder, corpus, "train"), kind=kind, count=60))
        found[name] = {measure: value for (who, measure), value in rows.items() if who == MAPPED}
        plain = {measure: value for (who, measure), value in rows.items() if who == "model"}
    assert found["same"] == plain
    assert found["other"] != plain
