"""Is what the model makes up music?

Three kinds of cells are decoded greedily: draws from the prior; midpoints between two unseen cells of one kind (on the
arc between them); and, to show what the decoder itself adds, unseen cells written back. Draw and midpoint number i have
the length and the kind (drums or pitched) of unseen cell i. Each kind is compared with unseen cells of which none was
used to make it: are all legal; how many notes; how far the histograms overlap; and can a classifier tell the two apart
by histograms alone? The same unseen cells, as they are, stand beside them: no figure can be better than theirs but by
chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars import ROLES, Windows
from symbolic_embed.bars.windows import DRUM
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.sampling import clusters_of, distinct, drawn, windows_of
from symbolic_embed.embedding.correcting import decoded
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.sphere import slerp
from symbolic_embed.evaluation.histograms import KINDS, features, histograms, overlap
from symbolic_embed.evaluation.prior_fit import AREA, draws_of, prior_of
from symbolic_embed.evaluation.rows import Row
from symbolic_embed.evaluation.telling_apart import crossed_area


@dataclass(frozen=True, eq=False)
class Templates:
    """Unseen cells, whether each is a drum part's, bool (cells,), and their clusters, int64 (cells,)."""

    windows: Windows
    drums: np.ndarray
    clusters: np.ndarray


def unseen_cells(
    corpus: PreparedCorpus, *, split: str, count: int, random: np.random.Generator
) -> tuple[Templates, Templates]:
    """Twice `count` distinct cells of a split (fewer where it has fewer), in two halves of other pieces each."""
    table = corpus.cells
    cells = distinct(table, windows_of(corpus, table, split=split))
    clusters = clusters_of(corpus, table, cells)
    names = random.permutation(np.unique(clusters))
    first = np.isin(clusters, names[: (len(names) + 1) // 2])
    halves = []
    for half in (first, ~first):
        chosen = drawn(cells[half], count=count, random=random)
        drums = table.role[chosen] == ROLES.index("drums")
        halves.append(Templates(table.windows(chosen), drums, clusters_of(corpus, table, chosen)))
    return halves[0], halves[1]


def midpoints(vectors: np.ndarray, kinds: np.ndarray, *, random: np.random.Generator) -> np.ndarray:
    """For each vector (n, dim) the point half-way to another, drawn among those of its kind (n,); alone of its kind it
    stays where it is."""
    other = np.arange(len(vectors))
    for kind in np.unique(kinds):
        alike = random.permutation(np.flatnonzero(kinds == kind))
        other[alike] = np.roll(alike, 1)
    return slerp(vectors, vectors[other], 0.5)


def legal(windows: Windows, *, drums: np.ndarray) -> np.ndarray:
    """Of each decoded window whether it could be a cell: every note begins in it, is of its kind, drums (windows,) or
    pitched, lasts a step at least, and is struck once; bool (windows,)."""
    window, onset = windows.note_window, windows.onset.astype(np.int64)
    wrong = (onset >= windows.steps[window]) | (windows.pitch > 127) | (windows.length < 1)
    wrong |= windows.flags != np.where(drums, DRUM, 0)[window]
    place = (window * 64 + onset) * 128 + windows.pitch
    _, which, times = np.unique(place, return_inverse=True, return_counts=True)
    return np.bincount(window, wrong | (times[which] > 1), minlength=len(windows)) == 0


def decoded_music_rows(
    embedder: Embedder, corpus: PreparedCorpus, *, kind: str, split: str, count: int = 1000, seed: int = 0
) -> Iterator[Row]:
    """The rows of "draws", of "midpoints", or of cells "written back"."""
    random = np.random.default_rng(seed)
    cells, others = unseen_cells(corpus, split=split, count=count, random=random)
    vectors = embedder.embed_windows(cells.windows)
    if kind == "draws":
        shape = (len(cells.windows), embedder.dim)
        vectors = draws_of(prior_of(embedder), shape, random, on_sphere=embedder.settings.bounded)
    elif kind == "midpoints":
        vectors = midpoints(vectors, cells.drums, random=random)
    made = decoded(embedder, vectors, DecodingRules(cells.windows.steps, cells.drums))
    test = f"music from {kind}"
    yield Row(test, "model", "legal", float(legal(made, drums=cells.drums).mean()), len(made))
    for who, windows in (("model", made), ("unseen cells", cells.windows)):
        yield from _beside(windows, cells.clusters, others, test=test, who=who)


def _beside(windows: Windows, clusters: np.ndarray, others: Templates, *, test: str, who: str) -> Iterator[Row]:
    """Windows compared with unseen cells."""
    found, expected = histograms(windows), histograms(others.windows)
    notes = found["density"] @ np.arange(KINDS["density"])
    yield Row(test, who, "notes a cell", float(notes.mean()), len(windows))
    yield Row(test, who, "without notes", float((notes == 0).mean()), len(windows))
    for name in KINDS:
        yield Row(test, who, f"overlap of {name}", overlap(found[name], expected[name]), len(windows))
    groups = {"first_groups": others.clusters, "second_groups": clusters}
    area = crossed_area(features(others.windows), features(windows), **groups)
    if area is not None:
        yield Row(test, who, AREA, area, len(windows) + len(others.windows))
