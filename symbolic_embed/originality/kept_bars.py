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
from typing import Any

import numpy as np

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
    estimates have been found to mean; error: by how much half of the distances then said are off."""

    signs: np.ndarray
    piece: np.ndarray
    number: np.ndarray
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

    def nearest(self, embeddings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each embedding, (n, dim), the kept bar that seems nearest, int64 (n,), and its distance as far as it is
        known, float64 (n,). There must be kept bars."""
        bars, raw = nearest_by(self.signs, embeddings, radius=self.radius)
        return bars, np.interp(raw, self.estimated, self.true) if len(self.estimated) else raw


def signs_of(embeddings: np.ndarray) -> np.ndarray:
    """The hashes of embeddings (n, dim); uint8 (n, bytes)."""
    return np.packbits(embeddings.astype(np.float64) @ hyperplanes(embeddings.shape[1]) > 0, axis=1)


def hyperplanes(dim: int) -> np.ndarray:
    """Normals of length one, at right angles to each other, the same everywhere; float64 (dim, bits)."""
    bits = min(BITS, max(8, dim // 16 * 8))
    draws = mixed(np.arange(2 * dim * bits, dtype=np.uint64)).reshape(2, dim, bits)
    uniform = ((draws >> np.uint64(11)) + np.uint64(1)) / 2.0**53
    normal = np.sqrt(-2 * np.log(uniform[0])) * np.cos(2 * np.pi * uniform[1])
    columns, corner = np.linalg.qr(normal)
    return columns * np.sign(np.diag(corner))  # the factorisation leaves the signs to the library


def estimates(signs: np.ndarray, embeddings: np.ndarray, *, radius: float) -> np.ndarray:
    """The distance of each embedding (n, dim) to each hashed one as its signs (m, bytes) tell it; float32 (n, m)."""
    dim = embeddings.shape[1]
    normals = hyperplanes(dim)
    lengths = np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)
    products = (embeddings / lengths @ normals).astype(np.float32)  # (n, bits)
    hashed = np.unpackbits(signs, axis=1).astype(np.float32) * 2 - 1  # (m, bits)
    scale = normals.shape[1] * np.sqrt(2 / (np.pi * (dim - 0.5)))  # bits times the mean of |w b|, to a part in 1000
    cosines = np.clip(products @ hashed.T / scale, -1, 1)
    return np.sqrt(np.maximum(lengths**2 + radius**2 - 2 * lengths * radius * cosines, 0)).astype(np.float32)


def nearest_by(
    signs: np.ndarray, embeddings: np.ndarray, *, radius: float, barred: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """For each embedding the hashed one that seems nearest, int64 (n,), and how far, float64 (n,); those that `barred`,
    bool (n, m), marks are passed over."""
    bars, distances = np.zeros(len(embeddings), np.int64), np.zeros(len(embeddings))
    for start in range(0, len(embeddings), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        found = estimates(signs, embeddings[some], radius=radius)
        if barred is not None:
            found = np.where(barred[some], np.inf, found)
        bars[some], distances[some] = found.argmin(axis=1), found.min(axis=1)
    return bars, distances


def chosen_bars(content: np.ndarray, *, piece: np.ndarray, cluster: np.ndarray, most: int) -> np.ndarray:
    """Which `most` bars to keep, ascending; of each bar a hash of its notes, its piece and the piece's cluster, int64
    (bars,)."""
    _, first, inverse = np.unique(content, return_index=True, return_inverse=True)
    if len(first) <= most:
        return np.sort(first)
    clusters = int(cluster.max()) + 1
    shared = np.bincount(np.unique(inverse * clusters + cluster) // clusters)  # clusters that hold each content
    order = np.lexsort((ranges.earlier(piece[first]), -np.where(shared > 1, shared, 0)))
    return np.sort(first[order[:most]])


def meaning_of(estimated: np.ndarray, true: np.ndarray) -> dict[str, Any]:
    """What estimates mean, from pairs of an estimate and the true distance: `estimated`, `true` and `error` of
    `KeptBars`; nothing where there are fewer than ten pairs a group."""
    if len(estimated) < 10 * GROUPS:
        return {}
    groups = np.array_split(np.argsort(estimated, kind="stable"), GROUPS)
    means, medians = ([np.mean(estimated[g]) for g in groups], [np.median(true[g]) for g in groups])
    said = (np.append(0, np.maximum.accumulate(values)).round(3) for values in (means, medians))
    knots, values = said
    error = float(np.median(np.abs(np.interp(estimated, knots, values) - true)))
    return {"estimated": knots.tolist(), "true": values.tolist(), "error": round(error, 3)}


def place_type(numbers: np.ndarray) -> type[np.unsignedinteger]:
    """The smaller type that holds pieces or bars."""
    return np.uint16 if numbers.max(initial=0) < 2**16 else np.uint32


def packed_names(pieces: Sequence[tuple[str, str]]) -> bytes:
    """Sets and paths of pieces, compressed."""
    lines = (f"{set_name}\t{path}".replace("\n", " ") for set_name, path in pieces)
    return lzma.compress("\n".join(lines).encode("utf-8", "surrogateescape"))


def to_tensors(kept: KeptBars) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays for the fingerprint's file, and what the card says of them."""
    tensors = {
        "bar_signs": kept.signs,
        "bar_pieces": kept.piece.astype(place_type(kept.piece)),
        "bar_numbers": kept.number.astype(place_type(kept.number)),
        "names": np.frombuffer(packed_names(kept.pieces), np.uint8),
    }
    said = {"kept": len(kept), "of": kept.of, "bits": kept.signs.shape[1] * 8, "dim": kept.dim}
    said |= {"radius": kept.radius, "embedder": kept.embedder}
    said |= {"estimated": list(kept.estimated), "true": list(kept.true), "error": kept.error}
    return tensors, said


def from_tensors(tensors: Mapping[str, np.ndarray], said: Mapping[str, Any]) -> KeptBars:
    """The pair of `to_tensors`. Raises KeyError, ValueError or LZMAError where something is missing or of a wrong
    size."""
    reader = lzma.LZMADecompressor(memlimit=256_000_000)
    names = reader.decompress(tensors["names"].tobytes(), max_length=LARGEST_NAMES).decode("utf-8", "surrogateescape")
    pieces = [tuple(line.split("\t", 1)) for line in names.split("\n")]
    signs, piece, number = (tensors[name] for name in ("bar_signs", "bar_pieces", "bar_numbers"))
    bits = hyperplanes(int(said["dim"])).shape[1]
    if not (signs.shape == (said["kept"], bits // 8) and len(piece) == len(number) == len(signs)):
        raise ValueError(f"{signs.shape} signs, {said['kept']} bars of {bits} bits expected")
    if len(piece) and int(piece.max()) >= len(pieces):
        raise ValueError(f"bars of {int(piece.max()) + 1} pieces, {len(pieces)} are named")
    return KeptBars(
        signs,
        piece.astype(np.int64),
        number.astype(np.int64),
        pieces,
        of=int(said["of"]),
        embedder=str(said["embedder"]),
        dim=int(said["dim"]),
        radius=float(said["radius"]),
        estimated=said["estimated"],
        true=said["true"],
        error=said["error"],
    )
