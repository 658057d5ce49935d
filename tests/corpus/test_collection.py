"""Which files make up a data set: folders, meta.jsonl, manifests, and what is said where they are wrong."""

import json

import pieces
import pytest

from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.errors import CorpusError

ONE = {"a.mid": pieces.piece(1, bars=1)}


def refusal(*paths, **options):
    with pytest.raises(CorpusError) as caught:
        load_collection(list(paths), **options)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_folder_of_midi_is_a_set_named_after_it(tmp_path):
    folder = pieces.folder_of(tmp_path / "tunes", {"b.mid": ONE["a.mid"], "deep/er/a.mid": ONE["a.mid"]})
    (folder / "notes.txt").write_text("no music")
    (folder / "broken.mid").symlink_to(tmp_path / "nowhere")
    entries = load_collection([folder]).entries
    assert [(str(entry.path.relative_to(folder)), entry.set_name, entry.split) for entry in entries] == [
        ("b.mid", "tunes", None),
        ("deep/er/a.mid", "tunes", None),
    ]


def test_meta_jsonl_says_what_belongs_and_to_which_split(tmp_path):
    meta = {
        "a.mid": {"split": "test", "cluster": "c1", "group": "g", "title": "Tune", "licence": "CC0", "use": "ship"},
        "gone.mid": {"cluster": 7},
    }
    folder = pieces.folder_of(tmp_path / "set", {**ONE, "unlisted.mid": ONE["a.mid"]}, meta=meta)
    first, second = load_collection([folder]).entries
    assert (first.path, first.set_name) == (folder / "a.mid", "set")
    assert (first.split, first.cluster, first.group) == ("test", "c1", "g")
    assert (first.title, first.licence, first.use) == ("Tune", "CC0", "ship")
    assert (second.split, second.cluster, second.group, second.title) == (None, "7", None, "")


def test_a_folder_of_sets(tmp_path):
    for name in ("one", "two"):
        pieces.folder_of(tmp_path / name, ONE, meta={"a.mid": {}})
    pieces.folder_of(tmp_path / "not_a_set", ONE)
    assert [entry.set_name for entry in load_collection([tmp_path]).entries] == ["one", "two"]


def test_manifests_name_sets_and_bring_their_attribution(tmp_path, monkeypatch):
    """A manifest of one set, or a list of manifests that lie beside it; the music lies elsewhere."""
    for name in ("one", "two", "three"):
        pieces.folder_of(tmp_path / "music" / name, ONE, meta={"a.mid": {}})
    said = {
        "one": {"name": "one", "licence": "MIT", "files": 3},
        "two": {"name": "two", "licence": "CC0", "attribution": "somebody"},
        "both": {"name": "both", "sets": ["two", "one"]},
    }
    for name, manifest in said.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(manifest))
    alone = load_collection([tmp_path / "one.json"], music=tmp_path / "music")
    assert [entry.set_name for entry in alone.entries] == ["one"]
    both = load_collection([tmp_path / "both.json"], music=tmp_path / "music")
    assert [entry.set_name for entry in both.entries] == ["two", "one"]
    assert both.attributions == (said["two"], {"name": "one", "licence": "MIT"})
    monkeypatch.setenv("SYMBOLIC_EMBED_MUSIC", str(tmp_path / "music"))
    assert load_collection([tmp_path / "both.json"]) == both
    monkeypatch.delenv("SYMBOLIC_EMBED_MUSIC")
    one = tmp_path / "one.json"
    assert refusal(one) == f"{one}: where is its music? say it with `music`, or set SYMBOLIC_EMBED_MUSIC"


def test_a_file_has_the_licence_and_the_use_of_its_manifest_unless_it_has_its_own(tmp_path):
    meta = {"a.mid": {"use": "study", "licence": "GPL"}, "b.mid": {}}
    pieces.folder_of(tmp_path / "set", {"a.mid": ONE["a.mid"], "b.mid": ONE["a.mid"]}, meta=meta)
    (tmp_path / "set.json").write_text(json.dumps({"name": "set", "use": "ship", "licence": "CC0"}))
    entries = load_collection([tmp_path / "set.json"], music=tmp_path).entries
    assert [(entry.use, entry.licence) for entry in entries] == [("study", "GPL"), ("ship", "CC0")]


def test_a_file_is_synthetic_where_its_line_or_its_manifest_says_so(tmp_path):
    meta = {"a.mid": {"synthetic": True}, "b.mid": {}}
    folder = pieces.folder_of(tmp_path / "set", {"a.mid": ONE["a.mid"], "b.mid": ONE["a.mid"]}, meta=meta)
    assert [entry.is_synthetic for entry in load_collection([folder]).entries] == [True, False]
    for said, expected in (({}, [True, False]), ({"synthetic": True}, [True, True])):
        (tmp_path / "set.json").write_text(json.dumps({"name": "set", **said}))
        named = load_collection([tmp_path / "set.json"], music=tmp_path)
        assert [entry.is_synthetic for entry in named.entries] == expected
        assert named.attributions == ({"name": "set", **said},)


def test_where_there_is_nothing(tmp_path):
    assert refusal(tmp_path) == f"{tmp_path}: no MIDI files (0 found, 2 pieces needed); name another folder"
    gone = tmp_path / "gone"
    assert refusal(gone) == f"{gone}: neither a folder nor a manifest; `data` takes one or the other"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            '{"path": "a.mid", "split": "training"}',
            "split 'training'; it must be one of train, valid, test, or left out",
        ),
        ("{path: a.mid}", "not a JSON object with a 'path'"),
        ('{"title": "x"}', "not a JSON object with a 'path'"),
        ('["a.mid"]', "not a JSON object with a 'path'"),
        ('{"path": 5}', "not a JSON object with a 'path'"),
        ("\udcff", "cannot be read as UTF-8"),
    ],
)
def test_a_wrong_line_of_meta_jsonl_is_named(tmp_path, line, words):
    folder = pieces.folder_of(tmp_path / "set", ONE)
    content = f'{{"path": "a.mid"}}\n\n{line}\n'.encode("utf-8", "surrogateescape")
    (folder / "meta.jsonl").write_bytes(content)
    message = refusal(folder)
    assert words in message
    assert message.startswith(f"{folder / 'meta.jsonl'}")
    assert ", line 3: " in message or "UTF-8" in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not a manifest (Expecting value: line 1 column 1 (char 0))"),
        ("[]", "not a manifest, which is a JSON object with a 'name'"),
        ('{"sets": ["one"]}', "not a manifest, which is a JSON object with a 'name'"),
        ('{"name": 5}', "not a manifest, which is a JSON object with a 'name'"),
        ('{"name": "x", "sets": 5}', "its 'sets' are not a list of names of manifests"),
        ('{"name": "x", "sets": [{"name": "y"}]}', "its 'sets' are not a list of names of manifests"),
    ],
)
def test_a_file_that_is_no_manifest(tmp_path, content, words):
    path = tmp_path / "manifest.json"
    path.write_text(content)
    assert refusal(path, music=tmp_path) == f"{path}: {words}; see datasets/README.md"


def test_a_manifest_that_a_list_names_and_that_is_not_there(tmp_path):
    path = tmp_path / "both.json"
    path.write_text('{"name": "both", "sets": ["gone"]}')
    assert refusal(path, music=tmp_path).startswith(f"{tmp_path / 'gone.json'}: not a manifest (")
