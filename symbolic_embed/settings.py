"""Settings: frozen, and refusing what they do not know.

Each stage keeps its settings beside itself, as a subclass of `Settings`. They travel as arguments. What a run used is
written down as JSON, and that file starts the same run again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from symbolic_embed.errors import SettingsError, UsageError


class Settings(BaseModel):
    """The base of all settings. Construction raises SettingsError, in one line, with a guess for a misspelt name."""

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
            raise self._refusal(error) from None

    @classmethod
    def _owner(cls) -> str:
        """Whose settings these are, in messages."""
        return cls.__name__

    @classmethod
    def _refusal(cls, error: ValidationError) -> UsageError:
        """What is said of a value that cannot be."""
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or cls._owner()
        return SettingsError(f"setting {place}: {first['msg']}, not {first['input']!r}")

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The settings a JSON file holds; names left out take their defaults."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SettingsError(f"{path}: no settings to be read ({error})") from None
        if not isinstance(values, dict):
            raise SettingsError(f"{path}: settings are a JSON object, this is a {type(values).__name__}")
        return cls(**values)

    def to_json(self) -> str:
        return self.model_dump_json(indent=2) + "\n"
