"""`symbolic-embed serve`: the page, and the verbs over HTTP."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.client import TOKEN
from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking_options
from symbolic_embed.errors import UsageError

SHORTEST_TOKEN = 16


@dataclass(frozen=True, kw_only=True)
class ServeOptions(options.Options):
    """What is served, where, to whom."""

    library: Annotated[
        list[str] | None,
        typer.Option(metavar="LIB", help="A library to be searched there; several times for several."),
    ] = None
    port: Annotated[int, typer.Option(min=0, max=65_535, metavar="N", help="0: any that is free.")] = 8765
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen. Any other than loopback demands a token.")
    ] = "127.0.0.1"
    token: Annotated[
        str | None,
        typer.Option(
            envvar=TOKEN,
            metavar="TEXT",
            help=f"What clients must show; {TOKEN} keeps it out of lists of processes.",
            show_default="on loopback none, else one is made and printed",
        ),
    ] = None
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name by which the server may be called, beside its address."),
    ] = None
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, metavar="N", help="Processes that work, each with the model.", show_default="2"),
    ] = None
    waiting: Annotated[int, typer.Option(min=1, metavar="N", help="How many requests may wait.")] = 64
    seconds: Annotated[float, typer.Option(min=1, metavar="S", help="How long a request may take.")] = 600.0
    memory: Annotated[float, typer.Option(min=1, metavar="GB", help="How much memory a worker may have.")] = 4.0
    checkpoint: options.Checkpoint = None

    def is_on_loopback(self) -> bool:
        """Whether nobody but this machine reaches it."""
        return self.host in ("127.0.0.1", "::1", "localhost")


@taking_options(ServeOptions)
def serve(given: ServeOptions) -> None:
    """Serve the page and the verbs over HTTP, from a model that stays loaded, until Ctrl-C.

    On loopback alone unless --host says otherwise; then a token is demanded, which is printed unless --token gives it.
    What is sent is read by processes of their own, within limits; a request takes no path and no address. `/api`
    describes the interface. `--at http://127.0.0.1:8765` has the other commands use this server.
    """
    token = _token(given)

    from symbolic_embed.commands.remote.offered import offered
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.playing.sound import can_render
    from symbolic_embed.server.app import Served, application
    from symbolic_embed.server.crew import Employment
    from symbolic_embed.server.guarding import LOOPBACK, Rules
    from symbolic_embed.server.libraries import Libraries
    from symbolic_embed.server.running import bound, called, run
    from symbolic_embed.understanding import understand
    from symbolic_embed.workers import Limits

    checkpoint = open_checkpoint(given.checkpoint)
    workers = given.workers or min(2, options.cores(None))
    served = Served(
        offered(),
        Employment(
            "symbolic_embed.commands.remote.worker",
            None if given.checkpoint is None else Path(os.path.abspath(given.checkpoint)),
            count=workers,
            threads=max(1, options.cores(None) // workers),
            most_waiting=given.waiting,
            limits=Limits(seconds=given.seconds, memory=round(given.memory * (1 << 30))),
        ),
        Rules(
            hosts=LOOPBACK | {name.lower() for name in (*(given.allow_host or ()), given.host)},
            is_public=not given.is_on_loopback(),
            token=token,
        ),
        Libraries.of(given.library or []),
        understood=lambda text, files, libraries, selected: understand(
            text, files, libraries, selected=selected
        ).as_dict(),
        model=checkpoint.hash,
        has_sound_font=can_render(),
    )
    listening = bound(given.host, given.port)
    port = listening.getsockname()[1]
    progress = given.progress()

    def told() -> None:
        shown = f"/?token={token}" if token is not None else "/"
        for name in called(given.host):
            typer.echo(f"http://{name}:{port}{shown}")
        progress.tell("loading the model; the page is there already, Ctrl-C ends it")

    served_by = application(served, ready=lambda: progress.tell("the model is loaded"))
    run(served_by.answers, listening, told=told, ending=served_by.end)


def _token(given: ServeOptions) -> str | None:
    """What clients must show. Raises UsageError for one that could be guessed."""
    if given.token is not None and len(given.token) < SHORTEST_TOKEN:
        raise UsageError(
            f"`token` must have at least {SHORTEST_TOKEN} letters, not {len(given.token)}; leave it out for one that "
            "is made",
            field="token",
        )
    if given.token is not None or given.is_on_loopback():
        return given.token
    return secrets.token_urlsafe(24)
