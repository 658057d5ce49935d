"""Is a few notes' worth of a melody known again in another version of the song? Mean average precision of excerpts.

    python benchmarks/melody_excerpts.py --music FOLDER [--split valid] [--checkpoint DIR] [--most 100] [--seed 0]

FOLDER holds data sets, each with a meta.jsonl that names a `group` for its files. Of each group of SETS, at most MOST
of a set, two versions are drawn, each transposed at random. From the melody of the one a passage of 8, 16, 24 or 40
notes is cut, from that of the other what it plays in the same bars, if that is 8 to 40 notes too. Each of the two asks,
as a file of one part; the other should come first among all excerpts of the test, in whatever key.

SETS are those whose versions have their bars in common, and two of tunes, whose settings mostly have. (Groups of
polish_scores are movements of a work; those of ruleband are songs whose forms differ.)

Prints a row for each length, for each set, and for all: the mean average precision of the melody alone, of the joint
likeness, and of bars and rhythm alone. `error` is the standard error over pairs.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.bars.leading import melody_notes
from symbolic_embed.bars.lines import top_line
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError
from symbolic_embed.evaluation.groups import at_random, average_precisions
from symbolic_embed.library.matrix import distances
from symbolic_embed.score import Notes, Score, Track, read
from symbolic_embed.similarity.likeness import Likeness

SETS = ("mma_openewld", "pop909", "chopin_first_editions", "nottingham", "cre_irish")
LENGTHS = (8, 16, 24, 40)
FEWEST, MOST = 8, 40
STEP = 40  # ticks, at 480 a quarter
WAYS = ("melody", "all", "bars", "rhythm")
TRIES = 8


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    random = np.random.default_rng(given.seed)
    pairs = [
        (name, notes, *excerpts)
        for name in SETS
        for versions in groups_of(given.music / name, split=given.split, most=given.most, random=random)
        for notes in [int(random.choice(LENGTHS))]
        if (excerpts := pair_of(versions, notes=notes, random=random))
    ]
    embedder = Embedder.load(given.checkpoint)
    named = [
        (f"{number}/{side}", cut(score)) for number, (*_, a, b) in enumerate(pairs) for side, score in ((1, a), (2, b))
    ]
    groups = np.repeat([str(number) for number in range(len(pairs))], 2)
    found = {}
    for way in WAYS:
        distance = distances(named, embedder, Likeness(transpose=way != "rhythm", parts=way))[1]
        found[way] = average_precisions(distance, groups, seed=given.seed)[0].reshape(-1, 2).mean(axis=1)
    print(f"{'excerpts':<22}  {'pairs':>5}  " + "  ".join(f"{way:>6} error" for way in WAYS))
    rows = {f"{notes} notes": np.array([pair[1] == notes for pair in pairs]) for notes in LENGTHS}
    rows |= {name: np.array([pair[0] == name for pair in pairs]) for name in SETS}
    for title, chosen in {**rows, "all": np.ones(len(pairs), bool)}.items():
        means = {way: precision[chosen].mean() for way, precision in found.items()}
        errors = {way: precision[chosen].std(ddof=1) / chosen.sum() ** 0.5 for way, precision in found.items()}
        print(
            f"{title:<22}  {chosen.sum():>5}  " + "  ".join(f"{means[way]:>6.3f} {errors[way]:>5.3f}" for way in WAYS)
        )


def groups_of(folder: Path, *, split: str, most: int, random: np.random.Generator) -> list[list[Path]]:
    """Groups of two files or more, in an order drawn by chance."""
    groups = defaultdict(list)
    for line in map(json.loads, (folder / "meta.jsonl").read_text(encoding="utf-8").splitlines()):
        if line["split"] == split and line.get("group"):
            groups[line["group"]].append(folder / line["path"])
    several = [groups[group] for group in sorted(groups) if len(groups[group]) > 1]
    return [several[number] for number in random.permutation(len(several))[:most]]


def pair_of(versions: list[Path], *, notes: int, random: np.random.Generator) -> tuple[Score, Score] | None:
    """The same bars of the melodies of two versions; None where they have no such bars."""
    one, other = (versions[number] for number in random.permutation(len(versions))[:2])
    try:
        first, second = (cut(at_random(read(path), random)) for path in (one, other))
    except InputError:
        return None
    line = top_line(melody_notes(first))
    for _ in range(TRIES):
        begin = int(random.integers(max(1, len(line.onset_steps) - notes + 1)))
        chosen = np.arange(begin, min(begin + notes, len(line.onset_steps)))
        bars = first.grid.bar_of(line.onset_steps[chosen[[0, -1]]])
        theirs = top_line(melody_notes(second))
        beside = np.flatnonzero(np.isin(second.grid.bar_of(theirs.onset_steps), np.arange(bars[0], bars[1] + 1)))
        if len(chosen) >= FEWEST and FEWEST <= len(beside) <= MOST and np.ptp(theirs.pitch[beside]):
            return played(first, line, chosen), played(second, theirs, beside)
    return None


def played(barred: BarredScore, line, chosen: np.ndarray) -> Score:
    """Notes of a line as a score of one part, which begins with the bar of its first note."""
    begin = barred.grid.bar_steps[barred.grid.bar_of(line.onset_steps[chosen[:1]])]
    onset = (line.onset_steps[chosen] - begin) * STEP
    length = np.minimum(np.diff(onset, append=onset[-1] + 12 * STEP), 48 * STEP)
    return Score(480, (Track(Notes.of(onset, length, line.pitch[chosen], np.full(len(chosen), 90))),))


if __name__ == "__main__":
    main()
