"""What pieces are coloured by."""

import json

import pytest

from symbolic_embed.errors import CorpusError
from symbolic_embed.library.labels import NOTHING, word_of, words_of_paths


def facts(**known):
    return lambda field: known.get(field, ())


def test_facts_give_words():
    said = facts(metre=["3/4"], key=["A minor"], drums=["drums"], melody=["melody"])
    assert word_of("metre", said) == "3/4"
    assert word_of("key", said) == "A minor"
    assert word_of("role", said) == "drums, melody" or word_of("role", said) == "melody, drums"
    assert word_of("key", facts()) == word_of("role", facts()) == word_of("folder", said) == NOTHING


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (["a/x/1.mid", "a/y/2.mid", "a/y/z/3.mid"], ["x", "y", "y"]),
        (["loops/1.mid", "loops/deep/2.mid"], ["loops", "deep"]),
        (["/data/one/1.mid", "/data/two/2.mid"], ["one", "two"]),
        (["loops/1.mid"], ["loops"]),
        ([], []),
    ],
)
def test_folders_are_those_below_what_all_share(paths, words):
    assert words_of_paths("folder", paths) == words


def test_groups_stand_in_the_nearest_meta(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "set/midi").mkdir(parents=True)
    lines = [{"path": "midi/a.mid", "group": "one"}, {"path": "midi/b.mid", "group": None}]
    (tmp_path / "set/meta.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    paths = ["set/midi/a.mid", "./set/midi/a.mid", "set/midi/b.mid", "set/midi/c.mid", "else.mid"]
    assert words_of_paths("group", paths) == ["one", "one", NOTHING, NOTHING, NOTHING]
    (tmp_path / "set/meta.jsonl").write_text("{")
    with pytest.raises(CorpusError, match="line 1"):
        words_of_paths("group", paths)


def test_colours_that_are_facts_are_no_matter_of_paths():
    assert words_of_paths("metre", ["a.mid"]) is None
