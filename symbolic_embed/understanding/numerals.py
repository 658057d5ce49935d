"""Numbers in words: English, German and Chinese, from nought to a few hundred."""

from __future__ import annotations

import re

from symbolic_embed.understanding.lexicon import Atoms

ONES = {
    "english": [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ],
    "german": [
        "null",
        "eins",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "siebzehn",
        "achtzehn",
        "neunzehn",
    ],
}
TENS = {
    "english": ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    "german": ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"],
}
HUNDRED = {"english": "hundred", "german": "hundert"}
CHINESE = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
NOT_ALONE = {"one", "一"}  # a number only beside other numbers, or where something is counted
_GERMAN = re.compile(f"(?:({'|'.join(ONES['german'])}|ein)und)?({'|'.join(TENS['german'])})")


def number_at(atoms: Atoms, language: str) -> tuple[int, float] | None:
    """The number that atoms begin with: of how many it is, and its value; None where they begin with none."""
    if not atoms:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", atoms[0], re.ASCII):
        return 1, float(atoms[0])
    if re.fullmatch(r"\.", atoms[0]) and len(atoms) > 1 and re.fullmatch(r"\d+", atoms[1], re.ASCII):
        return 2, float(f".{atoms[1]}")
    return {"english": _english, "german": _german, "chinese": _chinese}[language](atoms)


def _english(atoms: Atoms) -> tuple[int, float] | None:
    hundreds = _english_hundreds(atoms)
    if hundreds is None:
        return _english_below(atoms)
    length, value = hundreds
    joined = length + (atoms[length : length + 1] == ("and",))
    rest = _english_below(atoms[joined:])
    return hundreds if rest is None else (joined + rest[0], value + rest[1])


def _english_hundreds(atoms: Atoms) -> tuple[int, float] | None:
    """A hundred, or several."""
    if atoms[1:2] != (HUNDRED["english"],):
        return (1, 100.0) if atoms[0] == HUNDRED["english"] else None
    digits = ONES["english"][:10]
    count = 1 if atoms[0] == "a" else digits.index(atoms[0]) if atoms[0] in digits else 0
    return (2, 100.0 * count) if count else None


def _english_below(atoms: Atoms) -> tuple[int, float] | None:
    """A number below a hundred."""
    ones, tens = ONES["english"], TENS["english"]
    if atoms and atoms[0] in ones:
        return 1, ones.index(atoms[0])
    if not atoms or atoms[0] not in tens:
        return None
    value = 10 * (tens.index(atoms[0]) + 2)
    hyphen = atoms[1:2] == ("-",)
    rest = atoms[1 + hyphen :]
    return (2 + hyphen, value + ones.index(rest[0])) if rest and rest[0] in ones[1:10] else (1, value)


def _german(atoms: Atoms) -> tuple[int, float] | None:
    ones, tens, word = ONES["german"], TENS["german"], atoms[0].replace("ss", "ß") if "ssig" in atoms[0] else atoms[0]
    if word in ones:
        return 1, ones.index(word)
    if word == HUNDRED["german"]:
        return 1, 100
    if said := _GERMAN.fullmatch(word):
        one = 0 if said[1] is None else 1 if said[1] == "ein" else ones.index(said[1])
        return 1, 10 * (tens.index(said[2]) + 2) + one
    return None


def _chinese(atoms: Atoms) -> tuple[int, float] | None:
    signs = "".join(atoms[:5])
    said = re.match(
        "(?:([一二两三四五六七八九])百)?零?(?:([二三四五六七八九]?)(十))?([零一二两三四五六七八九]?)", signs
    )
    if said is None or not said[0] or (said[0] == "零" and len(signs) > 1 and signs[1] not in CHINESE):
        return None
    value = 100 * CHINESE.get(said[1] or "", 0) + (10 * CHINESE.get(said[2] or "一", 1) if said[3] else 0)
    return len(said[0]), value + CHINESE.get(said[4] or "", 0)
