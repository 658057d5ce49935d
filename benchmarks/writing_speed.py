"""How fast new bars are written, start-up aside.

    python benchmarks/writing_speed.py [--repeats 5]

Seeds are the bundled samples. `seed_band` without one of its two piano parts has four tracks: 8 to 64 bars are written
after it, and one bar in 1 and in 64 variations; a bar of `seed_band` itself is varied, into 1 and 64 variants, proofs
included. The long seed has 300 bars of 16 tracks: the tracks of all samples in
4/4, repeated. Times are CPU seconds of one thread, the median of the repeats; peak memory is that of the process.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.continuing import Continuation, continue_piece
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import ComposeRequest, VaryRequest
from symbolic_embed.score import Notes, Score, TimeSignature, Track, read
from symbolic_embed.verbs.vary import vary

SAMPLES = Path(__file__).parents[1] / "datasets" / "samples" / "midi"
LENGTHS = (8, 16, 32, 64)
LONG_BARS, LONG_TRACKS = 300, 16
DIVISION = 480
BAR_TICKS = 4 * DIVISION


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    trained = TrainedComposer.load()
    seed = four_tracks()
    continue_piece(trained, seed, ComposeRequest(bars=1))
    for bars in LENGTHS:
        seconds, notes = _measured(lambda bars=bars: continue_piece(trained, seed, ComposeRequest(bars=bars)), repeats)
        print(f"{bars:3} bars of 4 tracks: {seconds:.2f} s, {1000 * seconds / bars:.0f} ms a bar, ", end="")
        print(f"{notes / seconds:.0f} notes/s and core")
    one, _ = _measured(lambda: continue_piece(trained, seed, ComposeRequest(bars=1)), repeats)
    many, _ = _measured(lambda: continue_piece(trained, seed, ComposeRequest(bars=1, variations=64)), repeats)
    print(f"a bar in 1 variation: {one:.3f} s, in 64: {many:.3f} s, {many / one:.1f} times as long")
    band = Seed.from_bytes((SAMPLES / "seed_band.mid").read_bytes(), path="seed_band.mid")
    one, many = (_seconds(lambda count=count: _vary(band, trained, count=count), repeats) for count in (1, 64))
    print(f"a bar varied once: {one:.3f} s, 64 times: {many:.3f} s, {many / one:.1f} times as long")
    before = _peak_memory()
    long = long_seed()
    seconds, notes = _measured(lambda: continue_piece(trained, long, ComposeRequest(bars=16)), 1)
    heard, _ = _measured(lambda: continue_piece(trained, long, ComposeRequest(bars=1)), 1)
    print(
        f"16 bars after {long.bars} bars of {len(long.score.tracks)} tracks: {seconds:.1f} s, {notes} notes; ", end=""
    )
    print(f"1 bar: {heard:.1f} s; peak memory {_peak_memory():.0f} MB, {before:.0f} MB without")


def four_tracks() -> BarredScore:
    """A melody, chords, a bass and drums."""
    score = read(SAMPLES / "seed_band.mid")
    roles = cut(score).roles
    return cut(replace(score, tracks=tuple(score.tracks[roles.index(role)] for role in dict.fromkeys(roles))))


def long_seed() -> BarredScore:
    """The tracks of the samples in 4/4, in order of their names, each repeated over the whole length."""
    tracks: list[Track] = []
    for path in sorted(SAMPLES.glob("*.mid")):
        barred = cut(read(path))
        if (np.diff(barred.grid.bar_steps) == 48).all():
            tracks += [_repeated(track, barred) for track in barred.score.tracks]
    chosen = [tracks[number % len(tracks)] for number in range(LONG_TRACKS)]
    return cut(Score(division=DIVISION, tracks=tuple(chosen), time_signatures=(TimeSignature(0, 4, 4),)))


def _repeated(track: Track, barred: BarredScore) -> Track:
    """A track in ticks of DIVISION, again and again until LONG_BARS are full."""
    ticks = DIVISION / barred.score.division
    onsets = (track.notes.onset_ticks * ticks).astype(np.int64)
    lengths = np.maximum(((track.notes.offset_ticks - track.notes.onset_ticks) * ticks).astype(np.int64), 1)
    starts = np.arange(0, LONG_BARS, barred.bars)[:, None] * BAR_TICKS
    times = len(starts)
    placed = (starts + onsets).ravel()
    columns = (placed, np.tile(lengths, times), np.tile(track.notes.pitch, times), np.tile(track.notes.velocity, times))
    inside = placed + columns[1] <= LONG_BARS * BAR_TICKS
    return replace(track, notes=Notes.of(*(column[inside] for column in columns)))


def _vary(seed: Seed, trained: TrainedComposer, *, count: int) -> None:
    vary(seed, trained.embedder, VaryRequest(change=0.3, bars=[1], count=count))


def _seconds(work: Callable[[], None], repeats: int) -> float:
    """CPU seconds, the median; the first time, in which things are made ready, is left out."""
    seconds = []
    for _ in range(repeats + 1):
        before = time.process_time()
        work()
        seconds.append(time.process_time() - before)
    return statistics.median(seconds[1:])


def _measured(write: Callable[[], list[Continuation]], repeats: int) -> tuple[float, int]:
    """CPU seconds, the median, and how many notes were written."""
    seconds, notes = [], 0
    for _ in range(repeats):
        before = time.process_time()
        notes = sum(len(variation.notes) for variation in write())
        seconds.append(time.process_time() - before)
    return statistics.median(seconds), notes


def _peak_memory() -> float:
    """In MB (ru_maxrss is in kB on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
