"""`evaluate`: a checkpoint tested on music it has not seen, beside simple rivals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.music_data import Music
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.evaluation.settings import EvaluationSettings
from symbolic_embed.presenting.tables import aligned

if TYPE_CHECKING:
    from symbolic_embed.evaluation.rows import Row


@dataclass(frozen=True, kw_only=True)
class EvaluateOptions(Music):
    """What the command line adds to the settings of an evaluation."""

    checkpoint: options.Checkpoint = None
    labelled: Annotated[
        list[Path] | None,
        typer.Option(metavar="FOLDER|MANIFEST", help="Music with groups, for that test alone; default: --data."),
    ] = None
    format: Annotated[Literal["table", "json"], typer.Option(help="For people, or for programs.")] = "table"
    into_card: Annotated[
        bool, typer.Option("--into-card", help="Write the figures into the card, beside those of other tests.")
    ] = False
    jobs: options.Jobs = None


@taking(EvaluationSettings, EvaluateOptions)
def evaluate(settings: EvaluationSettings, given: EvaluateOptions) -> None:
    """Test a checkpoint: what comes next, what survives writing back, how it fits its prior, whether what it makes up
    is music, what its embeddings know, which pieces find each other. Rivals stand beside it."""
    from symbolic_embed.commands.shared.music_data import exit_code_of, prepared
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.corpus.collection import load_collection
    from symbolic_embed.embedding.anchor import Anchor
    from symbolic_embed.embedding.checkpoint import open_checkpoint, own_folder, rewrite_card
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.evaluation.report import evaluate as evaluated
    from symbolic_embed.evaluation.report import with_scores
    from symbolic_embed.evaluation.rows import as_records

    use_threads()
    opened = open_checkpoint(own_folder(given.checkpoint) if given.into_card else given.checkpoint)
    progress = given.progress()
    with_groups = load_collection(given.labelled, music=given.music).entries if given.labelled else None
    _, corpus = prepared(given)
    rows = evaluated(
        Embedder.of(opened, jobs=options.cores(given.jobs)),
        corpus,
        settings,
        anchor=Anchor.of(opened) if opened.holds("anchor") else None,
        labelled=with_groups,
        progress=lambda steps, total: progress.through(steps, total=total, doing="testing"),
    )
    records = as_records(rows)
    if given.into_card:
        rewrite_card(opened, with_scores(opened.card, records, split=settings.split))
    typer.echo(json.dumps(records, indent=2) if given.format == "json" else _table(rows))
    raise typer.Exit(exit_code_of(corpus))


def _table(rows: Sequence[Row]) -> str:
    header = ("test", "who", "measure", "value", "±", "n")
    lines = [
        (
            row.test,
            row.who,
            row.measure,
            f"{row.value:.3f}",
            "" if row.error is None else f"{row.error:.3f}",
            row.sample,
        )
        for row in rows
    ]
    return "\n".join(aligned(lines, header=header, right=("value", "±", "n")))
