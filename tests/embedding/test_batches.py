"""Many pieces at once: the same numbers as one at a time."""

import numpy as np
import pieces
import pytest
import tiny

from symbolic_embed.bars import Windows, bar_windows, cell_windows, cut
from symbolic_embed.embedding.batches import embed_each
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.units import LEAST


@pytest.fixture(scope="module", params=[tiny.PIANOROLL, tiny.EVENTS], ids=["pianoroll", "events"])
def embedder(request, tmp_path_factory):
    return Embedder.of(tiny.embedder_checkpoint(tmp_path_factory.mktemp("model"), request.param))


SEVERAL = [(name, cell_windows(cut(pieces.piece(name, bars=name)))) for name in (1, 5, 2, 3)]


@pytest.mark.parametrize("pool", [1, 40, 10_000])
@pytest.mark.parametrize("jobs", [1, 3])
def test_company_order_and_threads_change_nothing(embedder, pool, jobs):
    found = list(embed_each(embedder.with_jobs(jobs), SEVERAL, pool=pool))
    assert [name for name, _ in found] == [name for name, _ in SEVERAL]
    for (_, vectors), (_, windows) in zip(found, SEVERAL, strict=True):
        # tokens are padded to the longest of a batch, and sums over padding differ in their last bits
        assert np.allclose(vectors, embedder.embed_windows(windows), atol=2e-6)


def test_a_window_alone_is_what_it_is_among_many(embedder):
    windows = bar_windows(cut(pieces.piece(1, bars=2 * LEAST)))
    together = embedder.embed_windows(windows)
    for count in (1, 2, 3, LEAST, LEAST + 1):
        assert np.allclose(embedder.embed_windows(windows.where(np.arange(count))), together[:count], atol=2e-6)


def test_pieces_are_taken_only_as_they_are_needed(embedder):
    taken = []

    def reading():
        for name, windows in SEVERAL:
            taken.append(name)
            yield name, windows

    results = embed_each(embedder, reading(), pool=1)
    next(results)
    assert taken == [1, 5]


def test_no_pieces_and_empty_pieces(embedder):
    assert list(embed_each(embedder, [])) == []
    nothing = SEVERAL[0][1].where(np.zeros(0, int))
    found = dict(embed_each(embedder, [("empty", nothing), ("full", SEVERAL[0][1])]))
    assert found["empty"].shape == (0, embedder.dim)
    assert len(found["full"]) == len(SEVERAL[0][1])
    (_, alone), *_ = embed_each(embedder, [("empty", nothing)])
    assert alone.shape == (0, embedder.dim)


def test_windows_are_concatenated():
    whole = Windows.concatenated([windows for _, windows in SEVERAL])
    assert len(whole) == sum(len(windows) for _, windows in SEVERAL)
    hashes = np.concatenate([windows.content_hashes() for _, windows in SEVERAL])
    assert np.array_equal(whole.content_hashes(), hashes)
    assert np.array_equal(whole.bar, np.concatenate([windows.bar for _, windows in SEVERAL]))


def test_pieces_without_windows_fill_a_pool_as_well(embedder):
    """Or as many of them as there are would wait for the first piece with windows."""
    taken = []

    def reading():
        for number in range(9):
            taken.append(number)
            yield number, SEVERAL[0][1].where(np.zeros(0, int))

    next(embed_each(embedder, reading(), pool=2))
    assert taken == [0, 1, 2, 3]
