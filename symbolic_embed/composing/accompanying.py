"""New parts beside those that are there.

Window by window the given parts are context, as what others have already written; the new ones are written beside
them, in the order chords, bass, melody, drums, each conditioned on the ones before. They wait until the first bar in
which a given part sounds, and in a long rest of all of these they rest too. More takes are drawn than are wanted, and
the best are kept (`fitting.py`). What follows a first bar hardly leaves its groove, so of first bars still more are
drawn, and takes go on from the best; where drums leave it is drawn too (`drum_form.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, WINDOW_STEPS, BarredScore, Windows, bar_windows
from symbolic_embed.bars.patterns import Stretch
from symbolic_embed.bars.patterns.grooves import beat_sixteenths
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.drum_form import DrumForm
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.fitting import best_accompaniments
from symbolic_embed.composing.given import Given, given_windows
from symbolic_embed.composing.guidance import Guidance
from symbolic_embed.composing.part_writer import PartWriter
from symbolic_embed.composing.sheet import NO_NOTES
from symbolic_embed.composing.takes import Take, batches_of
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import AccompanyRequest
from symbolic_embed.score import Notes, Track
from symbolic_embed.score.score import DRUM_CHANNEL

KIT = (36, 37, 38, 41, 42, 44, 45, 46, 48, 49, 51)  # kick, stick, snare, hats, toms, crash, ride
BEGINNINGS = 4  # first bars that are drawn for each take: what follows a beginning hardly leaves its groove
LONG_REST = 2  # bars in which nothing sounds; in a shorter rest new parts may play on


@dataclass(frozen=True)
class NewPart:
    """What a new part of a role is: name, programme (from 0), lowest and highest pitch, one voice or several, and how
    many notes it has at the least in a window in which the given parts begin one."""

    name: str
    program: int
    lowest: int
    highest: int
    single: bool
    fewest: int


@dataclass(frozen=True, eq=False)
class Accompaniment:
    """New parts beside those of a piece, and which of the takes they are."""

    notes: WrittenNotes
    take: Take


NEW_PARTS = {
    "chords": NewPart("Chords", 0, 45, 81, single=False, fewest=3),
    "bass": NewPart("Bass", 33, 28, 55, single=True, fewest=1),
    "melody": NewPart("Counter-melody", 73, 60, 88, single=True, fewest=0),
    "drums": NewPart("Drums", 0, min(KIT), max(KIT), single=False, fewest=2),
}


def roles_of(names: Iterable[str] | None, barred: BarredScore) -> list[str]:
    """The roles asked for, in writing order; by default chords, bass and drums as far as the piece lacks them, a
    counter-melody where it lacks none."""
    if names is None:
        lacking = [role for role in ROLES if role not in barred.roles]
        roles = [role for role in lacking if role != "melody"] or ["melody"]
    else:
        roles = list(dict.fromkeys(names))
    return [roles[number] for number in writing_order(roles)]


def new_track(role: str) -> Track:
    """An empty part of a role; its channel is a wish."""
    part = NEW_PARTS[role]
    return Track(Notes.none(), part.name, part.program, DRUM_CHANNEL if role == "drums" else 0)


@torch.no_grad()
def accompany_piece(
    trained: TrainedComposer,
    barred: BarredScore,
    request: AccompanyRequest,
    *,
    roles: Sequence[str],
    random: np.random.Generator | None = None,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Accompaniment]:
    """Different sets of new parts of `roles` beside all of a piece, best first; their tracks are numbered on from the
    piece's own. More are drawn than are wanted. The same request gives the same notes, unless they are drawn from a
    generator, `random`, that goes on. `progress` wraps the iteration over the piece's windows."""
    choice = Choice(request.temperature, request.top_p, random or np.random.default_rng(request.random_seed))
    of_tracks = dict(enumerate(roles, start=len(barred.score.tracks)))
    accompanying, batches = _Accompanying.of(trained, barred, of_tracks), batches_of(request)
    each = iter(progress(range(len(batches) * len(accompanying.bars))))
    drawn: list[WrittenNotes] = []
    for takes in batches:
        beginnings = BEGINNINGS * takes if choice.temperature else takes
        drawn += accompanying.drawn(choice, takes=takes, beginnings=beginnings, each=each)
    next(each, None)  # so that what shows the progress ends
    kept = accompanying.best(drawn, keep=request.variations)
    return [Accompaniment(drawn[take.number - 1], take) for take in kept]


