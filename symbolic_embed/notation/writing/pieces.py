"""A voice of one bar, as the symbols that stand on the staff.

Where places in a voice are no thirty-seconds, a beat of it is a tuplet: three eighths in the time of two, six
sixteenths in the time of four, and so on; over two beats of a bar, three quarters in the time of two. Chords that run
over a barline, a beat that must be seen, or the edge of a tuplet are divided and tied. What is empty is filled with
rests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from symbolic_embed.notation.writing.values import FINEST, Span, Symbol, divided, divided_in_tuplet, symbol_of
from symbolic_embed.notation.writing.voices import Bar, Chord

QUARTER, EIGHTH = 24, 12


class Tuplet(NamedTuple):
    """A stretch of the bar in which `actual` notes of a kind stand in the time of `normal`; `unit` is how long one of
    them is."""

    span: Span
    unit: int

    @property
    def actual(self) -> int:
        return (self.span.end - self.span.start) // self.unit

    @property
    def normal(self) -> int:
        return self.actual * 2 // 3


class Piece(NamedTuple):
    """A symbol: a chord, or part of one, or a rest (`chord` is None). `span` is in units from the barline."""

    span: Span
    symbol: Symbol | None
    chord: Chord | None
    is_tied_from: bool
    is_tied_on: bool
    tuplet: Tuplet | None


def pieces_of(line: Sequence[Chord], bar: Bar, *, has_ties: bool = True) -> list[Piece]:
    """The symbols of a voice in one bar, without a gap. `line`: its chords that sound in the bar. Without ties (drums)
    a chord is one symbol and what is left of it a rest."""
    length = bar.end - bar.start
    sounding = [(Span(max(c.onset - bar.start, 0), min(c.end - bar.start, length)), c) for c in line]
    stretches: list[tuple[Span, Chord | None]] = []
    place = 0
    for span, chord in [*sounding, (Span(length, length), None)]:
        if span.start > place:
            stretches.append((Span(place, span.start), None))
        if span.end > span.start:
            stretches.append((span, chord))
        place = span.end
    tuplets = tuplets_of([place for span, _ in stretches for place in span], bar)
    return [piece for span, chord in stretches for piece in _pieces(span, chord, bar, tuplets, has_ties=has_ties)]


def tuplets_of(places: Sequence[int], bar: Bar) -> list[Tuplet]:
    """The tuplets that a voice needs whose symbols begin and end at `places` (in units from the barline)."""
    found: list[Tuplet] = []
    start = 0
    while start < bar.end - bar.start:
        tuplet = _tuplet_at(start, places, bar)
        if tuplet:
            found.append(tuplet)
        start = tuplet.span.end if tuplet else start + EIGHTH
    return found


def _tuplet_at(start: int, places: Sequence[int], bar: Bar) -> Tuplet | None:
    """The tuplet that begins at `start`, if one does: three quarters over two beats, or a beat, or half a beat."""
    is_beat = start % QUARTER == 0 and bar.metre.beat >= QUARTER and not bar.metre.is_compound
    kinds: list[tuple[int, tuple[int, ...]]] = [(2 * QUARTER, (16,))] if is_beat and start % (2 * QUARTER) == 0 else []
    kinds += [(QUARTER, (8, 4, 2))] if is_beat else []
    for length, units in [*kinds, (EIGHTH, (4, 2))]:
        inside = {place - start for place in places if start < place < start + length}
        unit = next((unit for unit in units if all(place % unit == 0 for place in inside)), None)
        is_plain = all(place % FINEST == 0 for place in inside)
        two_halves = length == QUARTER and unit != units[0] and EIGHTH in inside  # are easier to read one by one
        if unit and not is_plain and not two_halves and start + length <= bar.end - bar.start:
            return Tuplet(Span(start, start + length), unit)
    return None


def _pieces(span: Span, chord: Chord | None, bar: Bar, tuplets: Sequence[Tuplet], *, has_ties: bool) -> Iterator[Piece]:
    """The symbols of a chord, or of a rest, in one bar."""
    edges = sorted({*span, *(edge for tuplet in tuplets for edge in tuplet.span if span.start < edge < span.end)})
    cut: list[tuple[Span, Tuplet | None]] = []
    for start, end in pairwise(edges):
        tuplet = next((one for one in tuplets if one.span.start <= start < one.span.end), None)
        if tuplet:
            base = tuplet.span.start
            inside = divided_in_tuplet(start - base, end - base, unit=tuplet.unit)
            cut += [(Span(base + a, base + b), tuplet) for a, b in inside]
        else:
            cut += [(one, None) for one in divided(start, end, bar.metre, is_rest=chord is None)]
    for number, (one, tuplet) in enumerate(cut):
        symbol = symbol_of(one.end - one.start, is_tuplet=tuplet is not None)
        if chord is None or (number and not has_ties):
            yield Piece(one, symbol, None, False, False, tuplet)
        else:
            begins = number == 0 and chord.onset >= bar.start
            ends = number == len(cut) - 1 and chord.end <= bar.end
            yield Piece(one, symbol, chord, has_ties and not begins, has_ties and not ends, tuplet)
