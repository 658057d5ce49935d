"""`train`: a model of one's own, from a folder of MIDI."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from symbolic_embed.commands.shared.music_data import Music, exit_code_of, prepared, training_data
from symbolic_embed.commands.shared.parameters import taking_options
from symbolic_embed.errors import CheckpointError

if TYPE_CHECKING:
    from symbolic_embed.corpus.prepared import PreparedCorpus
    from symbolic_embed.embedding.checkpoint import Checkpoint
    from symbolic_embed.training.card import Part

train = typer.Typer(
    help="Train an embedder, or a composer or an anchor on top of one, on a folder of MIDI.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)

BUDGET = ("minutes", "batches", "learning_rate", "seed", "threads", "precision", "allow_study")
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

    def chosen(self, *names: str) -> dict[str, Any]:
        """Those of these options that were given."""
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


@dataclass(frozen=True, kw_only=True)
class RunOptions(BudgetOptions):
    """A run whose checkpoint is a new one."""

    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the checkpoint goes.")]


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
    representation: Annotated[str | None, typer.Option(metavar="pianoroll|events", help="What the encoder reads.")] = (
        None
    )
    metre: Annotated[
        bool | None,
        typer.Option(
            "--metre/--no-metre", help="Condition the encoder on how long its windows are.", show_default="metre"
        ),
    ] = None
    similarity: Annotated[str | None, typer.Option(metavar="euclidean|cosine", help="Nearness, in adssm.")] = None
    dim: Annotated[int | None, typer.Option(help="Numbers in an embedding.")] = None
    pairs: Annotated[int | None, typer.Option(help="Anchors and positives in a batch.")] = None
    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="EMBEDDER", help="Start from its weights instead of fresh ones, in a model of its size."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class ComposerOptions(RunOptions):
    """What can be said of a composer on the command line."""

    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the checkpoint goes.")] = Path(
        "composer"
    )
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="EMBEDDER", help="The embedder to build on; default: the bundled one.")
    ] = None
    start: Annotated[
        Path | None, typer.Option("--from", metavar="COMPOSER", help="Start from its weights instead of fresh ones.")
    ] = None


@dataclass(frozen=True, kw_only=True)
class AnchorOptions(BudgetOptions):
    """What can be said of an anchor on the command line."""

    checkpoint: Annotated[Path | None, typer.Option(metavar="DIR", help="The embedder, one of your own.")] = None


@dataclass(frozen=True, kw_only=True)
class AddingOptions(Music):
    """What is added to a finished checkpoint: of which music it is made, and where it goes."""

    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The checkpoint trained on it, one of your own.", show_default=False),
    ] = None
    split: Annotated[str, typer.Option(help="The part of the data that was trained on.")] = "train"


@train.command()
@taking_options(EmbedderOptions)
def embedder(given: EmbedderOptions) -> None:
    """Train encoder and decoder. Ctrl-C saves, --resume goes on."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.training.embedder import train_embedder
    from symbolic_embed.training.running import RunPlan
    from symbolic_embed.training.settings import EmbedderTraining, model_options, settings_of

    start = open_checkpoint(given.checkpoint) if given.checkpoint else None
    plan = RunPlan(given.output, given.resume, given.session_minutes, start, given.progress())
    plan.require_new()
    model = model_options(given.chosen(*MODEL), prior=given.prior, start=start.card if start else None)
    chosen = settings_of(
        EmbedderTraining,
        file=given.settings,
        resumed=plan.resumed_settings,
        options=given.chosen(*OBJECTIVES, *BUDGET),
        model=model,
    )
    use_threads(chosen.threads)
    data = training_data(given, allow_study=chosen.allow_study)
    _end(train_embedder(data, chosen, plan), "embedder", exit_code_of(data.corpus))


