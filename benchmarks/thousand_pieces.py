"""What a folder of a thousand pieces teaches in ten minutes, as a user would train: one command, one folder.

    python benchmarks/thousand_pieces.py --music FOLDER [--pieces 1000] [--minutes 10] [--threads 2] -o runs/thousand

The pieces are drawn from the train split of the bundled model's data, every set alike until it is used up. The model is
asked of the valid split of all its sets: which of 50 cells and bars comes next, and which notes it writes back.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from symbolic_embed.corpus.licences import is_free_use

DATA = Path(__file__).parent.parent / "datasets" / "bundled_checkpoint.json"
COMMAND = [sys.executable, "-c", "from symbolic_embed.commands.app import main; main()"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "music"
        lay_out(drawn_pieces(asked.music, count=asked.pieces, seed=asked.seed), folder)
        how = ["--minutes", asked.minutes, "--threads", asked.threads, "--seed", asked.seed]
        run("train", "embedder", "--data", folder, "-o", asked.output, *how)
    card = json.loads((asked.output / "card.json").read_text(encoding="utf-8"))
    print(f"{card['training']['batches']} batches, {card['training']['precision']}")
    about = ["--data", DATA, "--music", asked.music, "--checkpoint", asked.output]
    run("evaluate", *about, "--split", "valid", "--tests", "next,writing")


def drawn_pieces(music: Path, *, count: int, seed: int) -> list[dict[str, Any]]:
    """Lines of meta.jsonl of `count` pieces of the train split, with the folder each path is relative to."""
    of_set = defaultdict(list)
    for name in json.loads(DATA.read_text(encoding="utf-8"))["sets"]:
        root = music / name
        for line in (root / "meta.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["split"] == "train" and is_free_use(entry.get("use", "")):
                of_set[root].append({**entry, "root": root})
    random = np.random.default_rng(seed)
    for entries in of_set.values():
        random.shuffle(entries)
    taken: list[dict[str, Any]] = []
    while len(taken) < count and any(of_set.values()):
        taken += [entries.pop() for entries in of_set.values() if entries]
    return taken[:count]


def lay_out(entries: list[dict[str, Any]], folder: Path) -> None:
    """A folder of links to the pieces, with a meta.jsonl that keeps them all in the train split."""
    folder.mkdir()
    with open(folder / "meta.jsonl", "w", encoding="utf-8") as file:
        for number, entry in enumerate(entries):
            name = f"{number:04d}.mid"
            (folder / name).symlink_to((entry["root"] / entry["path"]).resolve())
            kept = {key: value for key, value in entry.items() if key != "root"}
            file.write(json.dumps({**kept, "path": name}) + "\n")


def run(*words: object) -> None:
    subprocess.run([*COMMAND, *map(str, words)], check=True)


if __name__ == "__main__":
    main()