@dataclass(frozen=True, eq=False)
class _Accompanying:
    """What is accompanied: a piece, the roles of the new parts by their tracks, the piece's windows, what it plays in
    them, and which of them are accompanied."""

    trained: TrainedComposer
    barred: BarredScore
    roles: Mapping[int, str]
    bars: Windows
    given: Sequence[Given]
    accompanied: Sequence[int]

    @classmethod
    def of(cls, trained: TrainedComposer, barred: BarredScore, roles: Mapping[int, str]) -> _Accompanying:
        bars = bar_windows(barred)
        given = given_windows(barred, range(len(barred.score.tracks)))
        return cls(trained, barred, roles, bars, given, _accompanied_windows(bars))

    @property
    def first_windows(self) -> range:
        """All windows up to the last of the bar in which the new parts begin; none where they never do."""
        if not self.accompanied:
            return range(0)
        return range(int(np.flatnonzero(self.bars.bar == self.bars.bar[self.accompanied[0]])[-1]) + 1)

    def drawn(self, choice: Choice, *, takes: int, beginnings: int, each: Iterator[int]) -> list[WrittenNotes]:
        """So many takes, of which each goes on from one of the best of so many `beginnings`; `each` is asked for its
        next before every window."""
        drums = None
        if choice.random is not None and choice.temperature and "drums" in self.roles.values():
            drums = DrumForm.drawn(self.barred, self.bars, choice.random)
        ensemble, first = self._ensemble(beginnings).guided(Guidance(drums=drums)), self.first_windows
        for window in first:
            next(each)
            self._write(ensemble, window, choice)
        if beginnings > takes:
            ensemble = ensemble.rows(self._best_beginnings(ensemble, keep=takes))
        for window in range(len(first), len(self.bars)):
            next(each)
            self._write(ensemble, window, choice)
        return ensemble.finished(end=int(self.barred.grid.bar_steps[-1]))

    def together(self, new: WrittenNotes, *, bars: range | None = None) -> Stretch:
        """Bars of the piece (None: all) and new parts beside it."""
        given = self.barred.notes
        kept = WrittenNotes(given.track, given.onset_steps, given.length_steps, given.pitch)
        is_drum = np.append(self.barred.part_is_drum, [role == "drums" for role in self.roles.values()])
        notes = WrittenNotes.concatenated(kept, new)
        return Stretch.placed(notes, grid=self.barred.grid, part_is_drum=is_drum, bars=bars)

    def best(
        self,
        drawn: Sequence[WrittenNotes],
        *,
        keep: int,
        bars: range | None = None,
        nats: NDArray[np.float64] | None = None,
    ) -> list[Take]:
        """The best of what was drawn, as `fitting.py` tells, of some bars (None: all)."""
        together = [self.together(notes, bars=bars) for notes in drawn]
        beat = beat_sixteenths(self.barred.metre.signatures[0])
        return best_accompaniments(
            Stretch.of(self.barred, bars), together, roles=self.roles, keep=keep, beat=beat, nats=nats
        )

    def _best_beginnings(self, ensemble: Ensemble, *, keep: int) -> NDArray[np.int64]:
        """The variations that begin best, each with other notes as long as there are such; (keep,)."""
        bar = int(self.bars.bar[self.accompanied[0]])
        drawn = ensemble.finished(end=int(self.barred.grid.bar_steps[bar + 1]))
        takes = self.best(drawn, keep=len(drawn), bars=range(bar, bar + 1), nats=self._nats(ensemble))
        numbers = [take.number - 1 for take in takes]
        first_of: dict[bytes, int] = {}
        for number in numbers:
            first_of.setdefault(_bytes_of(drawn[number]), number)
        distinct = list(first_of.values())
        return np.array((distinct + [number for number in numbers if number not in distinct])[:keep])

    def _nats(self, ensemble: Ensemble) -> NDArray[np.float64]:
        """How unlikely the beginning of each variation is, in nats a note; (variations,)."""
        judge, nats = self._ensemble(ensemble.variations), np.zeros(ensemble.variations)
        notes = np.zeros(ensemble.variations)
        for window in self.first_windows:
            played = ensemble.sheet.played_in(window)
            nats += judge.judged_window(
                played, start=self._start(window), steps=int(self.bars.steps[window]), given=self.given[window]
            )
            notes += [sum(map(len, cells)) for cells in played]
        return nats / np.maximum(notes, 1)

    def _ensemble(self, variations: int) -> Ensemble:
        writers = [new_writer(role, track=track) for track, role in self.roles.items()]
        return Ensemble.before(self.trained, writers, variations=variations, given=self.barred.roles)

    def _write(self, ensemble: Ensemble, window: int, choice: Choice) -> None:
        resting = [[NO_NOTES] * len(ensemble.writers)] * ensemble.variations
        ensemble.write_window(
            start=self._start(window),
            steps=int(self.bars.steps[window]),
            choice=choice,
            given=self.given[window],
            played=None if window in self.accompanied else resting,
        )

    def _start(self, window: int) -> int:
        """The step of the piece on which a window begins."""
        return int(self.barred.grid.bar_steps[self.bars.bar[window]]) + WINDOW_STEPS * int(
            self.bars.part_of_bar[window]
        )


def _bytes_of(notes: WrittenNotes) -> bytes:
    """The same for the same notes."""
    return np.stack([notes.track, notes.onset_steps, notes.length_steps, notes.pitch]).tobytes()


def _accompanied_windows(windows: Windows) -> list[int]:
    """The windows that are neither before the bar in which the piece begins to sound nor in a long rest."""
    silent = np.append(np.bincount(windows.bar, weights=windows.note_counts) == 0, False)
    ends = np.flatnonzero(np.diff(silent.astype(np.int8), prepend=0))  # where rests begin and end, by turns
    waits = np.zeros(len(silent), bool)
    for begin, end in ends.reshape(-1, 2):
        waits[begin:end] = begin == 0 or end - begin >= LONG_REST
    return np.flatnonzero(~waits[windows.bar]).tolist()


def new_writer(role: str, *, track: int) -> PartWriter:
    """The writer of a new part of a role."""
    part = NEW_PARTS[role]
    pitches = np.zeros(note_rows.PITCH_TOKENS, bool)
    if role == "drums":
        pitches[note_rows.FIRST_DRUM + np.array(KIT)] = True
    else:
        pitches[part.lowest : part.highest + 1] = True
    return PartWriter(track, role, pitches, part.single, part.fewest)
