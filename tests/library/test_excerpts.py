"""Excerpts: gathered by label, in order, embedded as what stands in their place."""

import numpy as np
import pieces

from symbolic_embed.bars import bar_windows, cell_windows, cut
from symbolic_embed.library.excerpts import Excerpt, Origin, gathered


def excerpt(seed, *, transposed=0):
    windows = bar_windows(cut(pieces.piece(seed, bars=2)))
    origins = [Origin(f"{seed}.mid", 0, int(bar), transposed) for bar in windows.bar]
    return Excerpt(windows, windows.transposed(transposed), origins)


def test_excerpts_of_a_label_stand_together_in_their_order(embedder):
    first, second, third = excerpt(1), excerpt(2, transposed=3), excerpt(3)
    together = gathered(embedder, [("bass", first), ("drums", second), ("bass", third)])
    assert list(together) == ["bass", "drums"]
    bass = together["bass"]
    assert [origin.path for origin in bass.origins] == ["1.mid", "1.mid", "3.mid", "3.mid"]
    hashes = np.concatenate([first.notes.content_hashes(), third.notes.content_hashes()])
    assert np.array_equal(bass.notes.content_hashes(), hashes)
    assert np.array_equal(bass.vectors[2:], embedder.embed_windows(third.notes))


def test_what_is_embedded_is_not_what_is_taken(embedder):
    moved = excerpt(2, transposed=3)
    drums = gathered(embedder, [("drums", moved)])["drums"]
    assert np.array_equal(drums.notes.content_hashes(), moved.notes.content_hashes())
    assert np.array_equal(drums.vectors, embedder.embed_windows(moved.notes.transposed(3)))


def test_some_of_them_keep_their_embeddings_and_origins(embedder):
    whole = gathered(embedder, [(None, excerpt(1)), (None, excerpt(2))])[None]
    chosen = whole.where(np.array([3, 0, 3]))
    assert len(chosen) == 3
    assert chosen.origins == [whole.origins[3], whole.origins[0], whole.origins[3]]
    assert np.array_equal(chosen.vectors, whole.vectors[[3, 0, 3]])
    assert np.array_equal(chosen.notes.content_hashes(), whole.notes.content_hashes()[[3, 0, 3]])


def test_nothing_gathers_nothing(embedder):
    assert gathered(embedder, []) == {}
    empty = cell_windows(cut(pieces.piece(1))).where(np.zeros(0, np.int64))
    assert len(gathered(embedder, [("bass", Excerpt(empty, empty, []))])["bass"]) == 0
