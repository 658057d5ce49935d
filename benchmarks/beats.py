"""Are the beats and bars of a performance found?

    python benchmarks/beats.py --music FOLDER [--split valid] [--pieces 100] [--seed 0]

Pieces of FOLDER, which holds data sets, each with a meta.jsonl, are played without a click, each in one of nine ways:
in a tempo that walks by 0, 8 or 15 hundredths and slows down at the end, with onsets 10, 20 or 30 ms beside it. Tempo,
grace notes, rolled chords, missing and wrong notes, velocities and the silence before the first note are drawn as well;
a pick-up is played where the piece has one. Recorded at 120 beats a minute that mean nothing, in one part. The first
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
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import mir_eval
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from symbolic_embed.bars import cut
from symbolic_embed.bars.beats import estimate_beats
from symbolic_embed.bars.downbeats import features
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.errors import InputError
from symbolic_embed.score import Notes, Score, Tempo, Track, read
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.metre import MetreMap, beat_ticks, metre_map

SETS = (
    "mutopia_pd",
    "chopin_first_editions",
    "openscore_lieder",
    "pop909",
    "polish_scores",
    "openhymnal",
    "nottingham",
)
DRUM_SETS = ("groove_drums", "ruleband")
DIVISION, TICKS_A_SECOND = 480, 960  # at 120 beats a minute
FEWEST_NOTES = 60
LONGEST_SECONDS = 90.0
TOLERANCE = 0.07
WAYS = tuple((rubato, jitter) for rubato in (0.0, 0.08, 0.15) for jitter in (0.01, 0.02, 0.03))
MISSING, WRONG, GRACE, ROLLED = 0.02, 0.01, 0.03, 0.1  # shares of the notes


Clock = Callable[[NDArray[np.int64]], NDArray[np.float64]]  # ticks to the seconds at which they are played


class Performance(NamedTuple):
    """What was played, when its beats and its barlines are, in seconds, and the metre of most bars."""

    score: Score
    beats: NDArray[np.float64]
    barlines: NDArray[np.float64]
    metre: str


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


def performed(score: Score, random: np.random.Generator, *, rubato: float, jitter: float) -> Performance:
    """A score as somebody plays it: `rubato` is how far the tempo walks, as a ratio, `jitter` how far beside their
    moment notes begin, in seconds, each a standard deviation."""
    metre = metre_map(score)
    end = score.end_tick
    beats, barlines = _beats(metre, score.division), metre.barline_ticks
    curve = _tempo_curve(float(_seconds(end, score)), random, rubato=rubato)
    silence = random.uniform(0, 2)

    def played_at(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        return silence + np.interp(_seconds(ticks, score), *curve)

    first = min(int(track.notes.onset_ticks.min()) for track in score.tracks)
    tracks = tuple(_played_part(track, played_at, random, jitter=jitter) for track in score.tracks)
    start = float(played_at(np.array(first)))  # what is silent before the first note was not recorded
    kept = tuple(_recorded(track, start - silence) for track in tracks)
    end_seconds = min(float(played_at(np.array(end))) - start + silence, LONGEST_SECONDS)
    true = [played_at(ticks) - start + silence for ticks in (beats, barlines[:-1])]
    beats, barlines = (times[(times > silence - 0.05) & (times < end_seconds)] for times in true)
    played = Score(DIVISION, kept, (Tempo(0, 500_000),), source=score.source)
    names = [str(signature) for signature in metre.signatures]
    return Performance(played, beats, barlines, max(sorted(set(names)), key=names.count))


def _recorded(track: Track, earlier: float) -> Track:
    """A part that was recorded so many seconds earlier, as far as it is listened to."""
    notes = track.notes
    onset = np.maximum(notes.onset_ticks - round(earlier * TICKS_A_SECOND), 0)
    inside = onset < LONGEST_SECONDS * TICKS_A_SECOND
    columns = (onset, notes.duration_ticks, notes.pitch, notes.velocity)
    return Track(Notes.of(*(column[inside] for column in columns)), channel=track.channel)


def _seconds(ticks: NDArray[np.int64] | int, score: Score) -> NDArray[np.float64]:
    return seconds(ticks, tempi=score.tempi, division=score.division)


def _beats(metre: MetreMap, division: int) -> NDArray[np.int64]:
    """The ticks of all beats; those of a pick-up are counted from its end."""
    beats = []
    for bar, signature in enumerate(metre.signatures):
        begin, end = metre.barline_ticks[bar : bar + 2]
        beat = float(beat_ticks(signature, division=division))
        in_bar = np.arange(begin, end - 1, beat) if bar else np.arange(end, begin, -beat)[:0:-1]
        beats.append(np.rint(in_bar))
    return np.unique(np.concatenate(beats)).astype(np.int64)


def _tempo_curve(
    end: float, random: np.random.Generator, *, rubato: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds as written and as they pass: in a tempo between three quarters and four thirds of the written one, which
    walks away from it every half second and comes home; the last two seconds slow down."""
    clock = np.arange(0, end + 1, 0.5)
    drift = random.normal(0, rubato * (1 - 0.9**2) ** 0.5, len(clock))
    for step in range(1, len(clock)):
        drift[step] += 0.9 * drift[step - 1]
    if rubato:
        drift[-4:] += [0.1, 0.2, 0.3, 0.4][-len(drift) :]
    passed = np.concatenate([[0], np.cumsum(np.exp(drift[:-1]) * 0.5)])
    return clock, passed * random.uniform(0.75, 1.33)


