"""Near-duplicates: files that hold nearly the same music, in whatever key.

A file's melody lines are read as sequences of intervals, which do not change when the music is transposed. Every run of
ten intervals is hashed; two files that share two fifths of the smaller one's runs are versions of one piece. To find
them among thousands without comparing all pairs, each file keeps only the runs with the smallest hashes (a bottom-k
sketch: Broder, On the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.bars.lines import struck_highest
from symbolic_embed.score.score import Score, Track

RUN = 10  # intervals
SKETCH = 256  # hashes kept of a file
SHARED = 0.4
COMMON = 100  # a run found in more files than this (copies not counted) is a scale or the like, and says nothing


def interval_sketch(score: Score) -> NDArray[np.uint64]:
    """The smallest hashes of the file's interval runs, sorted; uint64, at most SKETCH. Of music without a run (drums
    alone, a few notes) one hash of all its notes; of no notes none."""
    parts = [track for track in score.tracks if len(track.notes)]
    lines = (_top_line(track) for track in parts if not track.is_drum)
    runs = np.unique(np.concatenate([np.zeros(0, np.uint64), *map(_run_hashes, lines)]))[:SKETCH]
    return runs if len(runs) or not parts else _hash_of_all(parts, division=score.division)


def near_duplicate_clusters(
    sketches: Sequence[NDArray[np.uint64]], *, known: Sequence[str] | None = None
) -> NDArray[np.int64]:
    """A cluster number for each file: files in one cluster are joined by a chain of near-duplicates; int64 (files,).

    `known`: where somebody has said which files are versions of one piece, a name for each file, "" for unknown; files
    of one name are in one cluster.
    """
    parent = list(range(len(sketches)))
    distinct: dict[bytes, int] = {}  # the first file with each sketch; copies of it are joined to it
    for index, sketch in enumerate(sketches):
        if len(sketch):
            parent[index] = distinct.setdefault(sketch.tobytes(), index)
    holders: dict[int, list[int]] = defaultdict(list)
    for index in distinct.values():
        for value in sketches[index].tolist():
            holders[value].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for files in holders.values():
        if len(files) <= COMMON:
            shared.update((a, b) for i, a in enumerate(files) for b in files[i + 1 :])
    named: dict[str, int] = {}
    joined = [(index, named.setdefault(name, index)) for index, name in enumerate(known or []) if name]
    joined += [(a, b) for (a, b), n in shared.items() if n >= SHARED * min(len(sketches[a]), len(sketches[b]))]
    for a, b in joined:
        parent[_root(parent, a)] = _root(parent, b)
    return np.array([_root(parent, index) for index in range(len(sketches))], np.int64)


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _top_line(part: Track) -> NDArray[np.int64]:
    """The highest pitch at each onset, int64. Ticks, not steps: notes played one after the other stay apart."""
    return part.notes.pitch[struck_highest(part.notes.onset_ticks, part.notes.pitch)].astype(np.int64)


def _run_hashes(line: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of each run of RUN intervals that is not one repeated note; uint64."""
    intervals = np.diff(line)
    if len(intervals) < RUN:
        return np.zeros(0, np.uint64)
    runs = np.lib.stride_tricks.sliding_window_view(intervals, RUN)
    runs = runs[(runs != 0).any(axis=1)]
    base = np.uint64(0x100000001B3)
    hashes = np.full(len(runs), 0xCBF29CE484222325, np.uint64)
    with np.errstate(over="ignore"):
        for column in runs.T:
            hashes = (hashes ^ (column + 128).astype(np.uint64)) * base
        hashes ^= hashes >> np.uint64(29)
        return hashes * np.uint64(0x94D049BB133111EB)


def _hash_of_all(parts: Sequence[Track], *, division: int) -> NDArray[np.uint64]:
    """One hash of all onsets and pitches, the same wherever the music begins and in whatever key; uint64 (1,)."""
    start = min(int(track.notes.onset_ticks[0]) for track in parts)
    digest = hashlib.sha256()
    for track in parts:
        pitch = track.notes.pitch.astype(np.int64)
        onset_steps = (track.notes.onset_ticks - start) * STEPS_PER_QUARTER // division
        digest.update(np.stack([onset_steps, pitch if track.is_drum else pitch - pitch[0]]).tobytes())
    return np.frombuffer(digest.digest()[:8], np.uint64)
