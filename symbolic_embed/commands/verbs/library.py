"""`symbolic-embed library build|remove|info LIB`, `library cache`: music that is kept, to be searched."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.indexing import Teller
from symbolic_embed.commands.shared.inputs import STDIN, all_named, in_use, walked
from symbolic_embed.commands.shared.kept_recordings import (
    recordings_added,
    recordings_of,
    recordings_removed,
    require_encoder,
    without_recordings,
)
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.parameters import taking, taking_options
from symbolic_embed.errors import SymbolicEmbedError, UsageError, printable
from symbolic_embed.presenting.tables import aligned
from symbolic_embed.requests import BuildLibraryRequest

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder

Place = Annotated[str, typer.Argument(metavar="LIB", help="The library: a folder of its own, made if need be.")]

library = typer.Typer(
    help="Music that is kept, to be searched again and again: build a library, look at it, remove from it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@dataclass(frozen=True, kw_only=True)
class BuildOptions(options.ByModel):
    """What the command line adds to a BuildLibraryRequest."""

    place: Place
    recordings: options.Recordings = None
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Processes that read, and threads that embed.", show_default="one a core"
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class RemoveOptions(options.Options):
    """What is removed from which library."""

    place: Place
    paths: Annotated[list[str], typer.Argument(metavar="PATHS...", help="Files and folders, as they were named.")]


@dataclass(frozen=True, kw_only=True)
class InfoOptions(options.Options):
    """What is said of which library."""

    place: Place
    format: Annotated[Literal["table", "json"], typer.Option(help="For people (table), or for programs.")] = "table"


@dataclass(frozen=True, kw_only=True)
class CacheOptions(options.Options):
    """What is asked of the cache."""

    clear: Annotated[bool, typer.Option("--clear", help="Throw away all that is in it.")] = False
    format: Annotated[Literal["table", "json"], typer.Option(help="For people (table), or for programs.")] = "table"


@library.command()
@taking(BuildLibraryRequest, BuildOptions)
def build(request: BuildLibraryRequest, given: BuildOptions) -> None:
    """Add files and folders to a library, which is made where there is none.

    What is there by its content is not embedded again, whatever it is called now; a file that is unchanged is not even
    opened; one that has changed is read again. What is gone from the folders stays, unless --prune forgets it. Files
    are read by processes of their own, within limits of time and memory: one that kills its reader is named, and costs
    itself alone. Files that cannot be used are remembered, and named again each time. Ctrl-C, or whatever else ends the
    command, costs the last seconds of work; the same command goes on.

    Paths are kept as they are named here: give the folders in the same way each time, from the same place, or in full.
    A library holds music as one checkpoint embeds it, and reads files in one way (--join-channels or not). Several
    machines share the work with --shard 1/4 ... 4/4, each into a library of its own, or with --engine ray.

    Recordings (those that are named, and with --recordings those in folders) are kept as they are heard, of a long one
    its first ten minutes: rank --by sound compares them.
    """
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.library.adding import Addition, opened_or_new

    named = all_named(given.inputs, names_from=given.files_from)
    if STDIN in named:
        raise UsageError("stdin (-) is no file that a library could keep; save it to one, and name that")
    everything, checkpoint = walked(named, recordings=given.recordings), open_checkpoint(given.checkpoint)
    found, recordings = without_recordings(everything)
    require_encoder(checkpoint, recordings)
    jobs = options.cores(given.jobs)

    def embedder() -> Embedder:
        from symbolic_embed.commands.shared.threads import use_threads
        from symbolic_embed.embedding.embedder import Embedder

        use_threads(1)
        return Embedder.of(checkpoint, jobs=jobs)

    has_passages = checkpoint.holds("passages")
    opening = opened_or_new(given.place, request, checkpoint=checkpoint.embedding_hash, has_passages=has_passages)
    with closing(opening) as opened:
        readers = given.jobs if request.engine == "ray" else jobs
        addition = Addition(opened, request, embedder, jobs=readers, max_bytes=given.max_bytes)
        meant = addition.meant(found, place=given.place)
        heard = addition.meant(recordings, place=given.place)
        read = in_use(everything, given.files_from, given.checkpoint, given.place)
        with Teller(
            given.progress(), given.place, total=len(meant) + len(heard), report=given.report, in_use=read
        ) as teller:
            addition.add(meant, teller.told)
            kept = recordings_added(opened, checkpoint, heard, teller.told)
            teller.tell_gone(len(addition.gone(named, meant)), is_pruned=request.prune)
        teller.tell_result(len(opened) + kept)
    raise typer.Exit(teller.exit_code)


@library.command()
@taking_options(RemoveOptions)
def remove(given: RemoveOptions) -> None:
    """Forget files, and those in folders; nothing on the disk is touched but the library."""
    from symbolic_embed.library.contents import remove as removed
    from symbolic_embed.library.stores.opening import open_library

    with closing(open_library(given.place)) as opened:
        count = removed(opened, given.paths) + recordings_removed(opened, given.paths)
    if not count:
        names = ", ".join(map(printable, given.paths))
        raise SymbolicEmbedError(f"{printable(given.place)} has no file {names}; `library info` says what it has")
    given.progress().tell(f"{printable(given.place)}: {count:,} files forgotten")


@library.command()
@taking_options(InfoOptions)
def info(given: InfoOptions) -> None:
    """What a library has: files, pieces, bars, parts, rows that are searched, bytes; and what has changed since."""
    from symbolic_embed.library.contents import contents
    from symbolic_embed.library.stores.opening import open_library

    with closing(open_library(given.place)) as opened:
        known = asdict(contents(opened)) | {"recordings": recordings_of(opened)}
    say(json.dumps(known) + "\n" if given.format == "json" else _table(known))


@library.command()
@taking_options(CacheOptions)
def cache(given: CacheOptions) -> None:
    """What is kept in your cache of plain files that were searched: where, how many pieces, how many bytes.

    `rank`, `find`, `next`, `order`, `duplicates`, `map` and `compare` keep there what they embed, and use it the next
    time; with --no-cache they do neither. It holds no more than their --cache-size, and can be deleted at any time.
    """
    from symbolic_embed.library.cached import clear, contents

    if given.clear:
        clear()
    known = asdict(contents()) | {"most_bytes": round(options.CACHE_GB * 1e9)}
    say(json.dumps(known) + "\n" if given.format == "json" else _table(known, of="of the cache"))


def _table(known: dict[str, Any], *, of: str = "of the library") -> str:
    lines: list[list[object]] = []
    for name, value in known.items():
        name = name.replace("_", " ")
        if isinstance(value, dict):
            lines += [[f"{name}: {one}", _told(count)] for one, count in value.items()]
        else:
            lines.append([name, _told(value)])
    return "".join(line + "\n" for line in aligned(lines, header=(of, "has"), right={"has"}))


def _told(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
