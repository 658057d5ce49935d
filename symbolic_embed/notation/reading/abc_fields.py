"""The fields of ABC notation: key, metre, tempo, and what is said of a voice.

A field is a letter, a colon and text. Keys are named by their tonic and a mode (`G`, `Edor`, `Bb minor`), perhaps with
accidentals of their own (`D exp _b ^f`) and with words about the clef, which may move the voice (`clef=treble-8`,
`octave=-1`, `transpose=-2`). The rules are those of the ABC standard, version 2.1 (2011).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

LETTERS_BY_FIFTHS = "FCGDAEB"
MODES = {"maj": 0, "ion": 0, "min": -3, "m": -3, "aeo": -3, "mix": -1, "dor": -2, "phr": -4, "lyd": 1, "loc": -5}
"""The difference to the sharps of the major key on the same tonic, by the first three letters of a mode."""
ACCIDENTALS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
KEY = re.compile(r"(?P<tonic>[A-G])(?P<sign>[#b]?)\s*(?P<mode>[A-Za-z]*)(?P<more>.*)", re.DOTALL)
WORDS = re.compile(r"""(\w+)=("[^"]*"|\S+)""")
LONGEST_WORD = 1000  # of a number in a field: no metre, length or tempo is above


class Key(NamedTuple):
    """`sharps` (negative: flats), None where there is no key; how much each letter is raised; whether it is minor."""

    sharps: int | None
    raised: Mapping[str, int]
    is_minor: bool = False


def read_key(text: str) -> Key:
    """The key in a K field. What is none (`none`, `perc`, a clef alone) raises no letter."""
    text = text.strip()
    if text[:2] in ("HP", "Hp"):  # the Highland bagpipe: F and C are sharp, written or not
        return Key(2, _raised(2))
    match = KEY.match(text)
    mode = match["mode"].lower() if match else ""
    if match is None or (mode and mode[:3] not in MODES and mode != "exp" and f"{mode}=" not in text.lower()):
        return Key(None, _with_accidentals({}, text))
    if mode == "exp":
        return Key(None, _with_accidentals({}, match["more"]))
    shift = MODES.get(mode[:3], 0)
    sharps = LETTERS_BY_FIFTHS.index(match["tonic"]) - 1 + {"": 0, "#": 7, "b": -7}[match["sign"]] + shift
    sharps = min(max(sharps, -7), 7)
    return Key(sharps, _with_accidentals(_raised(sharps), match["more"]), is_minor=mode[:3] in ("m", "min", "aeo"))


def _raised(sharps: int) -> dict[str, int]:
    """How much a signature raises each letter it raises."""
    letters = LETTERS_BY_FIFTHS[:sharps] if sharps >= 0 else LETTERS_BY_FIFTHS[sharps:]
    return dict.fromkeys(letters, 1 if sharps > 0 else -1) if sharps else {}


def _with_accidentals(raised: dict[str, int], text: str) -> dict[str, int]:
    """A signature with the accidentals that are named after it."""
    more = re.findall(r"(?:^|\s)(\^\^|\^|__|_|=)([A-Ga-g])\b", text)
    return raised | {letter.upper(): ACCIDENTALS[sign] for sign, letter in more}


def read_transposition(text: str) -> int:
    """By how many semitones the words of a K or V field move a voice: `octave`, `transpose`, a clef's `-8` or `+8`."""
    words = {name.lower(): value.strip('"') for name, value in WORDS.findall(text)}
    clef = re.search(r"(?:treble|bass|alto|tenor|soprano|[GFC]\d?)([+-]8)", text)
    octaves = (_whole(words.get("octave")) or 0) + {"+8": 1, "-8": -1}.get(clef[1] if clef else "", 0)
    return max(-127, min(12 * octaves + (_whole(words.get("transpose")) or 0), 127))


def read_name(text: str) -> str | None:
    """The name that a V field gives its voice."""
    words = {name.lower(): value.strip('"') for name, value in WORDS.findall(text)}
    return words.get("name") or words.get("nm")


def read_metre(text: str) -> tuple[int, int] | None:
    """The metre in an M field; None for free metre. `(2+3)/8` is 5/8."""
    text = text.strip()
    if text.startswith("C|"):
        return 2, 2
    if text.startswith("C"):
        return 4, 4
    match = re.match(r"\(?\s*(\d{1,3}(?:\s*\+\s*\d{1,3})*)\s*\)?\s*/\s*(\d{1,3})", text)
    if match is None:
        return None
    numerator, denominator = sum(map(int, match[1].split("+"))), int(match[2])
    fits = 1 <= numerator <= 255 and denominator in (1, 2, 4, 8, 16, 32, 64, 128)
    return (numerator, denominator) if fits else None


def read_unit(text: str) -> Fraction | None:
    """The length of a bare letter in an L field, in quarters."""
    match = re.match(r"\s*(\d{1,3})\s*/\s*(\d{1,3})", text) or re.match(r"\s*(1)()\s*$", text)
    if match is None or not int(match[1]) or match[2] == "0" * len(match[2]) != "":
        return None
    return Fraction(4 * int(match[1]), int(match[2] or 1))


def unit_of(metre: tuple[int, int] | None) -> Fraction:
    """The length of a bare letter where no L field says it: a sixteenth in short bars, else an eighth."""
    return Fraction(1, 4) if metre and Fraction(*metre) < Fraction(3, 4) else Fraction(1, 2)


def read_tempo(text: str, *, unit: Fraction) -> float | None:
    """Quarters a minute in a Q field: `1/4=120`, `1/4 1/8=60`, and, as of old, `120` or `C3=40`, which count bare
    letters. None where it is words alone."""
    said = re.sub(r'"[^"]*"', " ", text)
    match = re.search(r"(?P<beats>[^=]*)=\s*(?P<count>\d{1,4}(?:\.\d+)?)", said) or re.match(
        r"(?P<beats>\s*)(?P<count>\d{1,4})\s*$", said
    )
    if match is None:
        return None
    named = re.findall(r"(\d{1,3})/([1-9]\d{0,2})", match["beats"])
    beats = sum((Fraction(4 * int(above), int(below)) for above, below in named), Fraction(0))
    letters = re.search(r"[A-Ga-g](\d{0,3})", match["beats"])
    quarters = beats or unit * int((letters[1] if letters else "") or 1)
    return float(quarters) * float(match["count"]) or None


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[+-]?\d{1,3}", text) else None
