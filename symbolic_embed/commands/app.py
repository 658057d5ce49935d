"""The command `symbolic-embed`: finds the verb, and says in one line what went wrong.

Verbs are loaded when they are called, so `--help` costs a tenth of a second and no verb pays for another one's
libraries. A verb is a page of `verbs/` with a function (or a Typer of sub-commands) of its name; VERBS lists them.

Exit codes: 0 done; 1 nothing could be done; 2 wrong usage; 3 done, but some inputs were rejected; 130 interrupted.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from symbolic_embed.errors import SymbolicEmbedError

FAILED, INTERRUPTED = 1, 130

VERBS = {
    "show": "what a MIDI file holds, in words and as a picture",
    "compose": "new bars after a seed, in its own tracks",
    "vary": "a seed with other notes, as far from it as asked",
    "fill": "new music for an empty or unloved stretch",
    "blend": "pieces on the way from one file to another",
    "accompany": "new parts beside those of a file",
    "hum": "a tune that was sung, hummed or played, as MIDI",
    "live": "parts beside whoever plays, while they play",
    "groove": "timing and loudness of one file, laid on another",
    "humanise": "notes played as people play them",
    "library": "music that is kept, to be searched: build, look, remove",
    "rank": "files, or single bars, by likeness to a query",
    "find": "which piece, part and bars a fragment is from",
    "next": "what goes on well from a loop",
    "order": "loops as an arrangement, each after the one it follows best",
    "duplicates": "what is there twice, in whatever key",
    "compare": "the distance of every pair of files, as a matrix",
    "map": "a collection as a picture: near is alike, click to hear",
    "embed": "files to arrays: an embedding for each piece, bar, cell",
    "reconstruct": "files through the model and back: what does it keep?",
    "check": "what in a MIDI file goes wrong in DAWs",
    "render": "a MIDI file as sound, in a WAV file",
    "play": "a MIDI file on the loudspeakers",
    "serve": "a page for the browser, and the verbs over HTTP",
    "room": "what one device asks, another plays",
    "watch": "a folder for any DAW: drop a clip, variations appear",
    "mcp": "tools for an assistant: clips read, written, varied, searched",
    "ask": "a request in words: what it means, and its answer",
    "train": "a model of your own, from a folder of MIDI",
    "evaluate": "a model tested on unseen music, beside simple rivals",
}


class Verbs(TyperGroup):
    """The verbs of VERBS, in its order. Listing them (`--help`) loads none."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return TyperCommand(cmd_name, short_help=VERBS[cmd_name]) if cmd_name in VERBS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str, Any, list[str]]:
        name, *rest = args
        if name not in VERBS:
            ctx.fail(f"there is no command {name!r}; {_nearest(name)}")
        return name, _loaded(name), rest

    def invoke(self, ctx: Any) -> Any:
        with told_in_one_line():
            return super().invoke(ctx)


app = typer.Typer(
    cls=Verbs,
    add_completion=True,
    no_args_is_help=True,
    rich_markup_mode=None,  # with it `--help` would cost three times as much
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from symbolic_embed.version import installed_version

        typer.echo(f"symbolic-embed {installed_version()}")
        raise typer.Exit


@app.callback()
def symbolic_embed(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Rank, search and compare MIDI by musical likeness; write variations and continuations of your own MIDI."""


def main() -> None:
    """Runs the command of `sys.argv` and ends the process with its exit code."""
    if hasattr(sys.stderr, "reconfigure"):
        sys.stderr.reconfigure(errors="backslashreplace")
    app(prog_name="symbolic-embed")


@contextlib.contextmanager
def told_in_one_line() -> Iterator[None]:
    """Ends the command with a line on stderr and the right exit code where its user should see no traceback."""
    try:
        yield
        sys.stdout.flush()
    except SymbolicEmbedError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # whoever read our output has gone, as `head` does
        _forget_stdout()
        raise typer.Exit(FAILED) from None
    except OSError as refusal:  # a full disk, a folder that may not be read
        place = f"{refusal.filename}: " if refusal.filename else ""
        typer.echo(f"error: {place}{refusal.strerror or refusal}", err=True)
        raise typer.Exit(FAILED) from None


def _loaded(name: str) -> Any:
    """The command of a verb, its page imported."""
    verb = getattr(import_module(f"symbolic_embed.commands.verbs.{name}"), name)
    if isinstance(verb, typer.Typer):
        return typer.main.get_command(verb)
    one = typer.Typer(add_completion=False, rich_markup_mode=None)
    one.command(name, help=verb.__doc__)(verb)
    return typer.main.get_command(one)


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, VERBS, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(VERBS)}"


def _forget_stdout() -> None:
    """Sends what is still to be flushed nowhere, so that the interpreter does not complain when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
