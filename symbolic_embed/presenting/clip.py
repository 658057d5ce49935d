"""A piece for programs that draw it, play it or think about it: all of `overview`, and every note.

note_list   of each part: [onset, length, pitch, velocity] of each note, in ticks, by onset, then pitch
bar_ticks   where each bar begins, and where the last one ends
chords      [bar, "Am F"] of each bar, its chords as `requests.chord_symbols` reads them; N.C. in a silent one
scale       the scale of seven tones on the tonic that holds most of what sounds, and the share that it holds
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.keys import MAJOR_NAMES, MINOR_NAMES
from symbolic_embed.composing.chords import chords_in
from symbolic_embed.composing.harmony_plan import own_scale
from symbolic_embed.presenting.overview import Overview, overview
from symbolic_embed.requests.harmony import MODES

NoteRow = tuple[int, int, int, int]
MINOR_THIRD = 3


@dataclass(frozen=True)
class ScaleHeard:
    """A scale by its name, "D dorian"; `share`: of the sounding time, how much is in it, 0 to 1."""

    name: str
    share: float


@dataclass(frozen=True)
class Clip(Overview):
    """A piece with all of its notes, as the head of this module says; `note_lists`: one for each of `tracks`."""

    note_lists: tuple[tuple[NoteRow, ...], ...]
    bar_ticks: tuple[int, ...]
    chords: tuple[tuple[int, str], ...]
    scale: ScaleHeard | None

    def as_dict(self) -> dict[str, Any]:
        seen = Overview(**{field.name: getattr(self, field.name) for field in fields(Overview)}).as_dict()
        for part, notes in zip(seen["tracks"], self.note_lists, strict=True):
            part["note_list"] = notes
        scale = None if self.scale is None else {"name": self.scale.name, "share": self.scale.share}
        return {**seen, "bar_ticks": self.bar_ticks, "chords": self.chords, "scale": scale}


def clip(barred: BarredScore, *, path: str) -> Clip:
    """A piece that was cut into bars, with all of its notes; it need not have a single one."""
    seen = overview(barred, path=path)
    bars = chords_in(barred).bars if seen.bars else ()
    return Clip(
        **{field.name: getattr(seen, field.name) for field in fields(Overview)},
        note_lists=tuple(tuple(map(tuple, track.notes.rows().tolist())) for track in barred.score.tracks),
        bar_ticks=tuple(barred.metre.barline_ticks[: seen.bars + 1].tolist()),
        chords=tuple((number, " ".join(chord.name for chord in bar)) for number, bar in enumerate(bars, start=1)),
        scale=_scale(barred),
    )


def _scale(barred: BarredScore) -> ScaleHeard | None:
    own = own_scale(barred)
    if own is None:
        return None
    names = MINOR_NAMES if MINOR_THIRD in MODES[own.mode] else MAJOR_NAMES
    return ScaleHeard(f"{names[own.tonic]} {own.mode}", round(own.share, 3))
