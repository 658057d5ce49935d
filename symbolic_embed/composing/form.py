"""Sections that return.

A form is a word such as ABA'C: every letter is a section. They share the new bars evenly where these can be divided so;
else each is as long as the seed's own sections (`bars.patterns.loops`), or a half, a quarter ... of that where there is
no room, and what is left over goes to the last one. A is what the seed ends with; any other letter is new music where
it first stands. Where a letter stands again the section is recalled, note for note, and
with an apostrophe up to its last quarter, which is written anew: the same beginning, another end.
"""

from __future__ import annotations

from typing import NamedTuple

from symbolic_embed.errors import UsageError
from symbolic_embed.requests import ComposeRequest

SEED = "A"
ANEW = 4  # the last of so many parts of a section is written anew where it has an apostrophe


class Recalled(NamedTuple):
    """A bar that returns: of the seed or of what was written after it, and which, from 0."""

    of_seed: bool
    bar: int


def recalled_bars(request: ComposeRequest, *, seed_bars: int, own_section: int | None = None) -> list[Recalled | None]:
    """What each of the new bars recalls; None for those that are new. Without a form all are. `own_section`: how many
    bars a section of the seed has; None: as many as the seed. Raises UsageError where a section is longer than the
    seed, which is one of them."""
    sections = request.sections
    if not sections:
        return [None] * request.bars
    length = section_length(request, own=own_section or seed_bars)
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
    return recalled + [None] * (request.bars - len(recalled))


def section_length(request: ComposeRequest, *, own: int) -> int:
    """How many bars each section of a form has, in a piece whose `own` have so many; one at the least."""
    sections = len(request.sections)
    if request.bars % sections == 0:
        return request.bars // sections
    length = own
    while length > 1 and length * sections > request.bars:
        length //= 2
    return length
