"""Adding to a checkpoint a fingerprint of the music it was trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from symbolic_embed.corpus.collection import Collection
from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.checkpoint import Checkpoint, rewrite_card
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.originality.fingerprint import (
    FILE,
    MOST_BYTES,
    PIECES_AT_ONCE,
    corpus_runs,
    fingerprint_of,
    save_fingerprint,
)
from symbolic_embed.originality.fingerprinting import kept_bars

Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]


@dataclass(frozen=True)
class WrittenFingerprint:
    """Where a fingerprint lies, what the card says of it, and how many bars of how many it keeps (0 of 0: none)."""

    path: Path
    card: dict[str, Any]
    bars: int
    of: int


def trained_corpus(
    checkpoint: Checkpoint, collection: Collection, corpus: PreparedCorpus, *, split: str
) -> PreparedCorpus:
    """Of prepared music what a checkpoint was trained on: all of a split, or that without the files that may not train,
    whichever its card names; all, where it names neither."""
    for used in (corpus, TrainingData.of(collection, corpus).corpus):
        if is_trained_on(checkpoint, used, split=split):
            return used
    return corpus


def is_trained_on(checkpoint: Checkpoint, corpus: PreparedCorpus, *, split: str) -> bool:
    """Whether a checkpoint's card says that its embedder was trained on a split."""
    of_embedder = checkpoint.card.get("training", {}).get("splits", {}).get(split)
    return bool(of_embedder == corpus.split_hash(split))


def add_fingerprint(
    checkpoint: Checkpoint, corpus: PreparedCorpus, *, split: str, progress: Progress = lambda work, *_: work
) -> WrittenFingerprint:
    """Makes the fingerprint of a split, its bars hashed by the checkpoint's embedder, and puts it into the checkpoint's
    folder and card. `progress` wraps an iteration whose length and name it is given."""
    embedder = Embedder.of(checkpoint)
    blocks = -(-len(corpus.pieces_of(split)) // PIECES_AT_ONCE)
    runs = list(progress(corpus_runs(corpus, split=split), blocks, "reading"))
    sets = sorted({corpus.pieces[piece].set_name for piece in corpus.pieces_of(split)})
    made = fingerprint_of(runs, source=f"{split} split of {', '.join(sets)}")
    room = MOST_BYTES - len(save_fingerprint(made)[0])
    bars = kept_bars(corpus, embedder, split=split, room=room, progress=progress)
    content, record = save_fingerprint(replace(made, bars=bars))
    rewrite_card(checkpoint, {**checkpoint.card, "fingerprint": record}, beside={FILE: content})
    return WrittenFingerprint(checkpoint.folder / FILE, record, *((len(bars), bars.of) if bars else (0, 0)))
