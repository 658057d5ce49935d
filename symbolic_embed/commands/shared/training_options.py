"""What can be said of a training run on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from symbolic_embed.commands.shared.music_data import Music
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.training.processes import is_first_process

if TYPE_CHECKING:
    from symbolic_embed.embedding.checkpoint import Checkpoint

BUDGET = ("minutes", "batches", "learning_rate", "seed", "threads", "processes", "machines", "precision", "allow_study")
OBJECTIVES = ("objective", "prior", "similarity", "pairs")
MODEL = ("representation", "metre", "dim")


@dataclass(frozen=True, kw_only=True)
class BudgetOptions(Music):
    """A run: what it trains on and for how long. None: as the settings have it."""

    minutes: Annotated[float | None, typer.Option(help="How long to train.")] = None
    batches: Annotated[
        int | None, typer.Option(help="How many batches, where the result must not depend on the clock.")
    ] = None
    learning_rate: Annotated[float | None, typer.Option(help="The highest learning rate.")] = None
    seed: Annotated[int | None, typer.Option(help="Another seed, other weights.")] = None
    threads: Annotated[int | None, typer.Option(help="Threads of one training process.")] = None
    processes: Annotated[
        int | None,
        typer.Option(min=1, help="Processes of this machine that share the run, a batch each in every step."),
    ] = None
    machines: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Machines that share it: run the same on each, with NODE_RANK (0, 1, ...), MASTER_ADDR, MASTER_PORT.",
        ),
    ] = None
    precision: Annotated[
        Literal["auto", "float32", "bfloat16"] | None,
        typer.Option(help="Of matrix products; auto measures which is faster here.", show_default="auto"),
    ] = None
    settings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A settings.json, as a run writes it; options win.")
    ] = None
    allow_study: Annotated[
        bool | None,
        typer.Option(
            "--allow-study",
            help="Train on files that no model may learn from that is passed on; the card then says so.",
            show_default="left out",
        ),
    ] = None
    session_minutes: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            metavar="M",
            help="Stop after M minutes and save; --resume goes on. --minutes stays the length of the whole run.",
        ),
    ] = None
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in DIR.")] = False

    def progress(self) -> Progress:
        """What the first process of the run says; the others are silent."""
        return super().progress() if is_first_process() else Progress(quiet=True)

    def chosen(self, *names: str) -> dict[str, Any]:
        """Those of these options that were given."""
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


@dataclass(frozen=True, kw_only=True)
class PartOptions(BudgetOptions):
    """A run that trains a part of a finished checkpoint into it."""

    checkpoint: Annotated[Path | None, typer.Option(metavar="DIR", help="The embedder, one of your own.")] = None
    force: Annotated[bool, typer.Option("--force", help="Train another in the place of one that is there.")] = False

    def opened_start(self) -> Checkpoint | None:
        """The checkpoint to start from; None where the part begins with fresh weights."""
        return None


@dataclass(frozen=True, kw_only=True)
class PassageOptions(PartOptions):
    """What can be said of a passage encoder on the command line."""

    start: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Start from the passage encoder of this checkpoint."),
    ] = None

    def opened_start(self) -> Checkpoint | None:
        """The checkpoint to start from, where one is named."""
        from symbolic_embed.embedding.checkpoint import open_checkpoint

        return open_checkpoint(self.start) if self.start else None


@dataclass(frozen=True, kw_only=True)
class RunOptions(BudgetOptions):
    """A run whose checkpoint is a new one."""

    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the checkpoint goes.")]
    format: Annotated[Literal["table", "json"], typer.Option(help="Of the figures in the end.")] = "table"


@dataclass(frozen=True, kw_only=True)
class EmbedderOptions(RunOptions):
    """What can be said of an embedder on the command line; its settings have more."""

    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the checkpoint goes.")] = Path(
        "embedder"
    )
    objective: Annotated[
        str | None, typer.Option(metavar="adssm|adjacency|none", help="Which bar comes next, and how.")
    ] = None
    prior: Annotated[
        str | None,
        typer.Option(metavar="gaussian|uniform|kl|none", help="What embeddings should be distributed like, and how."),
    ] = None
    representation: Annotated[
        str | None,
        typer.Option(
            metavar="pianoroll|events|chroma|mfcc",
            help="What the encoder reads; chroma, mfcc: recordings, towards the embeddings of --checkpoint.",
        ),
    ] = None
    metre: Annotated[
        bool | None,
        typer.Option(
            "--metre/--no-metre", help="Condition the encoder on how long its windows are.", show_default="metre"
        ),
    ] = None
    similarity: Annotated[str | None, typer.Option(metavar="euclidean|cosine", help="Nearness, in adssm.")] = None
    dim: Annotated[int | None, typer.Option(help="Numbers in an embedding.")] = None
    pairs: Annotated[int | None, typer.Option(help="Anchors and positives in a batch.")] = None
    start: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="EMBEDDER|bundled",
            help="Start from its weights instead of fresh ones, in a model of its size.",
        ),
    ] = None
    checkpoint: Annotated[Path | None, typer.Option(metavar="EMBEDDER|bundled", help="The same as --from.")] = None
    recordings: Annotated[
        int | None, typer.Option(min=1, help="Of chroma and mfcc: how many recordings are made to learn from.")
    ] = None
    sound_font: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Of chroma and mfcc: who plays them; again for each.", show_default="one"),
    ] = None

    def opened_start(self) -> Checkpoint | None:
        """The checkpoint to start from, where one was named. Raises UsageError where two were, CheckpointError."""
        from symbolic_embed.embedding.checkpoint import open_checkpoint
        from symbolic_embed.errors import UsageError

        if self.start and self.checkpoint:
            raise UsageError(f"`start` {self.start} and `checkpoint` {self.checkpoint}: both say where to start from")
        named = self.start or self.checkpoint
        return open_checkpoint(named) if named else None


@dataclass(frozen=True, kw_only=True)
class ComposerOptions(RunOptions):
    """What can be said of a composer on the command line."""

    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the checkpoint goes.")] = Path(
        "composer"
    )
    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="EMBEDDER|bundled", help="The embedder to build on; default: the bundled one."),
    ] = None
    start: Annotated[
        Path | None,
        typer.Option("--from", metavar="COMPOSER|bundled", help="Start from its weights instead of fresh ones."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class AddingOptions(Music):
    """What is added to a finished checkpoint: of which music it is made, and where it goes."""

    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The checkpoint trained on it, one of your own.", show_default=False),
    ] = None
    split: Annotated[str, typer.Option(help="The part of the data that was trained on.")] = "train"
