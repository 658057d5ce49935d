"""`symbolic-embed ask "REQUEST" FILES`: a request in words, what it means, and its answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import STDIN, only_one_stdin
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.parameters import taking_options
from symbolic_embed.errors import UsageError
from symbolic_embed.requests.command_line import command_line, command_words
from symbolic_embed.understanding import Understanding, understand

YES = ("y", "yes", "j", "ja", "是")
PLACES = {"output": "-o", "input": "--in", "out": "--out"}  # options that are handed on, where the verb has them
OF_LIVE = {"input", "out"}
SPOKEN = ".wav"
WRITING = {"compose", "vary", "fill", "blend", "accompany", "groove", "humanise", "build_library", "live"}
WITHOUT_OUTPUT = {"rank", "find", "next", "order", "duplicates", "show", "check", "play", "build_library"}


@dataclass(frozen=True, kw_only=True)
class AskOptions(options.Options):
    """What is asked, and how it is answered."""

    request: Annotated[
        str | None,
        typer.Argument(metavar="REQUEST", help="What you want, in words; a .wav in which it is said; - is stdin."),
    ] = None
    inputs: options.Inputs = None
    library: Annotated[
        list[str] | None, typer.Option(metavar="LIB", help="A library that may be meant; may be given several times.")
    ] = None
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it at once, where it was understood.")] = False
    listen: Annotated[
        bool, typer.Option("--listen", help="Say it into the microphone (install symbolic-embed[speech]).")
    ] = False
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="Where the new files go, as the verb has it.")
    ] = None
    input: Annotated[
        str | None, typer.Option("--in", metavar="PORT", help="For playing along: where you play, as `live` has it.")
    ] = None
    out: Annotated[str | None, typer.Option("--out", metavar="PORT", help="And where it plays.")] = None
    format: Annotated[Literal["text", "json"], typer.Option(help="For people, or for programs.")] = "text"

    @property
    def files(self) -> list[str]:
        """The files and folders that are given with the request."""
        first = [self.request] if self.listen and self.request is not None else []
        return [*first, *(self.inputs or [])]

    @property
    def is_spoken(self) -> bool:
        """Whether the request is said, not written."""
        return self.listen or (self.request or "").casefold().endswith(SPOKEN)

    @property
    def may_be_asked(self) -> bool:
        """Whether somebody is there who can say yes."""
        return sys.stdin.isatty() and STDIN not in (self.request, *self.files)


@taking_options(AskOptions)
def ask(given: AskOptions) -> None:
    """Say in words what you want, in English, German or Chinese: what it means is shown as a command before anything
    is done.

    On a terminal you are asked whether to run it; with --yes it runs at once, its output and exit code are those of the
    command, and what was understood stands on stderr. Otherwise it is only shown. What was said aloud and would write
    something runs only after a yes on the terminal, since it may have been misheard. What was not understood, a word or
    which file is meant, is said with the nearest that is, and nothing runs, not even with --yes: exit 2.
    """
    understood = understand(_words(given), given.files, given.library or ())
    if not understood.is_sure:
        if given.format == "json":
            say(_shown(understood, given.format))
        raise UsageError("; ".join(filter(None, (understood.unclear, _suggested(understood.nearest)))))
    understood = _with_places(understood, given)
    if understood.unclear:
        given.progress().tell(understood.unclear)
    is_run = given.yes and not (given.is_spoken and understood.verb in WRITING)
    if is_run or given.may_be_asked:
        typer.echo(_shown(understood, given.format), nl=False, err=True)
    else:
        say(_shown(understood, given.format))
    if not is_run and given.may_be_asked:
        typer.echo("run it? [y/N] ", nl=False, err=True)
        is_run = sys.stdin.readline().strip().casefold() in YES
    if is_run:
        _run(understood)


def _words(given: AskOptions) -> str:
    """The request as text, whoever wrote or said it. Raises UsageError where there is none."""
    only_one_stdin(*filter(None, (given.request, *(given.inputs or ()))), names_from=None)
    if given.listen:
        from symbolic_embed.commands.shared.spoken import heard_now

        return heard_now(given.progress())
    if given.request is None:
        raise UsageError("no request; say in words what you want, such as: symbolic-embed ask '8 bars more' riff.mid")
    if given.request == STDIN:
        return sys.stdin.readline().strip()
    if given.is_spoken:
        from symbolic_embed.commands.shared.spoken import heard_in

        return heard_in(given.request, given.progress())
    return given.request


def _with_places(understood: Understanding, given: AskOptions) -> Understanding:
    """The same with where it goes, and the ports of who plays along. Raises UsageError for a place the verb has not."""
    places = {name: str(getattr(given, name)) for name in PLACES if getattr(given, name) is not None}
    for name in places:
        fits = understood.verb == "live" if name in OF_LIVE else understood.verb not in WITHOUT_OUTPUT
        if not fits:
            raise UsageError(f"`{name}`: {understood.verb} has no such place; leave it out", field=name)
    if not places or understood.request is None:
        return understood
    all_options: dict[str, Any] = {**understood.options, **places}
    return replace(understood, options=all_options, command=command_line(understood.request, all_options))


def _shown(understood: Understanding, format: str) -> str:
    if format == "json":
        return json.dumps(understood.as_dict(), indent=2, ensure_ascii=False) + "\n"
    return f"{understood.command}\n"


def _suggested(nearest: Sequence[str]) -> str:
    return "nearest: " + ", or ".join(repr(one) for one in nearest) if nearest else ""


def _run(understood: Understanding) -> None:
    """Runs the command itself, and ends with its exit code."""
    from symbolic_embed.commands.app import app

    assert understood.request is not None, "what is sure has a request"
    app(command_words(understood.request, understood.options), prog_name="symbolic-embed")
