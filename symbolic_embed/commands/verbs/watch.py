"""`symbolic-embed watch FOLDER`: drop a clip, and variations and neighbours appear beside it."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import REJECTED
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.errors import SymbolicEmbedError, UsageError, printable
from symbolic_embed.requests import WatchRequest

if TYPE_CHECKING:
    from symbolic_embed.api.session import Session
    from symbolic_embed.watching.neighbours import Opens


@dataclass(frozen=True, kw_only=True)
class WatchOptions(options.Options):
    """What the command line adds to a WatchRequest."""

    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder that clips are dropped into.")]
    library: Annotated[
        str | None, typer.Option(metavar="LIB", help="Neighbours from this library; `library build` makes one.")
    ] = None
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Or: neighbours from the music of this folder.")
    ] = None
    once: Annotated[bool, typer.Option("--once", help="Do what is there, and end.")] = False
    interval: Annotated[
        float, typer.Option(min=0.05, max=3600, metavar="SECONDS", help="How often the folder is looked at.")
    ] = 1.0
    checkpoint: options.Checkpoint = None


@taking(WatchRequest, WatchOptions)
def watch(request: WatchRequest, given: WatchOptions) -> None:
    """Watch a folder for any DAW: drop a clip, and variations of it, and its neighbours, appear beside it.

    What is made of riff.mid lies in riff.variants: neighbours (copies, the nearest first) and new clips with their
    records, each with its distance in its name; the folder's path is printed when all is there. The clip is never
    touched, nothing is overwritten, and one that is still being written is waited for. A clip that has changed is done
    again, in riff.variants-2; so are all where something else is asked. What is done stays done when the command is
    started again; delete its folder to have it done anew. A clip that cannot be read is named once, and looked at again
    when it changes. The command ends with Ctrl-C, or, with --once, when all is done: 3 where some clips were rejected,
    1 where all were.
    """
    from symbolic_embed.api.session import Session
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.watching.making import Workshop
    from symbolic_embed.watching.watch import Watch

    if given.folder.is_file():
        raise UsageError(f"`folder` {printable(str(given.folder))}: is a file; name the folder that it lies in")
    if not given.folder.is_dir():
        raise UsageError(f"`folder` {printable(str(given.folder))}: there is no such folder; make it first")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it leaves nothing half-written
    use_threads(1)
    progress, session = given.progress(), Session(given.checkpoint)
    opens = _opens(given, session)
    _ = session.composer if {"compose", "accompany"} & set(request.verbs) else session.embedder
    watched = Watch(
        str(given.folder),
        Workshop(session, request, opens, progress.counting),
        _asked(request, given),
        progress,
        finished=lambda place: typer.echo(printable(str(place))),
        interval=given.interval,
    )
    if not given.once:
        progress.tell(f"watching {printable(str(given.folder))}; Ctrl-C ends it")
        watched.forever()
    watched.once()
    if watched.rejected and not watched.done:
        raise SymbolicEmbedError(f"nothing was done: {watched.rejected:,} of {watched.rejected:,} clips were rejected")
    raise typer.Exit(REJECTED if watched.rejected else 0)


def _opens(given: WatchOptions, session: Session) -> Opens | None:
    """What opens the library of neighbours; None where none was named. Raises LibraryError for one that is not there,
    UsageError where two places were named."""
    from symbolic_embed.api.collecting import Collection
    from symbolic_embed.library.stores.opening import open_library
    from symbolic_embed.watching.places import is_of_ours

    if given.library is not None and given.source is not None:
        raise UsageError("a library and a folder of neighbours were named; leave out `library`, or `source`")
    if given.source is not None:
        if not given.source.is_dir():
            raise UsageError(f"`source` {printable(str(given.source))}: there is no such folder", field="source")
        return Collection(given.source, apart_from=is_of_ours).opened
    if given.library is None:
        return None
    place = given.library
    open_library(place, checkpoint=session.embedder.embedding_hash).close()
    return lambda session: open_library(place, checkpoint=session.embedder.embedding_hash)


def _asked(request: WatchRequest, given: WatchOptions) -> dict[str, Any]:
    """All that was asked, as it is written down with what was made."""
    places = {"library": given.library, "from": given.source, "checkpoint": given.checkpoint}
    return {**request.model_dump(mode="json"), **{name: place and str(place) for name, place in places.items()}}
