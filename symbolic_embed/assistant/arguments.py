"""What a tool takes: fields of its own, and those of a request, as one JSON schema and one check.

The schema is made of the classes that check the arguments, so the two cannot differ. What a request takes in several
ways is offered in the one that the command line has: several words as text with commas; bars as text, "5-8,12", which
counts from 1 (whole numbers would count from 0); and what single tracks have in the field that all have it in
(`part_change` in `change`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from symbolic_embed.errors import SettingsError, UsageError
from symbolic_embed.requests import Request
from symbolic_embed.settings import Settings

OF_PARTS = "part_"  # before the name of a field: what it says of single parts, which the field itself says too
TEXT: dict[str, Any] = {"type": "string"}
EXAMPLES: dict[str, list[object]] = {
    "keep": ["melody", "chords", "rhythm", "drums", "bass", "Lead"],
    "bars": ["5-8,12", "1-4,drums=5-8"],
    "tracks": ["0,bass", "drums"],
    "except_tracks": ["drums"],
    "loop": ["drums"],
    "parts": ["bass,drums"],
    "change": [0.3, "bass=.1,.3"],
    "strength": [0.5, "bass=.1,.3"],
    "temperature": [0.9, "bass=.7,1"],
    "density": ["lower", "lead=higher", "2"],
    "polyphony": ["lower", "1"],
    "note_length": ["higher", "bass=1"],
    "range": ["C3-C5", "bass=lower"],
    "roles": ["2=drums,Lead=melody"],
    "chords": ["Am F C G", "Am G | F", "free"],
    "scale": ["D dorian", "minor"],
    "form": ["BACA'"],
    "weights": ["harmony=.5,rhythm=2"],
    "where": ["metre=3/4 drums bars>8 tempo=90-120"],
}

Own = TypeVar("Own", bound=Settings)
Asked = TypeVar("Asked", bound=Request)


def schema_of(own: type[Settings], request: type[Settings]) -> dict[str, Any]:
    """The JSON schema of the arguments of a tool, its own fields first."""
    schemas = {name: _property(name, kind) for kind in (own, request) for name in kind.model_fields}
    properties = {name: schema for name, schema in schemas.items() if not name.startswith(OF_PARTS)}
    required = [name for name, field in own.model_fields.items() if field.is_required()]
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def checked(tool: str, own: type[Own], request: type[Asked], given: Mapping[str, Any]) -> tuple[Own, Asked]:
    """Arguments as the tool's own fields and as a request. Raises UsageError, in the words of the command line, for
    what is missing, unknown or cannot be meant."""
    known = [name for kind in (own, request) for name in kind.model_fields]
    for name in given:
        if name not in known:
            raise SettingsError.unknown(name, known, where=tool)
    for name, field in own.model_fields.items():
        if field.is_required() and given.get(name) is None:
            raise UsageError(f"`{name}` must be given: {field.description}", field=name)
    for kind in (own, request):
        if _are_bars("bars", kind) and not isinstance(given.get("bars"), str | None):
            raise UsageError('`bars` must be text, such as "5-8,12", counted from 1', field="bars")
    values = {name: value for name, value in given.items() if value is not None}
    of_own = {name: values.pop(name) for name in own.model_fields if name in values}
    return own(**of_own), request(**values)


def _property(name: str, kind: type[Settings]) -> dict[str, Any]:
    """The schema of one field."""
    field = kind.model_fields[name]
    schema = _plain(kind.model_json_schema()["properties"][name])
    if (inner := _settings_in(field)) is not None:
        schema = {**schema, "items": schema_of(inner, Settings)}
    elif issubclass(kind, Request) and _holds_several(field):
        schema = dict(TEXT)
    elif OF_PARTS + name in kind.model_fields:
        schema = {"anyOf": [schema, TEXT]}
    told: dict[str, Any] = {"description": field.description} if field.description else {}
    if field.get_default() not in (None, (), "", PydanticUndefined):
        told["default"] = field.get_default()
    if name in EXAMPLES and ("anyOf" in schema or schema == TEXT):
        told["examples"] = EXAMPLES[name]
    return {**schema, **told}


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """What pydantic says of a field, without its name in capitals, its default, and that it may be left out."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    schema = kinds[0] if len(kinds) == 1 else {**schema, **({"anyOf": kinds} if kinds else {})}
    return {name: value for name, value in schema.items() if name not in ("title", "default", "description")}


def _are_bars(name: str, kind: type[Settings]) -> bool:
    """Whether a field is the bars that are meant (in `compose` it is how many are written)."""
    return name == "bars" and name in kind.model_fields and _holds_several(kind.model_fields[name])


def _settings_in(field: FieldInfo) -> type[Settings] | None:
    """The settings that a field holds several of."""
    inside = get_args(field.annotation)[:1] if get_origin(field.annotation) is tuple else ()
    return next((kind for kind in inside if isinstance(kind, type) and issubclass(kind, Settings)), None)


def _holds_several(field: FieldInfo) -> bool:
    return any(get_origin(kind) is tuple for kind in (field.annotation, *get_args(field.annotation)))
