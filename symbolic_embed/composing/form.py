"""Sections that return.

A form is a word such as ABA'C: every letter is a section, all of the same length. A is what the seed ends with; any
other letter is new music where it first stands. Where a letter stands again the section is recalled, note for note, and
with an apostrophe up to its last quarter, which is written anew: the same beginning, another end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from symbolic_embed.errors import UsageError
from symbolic_embed.requests import ComposeRequest

SEED = "A"
ANEW = 4  # the last of so many parts of a section is written anew where it has an apostrophe


class Recalled(NamedTuple):
    """A bar that returns: of the seed or of what was written after it, and which, from 0."""

    of_seed: bool
    bar: int


def recalled_bars(request: ComposeRequest, *, seed_bars: int) -> Sequence[Recalled | None]:
    """What each of the new bars recalls; None for those that are new. Without a form all are. Raises UsageError where a
    section is longer than the seed, which is one of them."""
    sections = request.sections
    if not sections:
        return [None] * request.bars
    length = request.bars // len(sections)
    first = {SEED: Recalled(of_seed=True, bar=seed_bars - length)}
    recalled: list[Recalled | None] = []
    for section in sections:
        letter, changed = section[0].upper(), len(section) > 1
        if letter in first:
            known = first[letter]
            if known.bar < 0:
                raise UsageError(
                    f"`form` {request.form}: a section has {length} bars, and {SEED}, the seed, only {seed_bars}; "
                    f"`bars` {len(sections) * seed_bars} would fit",
                    field="form",
                )
            same = length - max(1, length // ANEW) if changed else length
            recalled += [Recalled(known.of_seed, known.bar + bar) for bar in range(same)] + [None] * (length - same)
        else:
            first[letter] = Recalled(of_seed=False, bar=len(recalled))
            recalled += [None] * length
    return recalled
