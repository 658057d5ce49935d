"""`train`: a model of one's own, from a folder of MIDI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from symbolic_embed.commands.shared.music_data import prepared

if TYPE_CHECKING:
    from symbolic_embed.settings import Settings

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
    session_minutes: Session = None,
    resume: Resume = False,
) -> None:
    """Train encoder and decoder. Ctrl-C saves, --resume goes on."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.embedding.model import ModelSettings
    from symbolic_embed.training.embedder import train_embedder
    from symbolic_embed.training.settings import EmbedderTraining

    start = open_checkpoint(checkpoint) if checkpoint else None
    collection, corpus = prepared(data, music)
    # Of its own accord: the means of a variational autoencoder must lie anywhere.
    model = _given(
        representation=representation, metre=metre, dim=dim, bounded=None if prior is None else prior != "kl"
    )
    if start is not None:
        model = {**ModelSettings.of_card(start.card).model_dump(), **model}
    options = _given(objective=objective, prior=prior, similarity=similarity, minutes=minutes, batches=batches)
    options |= _given(pairs=pairs)
    options |= _given(learning_rate=learning_rate, seed=seed, threads=threads, precision=precision)
    chosen = _settings(EmbedderTraining, output, settings, resume=resume, options=options, model=model)
    _require_new(output, resume=resume)
    going_on = {"resume": resume, "session_minutes": session_minutes, "start": start}
    attributions = collection.attributions
    use_threads(chosen.threads)
    written = train_embedder(corpus, settings=chosen, folder=output, attributions=attributions, **going_on)
    typer.echo(f"{written.folder}: {written.card['training']['ended']}", err=True)


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
    session_minutes: Session = None,
    resume: Resume = False,
) -> None:
    """Train a composer on a finished embedder; the result holds both."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.training.composer import train_composer
    from symbolic_embed.training.settings import ComposerTraining

    opened, started = open_checkpoint(checkpoint), open_checkpoint(start) if start else None
    _, corpus = prepared(data, music)
    options = _given(
        minutes=minutes, batches=batches, learning_rate=learning_rate, seed=seed, threads=threads, precision=precision
    )
    chosen = _settings(ComposerTraining, output, settings, resume=resume, options=options)
    _require_new(output, resume=resume)
    going_on = {"resume": resume, "session_minutes": session_minutes, "start": started}
    use_threads(chosen.threads)
    written = train_composer(corpus, checkpoint=opened, settings=chosen, folder=output, **going_on)
    typer.echo(f"{written.folder}: {written.card['composer_training']['ended']}", err=True)


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
    from dataclasses import replace

    from symbolic_embed.commands.shared.progress import Progress
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import bundled_folder, open_checkpoint, rewrite_card, write_durably
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

    use_threads()
    opened = open_checkpoint(checkpoint)
    embedder = Embedder.of(opened)
    _, corpus = prepared(data, music)
    progress = Progress()

    def counted(work: Any, total: int, doing: str) -> Any:
        return progress.through(work, total=total, doing=doing)

    if corpus.split_hash(split) != opened.card.get("training", {}).get("splits", {}).get(split):
        progress.tell(f"warning: {opened.folder} was not trained on the {split} split of this data")
    blocks = -(-len(corpus.pieces_of(split)) // PIECES_AT_ONCE)
    runs = list(progress.through(corpus_runs(corpus, split=split), total=blocks, doing="reading"))
    sets = sorted({corpus.pieces[piece].set_name for piece in corpus.pieces_of(split)})
    made = fingerprint_of(runs, source=f"{split} split of {', '.join(sets)}")
    room = MOST_BYTES - len(save_fingerprint(made)[0])
    bars = kept_bars(corpus, embedder, split=split, room=room, progress=counted)
    content, said = save_fingerprint(replace(made, bars=bars))
    folder = checkpoint or bundled_folder()
    write_durably(folder / FILE, content)
    rewrite_card(opened, {**opened.card, "fingerprint": said})
    of_bars = f"{len(bars):,} of {bars.of:,} bars kept" if bars else "no bars kept"
    about = f"{said['runs']:,} runs, {said['found_by_chance']:.1%} found by chance; {of_bars}"
    typer.echo(f"{folder / FILE}: {about}", err=True)


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _settings(
    kind: type[Settings],
    output: Path,
    file: Path | None,
    *,
    resume: bool,
    options: dict[str, Any],
    model: dict[str, Any] | None = None,
) -> Any:
    """The settings of a run: those of the file (when resuming, of the run itself), with the options over them."""
    from symbolic_embed.training.running import RUN, SETTINGS

    earlier = output / RUN / SETTINGS
    source = file or (earlier if resume and earlier.exists() else None)
    read = kind.from_file(source) if source else None
    values = read.model_dump() if read else {}
    if source == earlier and "model" in values and "metre" not in read.model.model_fields_set:
        values["model"]["metre"] = False  # a run from before encoders were told
    if model:
        values["model"] = {**values.get("model", {}), **model}
    return kind(**{**values, **options})


def _require_new(output: Path, *, resume: bool) -> None:
    from symbolic_embed.embedding.checkpoint import CARD
    from symbolic_embed.errors import OutputExistsError

    if (output / CARD).exists() and not resume:
        raise OutputExistsError(output / CARD)
