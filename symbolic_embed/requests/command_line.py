"""A request as it would be typed: the command line that asks for the same.

    command_line(VaryRequest(bars="5-8", keep="drums"), {"seed_file": "riff.mid"})
    "symbolic-embed vary riff.mid --bars 5-8 --keep drums"

Only what differs from its default is said. Beside a request stand the options that only a command line has, by the
names of their fields: files, where results go, formats. Parsed, the line gives the same request again.
"""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, cast

from symbolic_embed.errors import printable
from symbolic_embed.requests.base import Request
from symbolic_embed.settings import Settings

PROGRAM = "symbolic-embed"
# What options are called where it is not the name of their field.
OPTIONS = {"random_seed": "--seed", "alone": "--new", "roles": "--role", "to_tempo": "--to-tempo", "to_key": "--to-key"}
OPTIONS |= {"except_tracks": "--except", "shortest": "--bars"}
OF_COMMANDS = {"source": "--from", "input": "--in"}  # the same, of options that only a command line has
REPEATED = {"keep", "roles"}  # given several times; others of several words take them in one, with commas
OF_PARTS = "part_"  # before the name of a field: what it says of single parts, which its own option says too
VERBS = {"build_library": ("library", "build")}  # words of a command that is not called as its verb
ARGUMENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("compose", "vary", "fill", "accompany", "humanise"), ("seed_file",)),
    **dict.fromkeys(
        ("show", "check", "compare", "map", "embed", "reconstruct", "duplicates", "order", "hum"), ("inputs",)
    ),
    **dict.fromkeys(("render", "play"), ("file",)),
    "blend": ("first", "second"),
    "groove": ("source",),
    "rank": ("query", "inputs"),
    "find": ("fragment", "inputs"),
    "next": ("loop", "inputs"),
    "build_library": ("place", "inputs"),
    "live": (),
}


def command_line(request: Request, options: Mapping[str, Any]) -> str:
    """The line, quoted for a shell."""
    return printable(shlex.join((PROGRAM, *command_words(request, options))))


def command_words(request: Request, options: Mapping[str, Any]) -> list[str]:
    """The words behind the name of the program: the verb, its arguments, its options."""
    verb = request.verb()
    arguments = [word for name in ARGUMENTS[verb] for word in _listed(options.get(name))]
    others = {name: value for name, value in options.items() if name not in ARGUMENTS[verb]}
    said = [*_said_of_request(request), *_said_of_command(others)]
    if any(word.startswith("-") and word != "-" for word in arguments):
        return [*VERBS.get(verb, (verb,)), *said, "--", *arguments]
    return [*VERBS.get(verb, (verb,)), *arguments, *said]


def told(request: Request) -> dict[str, Any]:
    """The fields of a request that differ from their defaults, as JSON has them; the request's class takes them."""
    fields = type(request).model_fields
    differing = {name for name in fields if getattr(request, name) != fields[name].get_default()}
    return request.model_dump(mode="json", include=differing)


def fields_in_order(request: type[Settings]) -> list[str]:
    """The fields that have an option, a request's own before those that it shares with others."""
    classes = [kind for kind in request.__mro__ if issubclass(kind, Settings)]
    names = dict.fromkeys(name for kind in classes for name in inspect.get_annotations(kind))
    return [name for name in names if name in request.model_fields and not name.startswith(OF_PARTS)]


def _said_of_request(request: Request) -> Iterator[str]:
    for name in fields_in_order(type(request)):
        field = type(request).model_fields[name]
        value, own = getattr(request, name), getattr(request, OF_PARTS + name, ())
        if value == field.get_default() and not own:
            continue
        option = OPTIONS.get(name, _dashed(name))
        if value is True:
            yield option
        elif name in REPEATED and not isinstance(value, int):
            for word in value:
                yield from (option, f"{word[0]}={word[1]}" if name == "roles" else str(word))
        else:
            general = "" if value == field.get_default() else _text(name, value)
            yield from (option, ",".join(filter(None, (general, *(_of_part(name, pair) for pair in own)))))


def _said_of_command(options: Mapping[str, Any]) -> Iterator[str]:
    for name, value in options.items():
        option = OF_COMMANDS.get(name, _dashed(name))
        if value is True:
            yield option
        elif value is not None and value is not False:
            yield from (option, *_listed(value))


def _of_part(name: str, pair: tuple[int | str, Any]) -> str:
    return f"{pair[0]}={_text(name, pair[1])}"


def _text(name: str, value: Any) -> str:
    """A value as its option takes it."""
    if name == "bars" and isinstance(value, tuple):
        return _stretches(value)
    if name == "weights":
        return ",".join(f"{part}={_number(weight)}" for part, weight in value)
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ",".join((f"{track}=" if track is not None else "") + _wish(wish) for track, wish in value)
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return _number(value) if isinstance(value, float) else str(value)


def _wish(wish: Any) -> str:
    """What a control is to be: a word, a number, from one pitch to another."""
    if isinstance(wish, tuple):
        return f"{wish[0]}-{wish[1]}"
    return _number(wish) if isinstance(wish, float) else str(wish)


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _stretches(bars: Sequence[int]) -> str:
    """Bars from 0 as text that counts from 1: (4, 5, 6, 11) is "5-7,12"."""
    breaks = [place for place, (bar, after) in enumerate(pairwise(bars), start=1) if after != bar + 1]
    runs = [bars[begin:end] for begin, end in pairwise([0, *breaks, len(bars)])]
    return ",".join(f"{run[0] + 1}" if len(run) == 1 else f"{run[0] + 1}-{run[-1] + 1}" for run in runs)


def _dashed(name: str) -> str:
    return "--" + name.replace("_", "-")


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    several = isinstance(value, (list, tuple))
    return [str(one) for one in (cast("Iterable[object]", value) if several else [value])]
