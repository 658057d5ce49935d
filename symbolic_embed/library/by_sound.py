"""Pieces by what of them can be heard: `rank --by sound`, recordings beside MIDI, and beside each other.

A recording is heard without knowing its notes (`embedding.sound`); of MIDI that is compared of which a recording would
tell. The query may be either, and so may what it is compared with. With `transpose` the query is compared in twelve
keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.sound import SoundEmbedder
from symbolic_embed.library.building import Pieces, featured
from symbolic_embed.library.features import Features, Kind, Needs, always, known, never
from symbolic_embed.library.showing import Match, plain
from symbolic_embed.library.within import Within, features_of, files_of
from symbolic_embed.listening.countings import Counted
from symbolic_embed.listening.spectra import Spectra
from symbolic_embed.requests import RankRequest
from symbolic_embed.similarity.calibration import Calibration
from symbolic_embed.similarity.heard import Beside, beside, counted_bars
from symbolic_embed.similarity.transposing import TRANSPOSITIONS

KINDS: tuple[Kind, ...] = ("bars", "bar_notes", "outline")
NEEDED = Needs.of(*KINDS)


@dataclass(frozen=True, eq=False)
class Query:
    """What is looked for: of each of the first TRANSPOSITIONS that is tried, every way of counting it."""

    keys: tuple[Sequence[Counted], ...]


@dataclass(frozen=True, eq=False)
class Sounding:
    """What is looked through, at `path`: every way of counting it."""

    path: str
    ways: Sequence[Counted]


def query_of_recording(heard: Spectra, model: SoundEmbedder, *, transpose: bool) -> Query:
    """A recording as a query."""
    keys = TRANSPOSITIONS if transpose else TRANSPOSITIONS[:1]
    return Query(tuple(model.counted(heard.moved(semitones)) for semitones in keys))


def query_of_bars(query: BarredScore, embedder: Embedder, *, transpose: bool) -> Query:
    """Music whose bars are known as a query."""
    needs = Needs.of(*KINDS, in_all_keys=always if transpose else never)
    (piece,) = featured([("query", query)], embedder, needs)
    return Query(tuple(_in_key(piece, key, embedder.sound_model) for key in range(len(known(piece.bars).versions))))


def sounding(pieces: Pieces | Within, embedder: Embedder) -> Iterator[Sounding]:
    """Pieces as what is looked through; one of a library once for each of its files."""
    for piece in features_of(pieces, embedder, NEEDED):
        ways = _in_key(piece, 0, embedder.sound_model)
        for path in files_of(piece.path, pieces):
            yield Sounding(path, ways)


def ranked_by_sound(
    queries: Sequence[Query], pieces: Iterable[Sounding], embedder: Embedder, request: RankRequest
) -> list[list[Match]]:
    """For each of some queries the pieces, the nearest first; equally near ones by path."""
    scale = Calibration.of_card(embedder.card).of_pieces("sound", request.metric)
    found: list[list[Match]] = [[] for _ in queries]
    for piece in pieces:
        for query, matches in zip(queries, found, strict=True):
            key, place = _nearest(query, piece)
            distance = plain(np.float32(place.distance))
            said = scale.verdict(distance)._asdict() if scale else {}
            matches.append(Match(piece.path, distance, TRANSPOSITIONS[key], place.bar + 1, place.other_bar + 1, **said))
    return [sorted(matches, key=lambda match: (match.distance, match.path))[: request.top] for matches in found]


def _nearest(query: Query, piece: Sounding) -> tuple[int, Beside]:
    """In which key a query lies nearest to a piece, and where."""
    places = [beside(ways, piece.ways) for ways in query.keys]
    key = min(range(len(places)), key=lambda key: places[key].distance)
    return key, places[key]


def _in_key(piece: Features, key: int, model: SoundEmbedder) -> list[Counted]:
    """What can be heard of a piece's bars, in one of the keys in which they are embedded."""
    bars, notes = known(piece.bars), known(piece.bar_notes)
    lengths = np.bincount(notes.bar, notes.steps, minlength=int(bars.number.max(initial=0)) + 1).astype(np.int64)
    tempo = known(piece.outline).tempo
    return counted_bars(model.audible(bars.versions[key]), bars.number, lengths[bars.number], tempo=tempo)
