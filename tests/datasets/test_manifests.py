"""Manifests: what they say follows from the sets, lists name what may train, and the bundled list what did."""

import hashlib
import json
import sys
from pathlib import Path

import pieces
import pytest

from symbolic_embed.corpus.licences import is_free_use
from symbolic_embed.embedding.checkpoint import bundled_folder, open_checkpoint

sys.path.insert(0, str(Path(__file__).parents[2] / "datasets"))

import make_manifests

DATASETS = Path(make_manifests.__file__).parent
LISTS = {"bundled_checkpoint", "bundled_composer", "bundled_parts", "next_checkpoint"}


def manifest(name):
    return json.loads((DATASETS / f"{name}.json").read_text(encoding="utf-8"))


SETS = sorted(path.stem for path in DATASETS.glob("*.json") if path.stem not in LISTS)


@pytest.mark.parametrize("name", SETS)
def test_a_manifest_says_what_a_card_must_repeat(name):
    one = manifest(name)
    assert one["name"] == name
    assert all(one[key] for key in ("source", "licence", "attribution", "use"))
    assert sum(one["splits"].values()) == one["files"]
    assert sum(one.get("uses", {one["use"]: one["files"]}).values()) == one["files"]
    assert len(bytes.fromhex(one["sha256"])) == 32


def test_the_next_checkpoint_may_be_trained_on_every_set_of_its_list_and_on_no_other():
    assert manifest("next_checkpoint")["sets"] == [name for name in SETS if is_free_use(manifest(name)["use"])]


def test_the_parts_of_the_bundled_checkpoint_were_trained_on_the_sets_of_their_lists():
    card = open_checkpoint(bundled_folder()).card
    lists = {"embedder": "checkpoint", "composer": "composer", "anchor": "parts", "passages": "parts"}
    for part, name in lists.items():
        sets = sorted({one["name"] for one in card["data"] if part in one["trained"]})  # of some two versions
        assert manifest(f"bundled_{name}")["sets"] == sets, part
    assert manifest("bundled_checkpoint")["sets"] == sorted(card["training"]["pieces"])


def test_what_rules_made_is_marked_synthetic():
    marked = {name for name in SETS if manifest(name).get("synthetic")}
    assert marked == {"chord_loops", "composable_drums", "mma_nottingham", "mma_openewld", "own_bands", "ruleband"}


def test_files_whose_use_differs_are_counted():
    assert manifest("pop909")["uses"] == {"study": 61, "train": 2654}


def test_a_manifest_follows_from_the_set(tmp_path, monkeypatch):
    said = {"piece": "p", "split": "train", "use": "train", "group": "g", "maintainer": "somebody"}
    meta = {"a.mid": said, "b.mid": said | {"use": "study", "split": "test"}, "c.mid": said | {"piece": "q"}}
    folder = pieces.folder_of(tmp_path / "tunes", {name: pieces.piece(1, bars=1) for name in meta}, meta=meta)
    said = "Licence: CC BY 4.0\nLicence class: CC BY 4.0 (synthetic)\nOrigin: nowhere"
    (folder / "LICENCE.txt").write_text(f"Set: tunes\n{said}\n\nThanks to: all\n")
    content = hashlib.sha256((folder / "a.mid").read_bytes()).hexdigest()
    monkeypatch.setattr(make_manifests, "HERE", tmp_path)
    make_manifests.main(tmp_path)
    assert json.loads((tmp_path / "tunes.json").read_text()) == {
        "name": "tunes",
        "source": "nowhere",
        "licence": "CC BY 4.0",
        "synthetic": True,
        "use": "train",
        "uses": {"study": 1, "train": 2},
        "attribution": "Thanks to: all",
        "maintainers": ["somebody"],
        "files": 3,
        "pieces": 2,
        "splits": {"test": 1, "train": 2},
        "grouping": ["group"],
        "sha256": hashlib.sha256("".join(f"{name} {content}\n" for name in sorted(meta)).encode()).hexdigest(),
    }
    assert json.loads((tmp_path / "next_checkpoint.json").read_text()) == {"name": "next_checkpoint", "sets": ["tunes"]}
