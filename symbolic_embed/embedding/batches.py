"""Many pieces at once: the windows of several pieces share batches, and embedding goes on while files are read.

A short piece fills no batch, so its windows wait for those of the next pieces until a *pool* is full. Within a pool
equal windows are embedded once. Threads embed the batches of one pool while the caller's thread reads the files of the
next, so memory holds two pools and no more, however many pieces there are. What a window's embedding is does not depend
on the company it was embedded in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.units import BATCH

POOL = 16 * BATCH  # windows

Owner = TypeVar("Owner")


def embed_each(
    embedder: Embedder, pieces: Iterable[tuple[Owner, Windows]], *, pool: int = POOL
) -> Iterator[tuple[Owner, NDArray[np.float32]]]:
    """For each (owner, windows) of `pieces`, in order: the owner and its embeddings, float32 (windows, dim)."""
    with ThreadPoolExecutor(embedder.jobs) as threads:
        running: _Pool[Owner] | None = None
        for waiting in _pools(pieces, size=pool):
            started = _Pool.start(waiting, embedder=embedder, threads=threads)
            if running:
                yield from running.results(embedder.dim)
            running = started
        if running:
            yield from running.results(embedder.dim)


def _pools(pieces: Iterable[tuple[Owner, Windows]], *, size: int) -> Iterator[list[tuple[Owner, Windows]]]:
    """Pieces in groups of about `size` windows; one without windows counts as one, so that no group grows for ever."""
    waiting, count = [], 0
    for owner, windows in pieces:
        waiting.append((owner, windows))
        count += max(len(windows), 1)
        if count >= size:
            yield waiting
            waiting, count = [], 0
    if waiting:
        yield waiting


@dataclass(frozen=True, eq=False)
class _Pool(Generic[Owner]):
    """Windows on their way: `inverse` says which of the distinct ones each window is."""

    owners: list[tuple[Owner, int]]
    batches: list[Future[NDArray[np.float32]]]
    inverse: NDArray[np.int64]

    @classmethod
    def start(
        cls, pieces: list[tuple[Owner, Windows]], *, embedder: Embedder, threads: ThreadPoolExecutor
    ) -> _Pool[Owner]:
        windows = Windows.concatenated([windows for _, windows in pieces])
        _, first, inverse = np.unique(windows.content_hashes(), return_index=True, return_inverse=True)
        batches = [
            threads.submit(embedder.embed_batch, windows.where(first[start : start + BATCH]))
            for start in range(0, len(first), BATCH)
        ]
        return cls([(owner, len(windows)) for owner, windows in pieces], batches, inverse)

    def results(self, dim: int) -> Iterator[tuple[Owner, NDArray[np.float32]]]:
        vectors = np.concatenate([np.zeros((0, dim), np.float32), *(batch.result() for batch in self.batches)])
        start = 0
        for owner, count in self.owners:
            yield owner, vectors[self.inverse[start : start + count]]
            start += count
