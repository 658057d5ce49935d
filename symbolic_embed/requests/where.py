"""Which pieces are meant: conditions on what `show` says of them, such as "metre=3/4 tempo=90-120 drums bars>8".

A condition is a field, an operator and a value; all of them must hold. What can be compared:

    numbers   bars, notes, tracks, seconds, tempo (quarters a minute where the first note begins), division
    words     metre (that of most bars), key (the first that is named, else the likeliest)
    of parts  name, instrument, program (from 0), role: it holds where one part has it
    texts     path, marker, warning
    flags     melody, bass, chords (or piano), drums: there is such a part; named_key, named_metre: the file says it

    =  !=       the value, one of several with commas (key=C,Am), a range of numbers (tempo=90-120)
    <  <= > >=  numbers
    ~  !~       texts and names: contains it, in any case
    !drums      a flag that is not; also -drums, no drums

A value with spaces stands in quotes: name~"electric piano", key="A minor". A key is C, Cm, "C minor", Db, F#m.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from symbolic_embed.requests.base import ReadingRequest
from symbolic_embed.settings import refused

Fact = str | float
Kind = Literal["number", "metre", "key", "text", "flag"]

FIELDS: dict[str, Kind] = {
    **dict.fromkeys(("bars", "notes", "tracks", "seconds", "tempo", "division", "program"), "number"),
    "metre": "metre",
    "key": "key",
    **dict.fromkeys(("name", "instrument", "role", "path", "marker", "warning"), "text"),
    **dict.fromkeys(("melody", "bass", "chords", "piano", "drums", "named_key", "named_metre"), "flag"),
}
OPERATORS: dict[Kind, tuple[str, ...]] = {
    "number": ("=", "!=", "<", "<=", ">", ">="),
    "metre": ("=", "!="),
    "key": ("=", "!="),
    "text": ("=", "!=", "~", "!~"),
    "flag": (),
}
EXAMPLES = {"number": "bars>8", "metre": "metre=3/4", "key": 'key="A minor"', "text": "name~lead", "flag": "drums"}
NUMBER = r"\d+(?:\.\d+)?"
PITCH_CLASS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_TERM = re.compile(
    r"""\s*(?P<no>!|-|no\s+)?(?P<field>[^\W\d]\w*)
    (?:\s*(?P<operator><=|>=|!=|!~|[=<>~])\s*(?P<value>(?:"[^"]*"|'[^']*'|,\s*|[^\s"',]+|\s+(?:major|minor)\b)*))?\s*""",
    re.VERBOSE,
)
_WORD = re.compile(r"""\s*("[^"]*"|'[^']*'|[^"',]+)\s*(?:,|$)""")


class Span(NamedTuple):
    """A number, from itself to itself, or a range of numbers, both ends included."""

    low: float
    high: float

    def holds(self, operator: str, number: float) -> bool:
        if operator in ("<", "<="):
            return number < self.low or (operator == "<=" and number == self.low)
        if operator in (">", ">="):
            return number > self.low or (operator == ">=" and number == self.low)
        return self.low <= number <= self.high


@dataclass(frozen=True)
class Condition:
    """One of them: a field, an operator (for flags "=" or "!="), and the values any of which will do. A value is a
    Span, a key's pitch class and mode, or a text in lower case."""

    field: str
    operator: str
    values: tuple[object, ...] = ()

    def holds(self, facts: Sequence[Fact]) -> bool:
        """Whether it holds for a piece of which these are the facts in its field: one, or one a part; none where there
        is nothing to compare."""
        is_not = self.operator.startswith("!")
        return is_not != any(self._fits(fact, value) for fact in facts for value in self.values or (True,))

    def _fits(self, fact: Fact, value: object) -> bool:
        kind = FIELDS[self.field]
        if isinstance(value, Span):
            return value.holds(self.operator, float(fact))
        if kind == "key":
            return key_of(str(fact)) == value
        text = str(fact).casefold()
        return str(value) in text if "~" in self.operator else kind == "flag" or text == value


@dataclass(frozen=True)
class Where:
    """Conditions, all of which must hold."""

    text: str
    conditions: tuple[Condition, ...]

    @classmethod
    def of(cls, text: str) -> Where:
        """What a text says. Raises ValueError for what it cannot say."""
        conditions, position = [], 0
        while position < len(text.rstrip()):
            term = _TERM.match(text, position)
            if term is None:
                raise ValueError(f"{text[position:].strip()}: no condition such as bars>8")
            conditions.append(_condition(term))
            position = term.end()
        if not conditions:
            raise ValueError("is empty; give conditions such as bars>8")
        return cls(" ".join(text.split()), tuple(conditions))

    def holds(self, facts: Mapping[str, Callable[[], Sequence[Fact]]]) -> bool:
        """Whether all hold; of `facts`, by field, only those are asked for that are compared."""
        return all(condition.holds(facts[condition.field]()) for condition in self.conditions)


def _condition(term: re.Match[str]) -> Condition:
    said, field = term[0].strip(), term["field"].casefold()
    if field not in FIELDS:
        near = difflib.get_close_matches(field, FIELDS, n=1)
        guess = f"did you mean {near[0]}?" if near else f"known are {', '.join(FIELDS)}"
        raise ValueError(f"{said}: {field} is not known of pieces; {guess}")
    kind, operator = FIELDS[field], term["operator"] or ""
    if kind == "flag" and not operator:
        return Condition(field, "!=" if term["no"] else "=")
    if kind == "flag":
        raise ValueError(f"{said}: {field} stands alone, or as !{field}")
    if term["no"] or operator not in OPERATORS[kind]:
        raise ValueError(f"{said}: {field} is compared by {' '.join(OPERATORS[kind])}, such as {EXAMPLES[kind]}")
    words = [word.strip("\"'").strip() for word in _WORD.findall(term["value"] or "")]
    is_order = operator[0] in "<>"
    if not words or not all(words) or (is_order and not re.fullmatch(NUMBER, term["value"].strip())):
        raise ValueError(f"{said}: behind {operator} stands {'one number' if is_order else 'a value'}")
    return Condition(field, operator, tuple(_value(field, word, said) for word in words))


def _value(field: str, word: str, said: str) -> object:
    """What a word says in a field."""
    kind = FIELDS[field]
    if kind == "number" and (span := re.fullmatch(f"({NUMBER})(?:-({NUMBER}))?", word)):
        return Span(float(span[1]), float(span[2] or span[1]))
    if kind == "metre" and re.fullmatch(r"\d+/\d+", word):
        return word
    if kind == "key" and (key := key_of(word)) is not None:
        return key
    if kind == "text":
        return word.casefold()
    raise ValueError(f"{said}: {word} is no {kind}, as in {EXAMPLES[kind]}")


def key_of(text: str) -> tuple[int, bool] | None:
    """The pitch class of a key's tonic, and whether it is minor: of "C", "Cm", "C minor"; None for what is no key."""
    said = re.fullmatch(r"([a-gA-G])([#b]?)(?:\s*(m|min|minor|maj|major))?", text.strip())
    if said is None:
        return None
    tonic = PITCH_CLASS[said[1].lower()] + {"#": 1, "b": -1, "": 0}[said[2]]
    return tonic % 12, (said[3] or "").startswith("mi") or said[3] == "m"


class WhereRequest(ReadingRequest):
    """A request about many pieces, of which only some are meant.

    where   "metre=3/4 drums bars>8": only pieces of which all of it holds (`requests.where`)
    """

    where: str | None = Field(default=None, description="Only files of which all of this holds.")

    @model_validator(mode="after")
    def _require_conditions(self) -> Self:
        try:
            _ = self.conditions
        except ValueError as error:
            raise refused(f"`where` {error}") from None
        return self

    @property
    def conditions(self) -> Where | None:
        """What `where` says."""
        return None if self.where is None else Where.of(self.where)
