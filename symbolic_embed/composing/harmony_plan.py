"""What the harmony of new music shall be, step by step, as the composer is told it.

Chords come from a text or go on as in the seed (`chords.py`); an ending closes the last bar: the half before it is the
dominant, and in it stands the tonic, from its first beat on. Chords that were named and those of the ending are
demanded, those of the seed preferred; so with a scale that was named, and the seed's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER, WINDOW_STEPS, BarredScore
from symbolic_embed.bars.keys import estimate_key, pitch_class_durations
from symbolic_embed.bars.patterns.chords import half_bar
from symbolic_embed.composing.chords import progression_of
from symbolic_embed.encodings import note_rows
from symbolic_embed.requests.chord_symbols import Bar, Chord
from symbolic_embed.requests.harmony import MODES, HarmonyRequest
from symbolic_embed.requests.where import key_of

IN_SCALE = 0.99  # of the time that pitches sound: then a piece keeps to a scale
FIFTH = 7


@dataclass(frozen=True, eq=False)
class Harmony:
    """The harmony of new windows of music.

    chord: bool (windows, 48, 12), the tones of the chord at each step, none of them where any will do; None: free.
    bass: int64 (windows, 48), the pitch class of the chord's bass, -1 where any will do. begins: bool (windows, 48),
    where a chord is new. strict: bool (windows,), whether its chords are demanded or preferred. scale: bool (12,) or
    None; scale_strict: whether it is demanded. final: the first window of the last bar, if it closes; else None.
    """

    chord: NDArray[np.bool_] | None
    bass: NDArray[np.int64]
    begins: NDArray[np.bool_]
    strict: NDArray[np.bool_]
    scale: NDArray[np.bool_] | None
    scale_strict: bool
    final: int | None

    def tokens(self, window: int, role: str) -> NDArray[np.bool_]:
        """The pitch tokens that may begin in a window if its chords (and the scale) are taken strictly, by what the
        part does; bool (48, tokens). Drums are free. Chords have tones of the chord alone; so has a bass, which has the
        chord's bass where the chord begins; a melody has tones of the chord on beats, and of the scale elsewhere."""
        allowed = np.ones((WINDOW_STEPS, note_rows.PITCH_TOKENS), bool)
        if role == "drums":
            return allowed
        classes = np.ones((WINDOW_STEPS, 12), bool)
        in_scale = np.ones(12, bool) if self.scale is None else self.scale
        if self.chord is None:
            classes &= in_scale
        else:
            tones = self.chord[window] | ~self.chord[window].any(axis=1, keepdims=True)
            classes = np.where(self.chord[window].any(axis=1, keepdims=True), tones, in_scale)
            if role == "melody":
                between = np.arange(WINDOW_STEPS) % STEPS_PER_QUARTER != 0
                classes[between] |= in_scale
            if role == "bass":
                first = self.begins[window] & (self.bass[window] >= 0)
                classes[first] = np.arange(12) == self.bass[window][first, None]
        allowed[:, : note_rows.FIRST_DRUM] = classes[:, np.arange(note_rows.FIRST_DRUM) % 12]
        return allowed


