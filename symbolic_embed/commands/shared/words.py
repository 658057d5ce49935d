"""What stands behind a command, and its errors in its user's words: a field in backquotes is called by its option."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, get_args

from typer.models import ArgumentInfo, ParameterInfo

from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.settings import Settings


@dataclass(frozen=True)
class Page:
    """What stands behind a command: the classes of what it is given, its parameters, and what carries it out."""

    request: type[Settings]
    options: type[Any]
    parameters: Sequence[inspect.Parameter]
    run: Callable[[Any, Any], None]

    @classmethod
    def of(cls, command: Callable[..., None]) -> Page:
        """That of a command that `taking` made."""
        page: Page = command.page  # type: ignore[attr-defined]
        return page

    def carry_out(self, request: Settings, given: object) -> None:
        """Does what the command does, its errors in the words of options."""
        with in_the_words_of_options(self.parameters):
            self.run(request, given)


@contextmanager
def in_the_words_of_options(parameters: Iterable[inspect.Parameter]) -> Iterator[None]:
    """Lets errors through, each field in backquotes called by its option."""
    before = _CALLED.set({parameter.name: called(parameter) for parameter in parameters})
    try:
        yield
    except SymbolicEmbedError as error:
        error.args = tuple(in_options(argument) if isinstance(argument, str) else argument for argument in error.args)
        raise
    finally:
        _CALLED.reset(before)


def in_options(text: str) -> str:
    """`text` with each field that the running command has an option for, where it stands in backquotes, called by that
    option; as it is where no command runs."""
    called = _CALLED.get()
    return re.sub(r"`(\w+)`", lambda match: called.get(match[1], match[0]), text)


_CALLED: ContextVar[Mapping[str, str]] = ContextVar("called", default={})  # noqa: B039  (never changed)


def called(parameter: inspect.Parameter) -> str:
    """What a user calls a parameter: its longest option, an argument's metavar."""
    said = next(said for said in get_args(parameter.annotation)[1:] if isinstance(said, ParameterInfo))
    if isinstance(said, ArgumentInfo):
        return said.metavar or parameter.name.upper()
    flags = [flag for flag in (said.default, *(said.param_decls or ())) if isinstance(flag, str)]
    return max(flags, key=len) if flags else "--" + parameter.name.replace("_", "-")
