"""A verb's options, from its request and from what the command line adds to it.

A request (`symbolic_embed.requests`) says what can be asked; beside it stands a class of options that only a command
line has: where files are, where results go, how they are printed.

    @dataclass(frozen=True, kw_only=True)
    class ComposeOptions(options.Writing):
        seed_file: Annotated[str, typer.Argument(metavar="SEED", help="A MIDI file to go on from; - is stdin.")]

    @taking(ComposeRequest, ComposeOptions)
    def compose(request: ComposeRequest, given: ComposeOptions) -> None:
        ...

makes of `compose` a command whose parameters are the fields of both: name, type, bounds, default and help of a
request's field are told once, where the field is. What is wrong with a request is then said in the command line's
words: a field that stands in backquotes in a message is called by its option.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, fields
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import typer
from pydantic.fields import FieldInfo
from typer.models import ArgumentInfo

from symbolic_embed.commands.shared.chord_text import chord_text
from symbolic_embed.commands.shared.words import Page, in_the_words_of_options
from symbolic_embed.requests.command_line import OF_PARTS, OPTIONS, REPEATED, fields_in_order
from symbolic_embed.settings import Settings

METAVARS = {
    "form": "BACA'",
    "max_copied": "N",
    "tracks": "0,2",
    "bars": "[TRACK=]5-8",
    "top": "N",
    "sound_font": "SF2|SF3",
}
METAVARS |= {
    "tests": "NAME,...",
    "except_tracks": "0,2",
    "loop": "0,2",
    "keep": "melody|chords|rhythm|drums|bass|TRACK",
    "parts": "chords,bass,drums,melody",
    "driver": "NAME",
    "where": "CONDITIONS",
    "weights": "PART=W,...",
    "candidates": "N",
}
METAVARS |= {"roles": "TRACK=ROLE", "chords": 'keep|free|"Am F C G"|FILE', "scale": '"D dorian"|MODE|free'}
METAVARS |= dict.fromkeys(("density", "polyphony", "note_length"), "[TRACK=]lower|same|higher|N")
METAVARS |= {"range": "[TRACK=]lower|same|higher|N|C3-C5", "temperature": "[TRACK=]T"}
METAVARS |= {"style": "NAME", "amount": "0..1", "humanise": "0..1"}
METAVARS |= {"verbs": "vary,compose,accompany|none"}
METAVARS |= {"shard": "K/N", "shortest": "N"}
METAVARS |= {"player": "chords|bass|drums|melody", "toward": "denser|calmer|higher|lower", "perturb": "near|far|0..1"}
METAVARS |= {"metre": "N/N", "begin": "SECONDS", "end": "SECONDS", "tempo": "BPM"}
METAVARS |= {"strength": "[TRACK=]AMOUNT", "change": "[TRACK=]AMOUNT"}
IF_LEFT_OUT = {
    "top": "all",
    "after": "its last bar",
    "tests": "all",
    "sound_font": "the best one installed",
    "change": "0.3 where neither is given",
    "style": "as is usual at the tempo",
    "by": "tune for a recording of a melody",
    "end": "its end",
}
AS_TEXT = {"perturb"}  # numbers that may be words

Asked = TypeVar("Asked", bound=Settings)
Given = TypeVar("Given")


def taking(
    request: type[Asked], options: type[Given]
) -> Callable[[Callable[[Asked, Given], None]], Callable[..., None]]:
    """A decorator: the command with the fields of both classes as its parameters. Arguments come first, `inputs`, which
    takes all that are left, as the last of them; then where
    results go, then what can be asked, then the rest."""

    def decorated(function: Callable[[Asked, Given], None]) -> Callable[..., None]:
        of_request, of_options = list(_parameters_of(request)), list(_fields_of(options))
        names = {parameter.name for parameter in of_request}
        arguments = sorted(filter(_is_argument, of_options), key=_place)
        leading = [*arguments, *(parameter for parameter in of_options if parameter.name == "output")]
        rest = [parameter for parameter in of_options if parameter not in leading]

        def body(values: dict[str, Any]) -> None:
            asked = {name: _plain(name, value) for name, value in values.items() if name in names}
            asked = {name: value for name, value in asked.items() if value is not None}
            wish, given = request(**asked), options(**{name: values[name] for name in values.keys() - names})
            if getattr(given, "at", None):
                from symbolic_embed.commands.remote.client import carry_out_elsewhere

                carry_out_elsewhere(function.__name__, wish, given)  # comes back where it is carried out here alone
            function(wish, given)

        parameters = [*leading, *of_request, *rest]
        command = _command(body, function, parameters)
        command.page = Page(request, options, parameters, function)  # type: ignore[attr-defined]
        return command

    return decorated


def taking_options(options: type[Given]) -> Callable[[Callable[[Given], None]], Callable[..., None]]:
    """A decorator: the command with the fields of one class as its parameters."""

    def decorated(function: Callable[[Given], None]) -> Callable[..., None]:
        return _command(lambda values: function(options(**values)), function, list(_fields_of(options)))

    return decorated


def _command(
    body: Callable[[dict[str, Any]], None], function: Callable[..., None], parameters: Sequence[inspect.Parameter]
) -> Callable[..., None]:
    """What typer makes a command of: named and explained as `function`, with these parameters."""

    def command(**values: Any) -> None:
        with in_the_words_of_options(parameters):
            body(values)

    command.__name__, command.__doc__ = function.__name__, function.__doc__
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _parameters_of(request: type[Settings]) -> Iterator[inspect.Parameter]:
    """A parameter for each field of a request, its own before those that it shares with others."""
    for name in fields_in_order(request):
        field = request.model_fields[name]
        kind = _type_of(name, field, has_parts=OF_PARTS + name in request.model_fields)
        option = typer.Option(
            OPTIONS.get(name, "--" + name.replace("_", "-")),
            help=f"{field.description or ''}{_bounds_of(field)}",
            metavar=_metavar_of(name, field) if kind not in (int, float) else None,
            show_default=IF_LEFT_OUT.get(name, True),
        )
        default = field.get_default()
        yield inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None if isinstance(default, tuple) else default,
            annotation=Annotated[kind, option],
        )


def _type_of(name: str, field: FieldInfo, *, has_parts: bool) -> Any:
    """What the command line reads for a field: words for a choice, for whatever holds several, and where single parts
    may have a value of their own. Whether they can be meant is for the request to say."""
    kinds = [field.annotation, *get_args(field.annotation)]
    if name in REPEATED:
        return list[str] | None
    if any(get_origin(kind) is tuple for kind in kinds):
        return str | None
    return str if _choices_of(field) or has_parts or name in AS_TEXT else field.annotation


def _metavar_of(name: str, field: FieldInfo) -> str | None:
    """What stands for a value in the help: N where one of the words of METAVARS is a number here."""
    return "N" if name in REPEATED and int in get_args(field.annotation) else METAVARS.get(name, _choices_of(field))


def _choices_of(field: FieldInfo) -> str | None:
    """The words that a field can be, as "this|that"; None where it is no choice."""
    return "|".join(get_args(field.annotation)) if get_origin(field.annotation) is Literal else None


def _bounds_of(field: FieldInfo) -> str:
    """What of a field's bounds its help says."""
    least, most = (
        next((getattr(limit, word) for limit in field.metadata if hasattr(limit, word)), None) for word in ("ge", "le")
    )
    if least is None:
        return ""
    return f" (at least {least:g})" if most is None else f" ({least:g} to {most:g})"


def _fields_of(options: type[Any]) -> Iterator[inspect.Parameter]:
    """A parameter for each field of a class of options; those that every command has come last."""
    hints = get_type_hints(options, include_extras=True)
    common = inspect.get_annotations(options.__mro__[-2]).keys() if len(options.__mro__) > 2 else ()
    for field in sorted(fields(options), key=lambda field: field.name in common):
        default = inspect.Parameter.empty if field.default is MISSING else field.default
        yield inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[field.name]
        )


def _is_argument(parameter: inspect.Parameter) -> bool:
    return any(isinstance(said, ArgumentInfo) for said in get_args(parameter.annotation)[1:])


def _place(parameter: inspect.Parameter) -> tuple[bool, bool]:
    """Arguments that must be given before those that may be left out, and `inputs` behind all."""
    return parameter.default is not inspect.Parameter.empty, parameter.name == "inputs"


def _plain(name: str, value: Any) -> Any:
    """A value as a request takes it; None for what was left out."""
    if name == "roles":  # a track's name may have commas
        return value or None
    if name == "chords" and value is not None:
        return chord_text(value)
    return ",".join(value or ()) or None if name in REPEATED else value
