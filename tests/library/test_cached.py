"""Plain files, embedded once: what comes from the cache, what is given up, and that it is never in the way."""

import os
import shutil

import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.files import user_cache
from symbolic_embed.files.folders import find_midi
from symbolic_embed.library import cached
from symbolic_embed.library.cached import LEAST, Cache
from symbolic_embed.library.features import Needs
from symbolic_embed.library.find import find
from symbolic_embed.library.rank import rank
from symbolic_embed.requests import FindRequest, RankRequest
from symbolic_embed.score import read

RANKED = Needs.of("bars", "harmony", "melody", "passages", together=True)


@pytest.fixture
def embedder(embedder_with_passages):
    return embedder_with_passages


@pytest.fixture
def songs(tmp_path, monkeypatch):
    """More files than are read without the cache, from long ago; one of them is bad."""
    monkeypatch.chdir(tmp_path)
    pieces.folder_of(tmp_path / "songs", {f"{seed:02}.mid": pieces.piece(seed, bars=2) for seed in range(LEAST)})
    (tmp_path / "songs" / "words.mid").write_bytes(b"once upon a time")
    for path in (tmp_path / "songs").iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    return tmp_path / "songs"


class Asked:
    """A question to plain files through a cache: the answer, what became of the files, and what was said."""

    def __init__(self, cache, embedder, *paths, needs=RANKED, answer=None):
        self.states, self.said = {}, []
        found = find_midi(paths)
        with cache.pieces(found, embedder, needs, told=self.told, said=self.said.append) as pieces:
            self.paths = None if pieces is None else [piece.path for piece in pieces]
            self.answer = answer(pieces) if answer else None

    def told(self, outcome):
        self.states[outcome.path] = outcome.state


def states(**given):
    return {f"songs/{seed:02}.mid": "embedded" for seed in range(LEAST)} | {"songs/words.mid": "rejected"} | given


def test_the_first_question_embeds_and_the_next_only_reads(songs, embedder, tmp_path):
    cache = Cache(tmp_path / "cache")
    first = Asked(cache, embedder, "songs")
    assert first.states == states()
    assert first.paths == [path for path, state in first.states.items() if state == "embedded"]
    assert first.said == [
        f"kept for the next time: 0.00 of at most 2 GB in {tmp_path / 'cache'}; `cache` leaves it alone"
    ]
    second = Asked(cache, embedder, "songs")
    assert set(second.states.values()) == {"unchanged", "rejected"}
    assert (second.paths, second.said) == (first.paths, [])


def test_the_same_files_under_other_names_are_the_same(songs, embedder, tmp_path, monkeypatch):
    cache = Cache(tmp_path / "cache")
    Asked(cache, embedder, "songs")
    monkeypatch.chdir(songs)
    there = Asked(cache, embedder, ".", songs)
    assert there.paths[0] == "./00.mid"
    assert there.paths[LEAST] == str(songs / "00.mid")
    assert set(there.states.values()) == {"unchanged", "rejected"}


def test_answers_are_those_of_the_files(songs, embedder, tmp_path):
    cache, query = Cache(tmp_path / "cache"), cut(read(songs / "03.mid"))
    plain = [(path, cut(read(path))) for path in [f"songs/{seed:02}.mid" for seed in range(LEAST)]]
    for _ in range(2):
        asked = Asked(cache, embedder, "songs", answer=lambda store: rank(query, store, embedder, RankRequest()))
        assert asked.answer == rank(query, plain, embedder, RankRequest())
    needs = Needs.of("bars", "cells")
    asked = Asked(
        cache, embedder, "songs", needs=needs, answer=lambda store: find(query, store, embedder, FindRequest())
    )
    assert asked.answer == find(query, plain, embedder, FindRequest())
    assert asked.states == states()  # cells were not needed before


def test_a_question_that_needs_less_uses_what_is_there(songs, embedder, tmp_path):
    cache = Cache(tmp_path / "cache")
    Asked(cache, embedder, "songs")
    fewer = Asked(cache, embedder, "songs", needs=Needs.of("bars"))
    assert set(fewer.states.values()) == {"unchanged", "rejected"}
    parts = Asked(cache, embedder, "songs", needs=Needs.of("passages"))
    assert parts.states == states()


@pytest.mark.parametrize("paths", [["songs/00.mid"], [f"songs/{seed:02}.mid" for seed in range(LEAST - 1)]])
def test_a_handful_of_files_does_without(songs, embedder, tmp_path, paths):
    asked = Asked(Cache(tmp_path / "cache"), embedder, *paths)
    assert (asked.paths, asked.states, asked.said) == (None, {}, [])
    assert not (tmp_path / "cache").exists()


def test_who_cannot_write_does_without_in_a_line(songs, embedder, tmp_path):
    (tmp_path / "cache").write_text("mine")
    asked = Asked(Cache(tmp_path / "cache"), embedder, "songs")
    assert (asked.paths, asked.states) == (None, {})
    (line,) = asked.said
    assert line.startswith("without the cache: ")
    assert (tmp_path / "cache").read_text() == "mine"


def test_while_somebody_else_writes_what_is_there_is_used_and_the_rest_does_without(songs, embedder, tmp_path):
    cache = Cache(tmp_path / "cache")
    Asked(cache, embedder, "songs")
    (place,) = [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]
    library = cached.open_library(str(place))
    with library.writing():
        assert len(Asked(cache, embedder, "songs").paths) == LEAST
        shutil.copy2("songs/00.mid", "songs/new.mid")
        asked = Asked(cache, embedder, "songs")
    assert asked.paths is None
    assert "is writing into it" in asked.said[0]
    library.close()


def test_what_is_damaged_is_done_without_and_made_again(songs, embedder, tmp_path):
    cache = Cache(tmp_path / "cache")
    Asked(cache, embedder, "songs")
    (place,) = [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]
    (place / "catalogue.sqlite").write_bytes(b"no data base" * 1000)
    damaged = Asked(cache, embedder, "songs")
    assert damaged.paths is None
    assert "damaged" in damaged.said[0]
    assert Asked(cache, embedder, "songs").states == states()


def test_it_keeps_to_its_size_and_gives_up_what_was_not_used_for_longest(songs, embedder, tmp_path):
    cache = Cache(tmp_path / "cache")
    for folder, first in (("older", 20), ("newer", 40)):
        scores = {f"{seed}.mid": pieces.piece(seed, bars=60) for seed in range(first, first + LEAST)}
        pieces.folder_of(tmp_path / folder, scores)
    Asked(cache, embedder, "songs", needs=Needs.of("bars"))
    Asked(cache, embedder, "older")
    held = cached.bytes_in(tmp_path / "cache")
    asked = Asked(Cache(tmp_path / "cache", size=held * 5 // 4), embedder, "newer")
    assert "files not used for longest were given up" in asked.said[0]
    assert cached.bytes_in(tmp_path / "cache") <= held * 5 // 4
    (left,) = [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]  # that of bars was used before
    library = cached.open_library(str(left))
    assert {os.path.basename(os.path.dirname(piece.path)) for piece in library} == {"newer"}
    library.close()


def test_where_the_cache_lies(monkeypatch):
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME", "SYMBOLIC_EMBED_CACHE"):  # the later count more
        monkeypatch.setenv(name, f"/of/{name}")
        assert str(user_cache()) == os.path.join(f"/of/{name}", "symbolic_embed")
