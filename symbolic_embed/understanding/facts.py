"""What a match of a rule says: facts, each a name and a value, with the words that say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from symbolic_embed.understanding.reading import Mark
from symbolic_embed.understanding.row import Found
from symbolic_embed.understanding.signs import chords_in

NUMBERS = {"NUM", "FEW", "DOZEN"}
ENDS = 2  # files that a blend goes between
ONE_PIECE = {"piece", "song", "tune", "file", "loop", "stück", "lied", "datei"}


class Fact(NamedTuple):
    """A value, and the words that say it."""

    value: Any
    text: str


@dataclass
class Facts:
    """What has been understood so far. `several` are facts that may be said more than once; of others a second, other
    value is a contradiction."""

    single: dict[str, Fact] = field(default_factory=dict)
    several: dict[str, list[Fact]] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)

    def say(self, name: str, value: Any, text: str) -> None:
        """Adds a fact of which there is one."""
        before = self.single.setdefault(name, Fact(value, text))
        if before.value != value:
            self.contradictions.append(f"{before.text!r} and {text!r}")

    def add(self, name: str, value: Any, text: str) -> None:
        """Adds one of several."""
        self.several.setdefault(name, []).append(Fact(value, text))


Means = Callable[[Found], Iterator[tuple[str, Any]]]


def number(mark: Mark) -> float:
    """How many a mark says."""
    return 12.0 if mark.concept == "DOZEN" else float(mark.value or 0)


def whole(value: float | str | None) -> int | float:
    """A number without its zero behind the point."""
    said = float(value or 0)
    return int(said) if said.is_integer() else said


def number_of(name: str) -> Means:
    """The rule's number, as one fact."""
    return lambda found: iter([(name, next(whole(number(one)) for one in found[0] if one.concept in NUMBERS))])


def says(name: str, value: Any) -> Means:
    """One fact, whatever was matched."""
    return lambda found: iter([(name, value)])


def value_of(name: str, concept: str) -> Means:
    """What the first mark of a concept says, as one fact."""
    return lambda found: iter([(name, next(one.value for one in found[0] if one.concept == concept))])


def parts_as(name: str) -> Means:
    """Each part, as one of several facts."""

    def means(found: Found) -> Iterator[tuple[str, Any]]:
        for part in found[0]:
            if part.concept in ("PART", "RHYTHM", "NAME"):
                yield f"{name}+", "rhythm" if part.concept == "RHYTHM" else part.value

    return means


def stretches(found: Found) -> Iterator[tuple[str, Any]]:
    """Stretches and single bars: "5 to 8, 12" is "5-8,12"."""
    text, joined = "", ""
    for mark in found["bars"]:
        if mark.concept == "NUM":
            text += joined + str(whole(mark.value))
        elif mark.concept in ("TO", "AND", "COMMA"):
            joined = "-" if mark.concept == "TO" else ","
    yield "bars", text


def takes(found: Found) -> Iterator[tuple[str, Any]]:
    """How many takes are kept, and of how many."""
    kept, drawn = (whole(number(one)) for one in found[0] if one.concept in NUMBERS)
    yield from (("kept", kept), ("takes", drawn))


def control(found: Found) -> Iterator[tuple[str, Any]]:
    """How parts shall play: of those that are named, else of all."""
    wish = found["wish"][0]
    value = {"higher": "lower", "lower": "higher"}[str(wish.value)] if found["less"] else wish.value
    parts: list[float | str | None] = [*found.values("parts", "PART", "NAME")]
    for part in parts or [None]:
        yield f"{wish.concept.lower()}+", (part, value)


def part_amount(found: Found) -> Iterator[tuple[str, Any]]:
    """How far single parts go."""
    amount = next(one.value for one in found[0] if one.concept == "AMOUNT")
    for part in found.values("parts", "PART", "NAME"):
        yield "part_amount+", (part, amount)


def first_and_bars(found: Found) -> Iterator[tuple[str, Any]]:
    """So many versions of so many bars."""
    versions, bars = (whole(number(one)) for one in found[0] if one.concept in NUMBERS)
    yield from (("versions", versions), ("count_of_bars", bars))


def colour(found: Found) -> Iterator[tuple[str, Any]]:
    """What points of a map are coloured by."""
    colours = {"KEYWORD": "key", "METREWORD": "metre", "ITEM": "folder"}
    yield "colour", next(colours[one.concept] for one in found[0] if one.concept in colours)


def between(found: Found) -> Iterator[tuple[str, Any]]:
    """How many lie between two: not "the two files"."""
    count = next(whole(number(one)) for one in found[0] if one.concept in NUMBERS)
    are_ends = count == ENDS and all(one.concept != "BETWEEN" for one in found[0])
    yield ("both_files", True) if are_ends else ("steps", count)


def first_bars(found: Found) -> Iterator[tuple[str, Any]]:
    """So many bars from the beginning."""
    yield "bars", f"1-{whole(found[0][-2].value)}"


def how_often(found: Found) -> Iterator[tuple[str, Any]]:
    """ "twice", "4 times"."""
    first = found[0][0]
    yield "versions", 2 if first.concept == "TWICE" else whole(number(first))


def one_between(found: Found) -> Iterator[tuple[str, Any]]:
    """ "a piece between": one; of "pieces between" nobody has said how many."""
    if found[0][0].text.casefold() in ONE_PIECE:
        yield "steps", 1


def percent(found: Found) -> Iterator[tuple[str, Any]]:
    """A share in hundredths."""
    yield "share", next(float(one.value or 0) for one in found[0] if one.concept == "NUM") / 100


def chords(found: Found) -> Iterator[tuple[str, Any]]:
    """Chords as a request has them."""
    yield "chords", chords_in(next(str(one.value) for one in found[0] if one.concept == "CHORDS"))


def form(found: Found) -> Iterator[tuple[str, Any]]:
    """The letters of a form, with the apostrophe of keyboards."""
    letters = next(str(one.value) for one in found[0] if one.concept == "FORMLETTERS")
    yield "form", letters.replace("’", "'")
