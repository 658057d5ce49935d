"""`train`: a model of one's own, from a folder of MIDI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from symbolic_embed.commands.shared.music_data import exit_code_of, prepared, training_data

if TYPE_CHECKING:
    from symbolic_embed.embedding.checkpoint import Checkpoint
    from symbolic_embed.training.card import Part

train = typer.Typer(
    help="Train an embedder, or a composer on top of one, on a folder of MIDI.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)

Data = Annotated[
    list[Path],
    typer.Option("--data", metavar="FOLDER|MANIFEST", help="A folder of MIDI, one with meta.jsonl, or a manifest."),
]
Music = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the music of a manifest lies.")]
Out = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the checkpoint goes.")]
From = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE", help="A settings.json, as a run writes it; options win.")
]
Minutes = Annotated[float | None, typer.Option(help="How long to train.")]
Batches = Annotated[int | None, typer.Option(help="How many batches, where the result must not depend on the clock.")]
Rate = Annotated[float | None, typer.Option(help="The highest learning rate.")]
Seed = Annotated[int | None, typer.Option(help="Another seed, other weights.")]
Threads = Annotated[int | None, typer.Option(help="Threads of one training process.")]
Precision = Annotated[
    Literal["auto", "float32", "bfloat16"] | None,
    typer.Option(help="Of matrix products; auto measures which is faster here.", show_default="auto"),
]
Session = Annotated[
    float | None,
    typer.Option(
        "--session-minutes",
        min=0.0,
        metavar="M",
        help="Stop after M minutes and save; --resume goes on. --minutes stays the length of the whole run.",
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the run in DIR.")]
AllowStudy = Annotated[
    bool | None,
    typer.Option(
        "--allow-study",
        help="Train on files that no model may learn from that is passed on; the card then says so.",
        show_default="left out",
    ),
]


@train.command()
def embedder(
    data: Data,
    output: Out,
    objective: Annotated[
        str | None, typer.Option(metavar="adssm|adjacency|none", help="Which bar comes next, and how.")
    ] = None,
    prior: Annotated[
        str | None,
        typer.Option(metavar="gaussian|uniform|kl|none", help="What embeddings should be distributed like, and how."),
    ] = None,
    representation: Annotated[
        str | None, typer.Option(metavar="pianoroll|events", help="What the encoder reads.")
    ] = None,
    metre: Annotated[
        bool | None,
        typer.Option("--metre/--no-metre", help="Tell the encoder how long its windows are.", show_default="metre"),
    ] = None,
    similarity: Annotated[str | None, typer.Option(metavar="euclidean|cosine", help="Nearness, in adssm.")] = None,
    dim: Annotated[int | None, typer.Option(help="Numbers in an embedding.")] = None,
    pairs: Annotated[int | None, typer.Option(help="Anchors and positives in a batch.")] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="EMBEDDER", help="Start from its weights instead of fresh ones, in a model of its size."),
    ] = None,
    minutes: Minutes = None,
    batches: Batches = None,
    learning_rate: Rate = None,
    seed: Seed = None,
    threads: Threads = None,
    precision: Precision = None,
    settings: From = None,
    music: Music = None,
    allow_study: AllowStudy = None,
    session_minutes: Session = None,
    resume: Resume = False,
) -> None:
    """Train encoder and decoder. Ctrl-C saves, --resume goes on."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.training.embedder import train_embedder
    from symbolic_embed.training.running import RunPlan
    from symbolic_embed.training.settings import EmbedderTraining, model_options, settings_of

    start = open_checkpoint(checkpoint) if checkpoint else None
    plan = RunPlan(output, resume, session_minutes, start)
    plan.require_new()
    options = _given(objective=objective, prior=prior, similarity=similarity, minutes=minutes, batches=batches)
    options |= _given(pairs=pairs, learning_rate=learning_rate, seed=seed, threads=threads, precision=precision)
    options |= _given(allow_study=allow_study)
    model = _given(representation=representation, metre=metre, dim=dim)
    model = model_options(model, prior=prior, start=start.card if start else None)
    chosen = settings_of(EmbedderTraining, file=settings, resumed=plan.resumed_settings, options=options, model=model)
    use_threads(chosen.threads)
    music_of = training_data(data, music, allow_study=chosen.allow_study)
    _end(train_embedder(music_of, chosen, plan), "embedder", exit_code_of(music_of.corpus))


