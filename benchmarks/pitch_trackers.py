"""How well are notes heard in a recording, by which tracker? Note F1 of rendered melodies and of synthetic voices.

    python benchmarks/pitch_trackers.py --music FOLDER [--split test] [--tunes 4] [--seconds 15] [--sound-font SF2]
                                        [--trackers swift_f0,yin,pyin] [--seed 0]

FOLDER holds data sets, each with a meta.jsonl. From the highest part of TUNES pieces of SETS the beginning is taken,
one note at a time, and rendered by FluidSynth with six instruments, and sung by two synthetic voices
(`sung_voices.py`: a plain one, and one that sways, scoops and binds a lot), an octave lower where it is high.

A note is right where its onset lies within 50 ms and its pitch within 50 cents (mir_eval.transcription, ends are no
matter). Beside the notes of `listening.noting` stand those of the naive way: wherever the rounded pitch of the curve
stays for 80 ms. `rounded` is the model once more, pitches as they are written, after the tuning was taken out.

Prints F1 for each tracker and way and voice, their mean, and CPU seconds a second of sound (of the tracker, and of the
notes), in one thread.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import mir_eval
import numpy as np
from numpy.typing import NDArray
from sung_voices import FREE, PLAIN, RATE, sung
from symbolic_embed.presenting.sound import chosen_font, render

from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.errors import InputError
from symbolic_embed.listening.melodies import PitchCurve
from symbolic_embed.listening.noting import notes_of
from symbolic_embed.listening.recordings import recording, wav_of
from symbolic_embed.listening.trackers import TRACKERS, pitch_curve
from symbolic_embed.score import Notes, Score, Tempo, Track, read
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.writing.layout import score_to_events

SETS = ("nottingham", "openewld_pd")
INSTRUMENTS = {"flute": 73, "violin": 40, "clarinet": 71, "trumpet": 56, "piano": 0, "voice ooh": 53}
VOICES = {"sung": PLAIN, "sung freely": FREE}
BEGIN = 0.5  # seconds of silence before
FEWEST = 12  # notes
HIGH = 66  # a tune whose mean pitch is higher is sung an octave lower
LEAST = 5  # frames of 16 ms that a note of the naive way has


class Case(NamedTuple):
    """A recording at 16 kHz, and its notes: rows of onset, end, pitch."""

    voice: str
    samples: NDArray[np.float32]
    notes: NDArray[np.float64]


def main() -> None:
    use_threads(1)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="test")
    parser.add_argument("--tunes", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--sound-font", type=Path)
    parser.add_argument("--trackers", default=",".join(TRACKERS))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    tunes = tunes_of(given.music, split=given.split, count=given.tunes, longest=given.seconds, seed=given.seed)
    cases = [case for number, tune in enumerate(tunes) for case in cases_of(tune, given.sound_font, seed=number)]
    print(f"{len(tunes)} tunes, {len(cases)} recordings, {sum(len(case.samples) for case in cases) / 16_000:.0f} s")
    names = [*INSTRUMENTS, *VOICES]
    print(
        f"{'tracker':9} {'notes':8} " + " ".join(f"{name:>11}" for name in names) + "    mean  tracker s/s  notes s/s"
    )
    for tracker in given.trackers.split(","):
        table(tracker, cases, names)


def table(tracker: str, cases: list[Case], names: list[str]) -> None:
    """The rows of one tracker."""
    pitch_curve(cases[0].samples[:16_000], tracker=tracker)  # what is loaded and compiled does not count
    started = time.process_time()
    curves = [pitch_curve(case.samples, tracker=tracker) for case in cases]
    tracked = time.process_time()
    heard = [notes_of(curve, case.samples) for curve, case in zip(curves, cases, strict=True)]
    noted = time.process_time()
    whole = sum(len(case.samples) for case in cases) / 16_000
    model = [np.stack([notes.onset, notes.end, notes.pitch], axis=1) for notes in heard]
    rounded = [np.stack([notes.onset, notes.end, notes.rounded], axis=1) for notes in heard]
    ways = {"naive": [naive(curve) for curve in curves], "model": model, "rounded": rounded}
    for way, found in ways.items():
        scores = {name: [] for name in names}
        for case, notes in zip(cases, found, strict=True):
            scores[case.voice].append(f1(case.notes, notes))
        means = [float(np.mean(scores[name])) for name in names]
        costs = f"{(tracked - started) / whole:12.4f} {(noted - tracked) / whole:10.4f}" if way == "model" else ""
        print(f"{tracker:9} {way:8} " + " ".join(f"{mean:11.3f}" for mean in means) + f" {np.mean(means):7.3f} {costs}")


def tunes_of(music: Path, *, split: str, count: int, longest: float, seed: int) -> list[NDArray[np.float64]]:
    """The beginnings of the highest parts of pieces drawn at random: rows of onset, end, pitch, one note at a time."""
    paths = [
        music / name / row["path"]
        for name in SETS
        for row in map(json.loads, (music / name / "meta.jsonl").read_text(encoding="utf-8").splitlines())
        if row["split"] == split
    ]
    tunes: list[NDArray[np.float64]] = []
    for place in np.random.default_rng(seed).permutation(len(paths)):
        try:
            score = read(paths[place])
        except InputError:
            continue
        tune = tune_of(score, longest=longest)
        if len(tune) >= FEWEST:
            tunes.append(tune)
        if len(tunes) == count:
            break
    return tunes


def tune_of(score: Score, *, longest: float) -> NDArray[np.float64]:
    """Of notes that begin together one, each cut where the next begins."""
    notes = max(score.tracks, key=lambda track: track.notes.pitch.mean()).notes
    onset, end = (
        seconds(ticks, tempi=score.tempi, division=score.division) for ticks in (notes.onset_ticks, notes.offset_ticks)
    )
    kept = (np.diff(onset, prepend=-1.0) > 0.01) & (onset < onset[0] + longest)
    onset, end, pitch = onset[kept], end[kept], notes.pitch[kept].astype(np.float64)
    end = np.minimum(end, np.append(onset[1:], np.inf))
    return np.stack([onset - onset[0] + BEGIN, end - onset[0] + BEGIN, pitch], axis=1)


def cases_of(tune: NDArray[np.float64], font: Path | None, *, seed: int) -> Iterator[Case]:
    """A tune in every voice."""
    for name, program in INSTRUMENTS.items():
        yield Case(name, rendered(tune, program, font), tune)
    lower = tune - [0, 0, 12 if tune[:, 2].mean() > HIGH else 0]
    for number, (name, manner) in enumerate(VOICES.items()):
        voice = sung(lower, manner=manner, seed=2 * seed + number)
        yield Case(name, recording(wav_of(voice, RATE), source=name).samples, lower)


def rendered(tune: NDArray[np.float64], program: int, font: Path | None) -> NDArray[np.float32]:
    """A tune by FluidSynth, a tick a millisecond."""
    ticks = np.rint(1000 * tune[:, :2]).astype(np.int64)
    notes = Notes.of(ticks[:, 0], ticks[:, 1] - ticks[:, 0], tune[:, 2].astype(np.int64), np.full(len(tune), 90))
    score = Score(1000, (Track(notes, program=program),), (Tempo(0, 1_000_000),))
    out = io.BytesIO()
    render(score_to_events(score), font=chosen_font(font), out=out)
    return recording(out.getvalue(), source="rendered").samples


def naive(curve: PitchCurve) -> NDArray[np.float64]:
    """Wherever the rounded pitch stays for a while: rows of onset, end, pitch."""
    rounded = np.rint(np.where(np.isfinite(curve.pitch), curve.pitch, -1.0))
    edges = np.concatenate([[0], np.nonzero(np.diff(rounded))[0] + 1, [len(rounded)]])
    hop = curve.times[1]
    runs = [
        (first * hop, last * hop, float(np.median(curve.pitch[first:last])))
        for first, last in pairwise(edges)
        if rounded[first] >= 0 and last - first >= LEAST
    ]
    return np.array(runs).reshape(-1, 3)


def f1(reference: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    """Note F1 by onset and pitch."""
    if not len(found):
        return 0.0
    hertz = [440.0 * 2.0 ** ((notes[:, 2] - 69.0) / 12.0) for notes in (reference, found)]
    _, _, score, _ = mir_eval.transcription.precision_recall_f1_overlap(
        reference[:, :2], hertz[0], found[:, :2], hertz[1], offset_ratio=None
    )
    return float(score)


if __name__ == "__main__":
    main()
