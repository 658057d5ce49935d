"""Written music beside real music, a Markov model, and shuffled real bars.

    python benchmarks/written_music.py --music FOLDER [--seeds 100] [--split test]

Each seed is eight bars of at least two tracks from a piece of the split, drawn by data set; what follows it for eight
bars is the real continuation, the composer's, that of a Markov model (order 2 over notes of one role, learnt from the
train split), real bars of other pieces drawn by chance (`shuffled bars`), or the real continuation of each track taken
from another piece (`shuffled tracks`). Printed for each figure of `evaluation/written_music.py`: the mean, and the
overlapping area and divergence beside real continuations; then how well boosted trees, cross-validated by piece, tell
each collection from the real one by all figures (area under the ROC curve, .5 if not at all). The standard error of a
mean is over pieces.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.progress import track as tracked
from seeds_of_a_split import passages

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.continuing import continue_piece
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.evaluation.telling_apart import crossed_area
from symbolic_embed.evaluation.written_music import FIGURES, Passage, figures, overlap
from symbolic_embed.requests import ComposeRequest
from symbolic_embed.score import Notes, Score

BARS = 8


class MarkovModel:
    """Notes of one part after each other: the last two (steps to the next, interval) pairs and the role say what comes,
    or the last one, or none where that has never been heard."""

    def __init__(self, pieces: Sequence[BarredScore]) -> None:
        self.counts: dict[tuple, Counter] = defaultdict(Counter)
        for barred in pieces:
            for part, role in enumerate(barred.roles):
                events = _events(_rows(barred, part))
                for number in range(1, len(events)):
                    for order in range(3):
                        past = tuple(events[max(number - order, 0) : number])
                        self.counts[(role, *(event[:2] for event in past))][events[number]] += 1

    def continued(self, barred: BarredScore, *, end: int, random: np.random.Generator) -> np.ndarray:
        """New notes for every part up to step `end`; int64 (notes, 4): track, step, length, pitch."""
        written = []
        for part, role in enumerate(barred.roles):
            rows = _rows(barred, part)
            events, step, pitch = _events(rows), int(rows[-1][0]), int(rows[-1][2])
            low, high = rows[:, 2].min() - 7, rows[:, 2].max() + 7
            while True:
                delta, interval, length = self._next(role, events, random)
                step += delta
                if step >= end:
                    break
                pitch = pitch + interval if low <= pitch + interval <= high else pitch - interval
                events.append((delta, interval, length))
                if step >= barred.grid.bar_steps[-1]:
                    written.append((part, step, length, int(np.clip(pitch, 0, 127))))
                if len(written) > 20_000:
                    break
        return np.array(written, np.int64).reshape(-1, 4)

    def _next(self, role: str, events: list[tuple], random: np.random.Generator) -> tuple[int, int, int]:
        for order in (2, 1, 0):
            known = self.counts.get((role, *(event[:2] for event in events[len(events) - order :])))
            if known:
                choices, counts = zip(*known.items(), strict=True)
                return choices[int(random.choice(len(choices), p=np.array(counts) / sum(counts)))]
        return 12, 0, 12


def _rows(barred: BarredScore, part: int) -> np.ndarray:
    notes = barred.notes.where(barred.notes.track == part)
    return np.stack([notes.onset_steps, notes.length_steps, notes.pitch], axis=1).astype(np.int64)


def _events(rows: np.ndarray) -> list[tuple[int, int, int]]:
    """Steps since the last note, interval from it, length; of each note but the first."""
    differences = np.diff(rows[:, [0, 2]], axis=0)
    return [(int(a), int(b), int(c)) for (a, b), c in zip(differences, rows[1:, 1], strict=True)]


def first_bars(barred: BarredScore, bars: int) -> BarredScore:
    """A passage's first bars alone."""
    end = int(barred.metre.barline_ticks[bars])
    tracks = []
    for track in barred.score.tracks:
        notes = track.notes.where(track.notes.onset_ticks < end)
        lasting = np.minimum(notes.duration_ticks, end - notes.onset_ticks)
        tracks.append((track, Notes.of(notes.onset_ticks, lasting, notes.pitch, notes.velocity)))
    score = barred.score
    kept = tuple(type(track)(notes, track.name, track.program, track.channel) for track, notes in tracks if len(notes))
    return cut(Score(score.division, kept, score.tempi, score.time_signatures))


