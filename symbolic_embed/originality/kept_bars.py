"""Bars of training data kept as hashes: which of them is nearest to a written one, and about how near.

Of the embedding of each kept bar stay the signs of its products with some random hyperplanes, and where the bar stands.
The share of signs in which two embeddings differ is their angle (Charikar, Similarity estimation techniques from
rounding algorithms, 2002). Two things make the estimate better at the same size: hyperplanes at right angles to each
other (Ji and others, Super-bit locality-sensitive hashing, 2012), and that what is asked for need not be hashed: with
w a hyperplane and the embeddings a, b of length one, the mean of sign(w b) (w a) is cos(a, b) times the mean of |w b|
(Dong, Charikar and Li, Asymmetric distance estimation with sketches, 2008).

There are half as many hyperplanes as an embedding has numbers, at most, so one half of its directions is not in the
hash at all and of the other half no lengths: what a decoder makes of so little is not the bar.

Not all bars fit. Of bars with the same notes one is kept; those first that stand in several works (clusters of
near-duplicates), for a written bar is most often like them, then the same number of every piece, whichever come first
by a hash of their notes.
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.hashing import mixed

BITS = 128  # of a bar
LARGEST_NAMES = 64_000_000  # bytes, once unpacked
AT_ONCE = 256  # embeddings: their distances to all kept bars fill memory
GROUPS = 10  # of estimates that are compared with true distances


@dataclass(frozen=True, eq=False)
class KeptBars:
    """signs: uint8 (bars, bytes), a bit a hyperplane; piece: index in `pieces`, (set, path) each, and number: of the
    bar in it, from 1, int64 (bars,); of: how many bars the data hold; embedder: SHA-256 of the weights that embedded
    them, of `dim` numbers; radius: the length of an embedding; estimated, true: float64 (groups,), ascending, what
    estimates have been found to mean; error: by how much half of the distances that are then told are off."""

    signs: NDArray[np.uint8]
    piece: NDArray[np.int64]
    number: NDArray[np.int64]
    pieces: Sequence[tuple[str, str]]
    of: int
    embedder: str
    dim: int
    radius: float
    estimated: Sequence[float] = ()
    true: Sequence[float] = ()
    error: float | None = None

    def __len__(self) -> int:
        return len(self.piece)

    def place(self, bar: int) -> dict[str, Any]:
        """Where a kept bar stands: set, path in it, and number from 1."""
        set_name, path = self.pieces[int(self.piece[bar])]
        return {"set": set_name, "path": path, "bar": int(self.number[bar])}

    def nearest(self, embeddings: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """For each embedding, (n, dim), the kept bar that seems nearest, int64 (n,), and its distance as far as it is
        known, float64 (n,). There must be kept bars."""
        bars, raw = nearest_by(self.signs, embeddings, radius=self.radius)
        return bars, np.interp(raw, self.estimated, self.true) if len(self.estimated) else raw


def signs_of(embeddings: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The hashes of embeddings (n, dim); uint8 (n, bytes)."""
    return np.packbits(embeddings.astype(np.float64) @ hyperplanes(embeddings.shape[1]) > 0, axis=1)