@train.command()
@taking_options(ComposerOptions)
def composer(given: ComposerOptions) -> None:
    """Train a composer on a finished embedder; the result holds both."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.training.composer import train_composer
    from symbolic_embed.training.running import RunPlan
    from symbolic_embed.training.settings import ComposerTraining, settings_of

    opened, start = open_checkpoint(given.checkpoint), open_checkpoint(given.start) if given.start else None
    plan = RunPlan(given.output, given.resume, given.session_minutes, start, given.progress())
    plan.require_new()
    chosen = settings_of(
        ComposerTraining, file=given.settings, resumed=plan.resumed_settings, options=given.chosen(*BUDGET)
    )
    use_threads(chosen.threads)
    data = training_data(given, allow_study=chosen.allow_study)
    _end(train_composer(data, chosen, plan, checkpoint=opened), "composer", exit_code_of(data.corpus))


@train.command()
@taking_options(AnchorOptions)
def anchor(given: AnchorOptions) -> None:
    """Add to a checkpoint an anchor: from one to eight bars, what comes next. Ctrl-C saves, --resume goes on.

    The checkpoint's other parts stay as they are; the run lies in DIR/anchor.
    """
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint, own_folder
    from symbolic_embed.training.anchor import anchor_plan, train_anchor
    from symbolic_embed.training.running import RunPlan
    from symbolic_embed.training.settings import AnchorTraining, settings_of

    opened = open_checkpoint(own_folder(given.checkpoint))
    plan = anchor_plan(opened, RunPlan(opened.folder, given.resume, given.session_minutes, progress=given.progress()))
    chosen = settings_of(
        AnchorTraining, file=given.settings, resumed=plan.resumed_settings, options=given.chosen(*BUDGET)
    )
    use_threads(chosen.threads)
    data = training_data(given, allow_study=chosen.allow_study)
    _end(train_anchor(data, chosen, plan, checkpoint=opened), "anchor", exit_code_of(data.corpus))


@train.command()
@taking_options(AddingOptions)
def fingerprint(given: AddingOptions) -> None:
    """Add to a checkpoint a fingerprint of its training data: `compose` and `vary` then say what they share with it.

    It holds hashes of runs of notes and of bars, as many as fit into 4 MB; no note can be read from it. The bars are
    hashed by the checkpoint's embedder, so after training another one it is made anew. That of the bundled checkpoint:

    symbolic-embed train fingerprint --checkpoint checkpoints/bundled --data datasets/bundled_checkpoint.json \
        --music FOLDER
    """
    from symbolic_embed.training.fingerprint import add_fingerprint

    opened, used = _finished(given)
    made = add_fingerprint(opened, used, split=given.split, progress=_counted(given))
    of_bars = f"{made.bars:,} of {made.of:,} bars kept" if made.bars else "no bars kept"
    chance = f"{made.card['found_by_chance']:.1%} found by chance"
    typer.echo(f"{made.path}: {made.card['runs']:,} runs, {chance}; {of_bars}", err=True)
    raise typer.Exit(exit_code_of(used))


@train.command()
@taking_options(AddingOptions)
def prior(given: AddingOptions) -> None:
    """Add to a checkpoint the map between its embeddings and the prior: draws and midpoints go through its inverse.

    It is fitted to cells of the data; `train embedder` has done so already. Weights stay, so nothing that ranks or
    decodes changes.
    """
    from symbolic_embed.embedding.prior_map import CARD_KEY, FILE
    from symbolic_embed.training.prior_map import CELLS_A_COORDINATE, add_prior_map

    opened, used = _finished(given)
    made = add_prior_map(opened, used, split=given.split, progress=_counted(given))
    if made is None:
        raise CheckpointError(
            f"{opened.folder}: no map for an embedder that is not bounded, or from fewer distinct cells than "
            f"{CELLS_A_COORDINATE} for each number of an embedding; nothing was done, name more music in --data"
        )
    typer.echo(f"{made.folder / FILE}: fitted to {made.card[CARD_KEY]['cells']:,} cells", err=True)
    raise typer.Exit(exit_code_of(used))


def _finished(given: AddingOptions) -> tuple[Checkpoint, PreparedCorpus]:
    """A checkpoint that is going to be added to, and the music that it was trained on; a word where it was not."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint, own_folder
    from symbolic_embed.training.fingerprint import is_trained_on, trained_corpus

    use_threads()
    opened = open_checkpoint(own_folder(given.checkpoint))
    collection, corpus = prepared(given)
    used = trained_corpus(opened, collection, corpus, split=given.split)
    if not is_trained_on(opened, used, split=given.split):
        given.progress().tell(f"warning: {opened.folder} was not trained on the {given.split} split of this data")
    return opened, used


def _counted(given: AddingOptions) -> Callable[[Any, int, str], Any]:
    progress = given.progress()
    return lambda work, total, doing: progress.through(work, total=total, doing=doing)


def _end(written: Checkpoint, part: Part, exit_code: int) -> None:
    """Says why the run ended, and ends the command."""
    from symbolic_embed.training.card import RECORDS

    typer.echo(f"{written.folder}: {written.card[RECORDS[part]]['ended']}", err=True)
    raise typer.Exit(exit_code)
