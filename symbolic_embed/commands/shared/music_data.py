"""The music that training and evaluation are given: named by the user, prepared once, kept in a cache."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symbolic_embed.commands.shared import options

if TYPE_CHECKING:
    from symbolic_embed.corpus.collection import Collection
    from symbolic_embed.corpus.licences import TrainingData
    from symbolic_embed.corpus.prepared import PreparedCorpus


@dataclass(frozen=True, kw_only=True)
class Music(options.Options):
    """Where the music is that a command trains or tests on."""

    data: Annotated[
        list[Path],
        typer.Option(metavar="FOLDER|MANIFEST", help="A folder of MIDI, one with meta.jsonl, or a manifest."),
    ]
    music: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the music of a manifest lies.")] = None


def prepared(given: Music) -> tuple[Collection, PreparedCorpus]:
    """The collection that the user named, and its bars, prepared now or earlier; rejected files are named each time."""
    from symbolic_embed.corpus.collection import load_collection
    from symbolic_embed.corpus.prepared import prepare
    from symbolic_embed.errors import printable
    from symbolic_embed.files import user_cache

    progress = given.progress()
    collection = load_collection(given.data, music=given.music)

    def counted(entries: Any) -> Iterator[Any]:
        return progress.through(entries, total=len(collection.entries), doing="preparing")

    def rejected(entry: Any, reason: str) -> None:
        progress.tell(f"rejected: {printable(str(entry.path))}: {reason}", needed=True)

    return collection, prepare(collection, cache=user_cache(), progress=counted, rejected=rejected)


def training_data(given: Music, *, allow_study: bool) -> TrainingData:
    """What of the same may train a model; how many files may not is said."""
    from symbolic_embed.corpus.licences import TrainingData

    chosen = TrainingData.of(*prepared(given), allow_study=allow_study)
    if message := chosen.message():
        given.progress().tell(message)
    return chosen


def exit_code_of(corpus: PreparedCorpus) -> int:
    """What a command ends with that has done its work on prepared music: 3 where files were rejected."""
    from symbolic_embed.commands.shared.inputs import REJECTED

    return REJECTED if corpus.rejected else 0