@lru_cache(maxsize=1)
def hyperplanes(dim: int) -> NDArray[np.float64]:
    """Normals of length one, at right angles to each other, the same everywhere; float64 (dim, bits)."""
    bits = min(BITS, max(8, dim // 16 * 8))
    draws = mixed(np.arange(2 * dim * bits, dtype=np.uint64)).reshape(2, dim, bits)
    uniform = ((draws >> np.uint64(11)) + np.uint64(1)) / 2.0**53
    normal = np.sqrt(-2 * np.log(uniform[0])) * np.cos(2 * np.pi * uniform[1])
    columns, corner = np.linalg.qr(normal)
    normals: NDArray[np.float64] = columns * np.sign(
        np.diag(corner)
    )  # the factorisation leaves the signs to the library
    normals.flags.writeable = False  # all who ask get the same ones
    return normals


def estimates(signs: NDArray[np.uint8], embeddings: NDArray[np.float32], *, radius: float) -> NDArray[np.float32]:
    """The distance of each embedding (n, dim) to each hashed one as its signs (m, bytes) tell it; float32 (n, m)."""
    dim = embeddings.shape[1]
    normals = hyperplanes(dim)
    lengths = np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)
    products = (embeddings / lengths @ normals).astype(np.float32)  # (n, bits)
    hashed = np.unpackbits(signs, axis=1).astype(np.float32) * 2 - 1  # (m, bits)
    scale = normals.shape[1] * np.sqrt(2 / (np.pi * (dim - 0.5)))  # bits times the mean of |w b|, to a part in 1000
    cosines = np.clip(products @ hashed.T / scale, -1, 1)
    squares: NDArray[np.floating] = lengths**2 + radius**2 - 2 * lengths * radius * cosines
    distances: NDArray[np.float32] = np.sqrt(np.maximum(squares, 0)).astype(np.float32)
    return distances


def nearest_by(
    signs: NDArray[np.uint8],
    embeddings: NDArray[np.float32],
    *,
    radius: float,
    passed_over: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each embedding the hashed one that seems nearest, int64 (n,), and how far, float64 (n,); not those that
    `passed_over`, bool (n, m), marks."""
    bars, distances = np.zeros(len(embeddings), np.int64), np.zeros(len(embeddings))
    for start in range(0, len(embeddings), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        estimated = estimates(signs, embeddings[some], radius=radius)
        if passed_over is not None:
            estimated = np.where(passed_over[some], np.float32(np.inf), estimated)
        bars[some], distances[some] = estimated.argmin(axis=1), estimated.min(axis=1)
    return bars, distances


def chosen_bars(
    content: NDArray[np.uint64], *, piece: NDArray[np.int64], cluster: NDArray[np.int64], most: int
) -> NDArray[np.int64]:
    """Which `most` bars to keep, ascending; of each bar a hash of its notes, its piece and the piece's cluster, int64
    (bars,)."""
    _, first, inverse = np.unique(content, return_index=True, return_inverse=True)
    if len(first) <= most:
        return np.sort(first)
    clusters = int(cluster.max()) + 1
    shared = np.bincount(np.unique(inverse * clusters + cluster) // clusters)  # clusters that hold each content
    order = np.lexsort((ranges.earlier(piece[first]), -np.where(shared > 1, shared, 0)))
    return np.sort(first[order[:most]])


def meaning_of(estimated: NDArray[np.floating], true: NDArray[np.floating]) -> dict[str, Any]:
    """What estimates mean, from pairs of an estimate and the true distance: `estimated`, `true` and `error` of
    `KeptBars`; nothing where there are fewer than ten pairs a group."""
    if len(estimated) < 10 * GROUPS:
        return {}
    groups = np.array_split(np.argsort(estimated, kind="stable"), GROUPS)
    means, medians = ([np.mean(estimated[g]) for g in groups], [np.median(true[g]) for g in groups])
    knots, values = (np.append(0, np.maximum.accumulate(column)).round(3) for column in (means, medians))
    error = float(np.median(np.abs(np.interp(estimated, knots, values) - true)))
    return {"estimated": knots.tolist(), "true": values.tolist(), "error": round(error, 3)}


def place_type(numbers: NDArray[np.int64]) -> type[np.unsignedinteger]:
    """The smaller type that holds pieces or bars."""
    return np.uint16 if numbers.max(initial=0) < 2**16 else np.uint32


def packed_names(pieces: Sequence[tuple[str, str]]) -> bytes:
    """Sets and paths of pieces, compressed."""
    lines = (f"{set_name}\t{path}".replace("\n", " ") for set_name, path in pieces)
    return lzma.compress("\n".join(lines).encode("utf-8", "surrogateescape"))


def to_tensors(kept: KeptBars) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays for the fingerprint's file, and their entry in the card."""
    tensors = {
        "bar_signs": kept.signs,
        "bar_pieces": kept.piece.astype(place_type(kept.piece)),
        "bar_numbers": kept.number.astype(place_type(kept.number)),
        "names": np.frombuffer(packed_names(kept.pieces), np.uint8),
    }
    entry = {"kept": len(kept), "of": kept.of, "bits": kept.signs.shape[1] * 8, "dim": kept.dim}
    entry |= {"radius": kept.radius, "embedder": kept.embedder}
    entry |= {"estimated": list(kept.estimated), "true": list(kept.true), "error": kept.error}
    return tensors, entry


def from_tensors(tensors: Mapping[str, NDArray[Any]], entry: Mapping[str, Any]) -> KeptBars:
    """The pair of `to_tensors`. Raises KeyError, ValueError or LZMAError where something is missing or of a wrong
    size."""
    reader = lzma.LZMADecompressor(memlimit=256_000_000)
    names = reader.decompress(tensors["names"].tobytes(), max_length=LARGEST_NAMES).decode("utf-8", "surrogateescape")
    pieces = [_set_and_path(line) for line in names.split("\n")]
    signs, piece, number = (tensors[name] for name in ("bar_signs", "bar_pieces", "bar_numbers"))
    bits = hyperplanes(int(entry["dim"])).shape[1]
    if not (signs.shape == (entry["kept"], bits // 8) and len(piece) == len(number) == len(signs)):
        raise ValueError(f"{signs.shape} signs, {entry['kept']} bars of {bits} bits expected")
    if len(piece) and int(piece.max()) >= len(pieces):
        raise ValueError(f"bars of {int(piece.max()) + 1} pieces, {len(pieces)} are named")
    return KeptBars(
        signs,
        piece.astype(np.int64),
        number.astype(np.int64),
        pieces,
        of=int(entry["of"]),
        embedder=str(entry["embedder"]),
        dim=int(entry["dim"]),
        radius=float(entry["radius"]),
        estimated=entry["estimated"],
        true=entry["true"],
        error=entry["error"],
    )


def _set_and_path(line: str) -> tuple[str, str]:
    """The pair that `packed_names` has written in a line. Raises ValueError where it is none."""
    set_name, path = line.split("\t", 1)
    return set_name, path
