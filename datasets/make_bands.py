"""Writes the set `own_bands`: pieces by the project's own generator (`symbolic_embed.training.bands`).

    python datasets/make_bands.py FOLDER/own_bands --pieces 1500 --seed 0

The same numbers always give the same bytes. Of ten pieces in a row eight are for training, one for validation, one for
tests; a piece shares loops with no other, but its style with many, so these splits say nothing of styles never seen.
Then `python datasets/make_manifests.py FOLDER` writes the manifest from FOLDER/own_bands, as of every other set.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.training.bands import BandPiece, band_piece

NAME = "own_bands"
LICENCE = "CC0-1.0 (synthetic)"
SPLITS = {8: "valid", 9: "test"}  # by the last digit of the piece's number
LICENCE_TEXT = """Set: own_bands (SYNTHETIC)
Licence: CC0-1.0 (music made by this project's code from numbers alone; no file of others was used)
Licence class: {licence}
Origin: python datasets/make_bands.py FOLDER/own_bands --pieces {pieces} --seed {seed}

Made by the generator of symbolic-embed: nobody need be named. Patterns within a style are drawn from common templates.
"""


def main(folder: Path, *, pieces: int, seed: int) -> None:
    """Write the pieces, `meta.jsonl` and `LICENCE.txt`."""
    records = []
    for number in range(pieces):
        piece = band_piece(seed, number)
        path = f"midi/{piece.style.name.replace(' ', '_').replace('/', '_')}/{number:05}.mid"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(score_to_events(piece.score).to_bytes())
        records.append(record(piece, path, seed=seed, number=number))
    lines = "".join(json.dumps(line) + "\n" for line in records)
    (folder / "meta.jsonl").write_text(lines, encoding="utf-8", newline="\n")
    licence = LICENCE_TEXT.format(licence=LICENCE, pieces=pieces, seed=seed)
    (folder / "LICENCE.txt").write_text(licence, encoding="utf-8", newline="\n")


def record(piece: BandPiece, path: str, *, seed: int, number: int) -> dict[str, object]:
    """A line of `meta.jsonl`."""
    arrangement = piece.arrangement
    name = f"{NAME}-{seed}-{number:05}"
    return {
        "path": path,
        "title": f"{piece.style.name} {number}",
        "composer": "symbolic-embed (synthetic)",
        "piece": name,
        "cluster": name,
        "split": SPLITS.get(number % 10, "train"),
        "bars": len(arrangement.chords),
        "notes": piece.score.note_count,
        "tracks": len(arrangement.parts),
        "drums": any(part.role == "drums" for part in arrangement.parts),
        "ts": [str(piece.score.time_signatures[0])],
        "licence": LICENCE,
        "source": f"seed {seed}, piece {number}",
        "use": "ship",
        "synthetic": True,
        "style": piece.style.name,
        "key": arrangement.key.name,
        "form": piece.form,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the set own_bands.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pieces", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    main(given.folder, pieces=given.pieces, seed=given.seed)
