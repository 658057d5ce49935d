"""How a library in a folder grows: time and memory to build, to open and to ask, at so many rows of passages.

    python benchmarks/libraries/growth.py --rows 1e5,1e6,1e7 [--folder FOLDER] [--questions 100]

The rows are made up, as like those of the bundled checkpoint as a few lines can make them: the same share of variance
along the axes (fitted to 85,599 rows of six sets), within a piece and between pieces; 36 bars, 14 themes and 360 rows a
piece, each a theme a little changed. A question is a theme changed once more. For each number of rows three processes
follow each other: one builds, one opens and asks, one asks exactly (all rows) and counts how many of the true ten
nearest were found. Each says the most memory that it had, files that are mapped into it included, and how much of its
own it has at its end. Seconds are CPU seconds, milliseconds of asking the median of the questions.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.passages import Passages
from symbolic_embed.library.channels import DIMS
from symbolic_embed.library.features import Features
from symbolic_embed.library.stores.library import File
from symbolic_embed.library.stores.opening import new_library, open_library

DIM = DIMS["passages"]
BARS, THEMES, ROWS = 36, 14, 360  # of a piece
BETWEEN, WITHIN, CHANGED = 0.14, 0.38, 0.15  # variances; that of the mean of all is the rest
NEAREST = 10
AT_A_TIME = 200  # pieces between commits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="1e5")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--step", choices=("build", "ask", "count"))
    given = parser.parse_args()
    if given.step:
        steps = {"build": build, "ask": ask, "count": count}
        said = steps[given.step](str(given.folder), int(float(given.rows)), given.questions)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(json.dumps({**said, f"memory_{given.step}_mb": most, f"own_{given.step}_mb": own_memory()}))
        return
    for rows in map(float, given.rows.split(",")):
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            said = {}
            for step in ("build", "ask", "count"):
                options = ["--rows", str(rows), "--folder", f"{folder}/library", "--questions", str(given.questions)]
                command = [sys.executable, __file__, "--step", step, *options]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                said |= json.loads(done.stdout)
            print(f"{rows:12,.0f} rows", said, flush=True)


def build(folder: str, rows: int, questions: int) -> dict[str, float]:
    """A library of so many rows."""
    began, wall = time.process_time(), time.perf_counter()
    library = new_library(folder, checkpoint="0" * 64, kinds=frozenset({"passages"}))
    with library.writing() as writer:
        for number, vectors in enumerate(pieces(rows)):
            piece = writer.add_piece(f"{number:064}", Features("", passages=passages(vectors)), {"metre": ["4/4"]})
            writer.put_file(File(f"{number:08}.mid", size=1, changed_ns=1, sha256=f"{number:064}", piece=piece))
            if number % AT_A_TIME == 0:
                writer.commit()
        writer.commit()
        written = time.process_time() - began
    sizes = {path.suffix[1:]: path.stat().st_size for path in Path(folder).iterdir()}
    bars = rows / ROWS * BARS
    return {
        "write_s": round(written, 1),
        "index_s": round(time.process_time() - began - written, 1),
        "wall_s": round(time.perf_counter() - wall, 1),
        "rows_bytes_a_bar": round(sizes["rows"] / bars),
        "index_bytes_a_bar": round(sizes.get("index", 0) / bars),
    }


def ask(folder: str, rows: int, questions: int) -> dict[str, float]:
    """Opens a library and asks."""
    began = time.perf_counter()
    library = open_library(folder)
    asked = questions_of(rows, questions)
    opened = time.perf_counter() - began
    first = time.process_time()
    library.nearest("passages", asked[:1], count=NEAREST)
    first = time.process_time() - first
    times = []
    for question in asked:
        began = time.process_time()
        library.nearest("passages", question[None], count=NEAREST)
        times.append(time.process_time() - began)
    again = []
    for question in asked:
        began = time.process_time()
        library.nearest("passages", question[None], count=NEAREST)
        again.append(time.process_time() - began)
    began = time.process_time()
    found = library.nearest("passages", asked, count=NEAREST)
    together = time.process_time() - began
    np.save(os.path.join(os.path.dirname(folder), "found.npy"), np.stack([found.piece, found.bar]))
    return {
        "open_s": round(opened, 3),
        "first_ms": round(first * 1e3, 1),
        "ask_ms": round(float(np.median(times)) * 1e3, 2),
        "ask_again_ms": round(float(np.median(again)) * 1e3, 2),
        "ask_together_ms": round(together / questions * 1e3, 2),
    }


def count(folder: str, rows: int, questions: int) -> dict[str, float]:
    """How many of the ten nearest rows were found."""
    asked = questions_of(rows, questions)
    best = np.zeros((questions, 0)), np.zeros((questions, 0), np.int64)
    for number, vectors in enumerate(pieces(rows)):
        similarity = asked @ vectors.astype(np.float16).astype(np.float32).T
        together = np.concatenate([best[0], similarity], axis=1)
        row = np.concatenate([best[1], np.tile(number * ROWS + np.arange(len(vectors)), (questions, 1))], axis=1)
        order = np.argpartition(-together, NEAREST, axis=1)[:, :NEAREST]
        best = np.take_along_axis(together, order, axis=1), np.take_along_axis(row, order, axis=1)
    piece, bar = np.load(os.path.join(os.path.dirname(folder), "found.npy"))
    found = (piece - 1) * ROWS + bar
    hits = [len(set(one) & set(other)) for one, other in zip(found.tolist(), best[1].tolist(), strict=True)]
    return {f"recall_at_{NEAREST}": round(float(np.mean(hits)) / NEAREST, 4)}


def own_memory() -> int:
    """MB of this process that are no file's, at this moment, on Linux."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) >> 10
    return 0


