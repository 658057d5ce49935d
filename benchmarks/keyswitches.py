"""How many parts of real music are taken to have keyswitches, which hardly any has.

    python benchmarks/keyswitches.py FOLDER... --files 60

Reads so many files of each folder, drawn at random, and prints how many pitched parts they have, how many of these have
a gap of an octave and a half in their range, where keyswitches would lie beyond, and each that is taken to have some.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np

from symbolic_embed.errors import MidiError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.score import Notes, Track, read
from symbolic_embed.score.reading.keyswitches import GAP


def drawn(folders: list[Path], count: int) -> list[str]:
    """So many files of each folder."""
    chance = random.Random(1)
    paths: list[str] = []
    for folder in folders:
        there = sorted(found.path for found in find_midi([str(folder)]) if not found.problem)
        paths += chance.sample(there, min(count, len(there)))
    return paths


def has_gap(track: Track) -> bool:
    """Whether the keys of a part leave a gap that is wide enough for keyswitches."""
    keys = np.unique(Notes.concatenated([track.notes, track.keyswitches]).pitch).astype(np.int64)
    return bool((np.diff(keys) >= GAP).any())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=60)
    given = parser.parse_args()
    files = parts = gaps = 0
    for path in drawn(given.folders, given.files):
        try:
            score = read(path)
        except MidiError:
            continue
        pitched = [track for track in score.tracks if not track.is_drum]
        files, parts = files + 1, parts + len(pitched)
        gaps += sum(map(has_gap, pitched))
        for warning in (warning for warning in score.warnings if warning.kind == "keyswitches"):
            print(f"{path}: {warning}")
    print(f"{files:,} files, {parts:,} pitched parts, {gaps:,} with a gap")


if __name__ == "__main__":
    main()
