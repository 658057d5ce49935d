"""Prepared corpora: the windows on disk are those made from the files; what changes a file changes the stamp."""

import os
import shutil

import numpy as np
import pieces
import pytest
from strategies import contents

from symbolic_embed.bars import bar_windows, cell_windows, cut
from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.prepared import FORMAT, open_prepared, prepare
from symbolic_embed.errors import CorpusError
from symbolic_embed.files.beside import is_unfinished
from symbolic_embed.score import Notes, Score, TimeSignature, Track, read


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Three bands, and a piece in 7/4 with a note held over barlines and a bar of rest."""
    folder = tmp_path_factory.mktemp("prepared")
    notes = Notes.of([0, 480 * 6, 480 * 21], [480, 480 * 6, 480], [60, 64, 67], [90] * 3)
    odd = Score(480, (Track(notes),), time_signatures=(TimeSignature(0, 7, 4),))
    scores = {**{f"{seed}.mid": pieces.piece(seed, bars=3) for seed in range(3)}, "odd.mid": odd}
    return prepare(load_collection([pieces.folder_of(folder / "music", scores)]), cache=folder / "cache")


@pytest.mark.parametrize(("level", "made_directly"), [("cells", cell_windows), ("bars", bar_windows)])
def test_the_windows_are_those_made_from_the_files(corpus, level, made_directly):
    table = getattr(corpus, level)
    for number, piece in enumerate(corpus.pieces):
        barred = cut(read(piece.path))
        assert contents(table.windows(np.flatnonzero(table.piece == number))) == contents(made_directly(barred))
        assert (piece.bars, piece.signature) == (barred.bars, str(barred.metre.signatures[0]))


def two(folder, **files):
    """A folder with two usable pieces and some other files, as bytes."""
    pieces.folder_of(folder, {"a.mid": pieces.piece(1, bars=2), "b.mid": pieces.piece(2, bars=2)})
    for name, content in files.items():
        (folder / f"{name}.mid").write_bytes(content)
    return folder


def test_it_is_made_once_and_made_again_when_a_file_changes(tmp_path):
    folder = two(tmp_path / "music")
    read_files = []

    def prepared():
        def counted(entries):
            for entry in entries:
                read_files.append(entry.path.name)
                yield entry

        return prepare(load_collection([folder]), cache=tmp_path / "cache", progress=counted)

    first = prepared()
    assert read_files == ["a.mid", "b.mid"]
    assert prepared().stamp == first.stamp
    assert len(read_files) == 2
    shutil.copy(folder / "b.mid", folder / "a.mid")
    assert prepared().stamp != first.stamp
    os.utime(folder / "a.mid", ns=(0, 0))
    assert prepared().stamp != first.stamp
    assert len(read_files) == 6
    assert not [path.name for path in (tmp_path / "cache").iterdir() if is_unfinished(path.name)]


def test_a_split_given_elsewhere_changes_the_stamp(tmp_path):
    folder = two(tmp_path / "music")
    stamps = []
    for split in ("train", "test"):
        pieces.folder_of(folder, {}, meta={"a.mid": {"split": split}, "b.mid": {}})
        stamps.append(prepare(load_collection([folder]), cache=tmp_path / "cache").stamp)
    assert stamps[0] != stamps[1]


def test_which_sets_are_synthetic_is_kept_and_changes_the_stamp(tmp_path):
    folder = two(tmp_path / "music")
    stamps = []
    for said, synthetic in (({}, set()), ({"synthetic": True}, {"music"})):
        pieces.folder_of(folder, {}, meta={"a.mid": said, "b.mid": {}})
        corpus = prepare(load_collection([folder]), cache=tmp_path / "cache")
        assert corpus.synthetic_sets == synthetic
        stamps.append(corpus.stamp)
    assert stamps[0] != stamps[1]


def test_files_that_cannot_be_used_are_named_and_left_out(tmp_path):
    silent = b"MThd\0\0\0\6\0\1\0\1\x01\xe0MTrk\0\0\0\4\0\xff\x2f\0"
    folder = two(tmp_path / "music", nonsense=b"no music at all", silent=silent)
    told = []
    rejected = lambda entry, reason: told.append((entry.path.name, reason))  # noqa: E731
    corpus = prepare(load_collection([folder]), cache=tmp_path / "cache", rejected=rejected)
    assert [piece.path.rsplit("/", 1)[-1] for piece in corpus.pieces] == ["a.mid", "b.mid"]
    assert [name for name, _ in told] == ["nonsense.mid", "silent.mid"]
    assert told[1][1] == "no notes"
    assert corpus.rejected == {str(folder / name): reason for name, reason in told}
    again = told.copy()
    told.clear()
    found = prepare(load_collection([folder]), cache=tmp_path / "cache", rejected=rejected)
    assert told == again
    assert found.rejected == corpus.rejected


def test_files_may_be_left_out_of_a_split_and_their_windows_stay(corpus):
    train = corpus.pieces_of("train")
    gone = corpus.pieces[train[0]].path
    fewer = corpus.leaving_out({gone}, split="train")
    assert fewer.pieces_of("train").tolist() == train[1:].tolist()
    assert [piece.path for piece in fewer.pieces] == [piece.path for piece in corpus.pieces]
    assert len(fewer.cells) == len(corpus.cells)
    assert corpus.leaving_out({gone}, split="test").pieces == corpus.pieces
    assert (corpus.pieces_of("train") == train).all()


def test_a_file_that_meta_jsonl_names_and_that_is_not_there(tmp_path):
    scores = {"a.mid": pieces.piece(1, bars=2), "b.mid": pieces.piece(2, bars=2)}
    folder = pieces.folder_of(tmp_path / "music", scores, meta={"a.mid": {}, "gone.mid": {}, "b.mid": {}})
    told = []
    corpus = prepare(
        load_collection([folder]), cache=tmp_path / "cache", rejected=lambda entry, _: told.append(entry.path.name)
    )
    assert told == ["gone.mid"]
    assert corpus.bars.piece.tolist() == [0, 0, 1, 1]


def test_too_little_music_leaves_nothing_behind(tmp_path):
    folder = pieces.folder_of(tmp_path / "music", {"a.mid": pieces.piece(1, bars=2)})
    (folder / "b.mid").write_bytes(b"no music")
    with pytest.raises(CorpusError) as caught:
        prepare(load_collection([folder]), cache=tmp_path / "cache")
    count = "1 of 2 files can be used; at least 2 are needed, from 3 on some are held out"
    assert str(caught.value) == f"{folder}: {count}"
    assert not (tmp_path / "cache").exists()


def test_a_corpus_of_another_format_or_none(tmp_path):
    corpus = prepare(load_collection([two(tmp_path / "music")]), cache=tmp_path / "cache")
    stamp = corpus.folder / "stamp.json"
    stamp.write_text(stamp.read_text().replace(f'"format": {FORMAT}', '"format": 99'))
    with pytest.raises(CorpusError, match=rf"prepared in format 99, this version reads {FORMAT}; delete it"):
        open_prepared(corpus.folder)
    for content in ("{", "[]", "{}"):
        stamp.write_text(content)
        with pytest.raises(CorpusError, match="no prepared corpus"):
            open_prepared(corpus.folder)
    with pytest.raises(CorpusError, match="no prepared corpus"):
        open_prepared(tmp_path)


def test_another_process_that_was_faster_is_no_trouble(tmp_path):
    """While we prepare, somebody puts the same corpus there."""
    folder = two(tmp_path / "music")
    first = prepare(load_collection([folder]), cache=tmp_path / "elsewhere")

    def meanwhile(entries):
        yield from entries
        shutil.copytree(first.folder, tmp_path / "cache" / first.folder.name)

    second = prepare(load_collection([folder]), cache=tmp_path / "cache", progress=meanwhile)
    assert second.pieces == first.pieces
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [first.folder.name]


def test_given_splits_are_obeyed_and_the_others_made(tmp_path):
    scores = {f"{seed}.mid": pieces.piece(seed, bars=4) for seed in range(8)}
    scores["copy.mid"] = pieces.transposed(scores["0.mid"], 3)
    meta = {name: {} for name in scores} | {"0.mid": {"split": "test"}, "1.mid": {"split": "valid", "cluster": "x"}}
    folder = pieces.folder_of(tmp_path / "music", scores, meta=meta)
    corpus = prepare(load_collection([folder]), cache=tmp_path / "cache")
    found = {piece.path.rsplit("/", 1)[-1]: piece for piece in corpus.pieces}
    assert (found["0.mid"].split, found["copy.mid"].split) == ("test", "test")
    assert (found["1.mid"].split, found["1.mid"].cluster) == ("valid", "x")
    assert found["0.mid"].cluster == found["copy.mid"].cluster
    assert {piece.split for piece in corpus.pieces} == {"train", "valid", "test"}
    numbers = np.concatenate([corpus.pieces_of(split) for split in ("train", "valid", "test")])
    assert sorted(numbers) == list(range(9))
    hashes = {corpus.split_hash(split) for split in ("train", "valid", "test", "none")}
    assert len(hashes) == 4
