"""How fast the commands are, and how much memory they take.

    python benchmarks/speed.py --music FOLDER

FOLDER holds MIDI files; those of 90 to 110 bars are embedded, the first 20 bars of 500 others are compared in all keys.
Each command runs as a process of its own, as users run it; `--help` five times, the median counts.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from symbolic_embed.bars import cut
from symbolic_embed.errors import InputError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.score import Score, read
from symbolic_embed.score.writing.verified import write

COMMAND = [sys.executable, "-c", "from symbolic_embed.commands.app import main; main()"]
EMBEDDED, COMPARED, COMPARED_BARS = 200, 500, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    music = parser.parse_args().music
    print(f"start-up, --help: {statistics.median(_cpu_seconds(['--help']) for _ in range(5)):.3f} CPU s")
    bare = statistics.median(_cpu_seconds(None) for _ in range(5))
    print(f"start-up, Python alone: {bare:.3f} CPU s")
    with tempfile.TemporaryDirectory() as place:
        whole, beginnings = _pieces(music, Path(place))
        _report_embedding(whole, Path(place))
        _report_comparing(beginnings, Path(place))


def _report_embedding(files: list[str], place: Path) -> None:
    start = _seconds(["embed", files[0], "-o", str(place / "one.npz"), "--jobs", "2"])
    names = place / "embed.txt"
    names.write_text("\n".join(files))
    whole = _seconds(["embed", "--files-from", str(names), "-o", str(place / "all.npz"), "--jobs", "2"])
    bars = len(np.load(place / "all.npz")["bar_piece"])
    rate = (len(files) - 1) / (whole - start)
    print(f"embed, {len(files)} files of {bars / len(files):.0f} bars, start-up aside: {rate:.1f} files/s")
    print(f"embed, largest memory: {_largest_memory():.0f} MB")


def _report_comparing(files: list[str], place: Path) -> None:
    names = place / "compare.txt"
    names.write_text("\n".join(files))
    seconds = _seconds(
        ["compare", "--files-from", str(names), "-o", str(place / "m.npz"), "--transpose", "--jobs", "2"]
    )
    print(f"compare --transpose, {len(files)} files of {COMPARED_BARS} bars: {seconds:.0f} s")


def _pieces(music: Path, place: Path) -> tuple[list[str], list[str]]:
    """Files of about a hundred bars, and the beginnings of others, written to `place`."""
    whole: list[str] = []
    beginnings: list[str] = []
    found = [one.path for one in find_midi([str(music)]) if not one.problem]
    np.random.default_rng(0).shuffle(found)
    for path in found:
        try:
            score = read(path)
            bars = cut(score).metre if score.note_count else None
        except InputError:
            continue
        if bars is not None and 90 <= len(bars) <= 110 and len(whole) < EMBEDDED:
            whole.append(path)
        elif bars is not None and len(bars) > COMPARED_BARS and len(beginnings) < COMPARED:
            beginnings.append(_beginning(score, int(bars.barline_ticks[COMPARED_BARS]), place, len(beginnings)))
        if len(whole) == EMBEDDED and len(beginnings) == COMPARED:
            break
    return whole, beginnings


def _beginning(score: Score, end: int, place: Path, number: int) -> str:
    from dataclasses import replace

    tracks = [replace(track, notes=track.notes.where(track.notes.offset_ticks <= end)) for track in score.tracks]
    path = place / f"{number:03}.mid"
    write(replace(score, tracks=tuple(track for track in tracks if len(track.notes)), warnings=()), path)
    return str(path)


def _cpu_seconds(arguments: list[str] | None) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    _run(arguments)
    return time.perf_counter() - start


def _run(arguments: list[str] | None) -> None:
    command = [sys.executable, "-c", ""] if arguments is None else COMMAND + arguments
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    if done.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")


def _largest_memory() -> float:
    """Of any child so far, in MB (ru_maxrss is in kB on Linux)."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main()
