"""What is heard in the last bars: chord, key, scale, and what kind of part it is.

A player who keeps to a scale and then leaves it for a bar may have borrowed a chord, or gone to another key. So a bar
later we keep to what fits either way: the tones of that bar, and those that both keys have. After two such bars the key
is the new one, and what was heard before is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER, role_of
from symbolic_embed.bars.chords import KINDS, NO_CHORD, chord_numbers
from symbolic_embed.bars.keys import KeyEstimate, estimate_key, pitch_class_durations
from symbolic_embed.composing.context import windows_of
from symbolic_embed.composing.harmony_plan import Harmony
from symbolic_embed.live.cells import given_of, split
from symbolic_embed.live.deadline import DRUM_CHANNEL
from symbolic_embed.live.notes import HeardBar, Metre
from symbolic_embed.requests.chord_symbols import Chord
from symbolic_embed.requests.harmony import MODES
from symbolic_embed.requests.where import key_of
from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.score.instruments import PITCH_CLASSES

REMEMBERED = 8  # bars
IN_SCALE = 0.97  # of the time that pitches sound: then the player keeps to a scale
SUFFIXES = ("", "m", "dim")  # of the kinds of triads
SURE = 4  # bars after which the scale is taken for settled
LEFT = 0.5  # of the time that pitches sound: with less in the scale, a bar has left it


class Hearing:
    """The last bars that were heard; each later one makes another of these. `is_sure`: however few they are, they are
    of one key."""

    def __init__(self, metre: Metre, bars: Sequence[HeardBar] = (), *, is_sure: bool = False) -> None:
        self.metre, self.bars, self.is_sure = metre, tuple(bars[-REMEMBERED:]), is_sure

    def after(self, bar: HeardBar) -> Hearing:
        """The same with one bar more; of the last two alone, where they are in another key."""
        if self._is_left and self._before.is_left_by(bar):
            return Hearing(self.metre, (self.bars[-1], bar), is_sure=True)
        return Hearing(self.metre, (*self.bars, bar), is_sure=self.is_sure)

    @property
    def chord(self) -> str:
        """The chord of the last bar, as "Am"; empty for none."""
        if not self.bars:
            return ""
        first = split(self.metre.steps)[0]
        rows = given_of(self.bars[-1], first, roles=("chords", "drums")).rows[0]
        (number,) = chord_numbers(windows_of([rows], steps=np.array([first[1]])))
        if number == NO_CHORD:
            return ""
        root, kind = divmod(int(number) - 1, len(KINDS))
        return PITCH_CLASSES[root] + SUFFIXES[kind]

    @property
    def key(self) -> str:
        """The key of the last bars, as "G major"; empty for none."""
        return self._key.name if self._key else ""

    @property
    def tonic(self) -> Chord:
        """The triad on the tonic; C major of nothing."""
        root, is_minor = key_of(self.key) or (0, False)
        return Chord.of(root, "m" if is_minor else "")

    @cached_property
    def scale(self) -> NDArray[np.bool_] | None:
        """What the player keeps to, bool (12,): the scale of the key, and what else was played; where the last bar has
        left it, what fits that as well as the scale. None where the player keeps to none."""
        if self._is_left:
            last = Hearing(self.metre, self.bars[-1:])
            return (last.durations > 0) | (last._tones & self._before._tones)
        return self._tones | (self.durations > 0) if self._keeps_to_key else None

    def is_left_by(self, bar: HeardBar) -> bool:
        """Whether a bar is in another key than the bars so far, which keep to one."""
        durations = Hearing(self.metre, (bar,)).durations
        return self._keeps_to_key and bool(durations[self._tones].sum() < LEFT * durations.sum())

    @property
    def harmony(self) -> Harmony | None:
        """What new notes are held to; None: to nothing."""
        if self.scale is None:
            return None
        none = np.zeros((0, 48), np.int64)
        return Harmony(None, none, none > 0, none[:, 0] > 0, self.scale, scale_strict=True, final=None)

    @cached_property
    def _before(self) -> Hearing:
        """The bars before the last."""
        return Hearing(self.metre, self.bars[:-1], is_sure=self.is_sure)

    @cached_property
    def _is_left(self) -> bool:
        """Whether the last bar is in another key than those before it."""
        return bool(self.bars) and self._before.is_left_by(self.bars[-1])

    @cached_property
    def _tones(self) -> NDArray[np.bool_]:
        """The scale of the key, bool (12,); nothing where there is no key."""
        classes, key = np.zeros(12, bool), key_of(self.key)
        if key is not None:
            classes[[(key[0] + tone) % 12 for tone in MODES["minor" if key[1] else "major"]]] = True
        return classes

    @cached_property
    def _keeps_to_key(self) -> bool:
        """Whether enough was heard, and nearly all of it in the scale of its key."""
        total = self.durations.sum()
        is_enough = self.is_sure or len(self.bars) >= SURE
        return is_enough and bool(total and self.durations[self._tones].sum() >= IN_SCALE * total)

    @cached_property
    def _score(self) -> Score:
        """What was heard, as a piece of one part."""
        steps = self.metre.steps
        notes = [
            (number * steps + note.step, note.length, note.pitch, note.velocity)
            for number, bar in enumerate(self.bars)
            for note in bar.notes
            if note.part != DRUM_CHANNEL
        ]
        return Score(STEPS_PER_QUARTER, (Track(Notes.of(*np.array(notes, np.int64).reshape(-1, 4).T)),))

    @cached_property
    def _key(self) -> KeyEstimate | None:
        return estimate_key(self._score)

    @cached_property
    def durations(self) -> NDArray[np.float64]:
        """For how many quarters each pitch class sounded; float64 (12,)."""
        return pitch_class_durations(self._score)


def roles_of_player(bar: HeardBar) -> tuple[str, ...]:
    """What the player's parts are by what was heard in a bar: drums where they are struck on their channel, and what
    the other notes sound like."""
    pitched = [note for note in bar.notes if note.part != DRUM_CHANNEL]
    drums = ("drums",) if len(pitched) < len(bar.notes) else ()
    if not pitched:
        return drums or ("chords",)
    columns = np.array([(note.step, note.length, note.pitch, note.velocity) for note in pitched], np.int64).T
    return (role_of(Track(Notes.of(*columns))), *drums)
