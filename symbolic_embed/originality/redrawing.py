"""A limit on copying: what shares more with the training data is drawn again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.originality.fingerprint import Fingerprint, load_fingerprint
from symbolic_embed.originality.provenance import copied, with_provenance
from symbolic_embed.outputs.seed_file import Output, Seed

REDRAWS = 8

_known: WeakKeyDictionary[Embedder, Fingerprint | None] = WeakKeyDictionary()  # read once for each embedder in use


def with_origins(
    write: Callable[[int], list[Output]], seed: Seed, embedder: Embedder, *, most: int | None, random_seed: int
) -> list[Output]:
    """What `write` makes from a random seed, with its provenance by the fingerprint in the embedder's checkpoint;
    drawn again as `within_limit` does. Raises CheckpointError where the fingerprint's file is missing or damaged."""
    if embedder not in _known:
        _known[embedder] = load_fingerprint(embedder.folder, embedder.card) if embedder.folder else None
    known = _known[embedder]
    outputs = within_limit(write, seed, known, most=most, random_seed=random_seed)
    return with_provenance(outputs, seed, embedder, known)


def within_limit(
    write: Callable[[int], list[Output]],
    seed: Seed,
    fingerprint: Fingerprint | None,
    *,
    most: int | None,
    random_seed: int,
) -> list[Output]:
    """What `write` makes from a random seed, each output that shares a run of more than `most` notes with the training
    data drawn again, up to REDRAWS times; then the one that shares least. A redrawn output carries the random seed that
    makes it. Raises UsageError where there is nothing to compare with."""
    outputs = write(random_seed)
    if most is None:
        return outputs
    if fingerprint is None:
        raise UsageError(
            "`max_copied`: the checkpoint has no fingerprint of its data; `train fingerprint` adds one",
            field="max_copied",
        )
    longest = [copied(output, seed, fingerprint).longest for output in outputs]
    for attempt in range(1, REDRAWS + 1):
        if max(longest, default=0) <= most:
            break
        redrawn = write(int(np.random.SeedSequence([random_seed, attempt]).generate_state(1)[0]))
        for number, output in enumerate(redrawn):
            if longest[number] > most:
                shared = copied(output, seed, fingerprint).longest
                if shared < longest[number]:
                    outputs[number], longest[number] = output, shared
    return [replace(output, record={**output.record, "max_copied": most}) for output in outputs]
