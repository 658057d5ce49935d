"""Which files make up a data set.

`--data` may name

- a folder of MIDI: the split is made there and then (`splits.py`);
- a folder with `meta.jsonl`, a line a file: `path` (relative to it), and where known `split`, `cluster`, `group`,
  `title`, `composer`, `licence`, `use`, `synthetic`. A given split is obeyed;
- a folder of such folders: each is a set of its own;
- a manifest, a JSON file as in `datasets/`: one set with its licence and attribution, or a list of such sets. Where
  their folders lie is said by `music` (or the environment variable SYMBOLIC_EMBED_MUSIC), since the music is not in the
  repository. What a manifest says of `licence` and `use` holds for files of which `meta.jsonl` says nothing; where it
  says `synthetic` (rules made the music, not people), all of its files are.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from symbolic_embed.errors import CorpusError
from symbolic_embed.files.folders import find_midi

SPLITS = ("train", "valid", "test")
ATTRIBUTED = (
    "name",
    "source",
    "licence",
    "attribution",
    "maintainers",
    "synthetic",
    "sha256",
)  # what a model's card repeats


@dataclass(frozen=True)
class Entry:
    """One file of a data set. `split` and `cluster` are None where nobody has said. `is_synthetic`: rules made it."""

    path: Path
    set_name: str
    split: str | None = None
    cluster: str | None = None
    group: str | None = None
    title: str = ""
    licence: str = ""
    use: str = ""
    is_synthetic: bool = False


@dataclass(frozen=True)
class Collection:
    """The files of one or several data sets; `attributions` says, set by set, where they come from and the licence."""

    entries: tuple[Entry, ...]
    attributions: tuple[dict[str, Any], ...] = ()


def load_collection(paths: list[Path], *, music: Path | None = None) -> Collection:
    """All files that `paths` (folders or manifests) name. Raises CorpusError where there are none."""
    entries: list[Entry] = []
    attributions: list[dict[str, Any]] = []
    for path in paths:
        named, attributed = _from_manifest(path, music) if path.is_file() else (_from_folder(path), [])
        entries += named
        attributions += attributed
    if not entries:
        raise CorpusError(
            f"{', '.join(map(str, paths))}: no MIDI files (0 found, 2 pieces needed); name another folder"
        )
    return Collection(tuple(entries), tuple(attributions))


def _from_folder(folder: Path) -> list[Entry]:
    if not folder.is_dir():
        raise CorpusError(f"{folder}: neither a folder nor a manifest; `data` takes one or the other")
    if (folder / "meta.jsonl").is_file():
        return _from_meta(folder)
    sets = [child for child in sorted(folder.iterdir()) if (child / "meta.jsonl").is_file()]
    if sets:
        return [entry for child in sets for entry in _from_meta(child)]
    name = folder.resolve().name
    return [Entry(Path(file.path), name) for file in find_midi([folder]) if file.problem is None]


def _from_meta(folder: Path) -> list[Entry]:
    path = folder / "meta.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read as UTF-8 ({error})") from None
    numbered = enumerate(lines, start=1)
    return [_entry(line, folder=folder, where=f"{path}, line {number}") for number, line in numbered if line.strip()]


def _entry(line: str, *, folder: Path, where: str) -> Entry:
    try:
        fields = json.loads(line)
        path = folder / fields["path"]
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{where}: not a JSON object with a 'path' ({error})") from None
    split = fields.get("split")
    if split is not None and split not in SPLITS:
        raise CorpusError(f"{where}: split {split!r}; it must be one of {', '.join(SPLITS)}, or left out")
    cluster, group = (None if fields.get(name) is None else str(fields[name]) for name in ("cluster", "group"))
    title, licence, use = (str(fields.get(name) or "") for name in ("title", "licence", "use"))
    entry = Entry(path, folder.resolve().name, split, cluster, group, title=title, licence=licence, use=use)
    return replace(entry, is_synthetic=fields.get("synthetic") is True)


def _from_manifest(path: Path, music: Path | None) -> tuple[list[Entry], list[dict[str, Any]]]:
    root = music or os.environ.get("SYMBOLIC_EMBED_MUSIC")
    if root is None:
        raise CorpusError(f"{path}: where is its music? say it with `music`, or set SYMBOLIC_EMBED_MUSIC")
    manifest = _manifest(path)
    names = manifest.get("sets")
    sets = [manifest] if names is None else [_manifest(path.with_name(f"{name}.json")) for name in names]
    entries = [_as_said(entry, one) for one in sets for entry in _from_folder(Path(root) / one["name"])]
    return entries, [{key: one[key] for key in ATTRIBUTED if key in one} for one in sets]


def _as_said(entry: Entry, manifest: dict[str, Any]) -> Entry:
    """An entry with the licence and the use of its set, where it has none of its own; synthetic where its set is."""
    licence, use = (str(manifest.get(name) or "") for name in ("licence", "use"))
    is_synthetic = entry.is_synthetic or manifest.get("synthetic") is True
    return replace(entry, licence=entry.licence or licence, use=entry.use or use, is_synthetic=is_synthetic)


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path}: not a manifest ({error}); see datasets/README.md") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("name"), str):
        raise CorpusError(f"{path}: not a manifest, which is a JSON object with a 'name'; see datasets/README.md")
    sets = manifest.get("sets", [])
    if not isinstance(sets, list) or not all(isinstance(name, str) for name in sets):
        raise CorpusError(f"{path}: its 'sets' are not a list of names of manifests; see datasets/README.md")
    return manifest
