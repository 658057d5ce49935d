"""Which data set a file belongs to."""

import pytest

from symbolic_embed.corpus.membership import data_sets


@pytest.fixture
def here(tmp_path, monkeypatch):
    for folder in ("data/one/midi", "data/two/midi/deep", "loose/deep"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("data/one", "data/two"):
        (tmp_path / folder / "meta.jsonl").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "named", "expected"),
    [
        ("data/one/midi/a.mid", ["data"], "data/one"),
        ("data/two/midi/deep/a.mid", ["data/"], "data/two"),
        ("data/two/midi/deep/a.mid", ["data/two"], "data/two"),
        ("data/two/midi/deep/a.mid", ["data/two/midi"], "data/two/midi"),
        ("loose/deep/a.mid", ["loose"], "loose"),
        ("loose/deep/a.mid", ["loose", "loose/deep"], "loose/deep"),
        ("./loose/deep/a.mid", ["."], "."),
        ("./data/one/midi/a.mid", ["."], "data/one"),
        ("loose/deep/a.mid", ["loose/deep/a.mid"], "loose/deep"),
        ("a.mid", [], "."),
    ],
)
def test_the_nearest_meta_or_the_folder_that_was_named(here, path, named, expected):
    assert data_sets([path], named=named) == {path: expected}
    absolute = str(here / path)
    named = [str(here / name) for name in named]
    assert data_sets([absolute], named=named) == {absolute: str((here / expected).resolve())}


def test_a_folder_whose_name_begins_alike_is_another(here):
    (here / "loose2").mkdir()
    assert data_sets(["loose2/a.mid"], named=["loose"]) == {"loose2/a.mid": "loose2"}
