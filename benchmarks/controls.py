"""What is asked of new bars, and what they come to: how much, how thick, how long, how high; and colder and warmer.

    python benchmarks/controls.py --music FOLDER [--seeds 40] [--asked 5] [--split valid] [--only density]
        [--checkpoint DIR] [--format json]

Of each seed of eight bars one part is asked, control by control, for as many numbers around its own as --asked says:
one at random in each of so many equal steps between half and twice as much (of polyphony between one note and twice as
many), of pitch between an octave below and above, its whole range with it. Many seeds tell more than many numbers of
each: 200 seeds, asked once, take as long as 40 asked five times. What that part plays in eight new bars, read again
from the file, is laid beside it: Spearman's rank correlation of all that was asked with all that was measured, and of
what was asked and measured as shares of the seed's own number, where differences among seeds count nothing; both with
their spread over bootstrapped seeds; and the mean error, in doublings (of pitch: semitones).

Then the temperature: of bars written at each of TEMPERATURES the longest run of one pitch as a share of the seed's, on
average over the pitched parts, and how many of them drone, as `composing/failures.py` has it. Nothing is chosen: one
take each.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from keepable_counts import without_fingerprint
from keepable_pieces import BARS, Piece, split_pieces
from rich.console import Console
from rich.progress import track as tracked
from scipy import stats

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.patterns import pitches
from symbolic_embed.bars.patterns.measures import nothing_played, played_by
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.controls import measured
from symbolic_embed.composing.failures import failures_of_continuation
from symbolic_embed.composing.stretches import written_bars
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.errors import NothingNewError
from symbolic_embed.outputs.reread import cut_again, parts_of_seed
from symbolic_embed.requests import ComposeRequest
from symbolic_embed.verbs.compose import compose

OCTAVE = 12
CONTROLS = ("density", "polyphony", "note_length", "pitch")
OF_DRUMS = ("density", "polyphony")
HIGHEST_PITCH = 127
FEWEST_NOTES = 8  # that a part must have in the seed to be asked for others
TEMPERATURES = (0.5, 0.9, 1.2)
RESAMPLED = 500


class Pair(NamedTuple):
    """One question and its answer: the number asked for, what was measured, and the part's own number in the seed."""

    control: str
    piece: int
    asked: float
    measured: float
    own: float


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--asked", type=int, default=5, help="numbers of each control, of each seed")
    parser.add_argument("--split", default="valid")
    parser.add_argument("--only", choices=(*CONTROLS, "temperature"), action="append")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--format", choices=("table", "json"), default="table")
    given = parser.parse_args()
    trained = without_fingerprint(TrainedComposer.load(given.checkpoint))
    wanted = given.only or (*CONTROLS, "temperature")
    seeds = list(split_pieces(given.music, split=given.split, count=given.seeds))
    pairs: list[Pair] = []
    runs: list[dict[str, Any]] = []
    for piece in tracked(seeds, description="composing", console=Console(stderr=True)):
        for control in filter(wanted.__contains__, CONTROLS):
            pairs += answers(piece, trained, control, asked=given.asked)
        if "temperature" in wanted:
            runs += runs_of_one_pitch(piece, trained)
    rows = [*summarised(pairs), *summarised_runs(runs)]
    print(json.dumps(rows, indent=1) if given.format == "json" else "\n".join(map(told, rows)))


def answers(piece: Piece, trained: TrainedComposer, control: str, *, asked: int) -> Iterator[Pair]:
    """One part of a seed `asked` for so many numbers of a control, and what it plays then; nothing where no part has
    notes enough."""
    seed, random = piece.seed, piece.random(1 + CONTROLS.index(control))
    parts = [part for part in range(len(seed.barred.roles)) if _can_be_asked(seed.barred, part, control)]
    if not parts:
        return
    part = int(random.choice(parts))
    own = measured(played_by(seed.barred, part))[control]
    for number in numbers(control, own, random, count=asked):
        request = ComposeRequest(bars=BARS, takes=1, **_wish(seed.barred, part, control, number - own, number))
        found = _measured(piece, trained, request, part)[control]
        if found is not None:
            yield Pair(control, piece.number, number, found, own)


def numbers(control: str, own: float, random: np.random.Generator, *, count: int) -> list[float]:
    """What a part is asked for: a number at random in each of `count` equal steps around its own."""
    least, most = (own - OCTAVE, own + OCTAVE) if control == "pitch" else np.log2((own / 2, 2 * own))
    if control == "polyphony":
        least = max(least, 0.0)
    places = least + (np.arange(count) + random.random(count)) * (most - least) / count
    return [float(place) for place in (own + np.round(places - own) if control == "pitch" else 2**places)]


def _can_be_asked(barred: BarredScore, part: int, control: str) -> bool:
    played = played_by(barred, part)
    return bool(played.notes[0] >= FEWEST_NOTES and (control in OF_DRUMS or not barred.part_is_drum[part]))


