"""Which files may train a model that is given away, and what its card says of them.

A set's `meta.jsonl` says of a file under which `licence` it is, and what `use` may be made of it:

    ship    it may be passed on, and may train a model that is passed on
    train   it may train a model that is passed on; the file itself stays where it is
    study   it may be looked at and compared with: no model that is passed on may be trained on it

Any other `use`, "evaluation only" say, counts as study; so does a licence that says it in words. Where nothing is said,
as of one's own folder of music, nothing is in the way. Files that may not train are left out of the train split, unless
the run allows them (`allow_study`); then the checkpoint's card says that it may not be passed on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from symbolic_embed.corpus.collection import Collection, Entry
from symbolic_embed.corpus.prepared import PreparedCorpus

MAY_TRAIN = ("", "ship", "train")
FORBIDS = re.compile(r"\b(evaluation|study)[ -]only\b|\bnot? (for )?training\b", re.IGNORECASE)
NOT_SAID = "not said"


def may_train(entry: Entry) -> bool:
    """Whether a model that was trained on this file may be passed on, as far as anybody has said."""
    return is_free_use(entry.use) and not FORBIDS.search(entry.licence)


def is_free_use(use: str) -> bool:
    """Whether files of this `use` may train a model that is passed on."""
    return use.strip().lower() in MAY_TRAIN


@dataclass(frozen=True)
class TrainingData:
    """What a run trains on. In the train split of `corpus` are only files that may train; `sets` says of each set what
    a card repeats, with the number of those files by `licences` and by `use`; `left_out`, how many files of each set
    may not train and do not."""

    corpus: PreparedCorpus
    sets: tuple[Mapping[str, Any], ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, collection: Collection, corpus: PreparedCorpus, *, allow_study: bool = False) -> TrainingData:
        """The train split of a collection that has been prepared."""
        entries = {str(entry.path): entry for entry in collection.entries}
        training = [entries[piece.path] for piece in corpus.pieces if piece.split == "train"]
        used = [entry for entry in training if allow_study or may_train(entry)]
        left_out = set(training) - set(used)
        kept = corpus.leaving_out({str(entry.path) for entry in left_out}, split="train")
        sets = _sets(used, collection.attributions)
        return cls(kept, tuple(sets), Counter(entry.set_name for entry in left_out))

    def message(self) -> str | None:
        """What is said of the files that are left out; None where there are none."""
        if not self.left_out:
            return None
        of_sets = ", ".join(f"{name} {count}" for name, count in sorted(self.left_out.items()))
        return (
            f"left out of training: {sum(self.left_out.values())} of the files, whose use or licence forbids it to a "
            f"model that is passed on ({of_sets}); `allow_study` trains on them, and the model may not be passed on"
        )


def may_be_passed_on(sets: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a model may be passed on that was trained on these sets, as its card has them."""
    return all(
        all(map(is_free_use, one.get("use", {}))) and not any(map(FORBIDS.search, one.get("licences", {})))
        for one in sets
    )


def _sets(entries: Iterable[Entry], attributions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each set that entries come from, by name: its attribution, where there is one, and its files counted."""
    known = {attribution["name"]: attribution for attribution in attributions}
    licences: dict[str, Counter[str]] = {}
    uses: dict[str, Counter[str]] = {}
    for entry in entries:
        licences.setdefault(entry.set_name, Counter())[entry.licence or NOT_SAID] += 1
        uses.setdefault(entry.set_name, Counter())[entry.use or NOT_SAID] += 1
    return [
        {
            **known.get(name, {"name": name}),
            "licences": dict(sorted(licences[name].items())),
            "use": {use: count for use, count in sorted(uses[name].items()) if use != NOT_SAID},
        }
        for name in sorted(licences)
    ]
