"""Every pair of pieces: the matrix of the distances that `ranking` sorts by.

The pieces are put in the order in which they would be turned (`pieces.py`), so each is turned against those after it
and every pair is measured once; the matrix is symmetric, with an exact 0 on its diagonal. The points of turned pieces,
twelve times as many, wait in a temporary file, so memory holds the pieces as they are, the matrix, and a few tiles.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import BinaryIO

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.similarity.joint import parts
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.pieces import Features, Sounding, piece_points

AT_A_TIME = 256  # pieces that one piece is compared with


def compare(
    pieces: Iterable[tuple[str, BarredScore]],
    *,
    embedder: Embedder,
    likeness: Likeness,
    progress: Callable[[Iterable[None], int], Iterable[None]] = lambda rows, total: rows,
) -> tuple[list[str], np.ndarray]:
    """The paths of `pieces` and the distance of every two of them, float32 (pieces, pieces), in their order.

    `progress` wraps the iteration over the pieces that have been compared with all others, of which it is told how
    many there are.
    """
    with tempfile.TemporaryFile() as file:
        store = _TurnedPoints(file)
        paths: list[str] = []
        orders: list[tuple[int, bytes]] = []
        features: list[Features] = []  # untransposed
        candidates = ((Sounding.of(path, barred), likeness.transpose) for path, barred in pieces)
        for piece in piece_points(embedder, candidates, likeness=likeness):
            paths.append(piece.sounding.path)
            orders.append(piece.sounding.order)
            whole = piece.features()
            features.append(replace(whole, bars=piece.points[:1].copy()))
            if piece.is_turned:
                store.append(piece.points)
        order = sorted(range(len(paths)), key=lambda number: orders[number])
        matrix = np.zeros((len(paths), len(paths)), np.float32)

        def fill(place: int) -> None:
            number, later = order[place], order[place + 1 :]
            mine = replace(features[number], bars=store.read(number)) if likeness.transpose else features[number]
            for start in range(0, len(later), AT_A_TIME):
                others = later[start : start + AT_A_TIME]
                found = parts(mine, [features[other] for other in others], likeness=likeness)
                matrix[number, others] = matrix[others, number] = found.distances(likeness).min(axis=0)

        with ThreadPoolExecutor(embedder.jobs) as threads:
            for _ in progress(threads.map(fill, range(len(order))), len(order)):
                pass
    return paths, matrix


class _TurnedPoints:
    """Points of turned pieces, in a file; read by several threads."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._lock = file, threading.Lock()
        self._places: list[tuple[int, tuple[int, ...]]] = []

    def append(self, points: np.ndarray) -> None:
        self._places.append((self._file.tell(), points.shape))
        self._file.write(points.tobytes())

    def read(self, number: int) -> np.ndarray:
        """The points that were appended as the `number`-th; float32 (versions, bars, d)."""
        place, shape = self._places[number]
        with self._lock:
            self._file.seek(place)
            content = self._file.read(4 * int(np.prod(shape)))
        return np.frombuffer(bytearray(content), np.float32).reshape(shape)
