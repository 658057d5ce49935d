"""New parts beside those that are there.

Window by window the given parts are context, as what others have already written; the new ones are written beside
them, in the order chords, bass, melody, drums, each conditioned on the ones before. They wait until the first bar in
which a given part sounds, and in a long rest of all of these they rest too. More takes are drawn than are wanted, and
the best are kept (`fitting.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from symbolic_embed.bars import ROLES, WINDOW_STEPS, BarredScore, Windows, bar_windows
from symbolic_embed.bars.patterns import Stretch
from symbolic_embed.bars.patterns.grooves import beat_sixteenths
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.fitting import best_accompaniments
from symbolic_embed.composing.given import given_windows
from symbolic_embed.composing.part_writer import PartWriter
from symbolic_embed.composing.sheet import NO_NOTES
from symbolic_embed.composing.takes import Take, batches_of
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.writing import Choice
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import AccompanyRequest
from symbolic_embed.score import Notes, Track
from symbolic_embed.score.score import DRUM_CHANNEL

KIT = (36, 37, 38, 41, 42, 44, 45, 46, 48, 49, 51)  # kick, stick, snare, hats, toms, crash, ride
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
    batches = batches_of(request)
    each = iter(progress(range(len(batches) * len(bar_windows(barred)))))
    drawn: list[WrittenNotes] = []
    for batch in batches:
        writers = [_writer(role, track=track) for track, role in of_tracks.items()]
        ensemble = Ensemble.before(trained, writers, variations=batch, given=barred.roles)
        drawn += _drawn(ensemble, barred, choice=choice, each=each)
    next(each, None)  # so that what shows the progress ends
    together = [_together(barred, notes, roles=roles) for notes in drawn]
    beat = beat_sixteenths(barred.metre.signatures[0])
    kept = best_accompaniments(Stretch.of(barred), together, roles=of_tracks, keep=request.variations, beat=beat)
    return [Accompaniment(drawn[take.number - 1], take) for take in kept]


def _drawn(ensemble: Ensemble, barred: BarredScore, *, choice: Choice, each: Iterator[int]) -> list[WrittenNotes]:
    """So many takes as the ensemble has variations; `each` is asked for its next before every window."""
    bars = bar_windows(barred)
    given = given_windows(barred, range(len(barred.score.tracks)))
    accompanied = set(_accompanied_windows(bars))
    resting = [[NO_NOTES] * len(ensemble.writers)] * ensemble.variations
    for window in range(len(bars)):
        next(each)
        start = int(barred.grid.bar_steps[bars.bar[window]]) + WINDOW_STEPS * int(bars.part_of_bar[window])
        ensemble.write_window(
            start=start,
            steps=int(bars.steps[window]),
            choice=choice,
            given=given[window],
            played=None if window in accompanied else resting,
        )
    return ensemble.finished(end=int(barred.grid.bar_steps[-1]))


def _together(barred: BarredScore, new: WrittenNotes, *, roles: Sequence[str]) -> Stretch:
    """A piece and new parts beside it."""
    given = barred.notes
    kept = WrittenNotes(given.track, given.onset_steps, given.length_steps, given.pitch)
    is_drum = np.append(barred.part_is_drum, [role == "drums" for role in roles])
    return Stretch.placed(WrittenNotes.concatenated(kept, new), grid=barred.grid, part_is_drum=is_drum)


def _accompanied_windows(windows: Windows) -> list[int]:
    """The windows that are neither before the bar in which the piece begins to sound nor in a long rest."""
    silent = np.append(np.bincount(windows.bar, weights=windows.note_counts) == 0, False)
    ends = np.flatnonzero(np.diff(silent.astype(np.int8), prepend=0))  # where rests begin and end, by turns
    waits = np.zeros(len(silent), bool)
    for begin, end in ends.reshape(-1, 2):
        waits[begin:end] = begin == 0 or end - begin >= LONG_REST
    return np.flatnonzero(~waits[windows.bar]).tolist()


def _writer(role: str, *, track: int) -> PartWriter:
    part = NEW_PARTS[role]
    pitches = np.zeros(note_rows.PITCH_TOKENS, bool)
    if role == "drums":
        pitches[note_rows.FIRST_DRUM + np.array(KIT)] = True
    else:
        pitches[part.lowest : part.highest + 1] = True
    return PartWriter(track, role, pitches, part.single, part.fewest)
