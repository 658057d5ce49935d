"""Does humanised music sound like unseen drummers?

    python benchmarks/humanising.py --music FOLDER                       drummers left out, and the test split
    python benchmarks/humanising.py --music FOLDER --write FILE          the table itself, from the train split

FOLDER holds the set groove_drums (people playing an electronic kit to a click). Takes are made flat: each stroke on the
place it is meant for, as loud as the take's mean. Then they are played: all alike; by the mean of piece and place in
the bar; by the table (`playing.drummers`), by several random seeds; and by drawing from all strokes of a piece and
place, which needs all of them. Each is compared with what the drummer did, by the energy distance (0: the same
distribution; sizes in standard deviations) of

    place    loudness and lateness of single strokes, by piece and place in the bar
    next     the same of a stroke and the next of its piece within a beat, by piece
    bar      the same of a stroke and that at its place in the next bar, by piece

by the Wasserstein distances of loudness (velocity) and lateness (ms at 120) alone, by piece and place, and by the mean
log-likelihood of a stroke (nats; higher is nearer), where there is a density. "other half": half of the drummer's takes
against the other half, as near as can be expected. Spread: over groups of drummers left out, one standard error; of the
test split over halves of its takes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from humanising_distances import measured
from humanising_players import ByPlace, Player, by_table, independent, table_player

from symbolic_embed.playing.learning import learn
from symbolic_embed.playing.strokes import FOUR_BEATS, Strokes
from symbolic_embed.playing.takes import Take, take_of
from symbolic_embed.score import read

GROUPS = (("drummer1",), ("drummer7",), ("drummer3",), ("drummer8",), ("drummer5",))  # and all others
TAKES, LONGEST = 30, 24  # of a group, in bars
DRAWS = 3


@dataclass(frozen=True)
class Recorded:
    """A take, who played it, and in which split it is."""

    take: Take
    drummer: str
    split: str


def recorded(folder: Path) -> Iterator[Recorded]:
    """All takes of eight strokes or more."""
    for line in (folder / "groove_drums" / "meta.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        take = take_of(read(folder / "groove_drums" / entry["path"]), style=entry["genre"])
        if take is not None and len(take) >= 8:
            yield Recorded(take, entry["composer"], entry["split"])


def shortened(take: Take) -> Take:
    """The first bars of a take."""
    chosen = take.strokes.step < LONGEST * FOUR_BEATS
    strokes = Strokes(*(getattr(take.strokes, name)[chosen] for name in Strokes.__dataclass_fields__))
    return replace(take, strokes=strokes, played=take.played[chosen] - take.played[chosen].mean(axis=0))


def table_of(heard: Sequence[Take], unheard: Sequence[Take]) -> dict[str, np.ndarray]:
    """A row of figures for each way to play: the five distances and the likelihood."""
    drummers, places = learn(heard), ByPlace(heard)
    strokes = sum(map(len, unheard))
    ways: dict[str, tuple[Player, int]] = {
        "all alike": (lambda take, _: np.zeros((len(take), 2)), 1),
        "mean by place": (lambda take, _: places.mean[ByPlace.keys(take)], 1),
        "table": (table_player(drummers, styled=False), DRAWS),
        "table, style known": (table_player(drummers, styled=True), DRAWS),
        "any stroke of the place": (places.drawn, DRAWS),
    }
    rows = {}
    for name, (play, draws) in ways.items():
        several = []
        for draw in range(draws):
            random = np.random.default_rng(draw)
            played = [play(take, random) for take in unheard]
            played = [one - one.mean(axis=0) for one in played]
            several.append(measured(unheard, played, unheard))
        rows[name] = np.append(np.mean(several, axis=0), np.nan)
    rows["other half"] = np.append(measured(unheard[::2], [t.played for t in unheard[::2]], unheard[1::2]), np.nan)
    rows["all alike"][-1] = sum(independent(take, np.zeros(2), places.size) for take in unheard) / strokes
    rows["mean by place"][-1] = (
        sum(independent(t, places.mean[ByPlace.keys(t)], places.deviation[ByPlace.keys(t)]) for t in unheard) / strokes
    )
    rows["table"][-1] = sum(by_table(take, drummers) for take in unheard) / strokes
    return rows


def chosen(takes: Sequence[Take]) -> list[Take]:
    """Some takes of two bars or more, the first bars of each."""
    long = [take for take in takes if int(take.strokes.step.max()) >= 2 * FOUR_BEATS]
    order = np.random.default_rng(0).permutation(len(long))
    return [shortened(long[row]) for row in order[:TAKES]]


def show(title: str, tables: Sequence[dict[str, np.ndarray]]) -> None:
    """Means over tables, and one standard error where there are several."""
    print(f"\n{title}")
    print(f"{'':24s}{'place':>13s}{'next':>13s}{'bar':>13s}{'velocity':>14s}{'ms':>14s}{'log-likelihood':>17s}")
    for name in tables[0]:
        rows = np.array([table[name] for table in tables])
        means, errors = rows.mean(axis=0), rows.std(axis=0, ddof=1) / len(rows) ** 0.5
        figures = [
            f"{mean:.{digits}f} ±{error:.{digits}f}" if np.isfinite(mean) else ""
            for mean, error, digits in zip(means, errors, (3, 3, 3, 1, 1, 2), strict=True)
        ]
        widths = (13, 13, 13, 14, 14, 17)
        print(f"{name:24s}" + "".join(f"{one:>{width}s}" for one, width in zip(figures, widths, strict=True)))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--music", type=Path, required=True)
    arguments.add_argument("--write", type=Path, metavar="FILE")
    asked = arguments.parse_args()
    everyone = list(recorded(asked.music))
    train = [one for one in everyone if one.split == "train"]
    if asked.write:
        licence = (asked.music / "groove_drums" / "LICENCE.txt").read_text(encoding="utf-8")
        attribution = licence.partition("Attribution text required:\n")[2].partition("\n\n")[0]
        about = {"licence": "CC BY 4.0", "attribution": attribution, "takes": str(len(train))}
        asked.write.write_bytes(learn([one.take for one in train]).to_bytes(about=about))
        print(f"{asked.write}: {len(train)} takes, {asked.write.stat().st_size:,} bytes")
        return
    named = {drummer for group in GROUPS for drummer in group}
    groups = (*GROUPS, tuple(sorted({one.drummer for one in everyone} - named)))
    tables = []
    for group in groups:
        unheard = chosen([one.take for one in everyone if one.drummer in group])
        tables.append(table_of([one.take for one in train if one.drummer not in group], unheard))
    show(f"drummers left out: {len(groups)} groups", tables)
    test = chosen([one.take for one in everyone if one.split == "test"])
    halves = [table_of([one.take for one in train], half) for half in (test[::2], test[1::2])]
    show(f"test split: {len(test)} takes, in two halves", halves)


if __name__ == "__main__":
    main()
