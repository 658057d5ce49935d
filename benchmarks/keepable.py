"""Would a composer keep it? Failures of written music, counted, beside real bars and rivals.

    python benchmarks/keepable.py --music FOLDER [--seeds 40] [--loops 25] [--split valid] [--only continuations]
        [--checkpoint DIR] [--format json]

The failures are those of `composing/failures.py`, of bars that follow a seed and of variations of whole arrangements;
`keepable_pieces.py` says what the seeds and the rivals are. Beside the failures stands what returns and what is new, so
that a copy does not win; of accompaniments, written anew where bass and drums were taken away, the share of bars with a
backbeat and with the bass on the root; of fills (`keepable_fills.py`) how likely the music behind them is. All figures
are shares or means over pieces, with their standard error, and how many pieces they are of: those to which a figure
applies. Boosted trees, cross-validated by piece, tell each collection of new bars from the real ones where there are
such (area under the ROC curve, .5 if not at all), by the figures of `evaluation/written_music.py`, and by these with
the counts of the table.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from keepable_counts import Finding, accompaniments, continuations, variations, without_fingerprint
from keepable_fills import fills
from keepable_pieces import BARS, Piece, loop_pieces, split_pieces
from loops import every_loop
from rich.console import Console
from rich.progress import track as tracked

from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.evaluation.telling_apart import crossed_area
from symbolic_embed.evaluation.written_music import FIGURES
from symbolic_embed.requests import AccompanyRequest, ComposeRequest, FillRequest, VaryRequest

KINDS: dict[str, Callable[..., Iterator[Finding]]] = {
    "continuations": partial(continuations, request=ComposeRequest(bars=BARS)),
    "variations": partial(variations, request=VaryRequest()),
    "accompaniments": partial(accompaniments, request=AccompanyRequest()),
    "fills": partial(fills, request=FillRequest(bars="1")),
    "fills of one part": partial(fills, request=FillRequest(bars="1"), of_one_part=True),
}
TOLD_APART = {"told from real": len(FIGURES), "told from real, counts too": None}


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--loops", type=int, default=len(every_loop()), help="so many loops of the project's own")
    parser.add_argument("--split", default="valid")
    parser.add_argument("--only", choices=KINDS, action="append")
    parser.add_argument("--takes", type=int, help="drawn for each continuation; default: as `compose` draws them")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--format", choices=("table", "json"), default="table")
    given = parser.parse_args()
    trained = without_fingerprint(TrainedComposer.load(given.checkpoint))
    of_split = list(_shown(split_pieces(given.music, split=given.split, count=given.seeds), "reading", given.seeds))
    collections = (of_split, loop_pieces(every_loop()[: given.loops]))
    rows = []
    kinds = KINDS | {"continuations": partial(continuations, request=ComposeRequest(bars=BARS, takes=given.takes))}
    for kind in given.only or KINDS:
        found = [one for pieces in collections for one in _found(kinds[kind], kind, pieces, trained)]
        rows += summarised(found) + told_apart(found)
    print(json.dumps(rows, indent=1) if given.format == "json" else tables(rows))


def _found(
    counted: Callable[..., Iterator[Finding]], kind: str, pieces: list[Piece], trained: TrainedComposer
) -> list[Finding]:
    """What was found in results of one kind, the pieces shown as they are done."""
    shown = partial(_shown, description=f"{kind}, {pieces[0].music}" if pieces else kind, total=len(pieces))
    return list(counted(pieces, trained, progress=shown))


def _shown(pieces: Iterable[Piece], description: str, total: int) -> Iterable[Piece]:
    return tracked(pieces, description=description, total=total, console=Console(stderr=True))


def summarised(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Mean, standard error and number of pieces of each figure, by kind, music and who; a finding that does not have
    the figure does not count."""
    values: dict[tuple[str, str, str, str], list[float]] = {}
    for one in found:
        for figure, value in one.figures.items():
            of_figure = values.setdefault((one.kind, one.music, figure, one.who), [])
            if value is not None:
                of_figure.append(value)
    return [
        _row(*key, value=float(np.mean(known)), error=_error(known), n=len(known)) if known else _row(*key)
        for key, known in values.items()
    ]


def told_apart(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """How well boosted trees tell what each has written from the real bars."""
    of_who: dict[tuple[str, str], dict[str, list[Finding]]] = {}
    for one in found:
        if one.vector is not None:
            of_who.setdefault((one.kind, one.music), {}).setdefault(one.who, []).append(one)
    rows = []
    for (kind, music), collections in of_who.items():
        real = collections.pop("real", None)
        for who, written in collections.items() if real else ():
            groups = [np.array([one.piece for one in several]) for several in (real, written)]
            for figure, columns in TOLD_APART.items():
                first, second = (np.array([one.vector[:columns] for one in several]) for several in (real, written))
                area = crossed_area(first, second, first_groups=groups[0], second_groups=groups[1])
                rows.append(_row(kind, music, figure, who, value=area, n=len(written)))
    return rows


def _row(kind: str, music: str, figure: str, who: str, **measured: float | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "music": music,
        "figure": figure,
        "who": who,
        "value": None,
        "error": None,
        "n": 0,
        **measured,
    }


def _error(known: list[float]) -> float | None:
    """The standard error of a mean over pieces; of one piece there is none. For a share it is the binomial one."""
    return float(np.std(known, ddof=1) / len(known) ** 0.5) if len(known) > 1 else None


def tables(rows: list[dict[str, Any]]) -> str:
    """Rows as a table for each kind and music: a line for each figure, a column for each who."""
    lines = []
    for kind, music in dict.fromkeys((row["kind"], row["music"]) for row in rows):
        own = {(row["figure"], row["who"]): row for row in rows if (row["kind"], row["music"]) == (kind, music)}
        figures, everyone = (list(dict.fromkeys(key)) for key in zip(*own, strict=True))
        lines += [f"{kind}, {music}", "", f"| {'':32} | " + " | ".join(f"{who:>22}" for who in everyone) + " |"]
        lines.append("|---|" + "--:|" * len(everyone))
        for figure in figures:
            cells = [_told(own.get((figure, who))) for who in everyone]
            lines.append(f"| {figure:32} | " + " | ".join(f"{cell:>22}" for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)


def _told(row: dict[str, Any] | None) -> str:
    if row is None or row["value"] is None:
        return ""
    error = "" if row["error"] is None else f" ± {row['error']:.2f}"
    return f"{row['value']:.2f}{error} ({row['n']})"


if __name__ == "__main__":
    main()
