"""The map to the prior of a finished embedder: fitted to what it was trained on, and put beside its weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.sampling import distinct, drawn, windows_of
from symbolic_embed.embedding.checkpoint import Checkpoint, rewrite_card
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.prior_map import CARD_KEY, FILE, PriorMap, save_prior_map

CELLS = 120_000  # the fewer, the more of the covariance is chance, which a classifier sees
CELLS_A_COORDINATE = 16  # with fewer cells there is no map
AT_ONCE = 4096  # cells

Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]


def prior_map_files(
    embedder: Embedder, corpus: PreparedCorpus, *, split: str = "train", progress: Progress = lambda work, *_: work
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The map's file, by name, and what the card says of it; both empty where embeddings are not bounded, or distinct
    cells of the split too few. `progress` wraps an iteration whose length and name it is given."""
    cells = distinct(corpus.cells, windows_of(corpus, corpus.cells, split=split))
    if not embedder.settings.bounded or len(cells) < CELLS_A_COORDINATE * embedder.dim:
        return {}, {}
    cells = drawn(cells, count=CELLS, random=np.random.default_rng(0))
    batches = np.split(cells, np.arange(AT_ONCE, len(cells), AT_ONCE))
    vectors: list[NDArray[np.float32]] = [
        embedder.embed_windows(corpus.cells.windows(batch)) for batch in progress(batches, len(batches), "embedding")
    ]
    fitted = PriorMap.fitted(np.concatenate(vectors))
    content, entry = save_prior_map(fitted, embedder=embedder.card["weights"]["embedder"], cells=len(cells))
    return {FILE: content}, {CARD_KEY: entry}


def add_prior_map(
    checkpoint: Checkpoint, corpus: PreparedCorpus, *, split: str, progress: Progress = lambda work, *_: work
) -> Checkpoint | None:
    """Fits the map to cells of a split and puts it into the checkpoint's folder and card; its weights, and therefore
    its hash, stay. None, and nothing is written, where there is no map to be had."""
    files, entry = prior_map_files(Embedder.of(checkpoint), corpus, split=split, progress=progress)
    return rewrite_card(checkpoint, {**checkpoint.card, **entry}, beside=files) if files else None
