"""Names that any program shows and any file system takes.

Text in MIDI files is bytes of unknown alphabet; several players show "Strings é" wrong, so names written here are
ASCII, accents taken off, letters without a plain twin spelt out (ß as ss). A name from a file is never a path: it may
say `../../etc/passwd`, `CON`, or ring the bell. `file_stem` makes of any text a name for a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, count

LONGEST_STEM = 80
SPELT_OUT = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"þ": "th", "Þ": "Th", "ð": "d", "ı": "i", "♭": "b", "♯": "#", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-"}
)
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def ascii_name(text: str) -> str:
    """`text` in printable ASCII on one line; letters of other alphabets are left out. ASCII stays as it is."""
    plain = unicodedata.normalize("NFKD", text.translate(SPELT_OUT)).encode("ascii", "ignore").decode("ascii")
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def file_stem(text: str) -> str:
    """A file name without ending, made of letters, digits, dots, dashes and underscores: no path, no hidden file, no
    device name of Windows, at most 80 characters, never empty. A stem stays as it is."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", ascii_name(text))
    stem = re.sub(r"\.{2,}", ".", stem).strip("._-")[:LONGEST_STEM].rstrip("._-")
    if stem.partition(".")[0].lower() in DEVICES:
        stem = f"{stem.partition('.')[0]}_file{stem[len(stem.partition('.')[0]) :]}"
    return stem or "untitled"


def distinct(stems: Iterable[str]) -> list[str]:
    """The same names, with a number where several are one, also to who takes capitals for small letters: `tune`,
    `tune_2`."""
    taken: set[str] = set()
    names = []
    for stem in stems:
        numbered = (f"{stem}_{number}" for number in count(2))
        name = next(name for name in chain([stem], numbered) if name.lower() not in taken)
        taken.add(name.lower())
        names.append(name)
    return names
