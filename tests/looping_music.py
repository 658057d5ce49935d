"""Small pieces whose loops, chords and sections are known, for tests of patterns."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.score import Notes, Score, TimeSignature, Track

QUARTER = 480
Note = tuple[float, float, int]  # onset and length in quarters, pitch


def part(notes: Sequence[Note], *, program: int = 0, channel: int = 0, name: str = "") -> Track:
    """A part of notes."""
    onset, length, pitch = zip(*notes, strict=True)
    ticks = [[round(quarters * QUARTER) for quarters in column] for column in (onset, length)]
    return Track(Notes.of(*ticks, pitch, [80] * len(pitch)), name=name, program=program, channel=channel)


def piece(*parts: Track, metre: tuple[int, int] = (4, 4)) -> BarredScore:
    """A piece of parts in one metre, cut into bars."""
    return cut(Score(QUARTER, parts, time_signatures=(TimeSignature(0, *metre),)))


def triads(roots: Sequence[int], *, each: float = 4, kinds: Sequence[Sequence[int]] | None = None) -> list[Note]:
    """A chord after the other, each so many quarters long: major triads unless `kinds` are given."""
    kinds = kinds or [(0, 4, 7)] * len(roots)
    return [
        (number * each, each, 60 + root + tone)
        for number, (root, kind) in enumerate(zip(roots, kinds, strict=True))
        for tone in kind
    ]


def repeated(notes: Sequence[Note], *, times: int, quarters: float) -> list[Note]:
    """Notes again and again, `quarters` apart."""
    return [(onset + turn * quarters, length, pitch) for turn in range(times) for onset, length, pitch in notes]


BEAT: list[Note] = [(0, 0.25, 36), (1, 0.25, 38), (2, 0.25, 36), (3, 0.25, 38)]
KIT = 9  # the channel of drums
AM_F_C_G = ((9, 5, 0, 7), ((0, 3, 7), (0, 4, 7), (0, 4, 7), (0, 4, 7)))


def pop(*, turns: int = 2) -> BarredScore:
    """Chords, a bass and drums: Am F C G, a bar each, over one and the same beat."""
    roots, kinds = AM_F_C_G
    bass = [(4 * bar, 4, 36 + root) for bar, root in enumerate(roots)]
    return piece(
        part(repeated(triads(roots, kinds=kinds), times=turns, quarters=16), name="keys"),
        part(repeated(bass, times=turns, quarters=16), program=33, channel=1, name="low"),
        part(repeated(BEAT, times=4 * turns, quarters=4), channel=KIT, name="kit"),
    )
