"""What of a command's options may come from elsewhere, and what each is there.

What is asked for (a request) holds no paths. What the command line adds to it does: a file to read becomes a file that
was sent along, a place to write to a place in the job's own folder, a library one of those that the server keeps.
Whatever is of this machine alone, its checkpoint, its threads, its cache, is not taken from outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, Field, create_model
from pydantic_core import PydanticCustomError
from typer.models import ParameterInfo

from symbolic_embed.commands.shared.searching import Collected
from symbolic_embed.server.names import unsafe
from symbolic_embed.settings import Settings, refused

Kind = Literal["read", "written", "library", "word"]

READ = {"seed_file", "query", "fragment", "loop", "first", "second", "last", "file", "source", "to", "like", "blend"}
READ |= {"inputs", "files_from", "queries_from"}
WRITTEN = {"output", "page", "plot", "report", "blend_into"}
WORDS = {"diff", "notation", "format", "strict", "where", "verbose", "quiet", "max_bytes", "recordings"}
KEPT_HERE = {"checkpoint", "jobs", "cache", "cache_size", "seed", "append", "force", "at", "microphone", "seconds"}
STREAM = "-"  # stdin or stdout


def kinds(options: type[Any]) -> dict[str, Kind]:
    """What each option is that may come from elsewhere."""
    return {name: kind for name, kind in _kinds(options) if kind is not None}


def _kinds(options: type[Any]) -> Iterator[tuple[str, Kind | None]]:
    for name, hint in hints(options).items():
        if name in KEPT_HERE:
            yield name, None
        elif name == "library":
            yield name, "library" if issubclass(options, Collected) else "read"
        elif name in WORDS or hint is bool:
            yield name, "word"
        elif name in READ | WRITTEN:
            yield name, "read" if name in READ else "written"
        else:
            raise TypeError(f"{options.__name__}.{name}: nobody has said whether it may come from elsewhere")


def hints(options: type[Any]) -> dict[str, Any]:
    """The types of a class of options, without what they say to the command line."""
    return {name: _bare(hint) for name, hint in get_type_hints(options, include_extras=True).items()}


def schema_of(options: type[Any]) -> type[Settings]:
    """Settings with those options that may come from elsewhere; paths are relative names (`server.names`)."""
    known, types = kinds(options), hints(options)
    defaults = {field.name: field.default for field in fields(options)}
    described: Any = {
        name: (
            _of_names(types[name]) if kind in ("read", "written") else types[name],
            Field(... if defaults[name] is MISSING else _as_text(defaults[name]), description=_help_of(options, name)),
        )
        for name, kind in known.items()
    }
    model: type[Settings] = create_model(options.__name__, __base__=Beside, **described)
    return model


class Beside(Settings):
    """What may be said beside a request."""

    @classmethod
    def _owner(cls) -> str:
        return "`options`"


def options_of(options: type[Any], values: dict[str, Any]) -> Any:
    """The options of a command from settings that `schema_of` checked. `values` without those left out."""
    types = hints(options)
    made = {name: _made(types[name], value) for name, value in values.items()}
    return options(**made)


def _made(hint: Any, value: Any) -> Any:
    kinds = (hint, *get_args(hint))
    if value is None:
        return None
    if Path in kinds:
        return Path(value)
    return tuple(value) if any(get_origin(kind) is tuple for kind in kinds) else value


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _of_names(hint: Any) -> Any:
    """The same type, of safe names."""
    parts = (hint, *get_args(hint))
    optional = type(None) in parts
    if any(get_origin(part) is list for part in parts):
        made: Any = list[Name]
    elif any(get_origin(part) is tuple for part in parts):
        made = tuple[Name, Name]
    else:
        made = Name
    return made | None if optional else made


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _help_of(options: type[Any], name: str) -> str:
    hint = get_type_hints(options, include_extras=True)[name]
    return next((said.help for said in get_args(hint)[1:] if isinstance(said, ParameterInfo) and said.help), "")


def _safe(name: str) -> str:
    if name != STREAM and (reason := unsafe(name)):
        raise _refused(reason)
    return name


def _refused(reason: str) -> PydanticCustomError:
    return refused(f"must be the name of a file in the job's own folder: {reason}")


Name = Annotated[str, AfterValidator(_safe)]
