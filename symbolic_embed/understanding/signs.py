"""What in a request is no word of a language: files, libraries, keys, chords, metres, quoted names.

Each is cut out of the text where it stands, and taken for what it is. Capital letters count: Am F C G are chords, and
"a minor version" has no key in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

from symbolic_embed.requests.chord_symbols import chord_of
from symbolic_embed.understanding.lexicon import LANGUAGES, atoms_of, lexicon

LEAST_LETTERS = 3  # of a file's name, to be known without its ending
MUSIC = r"mid|midi|kar|rmi|musicxml|mxl|xml|abc|krn|wav"
CHORD = r"[A-G][#b♯♭]?(?:maj|min|dim|aug|sus|add|m|M|[0-9]|[#b](?=\d)|°|ø|\+)*(?:/[A-G][#b♯♭]?)?"
EDGE = r"(?![A-Za-z0-9_#])"
PATTERNS = (
    ("NAME", r"[\"“„«「『](?P<name>[^\"”“»」』]+)[\"”“»」』]"),
    (
        "FILE",
        rf"[A-Za-z0-9À-ÿ_.~/\\-]+\.(?:{MUSIC})\b|(?<![\d\w])[A-Za-z0-9À-ÿ_.~-]*[A-Za-zÀ-ÿ_.~-]/[A-Za-z0-9À-ÿ_./~-]*",
    ),
    ("UNKNOWN", r"(?<![\w.)])-\d+"),
    ("METRE", r"(?<![\d/])\d{1,2}/(?:2|4|8|16)(?![\d/])"),
    ("PITCHES", rf"[A-G][#b]?-?\d ?(?:-|–|to|bis|到) ?[A-G][#b]?-?\d{EDGE}"),
    ("CHORDS", rf"{CHORD}{EDGE}(?:(?:, ?| ?\| ?| ?[-–] ?| ){CHORD}{EDGE})+"),
    ("FORMLETTERS", r"(?<![A-Za-z])[A-D][A-D'’]+(?![A-Za-z])"),
)
_MODE_AFTER = re.compile(r"[ -]*(?:minor|major|moll|dur|dorian|phrygian|lydian|mixolydian|locrian)", re.IGNORECASE)


class Sign(NamedTuple):
    """What was found: from where to where in the text, which kind, and what of it."""

    begin: int
    end: int
    kind: str
    value: str


def signs_in(text: str, *, files: Sequence[str], libraries: Sequence[str]) -> list[Sign]:
    """The signs of a text in their order, none over another. Names that were given are known as they are; a file also
    by its name without folders or ending, where no music is called so: a single letter only beside another file."""
    found: list[Sign] = []
    for sign in (*_given(text, files, libraries), *_written(text), *_pairs_of_letters(text, files)):
        if all(sign.end <= other.begin or other.end <= sign.begin for other in found):
            found.append(sign)
    return sorted(found)


def _given(text: str, files: Sequence[str], libraries: Sequence[str]) -> Iterator[Sign]:
    named = {PurePath(name).name: name for name in reversed(files) if "." in PurePath(name).name}
    stems = {PurePath(name).stem: name for name in reversed(files) if _is_telling(PurePath(name).stem)}
    names = {name: name for name in files} | named | {stem: name for stem, name in stems.items() if stem not in named}
    for name in sorted(filter(None, names), key=len, reverse=True):
        for at in re.finditer(rf"(?<![A-Za-z0-9_.]){re.escape(name)}(?![A-Za-z0-9_])", text, re.IGNORECASE):
            yield Sign(*at.span(), "FILE", names[name])
    called = {name: name for name in libraries} | {PurePath(name).name: name for name in reversed(libraries)}
    for name in sorted(filter(None, called), key=len, reverse=True):
        for at in re.finditer(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", text, re.IGNORECASE):
            if _beside_library(text, *at.span()):
                yield Sign(*at.span(), "LIB", called[name])


def _is_telling(stem: str) -> bool:
    """Whether a name without ending can be meant by nothing else: no letter alone, no word that says something."""
    return len(stem) >= LEAST_LETTERS and all(atoms_of(stem) not in lexicon(name).meanings for name in LANGUAGES)


def _beside_library(text: str, begin: int, end: int) -> bool:
    """Whether the name of a library stands beside that word; a style may be called so as well."""
    word = r"(?:librar(?:y|ies)|collection|database|bibliothek|datenbank|曲库|音乐库|资料库)"
    is_before = re.search(rf"{word}\W*(?:called|named|namens|genannt|叫做?|名为)?\W*$", text[:begin], re.IGNORECASE)
    return bool(is_before or re.match(rf"\W*{word}", text[end:], re.IGNORECASE))


def _written(text: str) -> Iterator[Sign]:
    for kind, pattern in PATTERNS:
        for at in re.finditer(pattern, text):
            value = at["name"].strip() if kind == "NAME" else at[0]
            if kind != "CHORDS" or _are_chords(value, behind=text[at.end() :]):
                yield Sign(*at.span(), kind, value)


def _are_chords(text: str, *, behind: str) -> bool:
    """Whether all of it are chords, of which the last is no key: "in A D minor" has none."""
    try:
        return all(chord_of(word) for word in _words(text)) and not _MODE_AFTER.match(behind)
    except ValueError:
        return False


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,|–-]+", text) if word]


def chords_in(text: str) -> str:
    """Chords as a request has them, with one space between; bar lines stay."""
    return " ".join(re.sub(r"[,–-]", " ", text).split())


def _pairs_of_letters(text: str, files: Sequence[str]) -> Iterator[Sign]:
    """Two files called by their names without ending, one beside the other: "between a and b"."""
    stems = {PurePath(name).stem.casefold(): name for name in reversed(files)}
    word = "|".join(re.escape(stem) for stem in sorted(filter(None, stems), key=len, reverse=True))
    joined = r"\s*(?:and|und|to|into|with|nach|zu|mit|or|oder|和|与|到|&|,)\s*"
    if not word:
        return
    for at in re.finditer(rf"(?<![A-Za-z0-9_])({word}){joined}({word})(?![A-Za-z0-9_])", text, re.IGNORECASE):
        for group in (1, 2):
            yield Sign(*at.span(group), "FILE", stems[at[group].casefold()])
