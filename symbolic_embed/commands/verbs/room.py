"""`symbolic-embed room NAME`: what one asks, another plays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.client import Server, room_path
from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking_options
from symbolic_embed.errors import UsageError, printable


@dataclass(frozen=True, kw_only=True)
class RoomOptions(options.Options):
    """Which room, and what is to be done there."""

    name: Annotated[str, typer.Argument(metavar="NAME", help="The room: letters, digits, - and _.")]
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="A MIDI file to play there.")] = None
    at: Annotated[
        str,
        typer.Option(metavar="URL", envvar=options.AT, help="The server whose room it is: what `serve` printed."),
    ] = "http://127.0.0.1:8765"
    out: Annotated[
        str | None, typer.Option(metavar="PORT", help="Play what comes on this port (`live --list-ports` lists them).")
    ] = None
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Keep the files that come in this folder.")
    ] = None
    stop: Annotated[bool, typer.Option("--stop", help="Stop what is played there.")] = False
    once: Annotated[bool, typer.Option("--once", help="End after the next file.")] = False


@taking_options(RoomOptions)
def room(given: RoomOptions) -> None:
    """Play a file in a room of a server, or be the one who plays there: whoever is in the room hears it, a page on a
    phone (`/?room=NAME`) as well as a process with a MIDI port (--out), until Ctrl-C.

    `live --out room:NAME@URL` plays a session there.
    """
    from symbolic_embed.live.listening import Listener, play_there

    wishes = {"FILE": given.file is not None, "--stop": given.stop, "--out": bool(given.out), "-o": bool(given.output)}
    asked = [name for name, is_asked in wishes.items() if is_asked]
    if not asked:
        raise UsageError("nothing to do in the room: name a FILE to play there, or --out PORT, or -o DIR, to hear it")
    if len(asked) > 1 and asked != ["--out", "-o"]:
        raise UsageError(f"{asked[0]} and {asked[1]}: a room is played in, or listened to; leave one out")
    server, place, progress = Server.of(given.at), room_path(given.name, field="name"), given.progress()
    if given.stop:
        told = server.said("POST", place, {"stop": True})
        progress.tell(f"{told['told']} are told to stop")
        return
    if given.file is not None:
        told = play_there(server, place, given.file)
        heard = f"{told} hear it" if told else "nobody is in the room; who comes first hears it"
        progress.tell(f"{printable(given.file)}: {heard}")
        return
    with Listener(server, place, out=given.out, folder=given.output, told=progress.tell) as listener:
        for path in listener.kept(once=given.once):
            if path is not None:
                typer.echo(printable(str(path)))
