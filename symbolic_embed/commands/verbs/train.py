"""`train`: a model of one's own, from a folder of MIDI.

A run says what it has read and how that was split, what it knows of held-out pieces as it goes, and ends with a table
of them (`shared.held_out`), what lies where, and the next command (`shared.next_command`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import typer

from symbolic_embed.commands.shared.finished import counted, finished
from symbolic_embed.commands.shared.music_data import exit_code_of, training_data
from symbolic_embed.commands.shared.own_music import tell_music
from symbolic_embed.commands.shared.parameters import taking_options
from symbolic_embed.commands.shared.training_options import (
    BUDGET,
    MODEL,
    OBJECTIVES,
    AddingOptions,
    ComposerOptions,
    EmbedderOptions,
    PartOptions,
    PassageOptions,
    RunOptions,
)
from symbolic_embed.encodings.sound import SOUND_KINDS as RECORDED
from symbolic_embed.errors import CheckpointError

if TYPE_CHECKING:
    from symbolic_embed.commands.shared.next_command import Typed
    from symbolic_embed.corpus.prepared import PreparedCorpus
    from symbolic_embed.embedding.checkpoint import Checkpoint
    from symbolic_embed.training.card import Part
    from symbolic_embed.training.settings import BudgetSettings

Chosen = TypeVar("Chosen", bound="BudgetSettings")

train = typer.Typer(
    help="Train an embedder, or a composer, a passage encoder, an anchor on top of one, on a folder of MIDI.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@train.command()
@taking_options(EmbedderOptions)
def embedder(given: EmbedderOptions) -> None:
    """Train encoder and decoder. Ctrl-C saves, --resume goes on; for a small folder: --from bundled.

    With --representation chroma or mfcc: an encoder of recordings, so that they lie where their MIDI does.
    """
    if given.representation in RECORDED:
        from symbolic_embed.commands.shared.sound_training import train_on_recordings

        train_on_recordings(given)
    from symbolic_embed.commands.shared.next_command import Typed
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.evaluation.own_pieces import quick_score
    from symbolic_embed.training.card import origin_of
    from symbolic_embed.training.embedder import train_embedder
    from symbolic_embed.training.processes import require_place
    from symbolic_embed.training.running import RunPlan
    from symbolic_embed.training.settings import EmbedderTraining, model_options, settings_of

    start = given.opened_start()
    plan = RunPlan(given.output, given.resume, given.session_minutes, start, given.progress())
    plan.require_new()
    model = model_options(given.chosen(*MODEL), prior=given.prior, start=start.card if start else None)
    chosen = settings_of(
        EmbedderTraining,
        file=given.settings,
        resumed=plan.resumed_settings,
        options=given.chosen(*OBJECTIVES, *BUDGET),
        model=model,
        fine_tuning=start is not None,
    )
    use_threads(chosen.threads)
    require_place(chosen)
    data, fine_tuning = training_data(given, allow_study=chosen.allow_study), bool(origin_of(plan, "embedder"))
    tell_music(data.corpus, plan.progress, fine_tuning=fine_tuning)
    plan = replace(plan, held_out=quick_score(data.corpus, split="valid"))
    typed = Typed(("train", "embedder"), given, fine_tuning)
    with typed.offering_to_go_on(plan.progress):
        written = train_embedder(data, chosen, plan)
    _end(given, "embedder", written, data.corpus, typed)


@train.command()
@taking_options(ComposerOptions)
def composer(given: ComposerOptions) -> None:
    """Train a composer on a finished embedder; the result holds both. Ctrl-C saves, --resume goes on; for a small
    folder: --from bundled."""
    from symbolic_embed.commands.shared.next_command import Typed
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.training.card import origin_of
    from symbolic_embed.training.composer import train_composer
    from symbolic_embed.training.processes import require_place
    from symbolic_embed.training.running import RunPlan
    from symbolic_embed.training.settings import ComposerTraining, settings_of

    opened, start = open_checkpoint(given.checkpoint), open_checkpoint(given.start) if given.start else None
    plan = RunPlan(given.output, given.resume, given.session_minutes, start, given.progress())
    plan.require_new()
    chosen = settings_of(
        ComposerTraining,
        file=given.settings,
        resumed=plan.resumed_settings,
        options=given.chosen(*BUDGET),
        fine_tuning=start is not None,
    )
    use_threads(chosen.threads)
    require_place(chosen)
    data, fine_tuning = training_data(given, allow_study=chosen.allow_study), bool(origin_of(plan, "composer"))
    tell_music(data.corpus, plan.progress, fine_tuning=fine_tuning)
    words = ("--checkpoint", str(given.checkpoint)) if given.checkpoint else ()
    typed = Typed(("train", "composer", *words), given, fine_tuning)
    with typed.offering_to_go_on(plan.progress):
        written = train_composer(data, chosen, plan, checkpoint=opened)
    _end(given, "composer", written, data.corpus, typed)


@train.command()
@taking_options(PassageOptions)
def passages(given: PassageOptions) -> None:
    """Add to a checkpoint a passage encoder: a vector for every two, four and eight bars. Ctrl-C saves, --resume goes
    on.

    `rank` and `compare --by passages` and `embed --level passage` need it. The checkpoint's other parts stay as they
    are; the run lies in DIR/passages.
    """
    from symbolic_embed.training.passages import train_passages
    from symbolic_embed.training.settings import PassageTraining

    _add_part(given, "passages", PassageTraining, train_passages)


@train.command()
@taking_options(PartOptions)
def anchor(given: PartOptions) -> None:
    """Add to a checkpoint an anchor: from one to eight bars, what comes next. Ctrl-C saves, --resume goes on.

    The checkpoint's other parts stay as they are; the run lies in DIR/anchor.
    """
    from symbolic_embed.training.anchor import train_anchor
    from symbolic_embed.training.settings import AnchorTraining

    _add_part(given, "anchor", AnchorTraining, train_anchor)


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

    opened, used = finished(given)
    made = add_fingerprint(opened, used, split=given.split, progress=counted(given))
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

    opened, used = finished(given)
    made = add_prior_map(opened, used, split=given.split, progress=counted(given))
    if made is None:
        raise CheckpointError(
            f"{opened.folder}: no map for an embedder that is not bounded, or from fewer distinct cells than "
            f"{CELLS_A_COORDINATE} for each number of an embedding; nothing was done, name more music in --data"
        )
    typer.echo(f"{made.folder / FILE}: fitted to {made.card[CARD_KEY]['cells']:,} cells", err=True)
    raise typer.Exit(exit_code_of(used))


def _add_part(given: PartOptions, part: Part, kind: type[Chosen], trained: Callable[..., Checkpoint]) -> None:
    """Trains a part of a finished checkpoint into it, says why the run ended, and ends the command."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint, own_folder
    from symbolic_embed.training.card import RECORDS
    from symbolic_embed.training.parts import part_plan
    from symbolic_embed.training.processes import require_place
    from symbolic_embed.training.running import RunPlan
    from symbolic_embed.training.settings import settings_of

    opened = open_checkpoint(own_folder(given.checkpoint))
    plan = RunPlan(opened.folder, given.resume, given.session_minutes, given.opened_start(), given.progress())
    plan = part_plan(opened, plan, part, force=given.force)
    chosen = settings_of(kind, file=given.settings, resumed=plan.resumed_settings, options=given.chosen(*BUDGET))
    use_threads(chosen.threads)
    require_place(chosen)
    data = training_data(given, allow_study=chosen.allow_study)
    tell_music(data.corpus, plan.progress, fine_tuning=part == "anchor" or plan.start is not None)  # it has no start
    written = trained(data, chosen, plan, checkpoint=opened)
    plan.progress.tell(f"{written.folder / part}.safetensors: {written.card[RECORDS[part]]['ended']}")
    raise typer.Exit(exit_code_of(data.corpus))


def _end(given: RunOptions, part: Part, written: Checkpoint, corpus: PreparedCorpus, typed: Typed) -> None:
    """Shows what was learnt, unless the run goes on in another session; says why it ended, what lies where and what to
    type next; and ends the command."""
    from symbolic_embed.commands.shared import held_out
    from symbolic_embed.training.card import RECORDS

    progress, ended = given.progress(), written.card[RECORDS[part]]["ended"]
    if ended == "session over":
        following = typed.resumed()
    else:
        rows_of = held_out.embedder_rows if part == "embedder" else held_out.composer_rows
        held_out.show(list(rows_of(written, corpus, progress)), progress, form=given.format)
        following = typed.composer() if part == "embedder" else typed.compose(corpus)
    parts = ", ".join(f"{name}.safetensors" for name in written.card["weights"])
    progress.tell(f"{written.folder}: {ended}")
    progress.tell(f"written: {parts} and card.json; in run: curves.csv (losses, held-out scores), settings.json")
    progress.tell(f"next: {following}")
    raise typer.Exit(exit_code_of(corpus))
