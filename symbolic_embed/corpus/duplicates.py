"""Near-duplicates: files that hold nearly the same music, in whatever key.

A file's melody lines are read as sequences of intervals, which do not change when the music is transposed. Every run of
ten intervals is hashed; two files that share two fifths of the smaller one's runs are versions of one piece. To find
them among thousands without comparing all pairs, each file keeps only the runs with the smallest hashes (a bottom-k
sketch: Broder, On the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from symbolic_embed.score.score import Score

RUN = 10  # intervals
SKETCH = 256  # hashes kept of a file
SHARED = 0.4
COMMON = 100  # a run found in more files than this is a scale or a repeated note, and says nothing


def interval_sketch(score: Score) -> np.ndarray:
    """The smallest hashes of the file's interval runs, sorted; uint64, at most SKETCH."""
    lines = (_top_line(track.notes.onset_ticks, track.notes.pitch) for track in score.tracks if not track.is_drum)
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *map(_run_hashes, lines)]))[:SKETCH]


def near_duplicate_clusters(sketches: Sequence[np.ndarray]) -> np.ndarray:
    """A cluster number for each file: files in one cluster are joined by a chain of near-duplicates; int64 (files,)."""
    holders: dict[int, list[int]] = defaultdict(list)
    for index, sketch in enumerate(sketches):
        for value in sketch.tolist():
            holders[value].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for files in holders.values():
        if len(files) <= COMMON:
            shared.update((a, b) for i, a in enumerate(files) for b in files[i + 1 :])
    parent = list(range(len(sketches)))
    for (a, b), count in shared.items():
        if count >= SHARED * min(len(sketches[a]), len(sketches[b])):
            parent[_root(parent, a)] = _root(parent, b)
    return np.array([_root(parent, index) for index in range(len(sketches))], np.int64)


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _top_line(onset_ticks: np.ndarray, pitch: np.ndarray) -> np.ndarray:
    """The highest pitch at each onset, int64."""
    last_of_onset = np.append(onset_ticks[1:] != onset_ticks[:-1], True)  # notes are sorted by onset, then pitch
    return pitch[last_of_onset].astype(np.int64)


def _run_hashes(line: np.ndarray) -> np.ndarray:
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
