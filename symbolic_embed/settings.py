"""Settings: frozen, and refusing what they do not know.

Each stage keeps its settings beside itself, as a subclass of `Settings`. They travel as arguments. What a run used is
written down as JSON, and that file starts the same run again.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from symbolic_embed.errors import SettingsError

LONGEST_SHOWN = 60  # letters of a value in a message

# What pydantic finds wrong, in plain words; its own words where none stand here.
IN_WORDS = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "finite_number": "must be a finite number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number of fewer digits",
    "int_type": "must be a whole number",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "missing": "must be given",
    "multiple_of": "must be a multiple of {multiple_of}",
    "path_type": "must be a path",
    "string_type": "must be text",
    "too_short": "must hold at least {min_length}",
    "tuple_type": "must be a list",
}


class Settings(BaseModel):
    """The base of all settings. Construction raises SettingsError, in one line that names the field in backquotes, with
    a guess for a misspelt name. NumPy's numbers are taken as Python's; True is no number."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def __init__(self, **values: Any) -> None:
        for name in values:
            if name not in type(self).model_fields:
                raise SettingsError.unknown(name, type(self).model_fields, where=self._owner())
        for name, value in values.items():
            kind = type(self).model_fields[name].annotation
            if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, Settings):
                values[name] = kind(**value)
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise _refusal(error.errors()[0]) from None

    @classmethod
    def _owner(cls) -> str:
        """Whose settings these are, in messages."""
        return cls.__name__

    @field_validator("*", mode="before")
    @classmethod
    def _plain_number(cls, value: object, info: ValidationInfo) -> object:
        """The number that an array without dimensions holds. True and False are not taken for 1 and 0."""
        if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
            value = value.item()
        kind = cls.model_fields[info.field_name or ""].annotation
        kinds = {kind, *get_args(kind)}
        if isinstance(value, bool) and bool not in kinds and kinds & {int, float}:
            raise refused("must be a whole number" if int in kinds else "must be a number")
        return value

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The settings a JSON file holds; names left out take their defaults. Raises SettingsError, which names the
        file."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SettingsError(f"{path}: no settings to be read ({error})") from None
        if not isinstance(values, dict):
            raise SettingsError(f"{path}: settings are a JSON object, this is a {type(values).__name__}")
        try:
            return cls(**values)
        except SettingsError as error:
            raise SettingsError(f"{path}: {error}", field=error.field) from None

    def to_json(self) -> str:
        """Every setting, its defaults too, as a JSON object that `from_file` reads."""
        return self.model_dump_json(indent=2) + "\n"


def refused(reason: str) -> PydanticCustomError:
    """What a validator raises. `reason` goes on from the field's name: "must be letters"; that of a validator of the
    whole names fields itself, in backquotes, the one that is wrong first."""
    return PydanticCustomError("refused", "{reason}", {"reason": reason})


def _refusal(problem: ErrorDetails) -> SettingsError:
    """What is said of a value that cannot be."""
    context = problem.get("ctx", {})
    limits = {name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()}
    reason = IN_WORDS[problem["type"]].format(**limits) if problem["type"] in IN_WORDS else problem["msg"]
    if not problem["loc"]:
        named = re.search(r"`(\w+)`", reason)
        return SettingsError(reason, field=named[1] if named else None)
    names = [part for part in problem["loc"] if isinstance(part, str)]
    if problem["type"] == "missing":
        return SettingsError(f"`{'.'.join(names)}` {reason}", field=names[0])
    return SettingsError(f"`{'.'.join(names)}` {reason}, not {_shown(problem['input'])}", field=names[0])


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
