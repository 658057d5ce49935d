"""What a card says of training: what was done, from which weights, and whose music trained which part.

training, composer_training,  settings, batches, why the run ended, pieces, splits; `started_from`, the checkpoint
anchor_training,              that the run began with, and what its card said of its own training
passages_training,
chroma_training, mfcc_training
data                          set by set: attribution, files by licence and by use, and which parts it `trained`,
                              "embedder", "composer", "anchor", "passages", "chroma", "mfcc"; also the sets of all
                              checkpoints that the run began with
may_be_passed_on              false, where a set forbids it; left out where none does
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from symbolic_embed.corpus.licences import TrainingData, may_be_passed_on
from symbolic_embed.embedding.checkpoint import CARD, open_checkpoint
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.running import RunPlan

Part = Literal["embedder", "composer", "anchor", "passages", "chroma", "mfcc"]
RECORDS: dict[Part, str] = {
    "embedder": "training",
    "composer": "composer_training",
    "anchor": "anchor_training",
    "passages": "passages_training",
    "chroma": "chroma_training",
    "mfcc": "mfcc_training",
}
ADDED: tuple[Part, ...] = ("anchor", "passages", "chroma", "mfcc")  # to a finished embedder, by `parts`
COUNTED = ("licences", "use")


def training_record(data: TrainingData, module: RunModule[Any], *, ended: str) -> dict[str, Any]:
    """What the card says of a run: settings, batches, why it ended, in which precision, on which files."""
    corpus = data.corpus
    train = [piece.set_name for piece in corpus.pieces if piece.split == "train"]
    return {
        "settings": module.settings.model_dump(mode="json"),
        "batches": module.batches_done,
        "ended": ended,
        "precision": module.precision,
        "pieces": {name: train.count(name) for name in sorted(set(train))},
        "splits": {split: corpus.split_hash(split) for split in ("train", "valid", "test")},
        "prepared": corpus.stamp,
    }


def earlier_card(plan: RunPlan) -> Mapping[str, Any]:
    """The card of the checkpoint that the run begins with: its start, or where it is resumed its own; else empty."""
    if plan.start is not None:
        return plan.start.card
    return open_checkpoint(plan.folder).card if plan.resume and (plan.folder / CARD).exists() else {}


def origin_of(plan: RunPlan, part: Part) -> Mapping[str, Any]:
    """What the card says of the checkpoint a run started from, or the run that is resumed did; empty for fresh weights.
    `part` is what the run trains."""
    record: Mapping[str, Any] = earlier_card(plan).get(RECORDS[part], {})
    if plan.start is not None:
        return {"checkpoint": plan.start.hash, "training": record}
    origin: Mapping[str, Any] = record.get("started_from", {})
    return origin


def sets_of(card: Mapping[str, Any], part: Part) -> list[dict[str, Any]]:
    """The sets that trained a part, as its card has them. Of a card from before parts were kept apart: those that
    the records of its training count, each with its attribution where that is there."""
    sets = card.get("data", [])
    kept_apart = [one for one in sets if "trained" in one]
    if kept_apart or not (sets or card.get(RECORDS[part])):
        return [{**one, "trained": [part]} for one in kept_apart if part in one["trained"]]
    attributions = {one["name"]: one for one in sets}
    names = _counted_in(card.get(RECORDS[part], {})) or (list(attributions) if part == "embedder" else [])
    return [{**attributions.get(name, {"name": name}), "trained": [part]} for name in names]


def merged(*several: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sets of several trainings, each once, in the order of their names: one of the same name and content trained all
    parts that it trained anywhere, and of its files the larger count holds. One whose content differs stays beside it.
    """
    together: dict[tuple[str, str], dict[str, Any]] = {}
    for one in (one for sets in several for one in sets):
        known = together.setdefault((one["name"], one.get("sha256", "")), {})
        counts = {key: _larger(known.get(key, {}), one[key]) for key in COUNTED if key in one}
        trained = sorted({*known.get("trained", []), *one["trained"]}, key=list(RECORDS).index)
        known.update({**one, **counts, "trained": trained})
    return [together[key] for key in sorted(together)]


def data_entries(*several: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What a card says of the sets of several trainings: `data`, and `may_be_passed_on` where they forbid it."""
    sets = merged(*several)
    return {"data": sets, **({} if may_be_passed_on(sets) else {"may_be_passed_on": False})}


def trained_on(data: TrainingData, part: Part) -> list[dict[str, Any]]:
    """The sets of a run that trains `part`."""
    return [{**one, "trained": [part]} for one in data.sets]


def _larger(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in sorted({*one, *other})}


def _counted_in(record: Mapping[str, Any]) -> list[str]:
    """The names of the sets that a record of training counts, and those of the trainings that it started from."""
    names: dict[str, None] = {}
    while record:
        names.update(dict.fromkeys(record.get("pieces", {})))
        record = record.get("started_from", {}).get("training", {})
    return sorted(names)
