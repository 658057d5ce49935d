"""What the sixteen samples give through every verb, recorded and compared: did a change of the code change its results?

    python benchmarks/recorded.py record BEFORE          files, stdout and exit codes of every command, into a folder
    python benchmarks/recorded.py compare BEFORE AFTER   what differs, file by file; ends with 1 where something does

Bytes are compared as they are; archives (.npz) array by array, JSON value by value, so that a renamed field is told as
such. Record both on one machine: floats differ in their last bits between machines.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

SAMPLES = Path(__file__).resolve().parent.parent / "datasets" / "samples"


def commands(samples: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Every command as (name, arguments); OUT stands for a folder of its own."""
    for index, sample in enumerate(samples):
        stem, other = Path(sample).stem, samples[(index + 1) % len(samples)]
        yield f"show/{stem}", ["show", sample, "--format", "json"]
        yield f"check/{stem}", ["check", sample, "--each", "--format", "json"]
        yield f"compose/{stem}", ["compose", sample, "-o", "OUT", "--bars", "3", "--variations", "2", "--diff"]
        yield f"new/{stem}", ["compose", sample, "-o", "OUT", "--bars", "2", "--new", "--seed", "5"]
        yield f"vary/{stem}", ["vary", sample, "-o", "OUT", "--change", ".3", "--count", "2", "--bars", "1-4", "--diff"]
        yield (
            f"strength/{stem}",
            ["vary", sample, "-o", "OUT", "--strength", ".01", "--bars", "1-2", "--keep", "chords"],
        )
        yield f"blend/{stem}", ["blend", sample, other, "-o", "OUT", "--steps", "1", "--bars", "1-4", "--normalise"]
        yield f"accompany/{stem}", ["accompany", sample, "-o", "OUT", "--parts", "bass", "--normalise"]
    first, band, folder = samples[0], "midi/seed_band.mid", "midi"
    yield "form", ["compose", first, "-o", "OUT", "--bars", "4", "--form", "BA'", "--plot", "--max-copied", "12"]
    yield "like", ["compose", first, "-o", "OUT", "--bars", "1", "--like", folder]
    yield "from", ["vary", band, "-o", "OUT", "--strength", ".3", "--bars", "1-2", "--from", folder]
    yield "own_scale", ["vary", band, "-o", "OUT", "--strength", ".01", "--bars", "1-2", "--library", folder]
    yield "borrow", ["accompany", first, "-o", "OUT", "--parts", "bass", "--from", folder]
    for metric in ("euclidean", "cosine"):
        yield f"rank/{metric}", ["rank", band, folder, "--metric", metric, "--transpose", "--format", "json", "--why"]
    yield "rank/bars", ["rank", first, folder, "--level", "bar", "--format", "jsonl", "--top", "40"]
    yield "rank/table", ["rank", first, folder, "--why"]
    yield "compare", ["compare", folder, "-o", "OUT/m.npz", "--transpose"]
    yield "embed", ["embed", folder, "-o", "OUT/x.npz", "--level", "cell", "--precision", "float32"]
    yield "reconstruct", ["reconstruct", folder, "-o", "OUT", "--format", "json", "--report", "OUT/report.jsonl"]


def record(folder: Path) -> None:
    """Runs every command in this process, each with a folder of its own."""
    from symbolic_embed.commands.app import app

    folder.mkdir(parents=True)
    os.chdir(SAMPLES)
    for name, arguments in commands(sorted(map(str, Path().glob("midi/*.mid")))):
        out = folder / name
        out.mkdir(parents=True)
        text = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape")
        arguments = [word.replace("OUT", str(out)) for word in arguments]
        with contextlib.redirect_stdout(text):
            code = app(arguments, prog_name="symbolic-embed", standalone_mode=False)
        text.flush()
        said = text.buffer.getvalue().replace(os.fsencode(folder), b"OUT")
        (out / "stdout").write_bytes(said + f"exit {code}\n".encode())
        print(f"{name}: {code}", file=sys.stderr)


def compare(before: Path, after: Path) -> int:
    """Prints what differs; how many files do."""
    names = [
        {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} for folder in (before, after)
    ]
    differing = [
        f"{name}: only {side}" for side, (a, b) in (("before", names), ("after", names[::-1])) for name in sorted(a - b)
    ]
    for name in sorted(names[0] & names[1]):
        differing += [f"{name}: {how}" for how in differences(before / name, after / name)]
    print("\n".join(differing) or f"{len(names[0])} files, the same")
    return len(differing)


def differences(before: Path, after: Path) -> list[str]:
    """What differs between two files of one name."""
    if before.read_bytes() == after.read_bytes():
        return []
    if before.suffix == ".npz":
        with np.load(before) as a, np.load(after) as b:
            return [
                f"array {name}"
                for name in sorted({*a, *b})
                if name not in a or name not in b or not same(a[name], b[name])
            ]
    try:
        return sorted(
            set(
                walked(
                    *(
                        json.loads(path.read_bytes().rpartition(b"exit ")[0] or path.read_bytes())
                        for path in (before, after)
                    )
                )
            )
        )
    except ValueError:
        return ["bytes"]


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype and np.array_equal(a, b)


def walked(a: Any, b: Any, place: str = "") -> Iterator[str]:
    """The places at which two JSON values differ; members of lists are not told apart."""
    if isinstance(a, dict) and isinstance(b, dict):
        yield from (f"{place}.{name} only before" for name in a.keys() - b.keys())
        yield from (f"{place}.{name} only after" for name in b.keys() - a.keys())
        for name in a.keys() & b.keys():
            yield from walked(a[name], b[name], f"{place}.{name}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for one, other in zip(a, b, strict=True):
            yield from walked(one, other, f"{place}[]")
    elif a != b:
        yield f"{place}: {str(a)[:60]!r}, now {str(b)[:60]!r}"


if __name__ == "__main__":
    what, *folders = sys.argv[1:]
    if what == "record":
        shutil.rmtree(folders[0], ignore_errors=True)
        record(Path(folders[0]).resolve())
    else:
        sys.exit(compare(*map(Path, folders)) > 0)
