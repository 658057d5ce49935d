"""What words stand for: the tables of `words/`, one a language.

A line is CONCEPT or CONCEPT=value, a colon, and phrases with commas between; a line that begins with # is for readers.
A comma and a colon as such stand with spaces on both sides. Letters of all alphabets are compared in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

LANGUAGES = ("english", "german", "chinese")
ATOM = re.compile(r"[^\W\d_\u3000-\u9fff]+(?:['’][^\W\d_\u3000-\u9fff]+)*|\d+(?:\.\d+)?|\S")

Atoms = tuple[str, ...]


class Meaning(NamedTuple):
    """A concept, and which of them: AMOUNT and .2, PART and "bass"; None where there is one."""

    concept: str
    value: float | str | None


@dataclass(frozen=True)
class Lexicon:
    """The phrases of a language, as atoms, and what they mean; `longest` is the number of atoms of the longest."""

    language: str
    meanings: Mapping[Atoms, Meaning]
    longest: int

    def phrases(self, concept: str) -> Iterator[tuple[str, Meaning]]:
        """The phrases of a concept, in the order of the table."""
        return ((" ".join(atoms), meant) for atoms, meant in self.meanings.items() if meant.concept == concept)

    def longest_at(self, atoms: Atoms) -> tuple[int, Meaning] | None:
        """The longest phrase that atoms begin with: of how many it is, and what it means."""
        for length in range(min(self.longest, len(atoms)), 0, -1):
            if (meant := self.meanings.get(atoms[:length])) is not None:
                return length, meant
        return None


def atoms_of(text: str) -> Atoms:
    """Words, numbers, signs, and single characters of Chinese, in lower case."""
    return tuple(folded(atom) for atom in ATOM.findall(text))


def folded(atom: str) -> str:
    """An atom as it is compared."""
    return atom.casefold().replace("’", "'")


@cache
def lexicon(language: str) -> Lexicon:
    """The table of a language. Raises ValueError where it says two things of one phrase."""
    text = resources.files("symbolic_embed.understanding.words").joinpath(f"{language}.txt").read_text("utf-8")
    meanings: dict[Atoms, Meaning] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            head, _, phrases = line.partition(": ")
            meant = _meaning(head)
            for phrase in phrases.split(", "):
                atoms = atoms_of(phrase)
                if meanings.setdefault(atoms, meant) != meant:
                    raise ValueError(
                        f"{language}: {phrase!r} is {meanings[atoms].concept}, and {meant.concept} as well"
                    )
    return Lexicon(language, meanings, max(map(len, meanings)))


def _meaning(head: str) -> Meaning:
    concept, _, said = head.partition("=")
    is_number = re.fullmatch(r"\d+(\.\d+)?", said)
    return Meaning(concept, float(said) if is_number else said or None)
