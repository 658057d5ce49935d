"""The bars of a session, one after the other. For each, three things are done, in this order, each at its time:

over     a moment behind its first beat, the bar before is over: what sounded in it is told
cut      some time before its end, as much of it as was played is sent, and the next bar asked for
decide   a moment before its end, the next bar is decided (`deadline.py`)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from symbolic_embed.live.asking import Answer, Ask, Played, Request
from symbolic_embed.live.capture import Capture
from symbolic_embed.live.controls import Controls
from symbolic_embed.live.deadline import Deadline
from symbolic_embed.live.following import Following
from symbolic_embed.live.notes import HeardBar, Metre, Note
from symbolic_embed.requests.live import LiveRequest

OVER, CUT, DECIDE = range(3)


class _Asked(NamedTuple):
    """What was asked for the next bar."""

    heard: HeardBar
    closes: bool
    draw: int


class Cycle:
    """The bar that sounds, `bar`, and what is done next in it, `stage`. Questions go to `ask`. `own`: what we play in
    the bar; `following`: how the player has played, up to what was cut; `has_asked`: whether a bar of ours
    was ever asked for."""

    def __init__(self, request: LiveRequest, *, parts: tuple[str, ...], ask: Callable[[Request], None]) -> None:
        metre = Metre.of(request.metre)
        self.capture, self.deadline, self.controls = Capture(metre), Deadline(parts, metre), Controls.of(request)
        self.following, self.bar, self.stage, self.is_over = Following(), 0, CUT, False
        self.own: tuple[Note, ...] = ()
        self._next: tuple[Note, ...] = ()
        self._settled, self._send = Following(), ask
        self._last = None if request.end_after is None else request.end_after - 1
        self._asked: _Asked | None = None
        self.has_asked = False

    def over(self) -> None:
        """The bar before is over; so is everything, if it was the last."""
        heard, self.stage = self.capture.bar(self.bar - 1), CUT
        if self.controls.is_players_turn(self.bar - 1):
            self._settled = self._settled.after(heard)
        if self._settled.has_played:
            self._send(Played(heard, self.own))
        self.capture.forget_before(self.bar)
        self.own = self._next
        self.is_over = self._last is not None and self.bar > self._last

    def cut(self) -> None:
        """The next bar is asked for, where we play in it."""
        heard, bar, self.stage = self.capture.bar(self.bar), self.bar + 1, DECIDE
        self.following = self._settled
        if self.controls.is_players_turn(self.bar):
            self.following = self.following.after(heard)
        closes = bar == self._last or (self.following.has_paused and self.controls.trade is None)
        plays = self.following.plays or (self.following.has_played and self.controls.trade is not None)
        self._asked = None
        is_behind_the_last = self._last is not None and bar > self._last
        plays = plays and self.controls.is_our_turn(bar) and not is_behind_the_last
        if self.following.has_played and (closes or plays):
            self._ask(_Asked(heard, closes, draw=int(self.controls.is_new)))

    def decide(self) -> Answer:
        """What is played in the next bar, with its velocities; that bar is now the one that sounds."""
        self.bar, self.stage = self.bar + 1, OVER
        if self._asked is None:
            answer = self.deadline.rest(self.bar)
        else:
            hold = self.controls.holds and not self._asked.closes
            answer = self.deadline.decide(self.bar, self.capture.bar(self.bar - 1), hold=hold)
        self.controls.is_new = False
        notes = tuple(note._replace(velocity=self.following.velocity(note.step)) for note in answer.notes)
        self._next = notes
        return answer._replace(notes=notes)

    def press(self, key: str) -> None:
        """Takes a key; another idea for a bar that was asked for already is asked for at once."""
        self.controls.press(key)
        if key == "new" and self.stage == DECIDE and self._asked is not None:
            self._ask(self._asked._replace(draw=self._asked.draw + 1))

    def close(self) -> None:
        """Ends with a last bar, the next that can be; at once where nobody plays."""
        if not self.following.has_played:
            self.is_over = True
        if self._last is None or self._last > self.bar + 2:
            self._last = self.bar + (2 if self.stage == DECIDE else 1)

    def jump(self, bar: int) -> None:
        """Goes on in a bar of which nothing has been heard."""
        self.bar, self.stage, self.own, self._next, self._asked = bar, CUT, (), (), None
        self.capture.clear()
        self.deadline.forget()

    def _ask(self, asked: _Asked) -> None:
        self._asked, self.has_asked = asked, True
        wish = self.controls.wish(self.following.density)._replace(closes=asked.closes)
        self._send(Ask(self.bar + 1, asked.heard, self.own, wish, asked.draw))
