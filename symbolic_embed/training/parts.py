"""Parts that are trained into a finished checkpoint: where their runs lie, and what its card says of them then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.embedding.checkpoint import Checkpoint, with_part
from symbolic_embed.errors import OutputError
from symbolic_embed.training.card import RECORDS, Part, data_entries, sets_of, trained_on, training_record
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.run_files import STATE
from symbolic_embed.training.running import RunPlan


def part_plan(checkpoint: Checkpoint, plan: RunPlan, part: Part, *, force: bool = False) -> RunPlan:
    """The plan of a run whose result becomes a part of a checkpoint: it lies in a folder of its own inside that of the
    checkpoint, where an embedder's run may lie too. Raises OutputError where such a run lies there already and is not
    to be resumed, and where the checkpoint has such a part, which would be lost, unless `force` puts another in its
    place."""
    plan = replace(plan, folder=checkpoint.folder / part)
    if (plan.run_folder / STATE).exists() and not plan.resume:
        raise OutputError(
            f"{plan.run_folder}: a run lies there already, nothing was done; `resume` goes on with it, or delete it"
        )
    if checkpoint.holds(part) and not (plan.resume or force):
        raise OutputError(
            f"{checkpoint.folder / part}.safetensors: exists already, nothing was done; `force` trains another in its "
            "place, or name a copy"
        )
    return plan


def with_trained_part(
    checkpoint: Checkpoint, part: Part, module: RunModule[Any], *, data: TrainingData, said: Mapping[str, Any]
) -> Checkpoint:
    """The checkpoint with what a module has learnt as one of its parts. said: of the part, "settings" of its networks,
    "ended", why the run did, "started_from" where it began with another's weights, and "run", the settings of the run
    where they are told otherwise than it has them. The other parts stay as they are, to the bit."""
    record = training_record(data, module, ended=said["ended"])
    record["settings"] = said.get("run", record["settings"])
    if said.get("started_from"):
        record["started_from"] = said["started_from"]
    others = [sets_of(checkpoint.card, other) for other in RECORDS if other != part and checkpoint.holds(other)]
    card = {
        **checkpoint.card,
        part: said["settings"],
        RECORDS[part]: record,
        **data_entries(*others, trained_on(data, part)),
    }
    return with_part(checkpoint, part, weights=module.trained_weights(), card=card)
