"""Does a performance find its score?

    python benchmarks/performances.py --music FOLDER [--split valid] [--queries 100] [--distractors 300] [--seed 0]

Pieces of FOLDER, which holds data sets, each with a meta.jsonl, are played as a pianist might: in another tempo, which
drifts by a tenth or so and slows down at the end; notes of a chord some hundredths of a second apart; lengths free; a
few notes wrong or missing; everything in one part, at 120 beats a minute that mean nothing, in another key. Each
performance asks; its own score should come first among all scores. Beside it the same pieces as written, in another
key: the difference is what is lost by playing.

Prints mean reciprocal rank and the share found first, with standard errors over queries: the joint likeness of `rank`,
each of its parts, and two rivals without a model, chroma and n-grams.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from piece_likeness import measured

from symbolic_embed.bars import cut
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError
from symbolic_embed.evaluation.groups import at_random
from symbolic_embed.score import Notes, Score, Tempo, Track, read
from symbolic_embed.score.clock import seconds

SETS = ("mutopia_pd", "chopin_first_editions", "openscore_lieder", "pop909", "polish_scores", "openhymnal")
DIVISION, TICKS_A_SECOND = 480, 960  # at 120 beats a minute
FEWEST_NOTES = 100
MISSING, WRONG = 0.02, 0.01  # shares of the notes


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--distractors", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    embedder = Embedder.load(asked.checkpoint, jobs=asked.jobs)
    random = np.random.default_rng(asked.seed)
    scores = drawn(asked.music, asked.split, asked.queries + asked.distractors, random=random)
    print(f"{'queries':<12}  {'n':>4}  {'scores':>6}  {'way':<16}  {'MRR':>5}  error  first")
    for kind in ("as written", "played"):
        pieces = scores[: asked.queries]
        queries = [at_random(score if kind == "as written" else played(score, random), random) for score in pieces]
        barred = [(f"{number}", cut(score)) for number, score in enumerate([*queries, *scores])]
        for way, distance in measured(barred, embedder=embedder, transpose=True):
            asking = distance[: len(queries), len(queries) :]
            own = asking[np.arange(len(queries)), np.arange(len(queries))]
            rank = 1 + (asking < own[:, None]).sum(axis=1) + ((asking == own[:, None]).sum(axis=1) - 1) / 2
            error = (1 / rank).std(ddof=1) / len(rank) ** 0.5
            row = f"{kind:<12}  {len(rank):>4}  {len(scores):>6}  {way:<16}  {(1 / rank).mean():.3f}  {error:.3f}"
            print(f"{row}  {(rank == 1).mean():.2f}", flush=True)


def drawn(music: Path, split: str, count: int, *, random: np.random.Generator) -> list[Score]:
    """So many scores, one a cluster of like pieces, drawn from the sets in turn."""
    scores: list[Score] = []
    by_set = []
    for name in SETS:
        lines = map(json.loads, (music / name / "meta.jsonl").read_text(encoding="utf-8").splitlines())
        one_each = {line["cluster"]: music / name / line["path"] for line in lines if line["split"] == split}
        by_set.append([list(one_each.values())[n] for n in random.permutation(len(one_each))])
    while len(scores) < count and any(by_set):
        for paths in filter(None, by_set):
            try:
                score = read(paths.pop())
            except InputError:
                continue
            if sum(len(track.notes) for track in score.tracks if not track.is_drum) >= FEWEST_NOTES:
                scores.append(score)
    return scores[:count]


def played(score: Score, random: np.random.Generator) -> Score:
    """A score as somebody plays it on a piano, recorded by a program that knows no metre."""
    notes = Notes.concatenated([track.notes for track in score.tracks if not track.is_drum])
    notes = notes.where(random.random(len(notes)) > MISSING)
    begin, end = (
        seconds(ticks, tempi=score.tempi, division=score.division) for ticks in (notes.onset_ticks, notes.offset_ticks)
    )
    onset = _in_drifting_tempo(begin, random) + random.normal(0, 0.015, len(notes))
    length = (end - begin) * random.uniform(0.6, 1.3, len(notes))
    beside = (random.random(len(notes)) < WRONG) * random.choice([-2, -1, 1, 2], len(notes))
    pitch = np.clip(notes.pitch.astype(np.int64) + beside, 0, 127)
    ticks, lasting = (np.rint(time.clip(0.02) * TICKS_A_SECOND) for time in (0.5 + onset, length))
    hands = Track(Notes.of(ticks, lasting, pitch, random.integers(40, 100, len(pitch))))
    return Score(DIVISION, (hands,), (Tempo(0, 500_000),), source=score.source)


def _in_drifting_tempo(begin: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Seconds as they pass in a tempo between three quarters and four thirds of the written one, which walks away from
    it every half second and comes home; the last two seconds slow down."""
    clock = np.arange(0, begin.max() + 1, 0.5)
    drift = random.normal(0, 0.05, len(clock))
    for step in range(1, len(clock)):
        drift[step] += 0.9 * drift[step - 1]
    drift[-4:] += [0.1, 0.2, 0.3, 0.4][-len(drift) :]
    passed = np.concatenate([[0], np.cumsum(np.exp(drift[:-1]) * 0.5)])
    return np.interp(begin, clock, passed) * random.uniform(0.75, 1.33)


if __name__ == "__main__":
    main()
