"""Files into a library: what is read, what is embedded, what is left alone, and what a kill costs."""

import os
import shutil
import time
from contextlib import closing

import midi_bytes
import pieces
import pytest
from stores import assert_same

from symbolic_embed.bars import cut
from symbolic_embed.files.folders import Found, find_midi
from symbolic_embed.library import indexing
from symbolic_embed.library.building import completed
from symbolic_embed.library.features import Needs
from symbolic_embed.library.indexing import index
from symbolic_embed.library.reading import UNTRUSTED, Manner, file_read
from symbolic_embed.library.stores.opening import new_library
from symbolic_embed.library.unembedded import unembedded
from symbolic_embed.score import read
from symbolic_embed.workers import Lost

KINDS = frozenset({"content", "outline", "harmony", "melody", "rhythm"})  # no model is needed for these
LONG_AGO = 1_000_000_000  # seconds since 1970


class Work:
    """Files indexed again and again, without processes and without a model; what was read and embedded last."""

    def __init__(self, folder):
        self.library = new_library(str(folder), checkpoint="c" * 64, kinds=KINDS)
        self.read, self.embedded, self.lost = [], [], {}

    def __call__(self, *paths):
        """What became of each file, by path."""
        self.read, self.embedded, outcomes = [], [], {}
        index(self.library, find_midi(paths), self.engine, self.finish, lambda one: outcomes.update({one.path: one}))
        return {path: outcome.state for path, outcome in outcomes.items()}

    def engine(self, files):
        for file in files:
            self.read.append(file.path)
            yield file, self.lost.get(file.path) or file_read(file, manner=Manner(KINDS))

    def finish(self, found):
        for piece in found:
            self.embedded.append(piece.path)
            yield piece

    def at(self, path):
        return next(file for file in self.library.files() if file.path == path)


@pytest.fixture
def work(tmp_path):
    work = Work(tmp_path / "library")
    yield work
    work.library.close()


@pytest.fixture
def songs(tmp_path, monkeypatch):
    """Three files from long ago, in the folder songs."""
    monkeypatch.chdir(tmp_path)
    folder = pieces.folder_of(tmp_path / "songs", {f"{name}.mid": pieces.piece(k) for k, name in enumerate("abc")})
    for path in folder.iterdir():
        os.utime(path, (LONG_AGO, LONG_AGO))
    return folder


def test_what_is_kept_is_what_the_files_hold(work, songs):
    assert work("songs") == dict.fromkeys(["songs/a.mid", "songs/b.mid", "songs/c.mid"], "embedded")
    for piece in work.library:
        assert_same(piece, unembedded(piece.path, cut(read(piece.path)), Needs(KINDS)))
    (facts,) = work.library.facts([work.at("songs/a.mid").piece])
    assert (facts["bars"], facts["metre"]) == ([6], ["4/4"])
    assert "path" not in facts


def test_what_is_unchanged_is_not_opened(work, songs):
    work("songs")
    assert set(work("songs").values()) == {"unchanged"}
    assert work.read == work.embedded == []


def test_copies_and_moved_files_are_not_embedded_again(work, songs):
    shutil.copy2("songs/a.mid", "songs/a2.mid")
    assert work("songs")["songs/a2.mid"] == "known"
    assert len(work.embedded) == 3
    os.rename("songs/b.mid", "songs/moved.mid")
    assert work("songs") == dict.fromkeys(["songs/a.mid", "songs/a2.mid", "songs/c.mid"], "unchanged") | {
        "songs/moved.mid": "known"
    }
    assert work.embedded == []
    assert work.at("songs/a.mid").piece == work.at("songs/a2.mid").piece
    assert work.at("songs/b.mid").piece == work.at("songs/moved.mid").piece  # gone, and not forgotten


def test_a_changed_file_is_read_again(work, songs):
    work("songs")
    before = work.at("songs/a.mid").piece
    (songs / "a.mid").unlink()
    pieces.folder_of(songs, {"a.mid": pieces.piece(7)})
    assert work("songs")["songs/a.mid"] == "embedded"
    assert work.read == ["songs/a.mid"]
    assert work.at("songs/a.mid").piece != before
    assert len(work.library) == 3


def test_a_file_of_which_only_the_time_is_new_is_hashed_and_then_trusted(work, songs):
    work("songs")
    os.utime("songs/a.mid", (LONG_AGO + 1, LONG_AGO + 1))
    assert work("songs")["songs/a.mid"] == "unchanged"
    assert (work.read, work.embedded) == (["songs/a.mid"], [])
    work("songs")
    assert work.read == []


