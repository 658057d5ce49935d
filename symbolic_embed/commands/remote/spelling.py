"""A request as the command line that means it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from shlex import join
from typing import Any, get_args

from typer.models import ArgumentInfo, OptionInfo

from symbolic_embed.commands.shared.parameters import OF_PARTS, REPEATED
from symbolic_embed.commands.shared.words import Page, called
from symbolic_embed.settings import Settings

PROGRAM = "symbolic-embed"
PAIRS = {"blend"}  # options of two words


def command_line(verb: str, page: Page, request: Settings, given: object) -> str:
    """What is to be typed for a request with these options: `symbolic-embed vary riff.mid --change 0.2`."""
    return join([PROGRAM, verb, *arguments(page, request, given)])


def arguments(page: Page, request: Settings, given: object) -> list[str]:
    """The same as the words behind the verb; what is as it would be anyway is left out."""
    first: list[str] = []
    rest: list[str] = []
    for parameter in page.parameters:
        of_request = parameter.name in type(request).model_fields
        value = getattr(request if of_request else given, parameter.name)
        parts = getattr(request, OF_PARTS + parameter.name, ()) if of_request else ()
        default = type(request).model_fields[parameter.name].get_default() if of_request else parameter.default
        if value == default and not parts:
            continue
        said = next(one for one in get_args(parameter.annotation)[1:] if isinstance(one, ArgumentInfo | OptionInfo))
        if isinstance(said, ArgumentInfo):
            first += [str(one) for one in value] if isinstance(value, list) else [str(value)]
        elif parameter.name in PAIRS:
            rest += [called(parameter), *value]
        elif isinstance(value, bool):
            rest.append(called(parameter) if value else _denied(said))
        else:
            for text in _texts(parameter.name, value, parts):
                rest += [called(parameter), text]
    begins_oddly = any(one.startswith("-") and one != "-" for one in first)
    return [*rest, "--", *first] if begins_oddly else [*first, *rest]


def _denied(said: OptionInfo) -> str:
    """The word that says no: the second of --cache/--no-cache."""
    words = [word for word in (said.default, *(said.param_decls or ())) if isinstance(word, str) and "/" in word]
    return words[0].rpartition("/")[2]


def _texts(name: str, value: Any, parts: Sequence[tuple[Any, Any]]) -> Iterator[str]:
    """The values of an option, each to be said after its name."""
    if name == "bars" and not isinstance(value, int):
        yield from _bars(value, parts)
    elif name in REPEATED:
        yield from (f"{one[0]}={one[1]}" if isinstance(one, tuple) else str(one) for one in value)
    elif isinstance(value, tuple) and value and isinstance(value[0], tuple):
        yield ",".join(_one_of(track, each) for track, each in value)
    elif isinstance(value, tuple):
        yield ",".join(str(one) for one in value)
    else:
        general = [] if value is None else [str(value)]
        yield ",".join([*(_one_of(track, each) for track, each in parts), *general])


def _one_of(track: int | str | None, value: Any) -> str:
    """What one part is to have; without a name, all others."""
    text = "-".join(str(one) for one in value) if isinstance(value, tuple) else str(value)
    return text if track is None else f"{track}={text}"


def _bars(bars: Sequence[int] | None, parts: Sequence[tuple[Any, Sequence[int]]]) -> Iterator[str]:
    """Bars as they are counted, "5-8,12,drums=1-4"."""
    yield ",".join([*([_stretches(bars)] if bars else []), *(f"{track}={_stretches(own)}" for track, own in parts)])


def _stretches(bars: Sequence[int]) -> str:
    ends = [number for number, (one, other) in enumerate(pairwise(bars), start=1) if other != one + 1]
    runs = [bars[start:end] for start, end in pairwise([0, *ends, len(bars)])]
    return ",".join(f"{run[0] + 1}-{run[-1] + 1}" if len(run) > 1 else str(run[0] + 1) for run in runs)
