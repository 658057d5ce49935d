"""What new music is held to while it is written: which parts are written, their harmony, and how they shall play.

parts that go on as they do return their loop, those that nobody chose rest, the others are written;
chords that were named, and a cadence, are demanded: only their tones may begin; the seed's own chords are told to
the plan, and otherwise preferred;
a scale that was named is demanded, and so is that of a seed that keeps to one, but for tones of its last bars;
density, polyphony, length and pitch of notes are steered: what a part has come to so far leans the next choices
(`networks.leaning`), and of several candidates the one is taken that comes nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.choosing import parts_meant
from symbolic_embed.bars.chords import chord_of_profile
from symbolic_embed.bars.patterns.measures import Played, nothing_played
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.controls import NO_WISHES, Wishes, wishes_of
from symbolic_embed.composing.drum_form import DrumForm
from symbolic_embed.composing.hanging import ANY, Stay, stays_of
from symbolic_embed.composing.harmony_plan import Harmony, harmony_of, tonic_of
from symbolic_embed.composing.history import Cell
from symbolic_embed.composing.looping import looped
from symbolic_embed.embedding.sphere import slerp
from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.leaning import Leaning
from symbolic_embed.requests import ComposeRequest
from symbolic_embed.requests.chord_symbols import Chord
from symbolic_embed.requests.per_part import Given

STILL_HEARD = 8  # bars at the end of the seed whose tones may go on, whatever its scale is
FIRMNESS = {"density": 2.5, "polyphony": 2.0, "note_length": 2.0}  # what a doubling too little adds
FIRMNESS["pitch"] = 1.0  # to an octave higher, for each semitone too low
MOST_LEANT = 6.0


@dataclass(frozen=True, eq=False)
class Guidance:
    """What holds for the new windows of a piece, numbered from 0; writers by their turns.

    harmony: of all windows; None: free. tonic: the chord of the closing bar. loops: of the turns that go on as they do
    the cell of each window. resting: the turns that rest. wishes, temperatures: of each turn. own_classes: bool (12,),
    tones that may be used beside the scale. drums: where those that begin with this music return and where they do not.
    stays: of each turn, for how long it may stay on a pitch (`hanging.py`); none: for any number of onsets. plays: all
    writers play in every window. perturb: how far what is derived is moved before it is decoded, 0 to 1; what returns
    is not decoded, and stays as it was. returns: cells may return note for note.
    """

    harmony: Harmony | None = None
    tonic: Chord | None = None
    loops: dict[int, list[Cell]] = field(default_factory=dict)
    resting: frozenset[int] = frozenset()
    wishes: tuple[Wishes, ...] = ()
    temperatures: dict[int, float] = field(default_factory=dict)
    own_classes: NDArray[np.bool_] | None = None
    drums: DrumForm | None = None
    stays: tuple[Stay, ...] = ()
    plays: bool = False
    perturb: float = 0.0
    returns: bool = True

    def wish(self, turn: int) -> Wishes:
        """What a writer is asked for."""
        return self.wishes[turn] if self.wishes else NO_WISHES

    def stay(self, turn: int) -> Stay:
        """For how long a writer may stay on a pitch."""
        return self.stays[turn] if self.stays else ANY

    def choice(self, turn: int, choice: Choice) -> Choice:
        """How the notes of a writer are chosen."""
        own = self.temperatures.get(turn)
        return choice if own is None else replace(choice, temperature=own)

    def chord(self, window: int) -> int | None:
        """The chord of a window as the plan has it (`bars/chords.py`); None where any will do."""
        if self.harmony is None or self.harmony.chord is None or not self.harmony.chord[window].any():
            return None
        steps = self.harmony.chord[window]
        bass = np.bincount(self.harmony.bass[window][self.harmony.bass[window] >= 0], minlength=12)
        lowest = np.array([int(bass.argmax()) if bass.any() else -1])
        return int(chord_of_profile(steps.sum(axis=0)[None].astype(np.float64), lowest)[0])

    def is_strict(self, window: int) -> bool:
        """Whether the chords of a window are demanded."""
        return self.harmony is not None and self.harmony.chord is not None and bool(self.harmony.strict[window])

    def tokens(self, window: int, *, role: str, pitches: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which pitch tokens a writer may begin in a window, of those it may play at all, bool (tokens,): the same, or
        bool (48, tokens). Where nothing would be left, its own."""
        if self.harmony is None or role == "drums":
            return pitches
        allowed = pitches
        if self.harmony.scale is not None:
            classes = self.harmony.scale
            if not self.harmony.scale_strict and self.own_classes is not None:
                classes = classes | self.own_classes
            tones = np.append(classes[np.arange(note_rows.FIRST_DRUM) % 12], np.ones(note_rows.FIRST_DRUM, bool))
            allowed = pitches & tones if (pitches & tones).any() else pitches
        if not self.is_strict(window):
            return allowed
        by_step = allowed & self.harmony.tokens(window, role)
        return np.where(by_step.any(axis=1, keepdims=True), by_step, allowed)

    def admits(self, cell: Cell, tokens: NDArray[np.bool_]) -> bool:
        """Whether a cell that returns holds only such tokens."""
        if tokens.ndim == 1:
            return bool(tokens[cell[:, 1]].all())
        return bool(tokens[cell[:, 0], cell[:, 1]].all())

    def perturbed(self, derived: Tensor, choice: Choice) -> Tensor:
        """Derived embeddings, (variations, dim), each moved so far towards a point of the sphere that is drawn."""
        if not self.perturb:
            return derived
        assert choice.random is not None, "draws need a generator"
        vectors = derived.numpy()
        drawn = choice.random.standard_normal(vectors.shape)
        drawn *= np.linalg.norm(vectors, axis=1, keepdims=True) / np.linalg.norm(drawn, axis=1, keepdims=True)
        return torch.from_numpy(slerp(vectors, drawn, self.perturb))

    def leaning(self, turn: int, so_far: Sequence[Played]) -> Leaning | None:
        """How the choices of a writer lean, for each of several rows, by what each has come to so far; None where
        nothing is asked for."""
        wish = self.wish(turn)
        if wish.asks_for_nothing:
            return None
        columns = np.zeros((4, len(so_far)))
        for row, played in enumerate(so_far):
            if not played.notes[0]:
                continue
            columns[0, row] = _lack(wish.density, played.density[0], FIRMNESS["density"])
            columns[1, row] = _lack(wish.polyphony, played.polyphony[0], FIRMNESS["polyphony"])
            columns[2, row] = _lack(wish.note_length, played.note_length[0], FIRMNESS["note_length"])
            if wish.pitch is not None:
                columns[3, row] = np.clip((wish.pitch - played.pitch[0]) * FIRMNESS["pitch"], -MOST_LEANT, MOST_LEANT)
        return Leaning.of(columns, lengths=note_rows.LENGTHS)


