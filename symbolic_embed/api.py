"""The verbs of the command line for Python: `import symbolic_embed`, then `symbolic_embed.rank(...)`.

Paths are files and folders, as on the command line; a checkpoint is a folder, a model from `load_checkpoint`, or
nothing, which means the bundled one. A file that cannot be used raises an InputError, unless `rejected` is given: then
it is told (path, reason), and the others are worked on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.arrays import Level, embedded
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.precision import Wish, chosen_precision
from symbolic_embed.errors import InputError, NoNotesError
from symbolic_embed.files.folders import Found, find_midi
from symbolic_embed.library import rank as ranking
from symbolic_embed.library.rank import Match
from symbolic_embed.outputs.seed_file import Output, Seed, save_outputs
from symbolic_embed.requests import AccompanyRequest, BlendRequest, ComposeRequest, VaryRequest
from symbolic_embed.score import file_bytes, read
from symbolic_embed.similarity.likeness import Likeness, Metric
from symbolic_embed.verbs import accompany as accompanying
from symbolic_embed.verbs import blend as between
from symbolic_embed.verbs import compose as composing
from symbolic_embed.verbs import vary as variants

__all__ = ["accompany", "blend", "compose", "embed", "load_checkpoint", "rank", "save_outputs", "vary"]

PathLike = str | os.PathLike
Paths = PathLike | Iterable[PathLike]
Rejected = Callable[[str, str], Any]


def load_checkpoint(folder: PathLike | None = None, *, jobs: int = 1) -> Embedder:
    """The model in a checkpoint's folder, the bundled one by default; `jobs` threads work on many files."""
    return Embedder.load(_folder(folder), jobs=jobs)


def embed(
    paths: Paths,
    *,
    checkpoint: PathLike | Embedder | None = None,
    level: Level = "bar",
    precision: Wish = "auto",
    rejected: Rejected | None = None,
) -> dict[str, np.ndarray]:
    """The arrays that the page `embeddings` describes, by name: those that `symbolic-embed embed` writes.

    With `precision="float32"` they are, to the last bit, what `rank` and `Embedder.embed_bars` compute; "auto" measures
    which precision is faster here, and `arrays["precision"]` says what was chosen."""
    model = _model(checkpoint).with_precision(chosen_precision(precision))
    with embedded(_pieces(paths, rejected), embedder=model, level=level) as arrays:
        return {name: np.array(array) for name, array in arrays.items()}


def rank(
    query: PathLike,
    paths: Paths,
    *,
    checkpoint: PathLike | Embedder | None = None,
    metric: Metric = "euclidean",
    level: ranking.Level = "piece",
    transpose: bool = False,
    top: int | None = None,
    rejected: Rejected | None = None,
) -> list[Match]:
    """What is alike, the most alike first, as `symbolic-embed rank` prints it."""
    return ranking.rank(
        _piece(Found(os.fsdecode(query))),
        _pieces(paths, rejected),
        embedder=_model(checkpoint),
        likeness=Likeness(metric=metric, transpose=transpose),
        level=level,
        top=top,
    )


def compose(seed: PathLike, *, checkpoint: PathLike | TrainedComposer | None = None, **settings: Any) -> list[Output]:
    """New bars after a seed; the settings are those of a ComposeRequest. `save_outputs(outputs, folder)` writes what
    comes out."""
    return composing.compose(_seed(seed), _composer(checkpoint), ComposeRequest(**settings))


def vary(seed: PathLike, *, checkpoint: PathLike | Embedder | None = None, **settings: Any) -> list[Output]:
    """Variations of a seed; the settings are those of a VaryRequest."""
    return variants.vary(_seed(seed), _model(checkpoint), VaryRequest(**settings))


def blend(
    first: PathLike, second: PathLike, *, checkpoint: PathLike | Embedder | None = None, **settings: Any
) -> list[Output]:
    """Pieces on the way from one file to another; the settings are those of a BlendRequest."""
    return between.blend(_seed(first), _seed(second), _model(checkpoint), BlendRequest(**settings))


def accompany(seed: PathLike, *, checkpoint: PathLike | TrainedComposer | None = None, **settings: Any) -> list[Output]:
    """New parts beside those of a file; the settings are those of an AccompanyRequest."""
    return accompanying.accompany(_seed(seed), _composer(checkpoint), AccompanyRequest(**settings))


def _seed(path: PathLike) -> Seed:
    return Seed.from_bytes(file_bytes(path), path=os.fsdecode(path))


def _folder(checkpoint: PathLike | None) -> Path | None:
    return None if checkpoint is None else Path(checkpoint)


def _model(checkpoint: PathLike | Embedder | None) -> Embedder:
    return checkpoint if isinstance(checkpoint, Embedder) else load_checkpoint(checkpoint)


def _composer(checkpoint: PathLike | TrainedComposer | None) -> TrainedComposer:
    return checkpoint if isinstance(checkpoint, TrainedComposer) else TrainedComposer.load(_folder(checkpoint))


def _pieces(paths: Paths, rejected: Rejected | None) -> Iterator[tuple[str, BarredScore]]:
    found = find_midi([paths] if isinstance(paths, str | os.PathLike) else paths)
    for one in sorted(found, key=lambda one: one.path):
        try:
            yield one.path, _piece(one)
        except InputError as error:
            if rejected is None:
                raise
            rejected(one.path, error.reason)


def _piece(found: Found) -> BarredScore:
    if found.problem:
        raise InputError(found.path, found.problem)
    score = read(found.path)
    if not score.note_count:
        raise NoNotesError(found.path)
    return cut(score)