def shuffled_bars(passage: Passage, others: Sequence[Passage], random: np.random.Generator) -> Passage:
    """Every bar from another passage with bars of the same length; tracks by number."""
    rows = []
    for bar in range(passage.bars):
        other = others[int(random.integers(len(others)))]
        taken = int(random.integers(other.bars))
        inside = (other.notes[:, 1] // other.bar_steps) == taken
        rows.append(other.notes[inside] + [0, (bar - taken) * passage.bar_steps, 0, 0])
    return _in_tracks(np.concatenate(rows), passage, others)


def shuffled_tracks(passage: Passage, others: Sequence[Passage], random: np.random.Generator) -> Passage:
    """Every track from another passage."""
    rows = [np.zeros((0, 4), np.int64)]
    for track in range(len(passage.drums)):
        fitting = [other for other in others if track < len(other.drums) and other.drums[track] == passage.drums[track]]
        if fitting:
            other = fitting[int(random.integers(len(fitting)))]
            rows.append(other.notes[other.notes[:, 0] == track])
    return _in_tracks(np.concatenate(rows), passage, others)


def _in_tracks(rows: np.ndarray, passage: Passage, others: Sequence[Passage]) -> Passage:
    widest = max([passage, *others], key=lambda one: len(one.drums)).drums
    return Passage(rows, widest, passage.bars, passage.bar_steps)


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--learnt-from", type=int, default=300, help="passages of the train split for the Markov model")
    parser.add_argument("--split", default="test")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--top-p", type=float, default=0.95)
    parser.add_argument("--checkpoint", type=Path)
    given = parser.parse_args()
    trained = TrainedComposer.load(given.checkpoint)
    markov = MarkovModel(list(passages(given.music, split="train", count=given.learnt_from, bars=2 * BARS, tracks=2)))
    random = np.random.default_rng(0)
    pieces = list(passages(given.music, split=given.split, count=given.seeds, bars=2 * BARS, tracks=2))
    collections: dict[str, list[np.ndarray]] = defaultdict(list)
    owner: dict[str, list[int]] = defaultdict(list)
    whole = [(Passage.of(piece, first=0, bars=BARS), Passage.of(piece, first=BARS, bars=BARS)) for piece in pieces]
    for number, piece in enumerate(tracked(pieces, description="writing")):
        before, real = whole[number]
        others = [one for place, (_, one) in enumerate(whole) if place != number and one.bar_steps == real.bar_steps]
        seed = first_bars(piece, BARS)
        if not len(seed.notes) or not others:
            continue
        end = int(seed.grid.bar_steps[-1]) + BARS * real.bar_steps
        written = continue_piece(
            trained,
            seed,
            ComposeRequest(bars=BARS, random_seed=number, temperature=given.temperature, top_p=given.top_p),
        )[0].notes
        composed = np.stack([written.track, written.onset_steps, written.length_steps, written.pitch], axis=1)
        drums, start = seed.part_is_drum, [0, int(seed.grid.bar_steps[-1]), 0, 0]
        made = {
            "real": real,
            "composer": Passage(composed - start, drums, BARS, real.bar_steps),
            "markov": Passage(markov.continued(seed, end=end, random=random) - start, drums, BARS, real.bar_steps),
            "shuffled bars": shuffled_bars(real, others, random),
            "shuffled tracks": shuffled_tracks(real, others, random),
        }
        for who, passage in made.items():
            collections[who].append(figures(passage, before=before))
            owner[who].append(number)
    _print(collections, owner)


def _print(collections: dict[str, list[np.ndarray]], owner: dict[str, list[int]]) -> None:
    tables = {who: np.array(rows) for who, rows in collections.items()}
    print(f"{len(tables['real'])} pieces")
    print(f"{'figure':34}" + "".join(f"{who:>30}" for who in tables))
    for column, name in enumerate(FIGURES):
        line = f"{name:34}"
        real = tables["real"][:, column]
        for who, table in tables.items():
            values = table[:, column]
            known = values[~np.isnan(values)]
            told = f"{known.mean():.3f} +- {known.std(ddof=1) / len(known) ** 0.5:.3f}"
            if who != "real":
                area, divergence = overlap(real[~np.isnan(real)], known)
                told += f"  {area:.2f} {divergence:6.3f}"
            line += f"{told:>30}"
        print(line)
    line = f"{'told from real (area)':34}{'':>30}"
    for who, table in tables.items():
        if who != "real":
            groups = [np.array(owner["real"]), np.array(owner[who])]
            area = crossed_area(tables["real"], table, first_groups=groups[0], second_groups=groups[1])
            line += f"{area:>30.3f}"
    print(line)


if __name__ == "__main__":
    main()