FREE = Guidance()


def within(pitches: NDArray[np.bool_], wish: Wishes) -> NDArray[np.bool_]:
    """The pitch tokens that a part may play, bool (tokens,), between the lowest and the highest that are asked for:
    then all between them."""
    if wish.lowest is None and wish.highest is None:
        return pitches
    number = np.arange(len(pitches))
    low, high = wish.lowest or 0, note_rows.FIRST_DRUM - 1 if wish.highest is None else wish.highest
    return (number >= low) & (number <= high)


def _lack(wanted: float | None, now: float, firmness: float) -> float:
    """How much a choice leans towards more of what there is too little of, counted in doublings."""
    if wanted is None or not now > 0:
        return 0.0
    return float(np.clip(firmness * np.log2(wanted / now), -MOST_LEANT, MOST_LEANT))


def temperatures_of(barred: BarredScore, given: Given[float], *, order: Sequence[int]) -> dict[int, float]:
    """The temperatures of the writers that have their own, by their turns in `order`. Raises UsageError for a track
    that is not there."""
    own = {}
    for track, temperature in given:
        for part in () if track is None else parts_meant(track, barred, field="temperature"):
            if part in order:
                own[list(order).index(part)] = temperature
    return own


def classes_at_the_end(barred: BarredScore) -> NDArray[np.bool_]:
    """The pitch classes that begin in the last bars of a piece; bool (12,)."""
    late = ~barred.note_is_drum & (barred.note_bar >= barred.bars - STILL_HEARD)
    classes = np.zeros(12, bool)
    counts = np.bincount(barred.notes.pitch[late] % 12, minlength=12)
    classes[counts > 0.02 * max(counts.sum(), 1)] = True
    return classes


def nothing_yet(variations: int) -> list[Played]:
    """What each of several variations of a part has played before its first window."""
    return [nothing_played() for _ in range(variations)]


def guidance_of(
    barred: BarredScore,
    request: ComposeRequest,
    *,
    chosen: frozenset[int] | None = None,
    looping: frozenset[int] = frozenset(),
) -> Guidance:
    """What new bars after a piece are held to: the parts that are `chosen` (None: all) are written, those that are
    `looping` go on as they do, others rest. Raises UsageError for tracks that are not there, and for a part that has no
    loop."""
    order = writing_order(barred.roles)
    written = set(order) if chosen is None else set(chosen)
    wishes = wishes_of(barred, request)
    asked = any(not wish.asks_for_nothing for wish in wishes)
    return Guidance(
        harmony=harmony_of(barred, request, bars=request.bars),
        tonic=tonic_of(barred, request) if request.ending else None,
        loops={
            turn: [cell for bar in looped(barred, part, request.bars) for cell in bar]
            for turn, part in enumerate(order)
            if part in looping
        },
        resting=frozenset(turn for turn, part in enumerate(order) if part not in written | looping),
        wishes=tuple(wishes[part] for part in order) if asked else (),
        temperatures=temperatures_of(barred, request.part_temperature, order=order),
        own_classes=classes_at_the_end(barred),
        stays=stays_of(barred, order=order),
    )
