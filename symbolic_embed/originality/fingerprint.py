"""A fingerprint of training data: which runs of notes it holds, in a file from which none of them can be read.

Of each part that is not drums the top line is read as steps: the interval to the next onset in semitones and the time
to it in steps of the grid. RUN notes in a row, whatever the key, are one *run*; a run of one repeated note says nothing
and is left out. The runs of all pieces are hashed into a Bloom filter (Bloom, Space/time trade-offs in hash coding with
allowable errors, 1970): bits, of which each run sets a few. Where there are so many that it would be full, a binary
fuse filter (`fuse_filter`) takes its place. A run of the data is always found. One that is not in the data is found by
chance at a known rate, which a filter of three megabytes for millions of runs cannot make small; but a copy of N notes
is N - RUN + 1 runs in a row, and chance does not repeat itself. Hashes, and a bit that many runs may have set, cannot
be turned back into notes.

Beside the runs lie hashes of the embeddings of some bars (`kept_bars`), as many as four megabytes leave room for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from lzma import LZMAError
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.hashing import mixed
from symbolic_embed.bars.lines import struck_highest
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.errors import CheckpointError
from symbolic_embed.originality.fuse_filter import MOST_BITS as MOST_FUSE_BITS
from symbolic_embed.originality.fuse_filter import FuseFilter, cells_for, fuse_filter, packed, unpacked
from symbolic_embed.originality.kept_bars import KeptBars, from_tensors, to_tensors

FILE = "fingerprint.safetensors"
RUN = 8  # notes: about two bars of a tune
MOST_BYTES = 4_000_000  # of the file
MOST_BITS = 25_600_000  # for the runs: 3 bits for each of 7.5 million (12.5 % found by chance), and the rest for bars
BITS_PER_RUN = 10  # where there is room: one run in a hundred is then found by chance
LONGEST_WAIT = 255  # steps
PIECES_AT_ONCE = 500


class Lines(NamedTuple):
    """Top lines of several parts, one after another: int64 (notes,) each. `part` is any number, the same within a
    part; `onset_steps` counts through the piece."""

    part: NDArray[np.int64]
    onset_steps: NDArray[np.int64]
    pitch: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """Which runs a body of music holds, and hashes of some of its bars.

    bits: bool (bits,); hashes: how many bits a run sets; or, where it is not None, `fused` in their place. runs: how
    many different ones there are; source: whose they are; bars: None where none were kept.
    """

    bits: NDArray[np.bool_]
    hashes: int
    runs: int
    source: str = ""
    fused: FuseFilter | None = None
    bars: KeptBars | None = None

    @cached_property
    def chance(self) -> float:
        """How likely a run is found that is not there."""
        return self.fused.chance if self.fused else float(self.bits.mean()) ** self.hashes

    def holds(self, runs: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Whether each run (a hash, uint64 (n,)) is there, by chance where it is not; bool (n,)."""
        if self.fused:
            return self.fused.holds(runs)
        return np.asarray(self.bits[_places(runs, self.hashes, len(self.bits))].all(axis=0))


def longest_runs(lines: Lines, fingerprint: Fingerprint) -> NDArray[np.int64]:
    """The longest run through each note that the fingerprint holds, in notes; int64 (notes,), 0 where there is none."""
    hashes, first = run_hashes(lines)
    held = first[fingerprint.holds(hashes)]
    longest = np.zeros(len(lines.part), np.int64)
    for run in np.split(held, np.flatnonzero(np.diff(held) != 1) + 1):
        if len(run):
            covered = slice(run[0], run[-1] + RUN)
            longest[covered] = np.maximum(longest[covered], len(run) + RUN - 1)
    return longest


def top_lines(part: NDArray[np.integer], onset_steps: NDArray[np.integer], pitch: NDArray[np.integer]) -> Lines:
    """The highest note at each onset of each part, in order of part and time."""
    highest = struck_highest(onset_steps, pitch, part=part)
    return Lines(*(np.asarray(column, np.int64)[highest] for column in (part, onset_steps, pitch)))


