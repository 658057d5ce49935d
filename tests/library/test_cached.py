"""What files were embedded as, kept: given back to the last bit, within bounds, and never in the way."""

import os
import sqlite3
from contextlib import closing

import pieces
import pytest
import stores

from symbolic_embed.bars import cut
from symbolic_embed.errors import LibraryError, OutputError
from symbolic_embed.files import user_cache
from symbolic_embed.library.building import featured
from symbolic_embed.library.cached import Cache, clear, content_of, contents, stamp_of, usable, wanted_of
from symbolic_embed.library.features import Needs
from symbolic_embed.library.stores.pieces_file import Told
from symbolic_embed.score import ScoreWarning

RANKED = Needs.of("bars", "harmony", "melody", "passages", together=True)
TOLD = Told((ScoreWarning("hanging", "a note hangs", 3), ScoreWarning("odd", "\udcff")), notes=17, bars=4)


@pytest.fixture
def said():
    return []


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "pieces.sqlite"


@pytest.fixture
def opened(path, said):
    """Opens the cache; `how` is which model and way of reading."""
    return lambda how="model", **given: Cache(how, path=path, said=said.append, **given)


def piece(seed, embedder, needs=RANKED, *, bars=4):
    (one,) = featured([("a.mid", cut(pieces.piece(seed, bars=bars)))], embedder, needs)
    return one


def filled(cache, embedder, count, *, bars=4):
    sections = wanted_of(RANKED.kinds, blind=False)
    for seed in range(count):
        with cache() as one:
            one.keep(str(seed), TOLD, piece(seed, embedder, bars=bars), sections)


def there(cache, count):
    with cache() as one:
        return [seed for seed in range(count) if one.kept(str(seed))]


def test_what_was_kept_comes_back_to_the_last_bit(opened, embedder_with_passages, said):
    needs = Needs.of("bars", "cells", "harmony", "rhythm", "passages", "bar_notes", together=True, blind=True)
    given, sections = piece(1, embedder_with_passages, needs), wanted_of(needs.kinds, blind=True)
    with opened() as cache:
        assert cache.kept("a") is None
        cache.keep("a", TOLD, given, sections)
    with opened() as cache:
        kept = cache.kept("a")
        assert (kept.told, kept.sections) == (TOLD, sections)
        stores.assert_same(cache.features(kept, "a.mid", sections), given.only(needs.kinds))
        some = cache.features(kept, "a.mid", wanted_of({"bars"}, blind=False))
        stores.assert_same(some, given.only(frozenset({"bars"})))
    assert said == []


def test_further_sections_come_beside_those_that_are_there(opened, embedder_with_passages):
    given = piece(1, embedder_with_passages, Needs.of("bars", "harmony", together=True))
    for kind in ("bars", "harmony"):
        with opened() as cache:
            cache.keep("a", TOLD, given.only(frozenset({kind})), frozenset({kind}))
    with opened() as cache:
        kept = cache.kept("a")
        stores.assert_same(cache.features(kept, "a.mid", kept.sections), given.only(frozenset({"bars", "harmony"})))


def test_passages_without_what_is_blind_serve_only_where_that_is_not_wanted():
    kept = wanted_of(RANKED.kinds, blind=False)
    assert usable(kept, kept) == kept
    assert usable(wanted_of(RANKED.kinds, blind=True), kept) == kept - {"passages"}
    whole = wanted_of(RANKED.kinds, blind=True)
    assert usable(whole, whole) == whole


def test_another_model_or_way_of_reading_has_pieces_of_its_own(opened, embedder_with_passages):
    filled(opened, embedder_with_passages, 1)
    with opened("another") as cache:
        assert cache.kept("0") is None


def test_a_file_is_known_until_it_changes(opened, tmp_path, monkeypatch):
    file = tmp_path / "a.mid"
    file.write_bytes(b"music")
    assert stamp_of(str(file)) is None  # it might be changed again within the grain of a clock
    assert stamp_of(str(tmp_path / "nowhere")) is None
    later = 10**10 + os.stat(file).st_ctime_ns
    monkeypatch.setattr("symbolic_embed.library.cached.time.time_ns", lambda: later)
    stamp = stamp_of(str(file))
    with opened() as cache:
        cache.keep_file(str(file), stamp, content_of(str(file), b"music"))
    monkeypatch.chdir(tmp_path)
    with opened() as cache:
        assert cache.content_at("a.mid", stamp) == content_of("b.mid", b"music") != content_of("b.xml", b"music")
        before = os.stat(file)
        file.write_bytes(b"MUSIC")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # as long, and of the same time
        changed = stamp_of("a.mid")
        assert changed != stamp
        assert cache.content_at("a.mid", changed) is None


