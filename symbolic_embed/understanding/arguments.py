"""Which argument each file is: the seed, the query, where it is searched.

A file is meant where the request names it, by its name or as the first or second; of what it does not name, the order
in which files were given decides where there is one, and nothing is guessed where there is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from symbolic_embed.files.kinds import AUDIO_EXTENSIONS, EXTENSIONS
from symbolic_embed.requests.command_line import ARGUMENTS
from symbolic_embed.understanding.row import Row

OF_COLLECTIONS = ("compare", "duplicates", "map")  # which say nothing of a single file
SOURCE = (  # the file whose groove it is
    "(?:GROOVE|STYLEWORD) (?:OF |FROM )?(?:THIS )?(?P<file>FILE)(?! GROOVE)",
    "(?:LIKE|HOW|FROM) (?:THIS )?(?P<file>FILE)",
    "(?P<file>FILE) GROOVE(?! (?:LIKE|HOW))",
)
QUERY = ("LIKE (?:TO |OF |ITEM )*(?P<file>FILE)", "(?:TO|WITH|FROM|AFTER|OF) (?P<file>FILE)(?: LIKE|$)")
FIRST = ("STARTING (?P<file>FILE)", "(?P<file>FILE) (?:ORD|STARTING)")
LAST = ("ENDINGWITH (?P<file>FILE)", "(?P<file>FILE) (?:LAST|ENDINGWITH)")


class UnclearFilesError(ValueError):
    """Which file is what is not said; the message says what is missing."""


@dataclass(frozen=True)
class Given:
    """What stands beside a request: its marks, and the files and libraries that were given with it."""

    row: Row
    files: Sequence[str]
    libraries: Sequence[str]

    @property
    def named(self) -> list[str]:
        """The files that the request names, each once, in its order."""
        return list(dict.fromkeys(str(mark.value) for mark in self.row.marks if mark.concept == "FILE"))

    @property
    def every(self) -> list[str]:
        """All files, those that were given first."""
        return list(dict.fromkeys([*self.files, *self.named]))

    @property
    def library(self) -> str | None:
        """The library that is meant: the one that is named, or the only one."""
        named = [str(mark.value) for mark in self.row.marks if mark.concept == "LIB"]
        if named:
            return named[0]
        return self.libraries[0] if len(self.libraries) == 1 else None

    @property
    def names_library(self) -> bool:
        """Whether the request speaks of a library."""
        return any(mark.concept in ("LIB", "LIBRARY") for mark in self.row.marks)

    def file_at(self, patterns: Sequence[str]) -> str | None:
        """The file at the first of some patterns."""
        found = next((found for pattern in patterns if (found := self.row.find(pattern)) is not None), None)
        return None if found is None else str(found.value("file"))


def arguments_of(verb: str, given: Given) -> dict[str, Any]:
    """The arguments of a verb's command, by name, and its library. Raises UnclearFilesError."""
    names = ARGUMENTS[verb]
    if verb in SPECIAL:
        return SPECIAL[verb](given)
    if verb in OF_COLLECTIONS:
        return _several(given)
    if names == ("inputs",):
        return _collected(given)
    return {names[0]: _only(given)} if names else {}


def _only(given: Given) -> str:
    """The one file that is meant."""
    chosen = given.named or list(given.files)
    if not chosen:
        raise UnclearFilesError("which file: none was named")
    if len(chosen) > 1:
        raise UnclearFilesError(f"which file: {', '.join(chosen)}")
    return chosen[0]


def _collected(given: Given) -> dict[str, Any]:
    """The files that are gone through, or a library."""
    if given.library is not None and (given.names_library or not given.every):
        return {"library": given.library}
    chosen = given.named or given.every
    if not chosen:
        raise UnclearFilesError("which files: none were named")
    return {"inputs": chosen}


def _several(given: Given) -> dict[str, Any]:
    """The same of a verb that says nothing of a single file: where there is but one, the library is meant."""
    chosen = given.named or given.every
    is_one_file = len(chosen) == 1 and chosen[0].casefold().endswith((*EXTENSIONS, *AUDIO_EXTENSIONS))
    if is_one_file and given.library is None:
        raise UnclearFilesError(f"among which files: there is {chosen[0]} alone")
    return {"library": given.library} if is_one_file else _collected(given)


def _ordered(given: Given) -> dict[str, Any]:
    first, last = given.file_at(FIRST), given.file_at(LAST)
    ends = {name: file for name, file in (("first", first), ("last", last)) if file is not None}
    if not ends:
        return _several(given)
    if not given.files:
        raise UnclearFilesError("which files: none were named but the ends")
    return {"inputs": list(given.files), **ends}


def _two(given: Given) -> dict[str, Any]:
    chosen = given.named if len(given.named) > 1 else given.every
    if len(chosen) != 2:
        raise UnclearFilesError(f"which two files: there are {len(chosen)}")
    return {"first": chosen[0], "second": chosen[1]}


def _groove(given: Given) -> dict[str, Any]:
    files = given.named if len(given.named) > 1 else given.every
    source = given.file_at(SOURCE)
    if len(files) != 2 or source is None:
        raise UnclearFilesError("whose groove is laid on which file")
    return {"source": source, "to": next(file for file in files if file != source)}


def _searching(query: str) -> Callable[[Given], dict[str, Any]]:
    """The query, and what is searched."""

    def arguments(given: Given) -> dict[str, Any]:
        own = [file for file in given.named if not file.endswith("/")]
        asked = given.file_at(QUERY) if len(own) > 1 else own[0] if own else next(iter(given.files), None)
        if asked is None:
            raise UnclearFilesError("which file is compared with the others")
        others = [file for file in given.every if file != asked]
        if given.library is not None and (given.names_library or not others):
            return {query: asked, "library": given.library}
        if not others:
            raise UnclearFilesError(f"among which files, beside {asked}")
        return {query: asked, "inputs": others}

    return arguments


def _library(given: Given) -> dict[str, Any]:
    names = [str(mark.value) for mark in given.row.marks if mark.concept == "NAME"]
    named = [str(mark.value) for mark in given.row.marks if mark.concept == "LIB"]
    place = next(iter([*names, *named]), None)
    if place is None:
        raise UnclearFilesError("what the library is called")
    if not given.every:
        raise UnclearFilesError("which files: none were named")
    return {"place": place, "inputs": given.every}


SPECIAL: dict[str, Callable[[Given], dict[str, Any]]] = {
    "blend": _two,
    "groove": _groove,
    "order": _ordered,
    "rank": _searching("query"),
    "find": _searching("fragment"),
    "next": _searching("loop"),
    "build_library": _library,
}
