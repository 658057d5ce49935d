"""What pieces are coloured by on a map: a word for each, from its path, its facts, or what a meta.jsonl says of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path

from symbolic_embed.bars import ROLES
from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.requests.asking import Colour
from symbolic_embed.requests.where import Fact

NOTHING = "none"  # where there is nothing to say
OF_NOTES: tuple[Colour, ...] = ("role", "metre", "key")  # the colours that a piece's notes give
META, ABOVE = "meta.jsonl", 6  # how many folders above a file it is looked for

FactsOf = Callable[[str], Sequence[Fact]]  # of a field


def word_of(colour: Colour, facts: FactsOf) -> str:
    """The word that a piece's facts give; of colours that its path gives, NOTHING."""
    if colour == "role":
        return ", ".join(role for role in ROLES if facts(role)) or NOTHING
    if colour in ("metre", "key"):
        return next((str(fact) for fact in facts(colour)), NOTHING)
    return NOTHING


def words_of_paths(colour: Colour, paths: Sequence[str]) -> list[str] | None:
    """The words that paths give: the folder, below the one that all lie in, or the group that the nearest meta.jsonl
    beside or above a file says; None for colours that are facts."""
    if colour == "folder":
        return _folders(paths)
    if colour == "group":
        return _groups(paths)
    return None


def _folders(paths: Sequence[str]) -> list[str]:
    if not paths:
        return []
    split = [os.path.dirname(os.path.normpath(path)).split(os.sep) for path in paths]
    levels = takewhile(lambda level: len(set(level)) == 1, zip(*split, strict=False))
    common = [level[0] for level in levels]
    own = os.path.basename(os.path.abspath(os.sep.join(common) or os.curdir)) or os.sep
    return [parts[len(common)] if len(parts) > len(common) else own for parts in split]


def _groups(paths: Sequence[str]) -> list[str]:
    """The groups of files, as the nearest meta.jsonl says. Raises CorpusError for one that cannot be read."""
    folders = {folder: _meta_above(folder) for folder in sorted({os.path.dirname(path) for path in paths})}
    said: dict[Path, Mapping[str, str]] = {
        folder: {os.path.normpath(one.path): one.group for one in load_collection([folder]).entries if one.group}
        for folder in sorted({folder for folder in folders.values() if folder is not None})
    }
    metas = [folders[os.path.dirname(path)] for path in paths]
    return [
        NOTHING if meta is None else said[meta].get(os.path.normpath(path), NOTHING)
        for path, meta in zip(paths, metas, strict=True)
    ]


def _meta_above(folder: str) -> Path | None:
    """The nearest folder with a meta.jsonl, from a folder upwards."""
    here = Path(folder)
    return next((one for one in [here, *here.parents][:ABOVE] if (one / META).is_file()), None)