def harmony_of(barred: BarredScore, request: HarmonyRequest, *, bars: int) -> Harmony:
    """The harmony of `bars` new bars after a piece, in the metre it ends in, as a request says."""
    length = barred.next_bar_steps
    windows = -(-length // WINDOW_STEPS)
    progression = progression_of(barred, request)
    scale, is_named = scale_classes(barred, request)
    chords: list[Bar] = [() if progression is None else progression.bar(number) for number in range(bars)]
    strict = np.full((bars, windows), request.bars_of_chords is not None)
    if request.ending:
        closed = closing(chords, tonic_of(barred, request))
        strict[[old != new for old, new in zip(chords, closed, strict=True)]] = True
        strict[-1] = True
        chords = closed
    steps = windows * WINDOW_STEPS
    tones, bass, begins = np.zeros((bars, steps, 12), bool), np.full((bars, steps), -1), np.zeros((bars, steps), bool)
    before = Chord.none()
    for number, bar in enumerate(chords):
        for first, last, chord in _spans(barred, bar):
            tones[number, first:last, list(chord.tones)] = True
            bass[number, first:last] = chord.bass
            begins[number, first] = chord != before
            before = chord
    return Harmony(
        tones.reshape(-1, WINDOW_STEPS, 12) if any(chords) else None,
        bass.reshape(-1, WINDOW_STEPS),
        begins.reshape(-1, WINDOW_STEPS),
        strict.reshape(-1),
        scale,
        is_named,
        (bars - 1) * windows if request.ending else None,
    )


def closing(chords: Sequence[Bar], tonic: Chord) -> list[Bar]:
    """The chords of bars with a cadence at their end: the dominant in the half before the last bar, in it the tonic. Of
    a single bar the tonic alone."""
    closed = list(chords)
    closed[-1] = (tonic,)
    if len(closed) > 1:
        dominant = Chord.of((tonic.root + FIFTH) % 12, "7")
        closed[-2] = (closed[-2][0] if closed[-2] else dominant, dominant)
    return closed


def tonic_of(barred: BarredScore, request: HarmonyRequest) -> Chord:
    """The triad on the tonic: of the scale that was named, else of the key that the piece is in; C major of none."""
    root, is_minor = _key(barred)
    mode = request.mode
    if mode is not None:
        root, is_minor = root if mode.tonic is None else mode.tonic, 4 not in MODES[mode.mode]
    return Chord.of(root, "m" if is_minor else "")


def scale_classes(barred: BarredScore, request: HarmonyRequest) -> tuple[NDArray[np.bool_] | None, bool]:
    """The pitch classes of the scale that new music keeps to, bool (12,), and whether it was named. Where none was:
    that of the scales on the tonic which holds most of what sounds in the piece, if it holds nearly all; else None."""
    if request.is_free_of_scales:
        return None, False
    if (mode := request.mode) is not None:
        return _classes(_key(barred)[0] if mode.tonic is None else mode.tonic, mode.mode), True
    own = own_scale(barred)
    return (None, False) if own is None or not own.is_kept else (_classes(own.tonic, own.mode), False)


class OwnScale(NamedTuple):
    """The scale of seven tones that a piece is nearest to: the pitch class of its tonic, a mode of MODES, and the share
    of the sounding time that is in it."""

    tonic: int
    mode: str
    share: float

    @property
    def is_kept(self) -> bool:
        """Whether the piece keeps to it."""
        return self.share >= IN_SCALE


def own_scale(barred: BarredScore) -> OwnScale | None:
    """Of the scales on the tonic of a piece's key the one that holds most of what sounds; of equal ones plain major or
    minor, as the key is. None where nothing has a pitch."""
    tonic, is_minor = _key(barred)
    sounding = pitch_class_durations(barred.score)
    if not sounding.sum():
        return None
    first = "minor" if is_minor else "major"
    modes = [first, *(mode for mode, tones in MODES.items() if len(tones) == 7 and mode != first)]
    shares = [float(sounding[_classes(tonic, mode)].sum() / sounding.sum()) for mode in modes]
    best = int(np.argmax(shares))
    return OwnScale(tonic, modes[best], shares[best])


def _key(barred: BarredScore) -> tuple[int, bool]:
    """The pitch class of the tonic of a piece's key, and whether it is minor."""
    key = estimate_key(barred.score)
    return (None if key is None else key_of(key.name)) or (0, False)


def _classes(tonic: int, mode: str) -> NDArray[np.bool_]:
    classes = np.zeros(12, bool)
    classes[[(tonic + tone) % 12 for tone in MODES[mode]]] = True
    return classes


def _spans(barred: BarredScore, bar: Bar) -> Iterator[tuple[int, int, Chord]]:
    """First step, step after the last, and chord, of the chords of a new bar: two have a half each, more share it
    evenly, as far as its quarters let them."""
    length = barred.next_bar_steps
    if not bar:
        return
    begins = [round(number * length / len(bar) / STEPS_PER_QUARTER) * STEPS_PER_QUARTER for number in range(len(bar))]
    if len(bar) == 2:
        begins[1] = half_bar(barred.metre.following, steps=length)
    for first, last, chord in zip(begins, [*begins[1:], length], bar, strict=True):
        if first < last:
            yield first, last, chord
