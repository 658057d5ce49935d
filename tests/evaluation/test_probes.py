"""Linear probes: what can be read off, what cannot, and where the labels come from."""

import json

import numpy as np
import pieces
import pytest
from evaluation.models import Embedding

from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.prepared import Piece, prepare
from symbolic_embed.evaluation import probes
from symbolic_embed.evaluation.probes import composer_of, key_of, probe_rows, probed
from symbolic_embed.evaluation.subject import Subject
from symbolic_embed.score import KeySignature
from symbolic_embed.score.writing.verified import write


def test_what_lies_apart_is_read_off_and_a_piece_is_not_learnt_by_heart():
    clusters = np.repeat(np.arange(40), 5)
    names = np.array(["Bach", "Haydn"])[clusters % 2]
    random = np.random.default_rng(0)
    apart = random.normal(0, 0.1, (200, 3)) + (clusters % 2)[:, None]
    assert probed(apart, names, clusters=clusters).mean() == 1
    of_its_piece = random.normal(0, 1, (40, 80))[clusters]
    assert probed(of_its_piece, names, clusters=clusters).mean() < 0.75
    assert probed(of_its_piece, names, clusters=np.arange(200)).mean() > 0.9  # met before
    assert probed(apart, names, clusters=np.zeros(200)) is None


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """Ten pieces; Bach's and Haydn's in turn, one by nobody; the last two are versions of one piece. A name may count
    from three clusters on."""
    monkeypatch.setattr(probes, "FEWEST", 3)
    names = ["Bach", "Haydn"] * 4 + ["Anonymous", "Haydn"]
    meta = {
        f"{number}.mid": {"split": "valid", "cluster": f"c{min(number, 8)}", "composer": name}
        for number, name in enumerate(names)
    }
    scores = {f"{number}.mid": pieces.piece(number, bars=12) for number in range(10)}
    folder = pieces.folder_of(tmp_path / "set", scores, meta=meta)
    return prepare(load_collection([folder]), cache=tmp_path / "cache")


def test_rows_beside_chroma_and_the_commonest(corpus):
    table = corpus.bars
    by_content = dict(zip(table.content.tolist(), table.piece.tolist(), strict=True))

    def embed(windows):
        return [[by_content[content] % 2] * 16 for content in windows.content_hashes().tolist()]

    rows = {row.who: row for row in probe_rows(Subject(Embedding(embed), corpus, "valid"), label="composer", count=500)}
    assert {row.test for row in rows.values()} == {"linear probe, composer of 2"}
    assert rows["model"].value == 1
    assert rows["the commonest"].value == pytest.approx(5 / 9)
    assert rows["chroma"].value < 0.9
    assert {row.sample for row in rows.values()} == {9 * probes.BARS_OF_A_PIECE}
    assert list(probe_rows(Subject(Embedding(embed), corpus, "valid"), label="set")) == []
    assert list(probe_rows(Subject(Embedding(embed), corpus, "test"), label="composer")) == []


def test_a_name_counts_from_ten_clusters_on():
    assert (probes.FEWEST, probes.MOST_CLASSES) == (10, 20)


def test_each_name_gets_its_turn(corpus):
    """Five pieces against four, and yet of twenty bars each has ten."""
    embedder = Embedding(lambda windows: np.zeros((len(windows), 16)))
    rows = {row.who: row for row in probe_rows(Subject(embedder, corpus, "valid"), label="composer", count=20)}
    assert (rows["the commonest"].value, rows["the commonest"].sample) == (0.5, 20)


def test_names_of_too_few_clusters_do_not_count(corpus, monkeypatch):
    monkeypatch.setattr(probes, "FEWEST", 6)
    embedder = Embedding(lambda windows: np.zeros((len(windows), 16)))
    assert list(probe_rows(Subject(embedder, corpus, "valid"), label="composer")) == []


def piece_at(path):
    return Piece(str(path), "set", "valid", "c", None, 1, "4/4")


def test_composers_are_those_of_the_meta_above_the_file(tmp_path):
    lines = [{"path": "midi/a.mid", "composer": "Bach"}, {"path": "midi/b.mid", "composer": "[Traditional]"}]
    (tmp_path / "meta.jsonl").write_text("".join(json.dumps(line) + "\n" for line in [*lines, {"path": "midi/c.mid"}]))
    assert composer_of(piece_at(tmp_path / "midi" / "a.mid")) == "Bach"
    for name in ("b.mid", "c.mid", "d.mid"):
        assert composer_of(piece_at(tmp_path / "midi" / name)) == ""


def test_a_key_counts_where_the_file_writes_just_one(tmp_path):
    from dataclasses import replace

    signatures = {
        "one": [KeySignature(0, 1, False)],
        "same": [KeySignature(0, -3, True), KeySignature(480, -3, True)],
        "two": [KeySignature(0, 1, False), KeySignature(480, 2, False)],
        "none": [],
    }
    for name, found in signatures.items():
        write(replace(pieces.piece(0), key_signatures=tuple(found)), tmp_path / f"{name}.mid")
    keys = {name: key_of(piece_at(tmp_path / f"{name}.mid")) for name in [*signatures, "missing"]}
    assert keys == {"one": "G major", "same": "C minor", "two": "", "none": "", "missing": ""}
