"""Are the beats and bars of a performance found?

    python benchmarks/beats.py --music FOLDER [--split valid] [--pieces 100] [--seed 0]

Pieces of FOLDER, which holds data sets, each with a meta.jsonl, are played without a click, each in one of nine ways:
in a tempo that walks by 0, 8 or 15 hundredths and slows down at the end, with onsets 10, 20 or 30 ms beside it. Tempo,
grace notes, rolled chords, missing and wrong notes, velocities and the silence before the first note are drawn as well;
a pick-up is played where the piece has one. Recorded at 120 beats a minute that mean nothing, in its parts. The first
ninety seconds of each.

Prints for each way, and for all: the F-measure of beats and that of barlines (mir_eval, within 70 ms), the share of
pieces whose metre is right, the share whose bars are right but for a tenth, the beats in the longest stretch at any
level of the metre (AMLt), the mean confidence, and how far found beats lie from true ones, in ms; at last how far those
eight do with which a continuation would go on, from where the true ones lead to (by the median of the last eight
intervals). Beats of 6/8 are dotted.

    python benchmarks/beats.py --music FOLDER --fit --split train --pieces 400

Prints instead what the features of beats are worth for telling the first of a bar (`bars.downbeats.EVIDENCE`), by
logistic regression on the true beats of such performances, drums among them, each piece counting once.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import mir_eval
import numpy as np
from numpy.typing import NDArray
from performing import DIVISION, DRUM_SETS, SETS, TICKS_A_SECOND, WAYS, Performance, drawn, performed
from sklearn.linear_model import LogisticRegression

from symbolic_embed.bars.beats import estimate_beats
from symbolic_embed.bars.downbeats import features
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.score.clock import seconds


class Found(NamedTuple):
    """How well beats were found, a number each: see the head of this page."""

    beats: float
    bars: float
    metre: float
    right: float
    any_level: float
    confidence: float
    beside_ms: float
    onward_ms: float


def found_in(performance: Performance) -> Found:
    """How well the program finds the beats and bars of a performance, whatever it says of its grid."""
    beats = estimate_beats(performance.score)
    if beats is None:
        return Found(0, 0, 0, 0, 0, 0, np.nan, np.nan)
    when = seconds(beats.ticks, tempi=performance.score.tempi, division=DIVISION)
    barlines = when[beats.pick_up :: beats.per_bar]
    f_of_bars = mir_eval.beat.f_measure(performance.barlines, barlines)
    levels = mir_eval.beat.continuity(performance.beats, when)
    nearest = np.abs(when[:, None] - performance.beats).min(axis=1)
    return Found(
        beats=mir_eval.beat.f_measure(performance.beats, when),
        bars=f_of_bars,
        metre=float("{}/{}".format(*beats.metre) == performance.metre),
        right=float(f_of_bars >= 0.9),
        any_level=levels[3],
        confidence=beats.confidence,
        beside_ms=1000 * float(np.median(nearest)),
        onward_ms=1000 * _onward(performance.beats, when[-1], beats.period_ticks / TICKS_A_SECOND),
    )


def _onward(true: NDArray[np.float64], last: float, period: float) -> float:
    """How far beats that follow the last, a period apart, lie from those that follow the true ones; in seconds."""
    tempo = float(np.median(np.diff(true)[-8:]))
    following = true[-1] + tempo * np.arange(40)
    found = last + period * np.arange(1, 9)
    return float(np.abs(found[:, None] - following).min(axis=1).mean())


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--pieces", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fit", action="store_true", help="fit the evidence for first beats")
    parser.add_argument("--each", action="store_true", help="print a line a piece")
    asked = parser.parse_args()
    random = np.random.default_rng(asked.seed)
    if asked.fit:
        print(fitted(list(_performances(asked, random, sets=(*SETS, *DRUM_SETS)))))
        return
    rows: dict[tuple[float, float], list[Found]] = {way: [] for way in WAYS}
    by_metre: dict[str, list[Found]] = {}
    spent = 0.0
    for (rubato, jitter), performance in _performances(asked, random, sets=SETS):
        start = time.process_time()
        found = found_in(performance)
        spent += time.process_time() - start
        rows[rubato, jitter].append(found)
        by_metre.setdefault(performance.metre, []).append(found)
        if asked.each:
            print(
                f"{Path(performance.score.source).parent.parent.name:<22} {performance.metre:<5}",
                *(f"{v:6.2f}" for v in found),
            )
    print(f"{'rubato':>6}  {'jitter':>6}  {'n':>3}  " + "  ".join(f"{name:>10}" for name in Found._fields))
    for (rubato, jitter), of_way in rows.items():
        print(f"{rubato:6.2f}  {jitter:6.3f}  {_row(of_way)}")
    for metre, of_metre in sorted(by_metre.items()):
        print(f"{metre:>14}  {_row(of_metre)}")
    everything = [found for of_way in rows.values() for found in of_way]
    print(f"{'all':>14}  {_row(everything)}  {spent / max(len(everything), 1):.2f} s each")


def _performances(
    asked: argparse.Namespace, random: np.random.Generator, *, sets: Sequence[str]
) -> Iterator[tuple[tuple[float, float], Performance]]:
    """The performances that are asked for, each with its way."""
    for number, score in enumerate(drawn(asked.music, asked.split, asked.pieces, random=random, sets=sets)):
        way = WAYS[number % len(WAYS)]
        yield way, performed(score, random, rubato=way[0], jitter=way[1])


def fitted(performances: list[tuple[tuple[float, float], Performance]]) -> list[float]:
    """What each feature of a beat is worth for its being the first of a bar, the constant first, in nats beside what
    the share of first beats says."""
    rows, first, weights = [], [], []
    for _, performance in performances:
        is_first = np.isin(performance.beats, performance.barlines)
        if len(is_first) >= 16 and 1.8 < len(is_first) / max(is_first.sum(), 1) < 4.3:
            rows.append(features(performance.score, performance.beats))
            first.append(is_first)
            weights.append(np.full(len(is_first), 1 / len(is_first)))
    weight, answer = np.concatenate(weights), np.concatenate(first)
    model = LogisticRegression(C=10).fit(np.concatenate(rows), answer, sample_weight=weight / weight.mean())
    share = float(np.average(answer, weights=weight))
    constant = float(model.intercept_[0]) - np.log(share / (1 - share))
    return [round(float(value), 2) for value in (constant, *model.coef_[0])]


def _row(of_way: list[Found]) -> str:
    means = np.nanmean(np.array(of_way), axis=0) if of_way else np.full(len(Found._fields), np.nan)
    return f"{len(of_way):>3}  " + "  ".join(f"{mean:10.3f}" for mean in means)


if __name__ == "__main__":
    main()