def run_hashes(lines: Lines) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """A hash of each run of RUN notes, blind to key, uint64 (runs,), and the index of its first note, int64 (runs,)."""
    count = len(lines.part) - RUN + 1
    if count <= 0:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    interval = np.diff(lines.pitch)
    moves = (interval + 128).astype(np.uint64) << np.uint64(8)
    moves |= np.minimum(np.diff(lines.onset_steps) % 2**32, LONGEST_WAIT).astype(np.uint64)
    hashes, still = np.zeros(count, np.uint64), np.ones(count, bool)
    for move in range(RUN - 1):
        hashes = mixed(hashes ^ moves[move : move + count])
        still &= interval[move : move + count] == 0
    within = (lines.part[RUN - 1 :] == lines.part[:count]) & ~still
    return hashes[within], np.flatnonzero(within)


def fingerprint_of(
    blocks: Iterable[NDArray[np.uint64]], *, source: str = "", most_bits: int = MOST_BITS
) -> Fingerprint:
    """The fingerprint of the runs (hashes, in any order, repeated or not) in some arrays."""
    runs = np.unique(np.concatenate([np.zeros(0, np.uint64), *blocks]))
    size = int(min(most_bits, max(64, BITS_PER_RUN * len(runs))))
    hashes = max(1, round(size / max(len(runs), 1) * np.log(2)))
    value = min(MOST_FUSE_BITS, most_bits // cells_for(len(runs))[0])
    if size < BITS_PER_RUN * len(runs) and value and 2.0**-value < (1 - np.exp(-hashes * len(runs) / size)) ** hashes:
        fused = fuse_filter(runs, bits=value)
        if fused:
            return Fingerprint(np.zeros(0, bool), 0, len(runs), source, fused)
    bits = np.zeros(size, bool)
    for places in _places(runs, hashes, size):
        bits[places] = True
    return Fingerprint(bits, hashes, len(runs), source)


def corpus_runs(corpus: PreparedCorpus, *, split: str = "train") -> Iterator[NDArray[np.uint64]]:
    """The hashes of all runs in a split, some hundred pieces at a time; uint64 (n,) each, each run once."""
    pieces = corpus.pieces_of(split)
    for chosen in np.split(pieces, np.arange(PIECES_AT_ONCE, len(pieces), PIECES_AT_ONCE)):
        yield np.unique(run_hashes(corpus_lines(corpus, chosen))[0])


def corpus_lines(corpus: PreparedCorpus, pieces: NDArray[np.int64]) -> Lines:
    """The top lines of all pitched parts of some pieces (numbers); notes held over do not begin again."""
    cells, bars = corpus.cells, corpus.bars
    starts = ranges.offsets(bars.steps.astype(np.int64))
    first_bar = np.searchsorted(bars.piece, np.arange(len(corpus.pieces)))
    windows = np.flatnonzero(np.isin(cells.piece, pieces))
    counts = cells.offsets[windows + 1] - cells.offsets[windows]
    owner = np.repeat(windows, counts)
    notes = np.asarray(cells.notes[ranges.rows(cells.offsets[windows], counts)])
    begins = (notes[:, 3] & (HELD | DRUM)) == 0
    owner, notes = owner[begins], notes[begins]
    piece = cells.piece[owner].astype(np.int64)
    step = starts[first_bar[piece] + cells.ordinal[owner]] - starts[first_bar[piece]] + notes[:, 0]
    return top_lines(piece << 16 | cells.track[owner], step, notes[:, 1])


def save_fingerprint(fingerprint: Fingerprint) -> tuple[bytes, dict[str, Any]]:
    """The file of a fingerprint, and its entry in the card of a checkpoint."""
    from safetensors.numpy import save

    entry: dict[str, Any] = {"notes_in_a_run": RUN, "runs": fingerprint.runs}
    if fused := fingerprint.fused:
        tensors = {"cells": packed(fused)}
        entry["fused"] = {"cells": len(fused.cells), "bits": fused.bits, "segment": fused.segment}
        entry["fused"]["seed"] = fused.random_seed
    else:
        tensors = {"bits": np.packbits(fingerprint.bits)}
        entry |= {"bits": len(fingerprint.bits), "hashes": fingerprint.hashes}
    entry |= {"found_by_chance": round(fingerprint.chance, 4), "source": fingerprint.source}
    if fingerprint.bars:
        of_bars, entry["training_bars"] = to_tensors(fingerprint.bars)
        tensors |= of_bars
    content = save(tensors)
    return content, entry | {"sha256": hashlib.sha256(content).hexdigest()}


def fingerprint_bytes(folder: Path, card: Mapping[str, Any]) -> bytes | None:
    """The file of the fingerprint that a checkpoint's card speaks of; None where it speaks of none. Raises
    CheckpointError where the file is missing, or is another one."""
    path, entry = folder / FILE, card.get("fingerprint")
    if not entry:
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(
            f"{path}: cannot be read ({error.strerror}), though the card knows it; "
            "copy it again, or write it anew with `train fingerprint`"
        ) from None
    if hashlib.sha256(content).hexdigest() != entry.get("sha256"):
        raise CheckpointError(f"{path}: not the file that the card knows; write it anew with `train fingerprint`")
    return content


def load_fingerprint(folder: Path, card: Mapping[str, Any]) -> Fingerprint | None:
    """The fingerprint in a checkpoint's folder; None where its card speaks of none. Raises CheckpointError where the
    file is missing, its bytes are not those that the card knows, its runs are of another length, or its bars were
    embedded by another embedder than the checkpoint's."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    path, content = folder / FILE, fingerprint_bytes(folder, card)
    if content is None:
        return None
    entry = card["fingerprint"]
    if entry.get("notes_in_a_run") != RUN:
        raise CheckpointError(
            f"{path}: runs of {entry.get('notes_in_a_run')} notes, this version reads {RUN}; write it anew"
        )
    theirs, ours = entry.get("training_bars", {}).get("embedder"), card.get("weights", {}).get("embedder")
    if theirs and theirs != ours:
        raise CheckpointError(
            f"{path}: its bars were embedded by another embedder ({theirs[:12]}, this one is {str(ours)[:12]}); "
            "write it anew with `train fingerprint`"
        )
    try:
        return _read(load(content), entry)
    except (SafetensorError, LZMAError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{path}: no fingerprint in it ({error}); write it anew with `train fingerprint`"
        ) from None


def _read(tensors: Mapping[str, NDArray[Any]], entry: Mapping[str, Any]) -> Fingerprint:
    bits, hashes, fused = np.zeros(0, bool), 0, None
    if about := entry.get("fused"):
        cells = unpacked(tensors["cells"], cells=about["cells"], bits=about["bits"])
        fused = FuseFilter(cells, about["bits"], about["segment"], about["seed"])
    else:
        bits, hashes = np.unpackbits(tensors["bits"], count=entry["bits"]).astype(bool), int(entry["hashes"])
    bars = from_tensors(tensors, entry["training_bars"]) if "training_bars" in entry else None
    return Fingerprint(bits, hashes, int(entry["runs"]), str(entry.get("source", "")), fused, bars)


def _places(runs: NDArray[np.uint64], hashes: int, size: int) -> NDArray[np.int64]:
    """The bits of each run, int64 (hashes, runs): two halves of its hash make them all (Kirsch and Mitzenmacher, Less
    hashing, same performance, 2006)."""
    start, stride = runs >> np.uint64(32), runs & np.uint64(0xFFFFFFFF) | np.uint64(1)
    turns = np.arange(hashes, dtype=np.uint64)[:, None]
    return ((start + turns * stride) % np.uint64(size)).astype(np.int64)