def test_it_keeps_to_its_size_and_gives_up_what_was_not_used_for_longest(opened, path, embedder_with_passages):
    filled(opened, embedder_with_passages, 6, bars=60)
    held = contents(path).bytes
    with opened() as cache:
        assert cache.kept("0")  # used again
    with opened(size=held // 2) as cache:
        cache.keep("new", TOLD, piece(9, embedder_with_passages), wanted_of(RANKED.kinds, blind=False))
    left = there(opened, 6)
    assert 0 in left
    assert 1 not in left
    assert contents(path).bytes <= held // 2
    with opened() as cache:
        assert cache.kept("new")


def test_a_section_that_was_damaged_is_not_used(opened, path, embedder_with_passages):
    filled(opened, embedder_with_passages, 1)
    with closing(sqlite3.connect(path)) as base, base:
        ((content,),) = base.execute("SELECT content FROM sections WHERE name = 'bars'").fetchall()
        base.execute("UPDATE sections SET content = ? WHERE name = 'bars'", (content[:-1] + b"?",))
    with opened() as cache:
        kept = cache.kept("0")
        assert cache.features(kept, "a.mid", frozenset({"bars"})) is None
        assert cache.features(kept, "a.mid", frozenset({"harmony"})) is not None


def test_a_damaged_file_is_thrown_away_in_a_line(opened, path, said, embedder_with_passages):
    filled(opened, embedder_with_passages, 2)
    path.write_bytes(b"no data base" * 1000)
    assert there(opened, 2) == []
    assert len(said) == 1
    assert "damaged (file is not a database), it was thrown away" in said[0]
    filled(opened, embedder_with_passages, 2)
    assert there(opened, 2) == [0, 1]


def test_one_of_another_format_is_made_anew(opened, path, said, embedder_with_passages):
    filled(opened, embedder_with_passages, 1)
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA user_version = 999")
    assert there(opened, 1) == []
    filled(opened, embedder_with_passages, 1)
    assert (there(opened, 1), said) == ([0], [])


def test_who_cannot_open_it_does_without_in_a_line(opened, path, said, embedder_with_passages):
    path.parent.write_text("mine")
    with opened() as cache:
        assert cache.kept("0") is None
        cache.keep("0", TOLD, piece(0, embedder_with_passages), frozenset({"bars"}))
    assert len(said) == 1
    assert said[0].startswith(f"without the cache {path}: ")
    assert path.parent.read_text() == "mine"


def test_while_somebody_else_writes_it_is_read_and_not_written_into(opened, path, said, embedder_with_passages):
    filled(opened, embedder_with_passages, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with opened() as cache:
            assert cache.kept("0")
            cache.keep("1", TOLD, piece(1, embedder_with_passages), frozenset({"bars"}))
        other.execute("ROLLBACK")
    assert said == [f"without the cache {path}: database is locked"]
    assert there(opened, 2) == [0]


def test_what_it_holds_is_said_and_cleared(opened, path, embedder_with_passages):
    assert (contents(path).pieces, contents(path).bytes) == (0, 0)
    filled(opened, embedder_with_passages, 2)
    held = contents(path)
    assert (held.place, held.pieces) == (str(path), 2)
    assert held.bytes >= path.stat().st_size > 0
    clear(path)
    assert contents(path).pieces == 0
    path.write_bytes(b"no data base" * 1000)
    with pytest.raises(LibraryError, match=r"cannot be opened .*; `clear` throws it away"):
        contents(path)


def test_where_the_cache_lies(monkeypatch):
    monkeypatch.delenv("SYMBOLIC_EMBED_CACHE")
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME", "SYMBOLIC_EMBED_CACHE"):  # the later count more
        monkeypatch.setenv(name, f"/of/{name}")
        assert str(user_cache()) == os.path.join(f"/of/{name}", "symbolic_embed")


def test_without_a_home_directory_there_is_no_cache_and_a_way_out(monkeypatch):
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME", "SYMBOLIC_EMBED_CACHE"):
        monkeypatch.delenv(name, raising=False)

    def homeless(cls):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("pathlib.Path.home", classmethod(homeless))
    way_out = "you have no home directory; SYMBOLIC_EMBED_CACHE=FOLDER names a place for the cache"
    with pytest.raises(OutputError, match=way_out):
        user_cache()
    lines = []
    with Cache("how", said=lines.append) as cache:
        assert cache.kept("content") is None
    assert lines == [f"without the cache: {way_out}"]
