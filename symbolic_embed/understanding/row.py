"""A row of marks, of which rules take what they understand: patterns over concepts.

A pattern is a regular expression over the names of marks with a space between, in which words in angle brackets stand
for others: "KEEP <PARTS>( ASIS)?". What was taken is no longer there for the next rule; where it was stands "_".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

from symbolic_embed.understanding.reading import Mark

TAKEN = "_"
CONTROLS = "(?:DENSITY|RANGE|LENGTH|THICK)"
PART = r"(?:PART(?:\.\w+)?|RHYTHM|NAME)"
ALONE = rf"(?! (?:AMOUNT|{CONTROLS}))"  # a part behind a comma that has a wish of its own is not one of those before
ANDPARTS = rf"{PART}(?: AND {PART})*"  # before what is said of them, where a comma may end something else
PARTS = rf"{PART}(?: (?:AND (?:COMMA )?|COMMA (?:AND )?){PART}{ALONE}| AND ONLY {PART})*"
COUNT = "(?:NUM|FEW|DOZEN)"
UNIT = "(?:VERSION|VARIATION|BAR|STEP|TAKE|TIMES|PERCENT|ITEM|MORE|NEW|DIFFERENT|TEMPO|CONTINUE)"
BARS = rf"NUM(?: TO (?:BAR )?(?:DI )?NUM| (?:AND|COMMA|COMMA AND) (?:BAR )?(?:DI )?NUM(?! {UNIT}))*"
WORDS = {"PARTS": PARTS, "ANDPARTS": ANDPARTS, "PART": PART, "CONTROL": CONTROLS, "COUNT": COUNT, "BARS": BARS}


class Found:
    """What a pattern has matched: marks, by the names of the pattern's groups or all."""

    def __init__(self, match: re.Match[str], marks: Sequence[Mark], starts: Sequence[int]) -> None:
        self._match, self._marks, self._starts = match, marks, starts

    def __getitem__(self, group: str | int) -> Sequence[Mark]:
        """The marks of a group; none where it has not matched, or the pattern has none of that name."""
        if isinstance(group, str) and group not in self._match.re.groupindex:
            return ()
        begin, end = self._match.span(group)
        return self._marks[bisect_left(self._starts, begin) : bisect_left(self._starts, end)] if begin >= 0 else ()

    @property
    def places(self) -> range:
        """Where in the row it is."""
        begin, end = self._match.span()
        return range(bisect_left(self._starts, begin), bisect_left(self._starts, end))

    @property
    def text(self) -> str:
        """What is written there."""
        return " ".join(mark.text for mark in self[0])

    def value(self, group: str) -> float | str | None:
        """What the first mark of a group says; None where there is none."""
        marks = self[group]
        return marks[0].value if marks else None

    def values(self, group: str | int, *concepts: str) -> list[float | str]:
        """What the marks of a group say that are of these concepts."""
        return [mark.value for mark in self[group] if mark.concept in concepts and mark.value is not None]


class Row:
    """Marks, and which of them were taken."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.marks = marks
        self._names = [mark.name for mark in marks]

    @property
    def left(self) -> list[Mark]:
        """The marks that no rule has taken."""
        return [mark for mark, name in zip(self.marks, self._names, strict=True) if name != TAKEN]

    @property
    def text(self) -> str:
        """The names of the marks, those that were taken as "_"."""
        return " ".join(self._names)

    def take(self, pattern: str) -> Iterator[Found]:
        """Takes each place that a pattern matches, from the left."""
        while (found := self.find(pattern)) is not None:
            for place in found.places:
                self._names[place] = TAKEN
            yield found

    def find(self, pattern: str) -> Found | None:
        """The first place that a pattern matches, which stays."""
        match = compiled(pattern).search(self.text)
        starts = list(accumulate((len(name) + 1 for name in self._names), initial=0))
        return None if match is None else Found(match, self.marks, starts)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression."""
    written_out = re.sub(r"<([A-Z]+)>", lambda word: WORDS[word[1]], pattern)
    return re.compile(rf"(?<!\S)(?:{written_out})(?= |$)")
