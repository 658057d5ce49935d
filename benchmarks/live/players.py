"""Synthetic players, made from pieces of a split: one part plays, and a bass, and perhaps drums, are taken away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from seeds_of_a_split import paths_by_set

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore, cut
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.live.answering import Answering
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests.live import LiveRequest
from symbolic_embed.score import read

METRES = ("4/4", "3/4", "6/8", "7/8")
NOISE = 0.02  # seconds
BEGIN = 1.0  # second in which a player begins
TEMPI = (60, 180)  # quarters a minute
Messages = list[tuple[float, bytes]]


class Band(NamedTuple):
    """A piece, the part that plays, those that are taken away by role, the bar in which it begins, the metre."""

    barred: BarredScore
    player: int
    away: dict[str, int]
    first: int
    metre: str

    @property
    def bars(self) -> int:
        """From where it begins."""
        return self.barred.bars - self.first

    def notes(self, part: int, *, as_part: int) -> WrittenNotes:
        """The notes of a part of the piece, under another number."""
        notes = self.barred.notes.where(self.barred.notes.track == part)
        return WrittenNotes(np.full(len(notes), as_part), notes.onset_steps, notes.length_steps, notes.pitch)


def bands(music: Path, *, split: str, count: int, bars: int, seed: int = 0) -> Iterator[Band]:
    """Pieces in which somebody plays for so many bars, of the data sets under `music` in turn; of each of METRES as
    many, as far as there are."""
    random = np.random.default_rng(seed)
    waiting = [list(random.permutation(paths)) for paths in paths_by_set(music, split=split) if paths]
    room = {metre: (count + number) // len(METRES) for number, metre in enumerate(METRES)}
    others: list[Band] = []
    while any(waiting) and count:
        for paths in waiting:
            band = _band(Path(paths.pop())) if paths else None
            if band is None or band.bars < bars:
                continue
            if room[band.metre]:
                room[band.metre] -= 1
                count -= 1
                yield band
            else:
                others.append(band)
    yield from others[:count]


def played(band: Band, *, tempo: float, bars: int, random: np.random.Generator) -> Messages:
    """What the player sends in so many bars, with noise."""
    barred, begin = band.barred, int(band.barred.grid.bar_steps[band.first])
    inside = (barred.notes.track == band.player) & (barred.note_bar >= band.first)
    notes = barred.notes.where(inside & (barred.note_bar < band.first + bars))
    second, messages = 60 / tempo / STEPS_PER_QUARTER, []
    columns = (notes.onset_steps, notes.length_steps, notes.pitch, notes.velocity)
    for onset, length, pitch, velocity in zip(*(column.tolist() for column in columns), strict=True):
        at = BEGIN + (onset - begin) * second + float(random.normal(0, NOISE)) * (onset > begin)
        end = at + max(length * second - NOISE, 0.03)
        messages += [(at, bytes((0x90, pitch, velocity))), (end, bytes((0x80, pitch, 64)))]
    return sorted(messages)


def request_for(band: Band, *, bars: int, random: np.random.Generator) -> LiveRequest:
    """A session with the parts that were taken away, at a tempo drawn from TEMPI, with a seed of its own."""
    tempo, seed = float(random.uniform(*TEMPI)), int(random.integers(1 << 16))
    return LiveRequest(metre=band.metre, tempo=tempo, end_after=bars, parts=tuple(band.away), random_seed=seed)


def rehearsed(
    trained: TrainedComposer, request: LiveRequest, messages: Messages, *, lead: float, **settings: Any
) -> Rehearsal:
    """A session in which these are played, not yet run; `settings` of the `Rehearsal`."""
    answerer = Answering(trained, request, parts=request.parts)
    rehearsal = Rehearsal(request, answerer, parts=request.parts, lead=lead, **settings)
    rehearsal.hear(messages)
    return rehearsal


def _band(path: Path) -> Band | None:
    """What can be played of a piece: None without a bass and another pitched part, where the metre changes, or where
    the player never begins with a bar."""
    try:
        barred = cut(read(path))
    except SymbolicEmbedError:
        return None
    metres = set(map(str, barred.metre.signatures))
    roles = list(barred.roles)
    players = [part for part, role in enumerate(roles) if role in ("chords", "melody")]
    if len(metres) != 1 or not metres <= set(METRES) or "bass" not in roles or not players:
        return None
    away = {role: roles.index(role) for role in ("bass", "drums") if role in roles}
    of_player = barred.notes.where(barred.notes.track == players[0])
    on_barline = of_player.onset_steps[np.isin(of_player.onset_steps, barred.grid.bar_steps)]
    if not len(on_barline):
        return None
    first = int(barred.grid.bar_of(on_barline[:1])[0])
    return Band(barred, players[0], away, first, metres.pop())
