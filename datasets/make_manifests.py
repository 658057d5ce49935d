"""Writes the manifests of this folder anew from the data sets themselves.

    python datasets/make_manifests.py FOLDER

Each sub-folder of FOLDER is a set: `LICENCE.txt` (lines "Licence:", "Origin:", then the attribution to be given),
`meta.jsonl`, and the files it names. The manifest says what the set is, whose it is, what use may be made of its files
(`use` of most, `uses` of all where they differ), whether rules made it rather than people (`synthetic`), how to tell
that one has the same files (SHA-256 over the names and contents of all), how they are split, and which labels group
them.

`next_checkpoint.json` lists the sets that may train a model that is given away: the next bundled checkpoint. What the
present one was trained on stands in `bundled_checkpoint.json`, which stays as it was then.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
MAY_TRAIN = ("ship", "train")  # a model that is given away


def main(root: Path) -> None:
    manifests = [manifest_of(folder) for folder in sorted(root.iterdir()) if (folder / "meta.jsonl").is_file()]
    for manifest in manifests:
        _write(HERE / f"{manifest['name']}.json", manifest)
    training = [manifest["name"] for manifest in manifests if manifest["use"] in MAY_TRAIN]
    _write(HERE / "next_checkpoint.json", {"name": "next_checkpoint", "sets": training})


def manifest_of(folder: Path) -> dict[str, object]:
    """What a manifest says of one set."""
    lines = (folder / "meta.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    licence = (folder / "LICENCE.txt").read_text(encoding="utf-8")
    head = dict(line.split(": ", 1) for line in licence.split("\n\n")[0].splitlines() if ": " in line)
    digest = hashlib.sha256()
    for entry in sorted(entries, key=lambda entry: entry["path"]):
        content = hashlib.sha256((folder / entry["path"]).read_bytes()).hexdigest()
        digest.update(f"{entry['path']} {content}\n".encode())
    uses = Counter(entry["use"] for entry in entries)
    maintainers = sorted({entry["maintainer"] for entry in entries if entry.get("maintainer")})
    return {
        "name": folder.name,
        "source": head.get("Origin", ""),
        "licence": head.get("Licence", ""),
        **({"synthetic": True} if "synthetic" in head.get("Licence class", "").lower() else {}),
        "use": uses.most_common(1)[0][0],
        **({"uses": dict(sorted(uses.items()))} if len(uses) > 1 else {}),
        "attribution": licence.split("\n\n", 1)[1].strip(),
        **({"maintainers": maintainers} if maintainers else {}),
        "files": len(entries),
        "pieces": len({entry["piece"] for entry in entries}),
        "splits": dict(sorted(Counter(entry["split"] for entry in entries).items())),
        "grouping": sorted(label for label in ("group", "version_group") if any(entry.get(label) for entry in entries)),
        "sha256": digest.hexdigest(),
    }


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
