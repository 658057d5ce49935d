"""A request in words as a row of concepts, in whichever language needs the fewest words that are not known.

A mark is what a stretch of the text means. What says nothing ("please") is no mark; what is not understood is UNKNOWN.
A misspelt word is taken for the only known one that is a letter off, if that is no word that says little or turns the
meaning round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symbolic_embed.requests.chord_symbols import LETTERS, accidental
from symbolic_embed.understanding.lexicon import ATOM, LANGUAGES, Atoms, Lexicon, Meaning, folded, lexicon
from symbolic_embed.understanding.numerals import NOT_ALONE, number_at
from symbolic_embed.understanding.signs import Sign, signs_in

FILLER, UNKNOWN, NUMBER = "FILLER", "UNKNOWN", "NUM"
LEAST_LETTERS = 5  # of a word that may be misspelt
NOT_GUESSED = {FILLER, "NOT", "COND", "OR", "EXCEPT", "DROP", "ONLY", "LESS"}
COUNTED = {"BAR", "VERSION", "VARIATION", "STEP", "MORE", "TAKE", "NEW"}
INTERNATIONAL = {"AUDIO", "FORMAT", "TEMPO", "STYLE", "TSNE", "PCA", "DAW"}  # concepts of words that travel
GIVING_NAMES = {
    "CALLED": {UNKNOWN, "STYLE", "PART", "ITEM", "TRACK", "MAP"},
    "FOLDERWORD": {UNKNOWN, "STYLE", "PART"},
    "LIBRARY": {UNKNOWN, "STYLE"},
}
SIGNS = dict.fromkeys(".,;:!?。，、；：！？|", "COMMA") | dict.fromkeys("'\"“”„()[]{}（）「」《》*_#…~", FILLER)
SIGNS |= dict.fromkeys("-–—～", "TO") | {"&": "AND", "%": "PERCENT", "+": "AND"}
GERMAN_NOTES = {"h": "B", "b": "Bb", "es": "Eb", "as": "Ab"}
NOTE_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True)
class Mark:
    """What a stretch of a text means, and how it is written there."""

    concept: str
    value: float | str | None
    text: str
    is_guess: bool = False

    @property
    def name(self) -> str:
        """The concept as rules name it; of parts that are roles with the role."""
        is_role = self.concept == "PART" and self.value in ("drums", "bass", "melody", "chords")
        return f"PART.{self.value}" if is_role else self.concept


@dataclass(frozen=True)
class Reading:
    """A text as marks, and in which language."""

    text: str
    language: str
    marks: tuple[Mark, ...]

    @property
    def unknown(self) -> list[str]:
        """The words that mean nothing here."""
        return [mark.text for mark in self.marks if mark.concept == UNKNOWN]

    @property
    def strangeness(self) -> float:
        """Letters that are not understood; those of misspelt words count half."""
        guessed = sum(len(mark.text) for mark in self.marks if mark.is_guess)
        return len("".join(self.unknown)) + guessed / 2


def read(text: str, *, files: Sequence[str] = (), libraries: Sequence[str] = ()) -> Reading:
    """The marks of a text."""
    signs = signs_in(text, files=files, libraries=libraries)
    readings = [Reading(text, name, tuple(_marks(text, signs, lexicon(name)))) for name in LANGUAGES]
    return min(readings, key=lambda reading: reading.strangeness)


def _marks(text: str, signs: Sequence[Sign], words: Lexicon) -> Iterator[Mark]:
    begin = 0
    before = ""
    for sign in (*signs, Sign(len(text), len(text), "", "")):
        for mark in _marks_of_words(text[begin : sign.begin], words):
            yield _named(mark) if before in GIVING_NAMES and mark.concept in GIVING_NAMES[before] else mark
            before = mark.concept
        if sign.kind:
            kind = "NAME" if before == "FOLDERWORD" else sign.kind
            yield Mark(kind, sign.value, text[sign.begin : sign.end])
        begin, before = sign.end, sign.kind


def _named(mark: Mark) -> Mark:
    """A word that is a name where it stands: behind "called"."""
    return Mark("NAME", mark.text, mark.text)


def _marks_of_words(text: str, words: Lexicon) -> Iterator[Mark]:
    spans = [at.span() for at in ATOM.finditer(text)]
    atoms = tuple(folded(text[begin:end]) for begin, end in spans)
    place = 0
    while place < len(atoms):
        known = _at(atoms[place:], text[spans[place][0] :], words)
        guess = None if known else _misspelt(atoms[place], words)
        length, meant = known or (1, guess or Meaning(UNKNOWN, None))
        if meant.concept != FILLER:
            said = text[spans[place][0] : spans[place + length - 1][1]]
            yield Mark(meant.concept, meant.value, said, is_guess=guess is not None)
        place += length


def _at(atoms: Atoms, text: str, words: Lexicon) -> tuple[int, Meaning] | None:
    """What stands first, and of how many atoms it is: a key, a number, a phrase, a sign; None for what is not known."""
    if (key := _key(atoms, text, words)) is not None:
        return key
    phrase, number = words.longest_at(atoms), number_at(atoms, words.language)
    if number and (phrase is None or phrase[0] <= number[0]) and _is_counted(atoms, number[0], words):
        return number[0], Meaning(NUMBER, number[1])
    if phrase is not None:
        return phrase
    if atoms[0] in SIGNS:
        return 1, Meaning(SIGNS[atoms[0]], None)
    abroad = lexicon("english").meanings.get(atoms[:1])
    if abroad is not None and abroad.concept in INTERNATIONAL:
        return 1, abroad
    return None


def _is_counted(atoms: Atoms, length: int, words: Lexicon) -> bool:
    """Whether "one" is a number: not in "this one"."""
    if length > 1 or atoms[0] not in NOT_ALONE:
        return True
    behind = words.longest_at(atoms[1:])
    return behind is not None and behind[1].concept in COUNTED


def _key(atoms: Atoms, text: str, words: Lexicon) -> tuple[int, Meaning] | None:
    """A key: a note and a mode, "D dorian", "d-Moll", "A小调"."""
    said = re.match(r"([A-Ha-h](?:is|es|s)?)([#b♯♭]?)(?![A-Za-z])", text)
    if said is None:
        return None
    length = 2 if said[2] and atoms[0] == said[1].casefold() else 1
    sign, rest = said[2], atoms[length:]
    if rest[:1] in (("sharp",), ("flat",)):
        length, sign, rest = length + 1, "#" if rest[0] == "sharp" else "b", rest[1:]
    if rest[:1] == ("-",):
        length, rest = length + 1, rest[1:]
    mode = words.longest_at(rest)
    tonic = _tonic(said[1], sign, words.language)
    if tonic is None or mode is None or mode[1].concept != "MODE":
        return None
    return length + mode[0], Meaning("KEY", f"{tonic} {mode[1].value}")


def _tonic(letter: str, sign: str, language: str) -> str | None:
    """The name of a tonic; German ones have their own (h, cis, es)."""
    note = letter.casefold()
    if language == "german" and note in GERMAN_NOTES:
        return GERMAN_NOTES[note]
    if language == "german" and note.endswith(("is", "es")):
        pitch = (LETTERS[note[0].upper()] + (1 if note.endswith("is") else -1)) % 12
        return NOTE_NAMES[pitch]
    if note == "h" or len(note) > 1:
        return None
    return note.upper() if not sign else NOTE_NAMES[(LETTERS[note.upper()] + accidental(sign)) % 12]


def _misspelt(word: str, words: Lexicon) -> Meaning | None:
    """What the known words that are a letter off mean, where all mean one thing."""
    if len(word) < LEAST_LETTERS or not word.isalpha():
        return None
    near = {
        meant
        for atoms, meant in words.meanings.items()
        if len(atoms) == 1 and meant.concept not in NOT_GUESSED and _is_a_letter_off(word, atoms[0])
    }
    return near.pop() if len(near) == 1 else None


def _is_a_letter_off(word: str, known: str) -> bool:
    """Whether one letter is missing, too many, another, or two have changed places; not the first one."""
    if abs(len(word) - len(known)) > 1 or len(known) < LEAST_LETTERS - 1 or word[0] != known[0]:
        return False
    place = next((place for place, pair in enumerate(zip(word, known, strict=False)) if pair[0] != pair[1]), -1)
    if place < 0:
        return len(word) != len(known)
    left, right = word[place:], known[place:]
    swapped = left[1:2] + left[:1] + left[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped == right
