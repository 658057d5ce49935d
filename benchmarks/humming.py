"""Is a piece found by a tune that somebody hums?

    python benchmarks/humming.py --music FOLDER [--split test] [--tunes 300] [--pieces 1000] [--find 0] [--seed 0]
                                 [--distortions mild full] [--espeak 0]

FOLDER holds data sets, each with a meta.jsonl. TUNES tunes and themes of the split (`sung_tunes`), from the sets in
turn, are hummed by people who are made up (`hummers`), and looked for in PIECES pieces, those of the tunes among them;
where the split has fewer, pieces of the validation split fill them up. Right is the piece itself and all that share a
cluster (near-duplicates), group, version group or piece in meta.jsonl.

Each tune is hummed twice, with mild and with full distortion (`hummers.MILD`, `hummers.FULL`), and looked for

    the tune itself     its own notes, as they stand in the piece
    as it was meant     the notes that the hummer gives: wrong, missing, out of tune and time
    from its true curve the notes that `listening` makes of the pitch of the voice, were it known
    from its sound      the notes that it makes of what the tracker hears
    as a file           these as `rank` reads a recording: the MIDI of its melody, rounded to semitones

by `rank --by tune`, note by note along the MOST pieces that are likeliest at first; and, as rivals, what was meant by
`rank --by melody --transpose`, by runs of three intervals that the piece has (each counted by how rare it is), and by
its pitch curve in seven tempi laid from every note on (24 points less their mean; the nearest place counts);
`--find N`: the first N by `find --by bars`, as files.
`--espeak N`: the first N as espeak-ng sings them, a syllable a note.

Prints for each how many found a right piece first, and among the first ten, with Wilson's 95 % intervals; CPU seconds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from espeak_singing import espeak_sings
from hummers import FRAME, FULL, MILD, RATE, Line, Manner, remembered, sung, voice
from humming_rivals import by_intervals, by_melody, by_scaled_curve, finder
from numpy.typing import NDArray
from sung_tunes import Piece, Theme, pieces_of, right_ones, themes_of

from symbolic_embed.listening.melodies import PitchCurve, SungNotes
from symbolic_embed.listening.noting import notes_of
from symbolic_embed.listening.trackers import HOP, pitch_curve
from symbolic_embed.similarity.tunes.lines import TuneLines
from symbolic_embed.similarity.tunes.places import tune_places
from symbolic_embed.similarity.tunes.query import FEWEST, TuneQuery

Search = Callable[[Line], NDArray[np.float64]]  # a tune to the distance of each piece
STAGES = ("from its sound", "as a file", "as it was meant", "from its true curve")
MOST = 200  # with --top the command lays a tune along 400 or more
DISTORTIONS = {"mild": MILD, "full": FULL}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="test")
    parser.add_argument("--tunes", type=int, default=300)
    parser.add_argument("--pieces", type=int, default=1000)
    parser.add_argument("--find", type=int, default=0)
    parser.add_argument("--espeak", type=int, default=0)
    parser.add_argument("--distortions", nargs="+", choices=DISTORTIONS, default=list(DISTORTIONS))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    random = np.random.default_rng(given.seed)
    splits = (given.split, "valid" if given.split != "valid" else "train")
    pieces = pieces_of(given.music, splits=splits, count=given.pieces, random=random)
    themes = themes_of(pieces, count=given.tunes, random=random)
    table = Table(themes, right_ones(pieces))
    notes = [len(theme.line) for theme in themes]
    print(f"{len(themes)} tunes of {np.median(notes):.0f} notes (median) in {len(pieces)} pieces\n")
    print(f"{'distortion':<10}  {'looked for':<22}  {'n':>3}  {'first':<16}  {'first ten':<16}  CPU s")
    tune = by_tune(pieces)
    table.row("none", "the tune itself", [theme.line for theme in themes], tune)
    for name in given.distortions:
        stages = hummed(themes, DISTORTIONS[name], seed=given.seed)
        for stage, lines in stages.items():
            table.row(name, stage, lines, tune)
        meant = stages["as it was meant"]
        table.row(name, "  rank --by melody", meant, by_melody(pieces))
        table.row(name, "  runs of intervals", meant, by_intervals(pieces))
        table.row(name, "  scaled pitch curve", meant, by_scaled_curve(pieces, meant))
        if given.find:
            table.row(name, "  find --by bars", stages["as a file"][: given.find], finder(pieces))
    if given.espeak:
        table.row("espeak-ng", "from its sound", sung_by_espeak(themes[: given.espeak], seed=given.seed), tune)


def by_tune(pieces: Sequence[Piece]) -> Search:
    """As `rank --by tune` measures them; what has fewer than FEWEST notes finds nothing."""
    lines = TuneLines.of([piece.lines for piece in pieces])

    def search(line: Line) -> NDArray[np.float64]:
        if len(line) < FEWEST:
            return np.ones(len(pieces))
        return np.array(
            [place.distance for place in tune_places(TuneQuery.of(line.onset, line.pitch), lines, most=MOST)]
        )

    return search


class Table:
    """Prints rows. `right`: of each piece those that are the same tune."""

    def __init__(self, themes: Sequence[Theme], right: Sequence[frozenset[int]]) -> None:
        self.right = [sorted(right[theme.piece]) for theme in themes]

    def row(self, distortion: str, stage: str, lines: Sequence[Line], search: Search) -> None:
        """How the first tunes, which these lines are of, are found."""
        started, ranks = time.process_time(), []
        for line, right in zip(lines, self.right, strict=False):
            distances = search(line)
            others = np.delete(distances, right)
            ranks.append(int(np.count_nonzero(others <= distances[right].min())))  # of equal ones it is the last
        seconds = (time.process_time() - started) / len(ranks)
        first, ten = (share([rank < most for rank in ranks]) for most in (1, 10))
        print(f"{distortion:<10}  {stage:<22}  {len(ranks):>3}  {first}  {ten}  {seconds:>5.2f}", flush=True)


def share(found: Sequence[bool]) -> str:
    """A share with Wilson's 95 % interval."""
    count, mean, z = len(found), float(np.mean(found)), 1.96
    middle = (mean + z * z / (2 * count)) / (1 + z * z / count)
    width = z * np.sqrt(mean * (1 - mean) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return f"{mean:.3f} {middle - width:.3f}-{middle + width:.3f}"


def hummed(themes: Sequence[Theme], manner: Manner, *, seed: int) -> dict[str, list[Line]]:
    """What is heard of each tune at each stage."""
    stages: dict[str, list[Line]] = {}
    for number, theme in enumerate(themes):
        random = np.random.default_rng([seed, number])
        meant = remembered(theme.line, manner, random)
        curve = sung(meant, manner, random)
        sound = voice(curve, manner, random)
        heard = notes_of(pitch_curve(sound), sound)
        true = notes_of(at_frames(curve.pitch, len(sound) // HOP), sound)
        rounded = Line(heard.onset, heard.end, heard.rounded.astype(float))
        lines = (line_of(heard), rounded, meant, line_of(true))
        for stage, line in zip(STAGES, lines, strict=True):
            stages.setdefault(stage, []).append(line)
    return stages


def at_frames(pitch: NDArray[np.float64], frames: int) -> PitchCurve:
    """The true curve of a voice as a tracker would give it."""
    times = np.arange(frames) * HOP / RATE
    true = pitch[np.minimum(np.rint(times * RATE / FRAME).astype(int), len(pitch) - 1)]
    return PitchCurve(times, true, np.isfinite(true).astype(float))


def line_of(notes: SungNotes) -> Line:
    """Notes that were heard, as a tune."""
    return Line(notes.onset, notes.end, notes.pitch)


def sung_by_espeak(themes: Sequence[Theme], *, seed: int) -> list[Line]:
    """What is heard of tunes that espeak-ng sings."""

    def heard() -> Iterator[Line]:
        for number, theme in enumerate(themes):
            meant = remembered(theme.line, MILD, np.random.default_rng([seed, number]))
            sound = espeak_sings(meant)
            yield line_of(notes_of(pitch_curve(sound), sound))

    return list(heard())


if __name__ == "__main__":
    main()
