"""The nearest by an index are those of a search of all, nearly; what it says of them is exact."""

import numpy as np
import pytest
import small_pieces as small

from symbolic_embed.library.stores.folder import FolderLibrary, candidates, engine, indexing, reader
from symbolic_embed.library.stores.folder.damage import DamagedError
from symbolic_embed.library.stores.folder.flat import Stretches
from symbolic_embed.library.stores.folder.lists import ListsFile

PIECES, ROWS = range(40), 30  # 1,200 rows
QUESTIONS = np.concatenate([small.vectors_of(piece, rows=ROWS)[:2] for piece in range(30, 50)])


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """An index from 600 rows on, which looks through half of its lists."""
    monkeypatch.setattr(indexing, "INDEXED_FROM", 600)
    monkeypatch.setattr(reader, "INDEXED_FROM", 600)
    monkeypatch.setattr(indexing, "LATER", 50)
    monkeypatch.setattr(candidates, "PROBES", 4.0)
    monkeypatch.setattr(engine, "centres_for", lambda rows: 64)


@pytest.fixture
def library(tmp_path):
    library = small.made(tmp_path / "lib", PIECES, rows=ROWS)
    yield library
    library.close()


def exactly(library, count=10, among=None):
    """What a search of all rows finds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "INDEXED_FROM", 10**9)
        return library.nearest("passages", QUESTIONS, count=count, among=among)


def found(neighbours):
    return [
        set(zip(pieces, bars, strict=True))
        for pieces, bars in zip(neighbours.piece.tolist(), neighbours.bar.tolist(), strict=True)
    ]


def recall(library, **options):
    got, exact = library.nearest("passages", QUESTIONS, count=10, **options), exactly(library, **options)
    return np.mean([len(one & other) / 10 for one, other in zip(found(got), found(exact), strict=True)])


def test_nearly_all_is_found_and_measured_exactly(library):
    assert small.data_file(library, "index").name == "passages-000000.index"
    assert recall(library) > 0.9
    got, exact = library.nearest("passages", QUESTIONS, count=1), exactly(library, count=1)
    same = (got.piece == exact.piece) & (got.bar == exact.bar)
    assert np.array_equal(got.similarity[same], exact.similarity[same])
    assert same[:20].all()  # rows that are there


def test_all_lists_together_hold_every_row(library, monkeypatch):
    monkeypatch.setattr(candidates, "PROBES", 8.0)
    monkeypatch.setattr(candidates, "MEASURED", 1200)
    assert recall(library) == 1


def test_rows_that_came_later_are_found_beside_it(library):
    before = small.data_file(library, "index").read_bytes()
    small.add(library, [40], rows=ROWS)
    assert small.data_file(library, "index").read_bytes() == before
    got = library.nearest("passages", small.vectors_of(40, rows=ROWS), count=1)
    assert got.bar[:, 0].tolist() == list(range(ROWS))


def test_many_are_added_to_it_and_twice_as_many_made_anew(library):
    small.add(library, range(40, 50), rows=ROWS)
    foot = ListsFile(str(small.data_file(library, "index"))).foot
    assert (foot.count, foot.trained) == (1500, 1200)
    assert recall(library) > 0.9
    small.add(library, range(50, 90), rows=ROWS)
    foot = ListsFile(str(small.data_file(library, "index"))).foot
    assert (foot.count, foot.trained) == (2700, 2700)
    assert recall(library) > 0.9


def test_the_same_rows_make_the_same_index(library, tmp_path):
    again = small.made(tmp_path / "again", PIECES, rows=ROWS)
    assert small.data_file(again, "index").read_bytes() == small.data_file(library, "index").read_bytes()


def test_removed_pieces_are_not_found_again(library):
    numbers = {int(file.path): file.piece for file in library.files()}
    with library.writing() as writer:
        writer.remove_files([str(piece) for piece in range(28, 35)])
    got = library.nearest("passages", QUESTIONS, count=10)
    gone = {numbers[piece] for piece in range(28, 35)}
    assert not gone & set(got.piece.ravel().tolist())
    assert (got.piece >= 0).all()
    assert recall(library) > 0.9


def test_only_what_is_meant_is_found(library):
    meant = np.sort([file.piece for file in library.files() if int(file.path) % 4])  # 900 rows: by the index
    assert set(library.nearest("passages", QUESTIONS, count=10, among=meant).piece.ravel().tolist()) <= set(
        meant.tolist()
    )
    assert recall(library, among=meant) > 0.9
    few = meant[:3]
    assert recall(library, among=few) == 1


def test_what_is_asked_for_beyond_the_lists_is_looked_for_in_all(library):
    assert (library.nearest("passages", QUESTIONS, count=1150).piece >= 0).all()
    everything = library.nearest("passages", QUESTIONS[:2], count=1210)
    assert (everything.piece[:, :1200] >= 0).all()
    assert (everything.piece[:, 1200:] == -1).all()


def test_every_flipped_bit_is_noticed_and_answers_stay_right(library, tmp_path):
    path = small.data_file(library, "index")
    whole, exact = path.read_bytes(), found(exactly(library))
    random = np.random.default_rng(0)
    noticed = 0
    for _ in range(40):
        content = bytearray(whole)
        content[random.integers(len(content))] ^= 1 << int(random.integers(8))
        path.unlink()
        path.write_bytes(bytes(content))
        try:
            ListsFile(str(path)).require_sound(np.arange(64))
        except DamagedError:
            noticed += 1
        asked = FolderLibrary(library.folder)
        got = found(asked.nearest("passages", QUESTIONS, count=10))
        asked.close()
        assert np.mean([len(one & other) for one, other in zip(got, exact, strict=True)]) > 9
    assert noticed == 40
    with library.writing():
        pass
    assert small.data_file(library, "index").read_bytes() == whole
    assert not list(path.parent.glob("damaged-*"))


def test_a_library_without_its_index_answers_exactly(library):
    small.data_file(library, "index").unlink()
    assert recall(library) == 1


def test_an_index_that_is_taken_away_while_it_is_opened_is_not_there(library):
    path = small.data_file(library, "index")
    lists = ListsFile(str(path))
    path.rename(path.with_suffix(".away"))
    with pytest.raises(FileNotFoundError):
        engine.Engine(lists)


def test_what_is_compacted_gets_an_index_of_its_own(library):
    with library.writing() as writer:
        writer.remove_files([str(piece) for piece in range(15)])
    assert small.data_file(library, "index").name == "passages-000001.index"
    assert recall(library) > 0.9


def test_stretches_are_what_their_rows_are():
    stretches = Stretches.of([(10, 3), (2, 4), (20, 0)])
    assert [block.tolist() for block in stretches.blocks(5)] == [[2, 3, 4, 5, 10], [11, 12]]
    assert np.concatenate(list(stretches.without(14).blocks())).tolist() == [0, 1, 6, 7, 8, 9, 13]
    assert np.concatenate(list(stretches.between(4, 12).blocks())).tolist() == [4, 5, 10, 11]
    assert list(Stretches.of([]).blocks()) == []
