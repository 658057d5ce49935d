"""The verbs as a server offers them: those whose work a job's folder can hold."""

from __future__ import annotations

import inspect
from functools import cache
from importlib import import_module

from symbolic_embed.commands.app import VERBS
from symbolic_embed.commands.remote.fields import kinds, schema_of
from symbolic_embed.commands.shared.words import Page
from symbolic_embed.requests import Request
from symbolic_embed.server.verbs import Verb

OFFERED = (
    "show",
    "compose",
    "vary",
    "fill",
    "blend",
    "accompany",
    "groove",
    "humanise",
    "hum",
    "rank",
    "find",
    "next",
    "order",
    "duplicates",
    "compare",
    "map",
    "embed",
    "reconstruct",
    "check",
    "render",
)


@cache
def page_of(verb: str) -> Page:
    """What stands behind one of the verbs that are offered."""
    return Page.of(getattr(import_module(f"symbolic_embed.commands.verbs.{verb}"), verb))


def request_of(verb: str) -> type[Request]:
    """What can be asked of one of the verbs that are offered."""
    request = page_of(verb).request
    assert issubclass(request, Request), "what can be asked of a verb is a request"
    return request


def offered() -> dict[str, Verb]:
    """The verbs by name."""
    return {name: _verb(name, page_of(name)) for name in OFFERED}


def _verb(name: str, page: Page) -> Verb:
    of_libraries = frozenset(option for option, kind in kinds(page.options).items() if kind == "library")
    explained = inspect.cleandoc(page.run.__doc__ or "")
    return Verb(name, VERBS[name], explained, request_of(name), schema_of(page.options), of_libraries)
