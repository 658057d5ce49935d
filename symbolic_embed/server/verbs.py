"""The verbs that a server offers, as it is told what they are: it carries out none itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symbolic_embed.errors import SettingsError
from symbolic_embed.requests import Request
from symbolic_embed.settings import Settings


@dataclass(frozen=True)
class Verb:
    """A verb: what it is for, in a line and in full; what can be asked; what else may come with it.

    request   the class of its requests
    options   what the command line adds, as far as it may come from elsewhere
    libraries names of options that name a library of the server's
    """

    name: str
    about: str
    explained: str
    request: type[Request]
    options: type[Settings]
    libraries: frozenset[str] = frozenset()

    def asked(self, request: object, options: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was sent, checked: what it says, as JSON, its defaults left out. Raises SettingsError."""
        wish, beside = self.request(**_object(request, "request")), self.options(**_object(options, "options"))
        if outside := [name for name in type(wish).model_fields if _is_path(wish, name)]:
            raise SettingsError(
                f"`{outside[0]}` is of the server's machine, and not taken from elsewhere; leave it out"
            )
        return (
            wish.model_dump(mode="json", exclude_defaults=True),
            beside.model_dump(mode="json", exclude_unset=True),
        )

    def described(self) -> dict[str, Any]:
        """What the verb is, for whoever asks the server: JSON."""
        return {
            "about": self.about,
            "request": self.request.model_json_schema(),
            "options": self.options.model_json_schema(),
        }


Verbs = Mapping[str, Verb]


def _object(given: object, name: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise SettingsError(f"`{name}` must be a JSON object, not {type(given).__name__}", field=name)
    return given


def _is_path(request: Request, name: str) -> bool:
    field = type(request).model_fields[name]
    return "Path" in str(field.annotation) and getattr(request, name) is not None