@train.command()
def composer(
    data: Data,
    output: Out,
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="EMBEDDER", help="The embedder to build on; default: the bundled one.")
    ] = None,
    start: Annotated[
        Path | None, typer.Option("--from", metavar="COMPOSER", help="Start from its weights instead of fresh ones.")
    ] = None,
    minutes: Minutes = None,
    batches: Batches = None,
    learning_rate: Rate = None,
    seed: Seed = None,
    threads: Threads = None,
    precision: Precision = None,
    settings: From = None,
    music: Music = None,
    allow_study: AllowStudy = None,
    session_minutes: Session = None,
    resume: Resume = False,
) -> None:
    """Train a composer on a finished embedder; the result holds both."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.training.composer import train_composer
    from symbolic_embed.training.running import RunPlan
    from symbolic_embed.training.settings import ComposerTraining, settings_of

    opened, started = open_checkpoint(checkpoint), open_checkpoint(start) if start else None
    plan = RunPlan(output, resume, session_minutes, started)
    plan.require_new()
    options = _given(minutes=minutes, batches=batches, learning_rate=learning_rate, seed=seed, threads=threads)
    options |= _given(precision=precision, allow_study=allow_study)
    chosen = settings_of(ComposerTraining, file=settings, resumed=plan.resumed_settings, options=options)
    use_threads(chosen.threads)
    music_of = training_data(data, music, allow_study=chosen.allow_study)
    _end(train_composer(music_of, chosen, plan, checkpoint=opened), "composer", exit_code_of(music_of.corpus))


@train.command()
def fingerprint(
    data: Data,
    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The checkpoint trained on it; default: the bundled one."),
    ] = None,
    split: Annotated[str, typer.Option(help="The part of the data that was trained on.")] = "train",
    music: Music = None,
) -> None:
    """Add to a checkpoint a fingerprint of its training data: `compose` and `vary` then say what they share with it.

    It holds hashes of runs of notes and of bars, as many as fit into 4 MB; no note can be read from it. The bars are
    hashed by the checkpoint's embedder, so after training another one it is made anew. That of the bundled checkpoint:

    symbolic-embed train fingerprint --data datasets/bundled_checkpoint.json --music FOLDER
    """
    from symbolic_embed.commands.shared.progress import Progress
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.training.fingerprint import add_fingerprint, is_trained_on, trained_corpus

    use_threads()
    opened, progress = open_checkpoint(checkpoint), Progress()
    collection, corpus = prepared(data, music)
    used = trained_corpus(opened, collection, corpus, split=split)
    if not is_trained_on(opened, used, split=split):
        progress.tell(f"warning: {opened.folder} was not trained on the {split} split of this data")

    def counted(work: Any, total: int, doing: str) -> Any:
        return progress.through(work, total=total, doing=doing)

    made = add_fingerprint(opened, used, split=split, progress=counted)
    of_bars = f"{made.bars:,} of {made.of:,} bars kept" if made.bars else "no bars kept"
    chance = f"{made.card['found_by_chance']:.1%} found by chance"
    typer.echo(f"{made.path}: {made.card['runs']:,} runs, {chance}; {of_bars}", err=True)
    raise typer.Exit(exit_code_of(corpus))


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _end(written: Checkpoint, part: Part, exit_code: int) -> None:
    """Says why the run ended, and ends the command."""
    from symbolic_embed.training.card import RECORDS

    typer.echo(f"{written.folder}: {written.card[RECORDS[part]]['ended']}", err=True)
    raise typer.Exit(exit_code)
