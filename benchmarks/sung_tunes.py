"""Tunes and themes of data sets, as a hummer may know them: some notes of the melody of a piece.

A piece is from a set of SETS, its melody is the top line of the part that leads, or of all where none does. A tune
begins where a phrase does (at the beginning, or after a rest or a long note) or, as often, anywhere; it has 8 to 30
notes, lasts 3 to 20 seconds, spans an octave and a half at most and has four pitches at least, and nobody is asked to
sing more than eight notes a second.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hummers import Line

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.bars.leading import melody_notes
from symbolic_embed.bars.lines import top_line
from symbolic_embed.bars.tunes import Tunes, tunes
from symbolic_embed.errors import InputError
from symbolic_embed.score import read
from symbolic_embed.score.clock import seconds

SETS = ("nottingham", "mma_nottingham", "cre_irish", "openewld_pd", "mma_openewld", "openhymnal", "openscore_lieder")
SETS += ("openscore_quartets", "mutopia_pd", "mutopia_ccbysa", "mutopia_ccby", "pop909", "polish_scores")
SETS += ("chopin_first_editions", "hauptstimme_orchestra")
LABELS = ("cluster", "group", "version_group", "piece")  # pieces that have one in common are one tune
FEWEST, MOST, SHORTEST, LONGEST, WIDEST, FASTEST = 8, 30, 3.0, 20.0, 19, 8
LONGEST_NOTE = 3.0  # seconds
LEAST_PITCHES = 4
TRIES = 30


@dataclass(frozen=True, eq=False)
class Piece:
    """A piece that tunes are looked for in. labels: what it is one of; lines: as `rank --by tune` sees it."""

    path: Path
    data_set: str
    title: str
    labels: frozenset[str]
    lines: Tunes


@dataclass(frozen=True, eq=False)
class Theme:
    """A tune: which piece it is from, and its notes."""

    piece: int
    line: Line


def pieces_of(music: Path, *, splits: Sequence[str], count: int, random: np.random.Generator) -> list[Piece]:
    """So many pieces with lines, drawn from the sets in turn, of the first split while it has some, then the next."""
    drawn: list[Piece] = []
    for split in splits:
        sets = [_drawn(meta, split=split, random=random) for meta in sorted(music.glob("*/meta.jsonl"))]
        while sets and len(drawn) < count:
            for of_set in list(sets):
                piece = next(of_set, None)
                if piece is None:
                    sets.remove(of_set)
                elif len(drawn) < count:
                    drawn.append(piece)
    return drawn


def _drawn(meta: Path, *, split: str, random: np.random.Generator) -> Iterator[Piece]:
    entries = [json.loads(line) for line in meta.read_text(encoding="utf-8").splitlines()]
    entries = [entry for entry in entries if entry["split"] == split]
    for number in random.permutation(len(entries)):
        entry = entries[number]
        try:
            barred = cut(read(meta.parent / entry["path"]))
        except InputError:
            continue
        lines = tunes(barred)
        labels = frozenset(f"{name} {entry[name]}" for name in LABELS if entry.get(name))
        if len(lines.counts):
            yield Piece(meta.parent / entry["path"], meta.parent.name, str(entry.get("title")), labels, lines)


def right_ones(pieces: Sequence[Piece]) -> list[frozenset[int]]:
    """For each piece those that are the same tune: that have a label in common, itself among them."""
    having: dict[str, set[int]] = defaultdict(set)
    for number, piece in enumerate(pieces):
        for label in piece.labels:
            having[label].add(number)
    return [
        frozenset({number}).union(*(having[label] for label in piece.labels)) for number, piece in enumerate(pieces)
    ]


def themes_of(pieces: Sequence[Piece], *, count: int, random: np.random.Generator) -> list[Theme]:
    """So many tunes, one of a piece, from the sets in turn."""
    of_sets: Mapping[str, list[int]] = {name: [] for name in SETS}
    for number in random.permutation(len(pieces)).tolist():
        of_sets.get(pieces[number].data_set, []).append(number)
    themes: list[Theme] = []
    while len(themes) < count and any(of_sets.values()):
        for numbers in of_sets.values():
            while numbers and len(themes) < count:
                number = numbers.pop()
                line = theme(melody(cut(read(pieces[number].path))), random)
                if line is not None:
                    themes.append(Theme(number, line))
                    break
    return themes


def melody(barred: BarredScore) -> Line:
    """The melody of a piece, in seconds."""
    notes = melody_notes(barred)
    line = top_line(notes)
    named = notes.onset_steps * 128 + notes.pitch
    order = np.lexsort((notes.length_steps, named))
    longest = order[np.searchsorted(named[order], line.onset_steps * 128 + line.pitch, side="right") - 1]
    end = line.onset_steps + notes.length_steps[longest]
    end = np.minimum(end, np.append(line.onset_steps[1:], end[-1:]))
    onset, end = (
        seconds(barred.grid.tick_of(steps), tempi=barred.score.tempi, division=barred.score.division)
        for steps in (line.onset_steps, end)
    )
    return Line(onset, end, line.pitch.astype(np.float64))


def theme(line: Line, random: np.random.Generator) -> Line | None:
    """Some notes of a melody that can be sung; None where none were found."""
    rests = np.flatnonzero((line.onset[1:] - line.end[:-1] > 0.25) | _is_long(line)) + 1
    phrases = np.concatenate([[0], rests])
    for _ in range(TRIES if len(line) >= FEWEST else 0):
        count = int(random.integers(FEWEST, MOST + 1))
        begin = int(random.choice(phrases) if random.random() < 0.5 else random.integers(len(line)))
        some = slice(begin, begin + count)
        begun = Line(line.onset[some] - line.onset[begin], line.end[some] - line.onset[begin], line.pitch[some])
        if len(begun) >= FEWEST and is_singable(begun):
            return begun
    return None


def _is_long(line: Line) -> np.ndarray:
    apart = np.diff(line.onset)
    return apart > 2.5 * np.median(apart) if len(apart) else np.zeros(0, bool)


def is_singable(line: Line) -> bool:
    """Whether a hummer can be asked for it."""
    lasts = line.end[-1]
    return bool(
        SHORTEST <= lasts <= LONGEST
        and len(line) <= FASTEST * lasts
        and np.ptp(line.pitch) <= WIDEST
        and len(np.unique(line.pitch)) >= LEAST_PITCHES
        and np.diff(line.onset).max() <= LONGEST_NOTE
    )