def test_a_change_within_the_grain_of_the_clock_is_noticed(work, songs):
    """Written, looked at, written again with as many bytes, all within one step of a coarse clock."""
    one, other = (data.ljust(3000, b"\0") for data in [(songs / f"{name}.mid").read_bytes() for name in "ab"])
    now = int(time.time())
    for data in (one, other):
        (songs / "c.mid").write_bytes(data)
        os.utime("songs/c.mid", (now, now))
        work("songs")
        assert "songs/c.mid" in work.read
        assert work.at("songs/c.mid").changed_ns == UNTRUSTED
    assert len(work.embedded) == 1


def test_who_is_rejected_is_remembered_with_the_reason(work, songs):
    (songs / "words.mid").write_bytes(b"once upon a time")
    (songs / "empty.mid").write_bytes(midi_bytes.midi(midi_bytes.track()))
    for name in ("words.mid", "empty.mid"):
        os.utime(songs / name, (LONG_AGO, LONG_AGO))
    work.lost = {"songs/a.mid": Lost("the process that reads files died of it")}
    first = work("songs")
    assert [path for path, state in first.items() if state == "rejected"] == [
        "songs/a.mid",
        "songs/empty.mid",
        "songs/words.mid",
    ]
    assert work("songs") == first | dict.fromkeys(["songs/b.mid", "songs/c.mid"], "unchanged")
    assert work.read == []
    assert work.at("songs/a.mid").problem == "the process that reads files died of it"
    assert work.at("songs/empty.mid").problem.startswith("no notes")
    assert work.at("songs/words.mid").piece is None


def test_what_could_not_be_opened_is_tried_again(work, songs):
    os.symlink("nowhere", "songs/link.mid")
    assert work("songs")["songs/link.mid"] == "rejected"
    assert len(work.library.files()) == 3
    shutil.copy2("songs/a.mid", "songs/nowhere")
    assert work("songs")["songs/link.mid"] == "known"


def test_a_file_that_cannot_be_opened_now_stays_as_it_was(work, songs):
    work("songs")
    before = work.at("songs/a.mid")
    os.unlink("songs/a.mid")
    os.symlink("nowhere", "songs/a.mid")
    assert work("songs")["songs/a.mid"] == "rejected"
    assert work.at("songs/a.mid") == before


def test_what_is_gone_between_walk_and_reading_is_named(work, songs):
    outcomes = []
    index(work.library, [Found("songs/lost.mid"), Found("songs/a.mid")], work.engine, work.finish, outcomes.append)
    assert {one.path: one.state for one in outcomes} == {"songs/a.mid": "embedded", "songs/lost.mid": "rejected"}
    assert outcomes[0].reason == "cannot be opened: no such file or directory; is the path right?"


def test_what_ends_the_work_costs_what_was_not_committed(work, songs, monkeypatch):
    class Power(Exception):
        """It fails."""

    def failing(files):
        for number, answer in enumerate(Work.engine(work, files)):
            if number == 2:
                raise Power
            yield answer

    monkeypatch.setattr(indexing, "COMMIT_SECONDS", -1.0)
    with pytest.raises(Power):
        index(work.library, find_midi(["songs"]), failing, work.finish, lambda outcome: None)
    assert [file.path for file in work.library.files()] == ["songs/a.mid", "songs/b.mid"]
    assert work("songs") == {"songs/a.mid": "unchanged", "songs/b.mid": "unchanged", "songs/c.mid": "embedded"}


def test_the_model_embeds_what_is_new_once(embedder, songs, tmp_path):
    """As the command does: features without embeddings come, and go on to the model."""
    kinds = frozenset({"content", "bars"})
    shutil.copy2("songs/a.mid", "songs/a2.mid")
    with closing(new_library(str(tmp_path / "embedded"), checkpoint=embedder.embedding_hash, kinds=kinds)) as library:
        index(
            library,
            find_midi(["songs"]),
            lambda files: ((file, file_read(file, manner=Manner(kinds))) for file in files),
            lambda found: completed(found, embedder, Needs(kinds)),
            lambda outcome: None,
        )
        scores = [(piece.path, cut(read(piece.path))) for piece in library]
        expected = completed((unembedded(*one, Needs(kinds)) for one in scores), embedder, Needs(kinds))
        for piece, direct in zip(library, expected, strict=True):
            assert_same(piece, direct)
        assert len(library) == 4
        assert len({file.piece for file in library.files()}) == 3