def pieces(rows: int) -> Iterator[NDArray[np.float32]]:
    """The rows of one piece after the other, float32 (up to ROWS, DIM)."""
    for begin in range(0, rows, ROWS):
        themes, random = _themes(begin // ROWS)
        yield _changed(themes[random.integers(THEMES, size=min(ROWS, rows - begin))], random)


def questions_of(rows: int, count: int) -> NDArray[np.float32]:
    """Themes of some of the pieces, changed, float32 (count, DIM)."""
    chosen = np.random.default_rng(1).integers(-(-rows // ROWS), size=count)
    return np.concatenate([_changed(_themes(piece)[0][:1], np.random.default_rng([2, piece])) for piece in chosen])


def _themes(piece: int) -> tuple[NDArray[np.float64], np.random.Generator]:
    random = np.random.default_rng([0, piece])
    centre = _drawn(random, 1, BETWEEN)
    return _MEAN + centre + _drawn(random, THEMES, WITHIN), random


def _changed(themes: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float32]:
    rows = themes + _drawn(random, len(themes), CHANGED)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _drawn(random: np.random.Generator, count: int, variance: float) -> NDArray[np.float64]:
    return random.standard_normal((count, DIM)) * np.sqrt(variance * _SHARES)


_AXES = np.arange(float(DIM))
_SHARES = (_AXES + 2) ** -0.8 * np.exp(-_AXES / 70)  # eight axes .43 of the variance, 32 .75, 96 .95
_SHARES /= _SHARES.sum()
_MEAN = np.sqrt((1 - BETWEEN - WITHIN - CHANGED) / DIM) * np.ones(DIM)


def passages(vectors: NDArray[np.float32]) -> Passages:
    """Rows as passages of a piece, numbered by their bars."""
    number = np.arange(len(vectors))
    nothing = np.zeros((len(vectors), 1, 1), np.float32)
    return Passages(np.zeros_like(number), number, np.full(len(number), 4), nothing, vectors)


if __name__ == "__main__":
    main()
