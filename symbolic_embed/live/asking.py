"""What goes to whoever writes our bars, and what comes back: plain tuples, for pipes.

`Played` says what sounded in a bar, theirs and ours, and is answered by nothing; all that follows is conditioned on it.
`Ask` asks for our next bar, and is answered by one `Answer`. The answers are a function of what was sent and its order,
whenever they come: so a session can be played again.
"""

from __future__ import annotations

from typing import NamedTuple

from symbolic_embed.live.notes import HeardBar, Note

DECODER, LIBRARY, PATTERN, PLAIN, CLOSING, REST = "decoder", "library", "pattern", "plain", "closing", "rest"


class Wish(NamedTuple):
    """How the next bar shall be: how many times denser than the bars before, how many semitones higher, how far moved
    from what would come next (0 to 1), whether it is the last."""

    density: float = 1.0
    higher: int = 0
    perturb: float = 0.0
    closes: bool = False


class Played(NamedTuple):
    """A bar that is over: what was heard, what we played."""

    heard: HeardBar
    own: tuple[Note, ...]


class Ask(NamedTuple):
    """Asks for bar number `bar`: `heard` and `own` are of the bar before, which still goes on, as far as it is known.
    `draw` numbers the tries at a bar: another one, other music, in which nothing comes back."""

    bar: int
    heard: HeardBar
    own: tuple[Note, ...]
    wish: Wish
    draw: int = 0


class Answer(NamedTuple):
    """Our bar: its notes, with velocity 0; by whom; how long it took; the chord of the bar before and the key, as it
    heard them."""

    bar: int
    notes: tuple[Note, ...]
    by: str
    milliseconds: float
    chord: str = ""
    key: str = ""


Request = Played | Ask