def _wish(barred: BarredScore, part: int, control: str, moved: float, asked: float) -> dict[str, Any]:
    """What is given to ask for it: pitch by the part's range, moved as a whole."""
    if control != "pitch":
        return {control: {part: asked}}
    played = played_by(barred, part)
    ends = [int(np.clip(end + round(moved), 0, HIGHEST_PITCH)) for end in (played.lowest[0], played.highest[0])]
    return {"range": {part: (ends[0], max(ends[1], ends[0] + 1))}}


def _measured(piece: Piece, trained: TrainedComposer, request: ComposeRequest, part: int) -> dict[str, float | None]:
    """How a part plays in new bars, as they stand in the file."""
    seed = piece.seed
    try:
        (output,) = compose(seed, trained, request.model_copy(update={"random_seed": piece.number}))
    except NothingNewError:
        return measured(nothing_played())
    again = cut_again(output.events, seed, more_bars=BARS)
    (found,) = np.flatnonzero(parts_of_seed(again, seed.barred) == part)
    return measured(played_by(again, int(found), bars=range(seed.barred.bars, again.bars)))


def runs_of_one_pitch(piece: Piece, trained: TrainedComposer) -> Iterator[dict[str, Any]]:
    """At each temperature: the longest run of each pitched part as a share of the seed's, and whether one drones; the
    same of the real bars."""
    before = pitches.longest_runs(piece.before)
    made = {"real": piece.after}
    for temperature in TEMPERATURES:
        request = ComposeRequest(bars=BARS, takes=1, temperature=temperature, random_seed=piece.number)
        try:
            (output,) = compose(piece.seed, trained, request)
        except NothingNewError:
            continue
        again = cut_again(output.events, piece.seed, more_bars=BARS)
        made[f"{temperature:g}"] = written_bars(again, piece.seed.barred, bars=range(BARS, 2 * BARS))
    for who, new in made.items():
        drones = next(check for check in failures_of_continuation(piece.before, new).checks if check.name == "drone")
        share = pitches.longest_runs(new)[before > 0] / before[before > 0]
        yield {"who": who, "longer": float(np.log2(np.maximum(share, 1 / 8)).mean()), "drone": drones.fails}


def summarised(pairs: Iterable[Pair]) -> list[dict[str, Any]]:
    """Correlations, errors and numbers of each control."""
    rows = []
    for control in CONTROLS:
        own = [pair for pair in pairs if pair.control == control]
        if not own:
            continue
        columns = np.array([(pair.piece, pair.asked, pair.measured, pair.own) for pair in own])
        rows.append({"control": control} | _agreement(columns, in_octaves=control == "pitch"))
    return rows


def _agreement(columns: np.ndarray, *, in_octaves: bool) -> dict[str, Any]:
    """How measured follows asked; columns: piece, asked, measured, own."""
    piece, asked, found, own = columns.T
    if not in_octaves:
        asked, found, own = (np.log2(np.maximum(column, 1 / 64)) for column in (asked, found, own))
    missed = np.abs(found - asked)
    return {
        "spearman": _spearman(asked, found),
        "spread": _spread(piece, lambda rows: _spearman(asked[rows], found[rows])),
        "spearman of shares": _spearman(asked - own, found - own),
        "spread of shares": _spread(piece, lambda rows: _spearman((asked - own)[rows], (found - own)[rows])),
        "error": float(missed.mean()),
        "worst tenth": float(np.quantile(missed, 0.9)),
        "n": len(columns),
        "seeds": len(np.unique(piece)),
    }


def _spearman(asked: np.ndarray, found: np.ndarray) -> float:
    return float(stats.spearmanr(asked, found).statistic)


def _spread(piece: np.ndarray, figure: Callable[[np.ndarray], float]) -> float:
    """The standard deviation of a figure over seeds drawn again and again."""
    random, rows_of = np.random.default_rng(0), [np.flatnonzero(piece == one) for one in np.unique(piece)]
    drawn = (random.integers(len(rows_of), size=len(rows_of)) for _ in range(RESAMPLED))
    return float(np.nanstd([figure(np.concatenate([rows_of[one] for one in chosen])) for chosen in drawn]))


def summarised_runs(runs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By temperature: how much longer runs of one pitch are than the seed's, in doublings; the share that drones."""
    rows = []
    for who in dict.fromkeys(run["who"] for run in runs):
        own = [run for run in runs if run["who"] == who]
        figures = {name: np.array([float(run[name]) for run in own]) for name in ("longer", "drone")}
        row: dict[str, Any] = {"temperature": who, "n": len(own)}
        for name, values in figures.items():
            row |= {name: float(values.mean()), f"error of {name}": float(values.std() / len(values) ** 0.5)}
        rows.append(row)
    return rows


def told(row: dict[str, Any]) -> str:
    """A row as a line of text."""
    return "  ".join(
        f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}" for name, value in row.items()
    )


if __name__ == "__main__":
    main()
