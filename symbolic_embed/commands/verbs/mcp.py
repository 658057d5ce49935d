"""`symbolic-embed mcp`: the verbs as tools of an assistant, on stdin and stdout."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking_options
from symbolic_embed.errors import UsageError

if TYPE_CHECKING:
    from symbolic_embed.api.session import Session


@dataclass(frozen=True, kw_only=True)
class McpOptions(options.Options):
    """What an assistant is given."""

    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of clips; nothing outside is read or written.")
    ] = Path(".")
    library: Annotated[
        list[str] | None,
        typer.Option(metavar="LIB", help="A library that may be searched; may be given several times."),
    ] = None
    checkpoint: options.Checkpoint = None


@taking_options(McpOptions)
def mcp(given: McpOptions) -> None:
    """Tools for an assistant that speaks the Model Context Protocol, over stdin and stdout.

    The assistant reads clips in the folder as notes, chords and scale, has them varied, continued, filled, accompanied,
    blended and checked, searches the libraries, and writes clips of its own. Nothing outside the folder is read or
    written, but files that a library lists, and nothing is overwritten. It is started by the assistant's program, whose
    settings name this command (`docs/guides/assistants.md`), and ends when that closes its stdin.
    """
    from symbolic_embed.assistant.folder import WorkFolder
    from symbolic_embed.assistant.workplace import Workplace, library_names
    from symbolic_embed.commands.app import INTERRUPTED

    try:
        import anyio

        from symbolic_embed.assistant.serving import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "anyio"):
            raise
        way_out = "`pip install symbolic-embed[mcp]` installs it"
        raise UsageError(f"mcp: the Model Context Protocol's package is not installed; {way_out}") from None
    place = Workplace(WorkFolder(str(given.folder)), library_names(given.library or []), lambda: _session(given))
    try:
        with closing(place):
            anyio.run(serve, place)
    except KeyboardInterrupt:  # the thread that waits for stdin would keep the process until the client closes it
        typer.echo("interrupted", err=True)
        os._exit(INTERRUPTED)


def _session(given: McpOptions) -> Session:
    """The model, which computes with one thread, as all verbs do."""
    from symbolic_embed.api.session import Session
    from symbolic_embed.commands.shared.threads import use_threads

    use_threads(1)
    return Session(given.checkpoint)
