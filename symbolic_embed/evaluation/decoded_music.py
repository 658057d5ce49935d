"""Is what the model makes up music?

Three kinds of cells are decoded greedily: draws from the prior; midpoints between two unseen cells of one kind (on the
arc between them); and, to show what the decoder itself adds, unseen cells written back. Draw and midpoint number i have
the length and the kind (drums or pitched) of unseen cell i. Where the checkpoint has a map to the prior, draws and
midpoints are made a second time in its coordinates, and come back through its inverse.

Each kind is compared with unseen cells of which none was used to make it: are all legal; how many notes; how far the
histograms overlap; and can a classifier tell the two apart by histograms alone? The same unseen cells, as they are,
stand beside them: no figure can be better than theirs but by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, Windows
from symbolic_embed.bars.windows import DRUM
from symbolic_embed.corpus.sampling import clusters_of, distinct, drawn
from symbolic_embed.embedding.correcting import decoded
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.sphere import slerp
from symbolic_embed.evaluation.histograms import BINS, features, histograms, overlap
from symbolic_embed.evaluation.prior_fit import AREA, draws_of, prior_of
from symbolic_embed.evaluation.rows import Row
from symbolic_embed.evaluation.subject import Subject
from symbolic_embed.evaluation.telling_apart import crossed_area

KINDS = ("draws", "midpoints", "cells written back")
MAPPED = "model, through the map"


@dataclass(frozen=True, eq=False)
class Templates:
    """Unseen cells, whether each is a drum part's, bool (cells,), and their clusters, int64 (cells,)."""

    windows: Windows
    drums: NDArray[np.bool_]
    clusters: NDArray[np.int64]


def unseen_cells(subject: Subject, *, count: int, random: np.random.Generator) -> tuple[Templates, Templates]:
    """Twice `count` distinct cells of the split (fewer where it has fewer), in two halves of other pieces each."""
    corpus, table = subject.corpus, subject.corpus.cells
    cells = distinct(table, subject.windows_of(table))
    clusters = clusters_of(corpus, table, cells)
    names = random.permutation(np.unique(clusters))
    first = np.isin(clusters, names[: (len(names) + 1) // 2])
    halves = []
    for half in (first, ~first):
        chosen = drawn(cells[half], count=count, random=random)
        drums = table.role[chosen] == ROLES.index("drums")
        halves.append(Templates(table.windows(chosen), drums, clusters_of(corpus, table, chosen)))
    return halves[0], halves[1]


def partners(kinds: NDArray[np.bool_], *, random: np.random.Generator) -> NDArray[np.int64]:
    """For each of some vectors another, drawn among those of its kind (n,); itself where it is alone of its kind."""
    other = np.arange(len(kinds))
    for kind in np.unique(kinds):
        alike = random.permutation(np.flatnonzero(kinds == kind))
        other[alike] = np.roll(alike, 1)
    return other


def legal(windows: Windows, *, drums: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each decoded window whether it could be a cell: every note begins in it, is of its kind, drums (windows,) or
    pitched, lasts a step at least, and is struck once; bool (windows,)."""
    window, onset = windows.note_window, windows.onset.astype(np.int64)
    wrong = (onset >= windows.steps[window]) | (windows.pitch > 127) | (windows.length < 1)
    wrong |= windows.flags != np.where(drums, DRUM, 0)[window]
    strike = (window * 64 + onset) * 128 + windows.pitch
    _, which, times = np.unique(strike, return_inverse=True, return_counts=True)
    wrong_notes = np.bincount(window, wrong | (times[which] > 1), minlength=len(windows))
    return np.equal(wrong_notes, 0)


def decoded_music_rows(subject: Subject, *, kind: str, count: int = 1000, seed: int = 0) -> Iterator[Row]:
    """The rows of one of KINDS."""
    random, embedder = np.random.default_rng(seed), subject.embedder
    cells, others = unseen_cells(subject, count=count, random=random)
    vectors = embedder.embed_windows(cells.windows)
    test, rules = f"music from {kind}", DecodingRules(cells.windows.steps, cells.drums)
    written: dict[str, Windows] = {}
    for who, points in _points(embedder, vectors, cells, kind=kind, random=random).items():
        made = written[who] = decoded(embedder, points, rules)
        yield Row(test, who, "legal", float(legal(made, drums=cells.drums).mean()), len(made))
    for who, windows in (written | {"unseen cells": cells.windows}).items():
        yield from _beside(windows, cells.clusters, others, test=test, who=who)


def _points(
    embedder: Embedder, vectors: NDArray[np.float32], cells: Templates, *, kind: str, random: np.random.Generator
) -> dict[str, NDArray[np.float32]]:
    """What is decoded in a test of one of KINDS, by who made it; float32 (cells, dim) each."""
    if kind == "cells written back":
        return {"model": vectors}
    prior_map = embedder.prior_map
    if kind == "draws":
        draws = draws_of(prior_of(embedder), vectors.shape, random, on_sphere=embedder.settings.bounded)
        made = {"model": draws.astype(np.float32)}
        return made | ({MAPPED: prior_map.embeddings(draws)} if prior_map else {})
    other = vectors[partners(cells.drums, random=random)]
    made = {"model": slerp(vectors, other, 0.5)}
    return made | ({MAPPED: prior_map.between(vectors, other, 0.5)} if prior_map else {})


def _beside(windows: Windows, clusters: NDArray[np.int64], others: Templates, *, test: str, who: str) -> Iterator[Row]:
    """Windows compared with unseen cells."""
    ours, expected = histograms(windows), histograms(others.windows)
    notes = ours["density"] @ np.arange(BINS["density"])
    yield Row(test, who, "notes a cell", float(notes.mean()), len(windows))
    yield Row(test, who, "without notes", float((notes == 0).mean()), len(windows))
    for name in BINS:
        yield Row(test, who, f"overlap of {name}", overlap(ours[name], expected[name]), len(windows))
    groups = {"first_groups": others.clusters, "second_groups": clusters}
    area = crossed_area(features(others.windows), features(windows), **groups)
    if area is not None:
        yield Row(test, who, AREA, area, len(windows) + len(others.windows))