def _played_part(track: Track, played_at: Clock, random: np.random.Generator, *, jitter: float) -> Track:
    """A part with the notes that are hit, where and as loud as they are; ornaments among them."""
    notes = track.notes.where(random.random(len(track.notes)) > MISSING)
    count = len(notes)
    begin, end = played_at(notes.onset_ticks), played_at(notes.offset_ticks)
    length = (end - begin) * random.uniform(0.6, 1.05, count)
    begin = begin + random.normal(0, jitter, count)
    rolled = np.isin(notes.onset_ticks, notes.onset_ticks[random.random(count) < ROLLED / 4])
    begin += rolled * 0.025 * _above(notes)
    pitch = notes.pitch.astype(np.int64)
    if not track.is_drum:
        pitch = np.clip(pitch + (random.random(count) < WRONG) * random.choice([-2, -1, 1, 2], count), 0, 127)
    velocity = np.clip(random.normal(70, 12, count), 20, 120)
    graced = np.flatnonzero(random.random(count) < (0 if track.is_drum else GRACE))
    columns = [begin, length, pitch, velocity]
    before = [begin[graced] - random.uniform(0.05, 0.09, len(graced)), np.full(len(graced), 0.06)]
    more = [*before, np.minimum(pitch[graced] + 2, 127), velocity[graced] * 0.8]
    onset, lasting, pitch, velocity = (np.concatenate([a, b]) for a, b in zip(columns, more, strict=True))
    ticks = [np.rint(column * TICKS_A_SECOND) for column in (np.maximum(onset, 0), np.maximum(lasting, 0.03))]
    return Track(Notes.of(*ticks, pitch, np.rint(velocity)), channel=track.channel)


def _above(notes: Notes) -> NDArray[np.int64]:
    """How many notes of its chord lie below each note, which are in order."""
    first = np.searchsorted(notes.onset_ticks, notes.onset_ticks)
    return np.arange(len(notes)) - first


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


def drawn(music: Path, split: str, count: int, *, random: np.random.Generator, sets: Sequence[str]) -> Iterator[Score]:
    """So many scores, one a cluster of like pieces, drawn from the sets in turn."""
    by_set = []
    for name in sets:
        lines = map(json.loads, (music / name / "meta.jsonl").read_text(encoding="utf-8").splitlines())
        one_each = {line["cluster"]: music / name / line["path"] for line in lines if line["split"] == split}
        by_set.append([list(one_each.values())[n] for n in random.permutation(len(one_each))])
    while count and any(by_set):
        for paths in filter(None, by_set):
            try:
                score = read(paths.pop())
            except InputError:
                continue
            kept = [track for track in score.tracks if len(track.notes)]
            if sum(len(track.notes) for track in kept) >= FEWEST_NOTES and not cut(score).follows_beats and count:
                count -= 1
                yield score


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
