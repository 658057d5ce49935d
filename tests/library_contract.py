"""What every library must do: a test of a new one subclasses `LibraryContract` and says how one is made and opened."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
import stores
from stores import ALL, BAND, assert_same

from symbolic_embed.embedding.passages import TOGETHER
from symbolic_embed.errors import LibraryError, LibraryInUseError
from symbolic_embed.library.building import featured
from symbolic_embed.library.channels import rows_of
from symbolic_embed.library.features import Features, Kind, Needs, known
from symbolic_embed.library.stores.library import File, Library

FACTS = {"metre": ["3/4"], "tempo": [90.5], "name": ["Strings \udcff", "Bass"], "named_key": [], "drums": ["drums"]}
RANKED: frozenset[Kind] = frozenset({"bars", "harmony", "melody", "passages"})


def half(array):
    return array.astype(np.float16).astype(np.float32)


def as_kept(piece: Features) -> Features:
    """What a library keeps of a piece: the same, but for what is kept in half precision."""
    if piece.passages is None:
        return piece
    turning, of_parts = piece.passages.turning.copy(), piece.passages.track != TOGETHER
    turning[of_parts] = half(turning[of_parts])
    return replace(piece, passages=replace(piece.passages, turning=turning, blind=half(piece.passages.blind)))


def file_at(path: str, piece: int | None, *, sha256: str = "", problem: str | None = None, size: int = 7) -> File:
    return File(path, size=size, changed_ns=10**18 + 1, sha256=sha256 or f"of {path!a}", problem=problem, piece=piece)


class LibraryContract(stores.StoreContract):
    """The tests. A subclass defines `empty`, which makes a library, and `again`, which opens it once more."""

    def again(self, library: Library) -> Library:
        raise NotImplementedError

    def kept(self, piece):
        return as_kept(piece)

    @pytest.fixture
    def given(self, embedder):
        """The features of three pieces, without paths."""
        return [replace(piece, path="") for piece in featured(BAND.items(), embedder, Needs(ALL))]

    @pytest.fixture
    def library(self, embedder, tmp_path):
        library = self.empty(embedder.hash, ALL, tmp_path)
        yield library
        library.close()

    @pytest.fixture
    def filled(self, library, given):
        """Three pieces of four files, and a rejected one."""
        with library.writing() as writer:
            numbers = [writer.add_piece(str(number), piece, FACTS) for number, piece in enumerate(given)]
            for path, piece in (("c", 0), ("a", 1), ("b", 2), ("d", 1)):
                writer.put_file(file_at(path, numbers[piece], sha256=str(piece)))
            writer.put_file(file_at("bad\udcff\n", None, problem="no MIDI \udcff"))
        return library

    def test_it_is_a_library_and_says_how_its_files_were_read(self, library):
        assert isinstance(library, Library)
        assert library.options == {}
        assert (library.files(), len(library)) == ([], 0)

    def test_files_come_sorted_with_all_that_was_said_of_them(self, filled):
        assert [file.path for file in filled.files()] == ["a", "b", "bad\udcff\n", "c", "d"]
        assert filled.files()[2] == file_at("bad\udcff\n", None, problem="no MIDI \udcff")
        assert filled.files()[4].piece == filled.files()[0].piece
        assert len(set(numbers_of(filled).values())) == 3
        assert len(filled) == 4

    def test_opened_again_it_is_the_same(self, filled):
        again = self.again(filled)
        assert (again.checkpoint, again.kinds, again.options) == (filled.checkpoint, filled.kinds, filled.options)
        assert again.files() == filled.files()
        for one, other in zip(again, filled, strict=True):
            assert_same(one, other)
        again.close()

    def test_a_piece_comes_once_for_each_of_its_files(self, filled):
        assert [piece.path for piece in filled] == ["c", "a", "b", "d"]
        assert filled.get("d").content == filled.get("a").content != filled.get("b").content
        with pytest.raises(LookupError):
            filled.get("bad\udcff\n")

    def test_some_kinds_of_some_pieces_are_read_in_order(self, filled, given):
        numbers = [numbers_of(filled)["b"], numbers_of(filled)["c"]]
        found = list(filled.read(numbers, frozenset({"melody", "bars"})))
        for piece, expected in zip(found, (given[2], given[0]), strict=True):
            assert_same(piece, expected.only(frozenset({"melody", "bars"})))

    def test_what_rank_compares_is_read_without_parts(self, filled, given):
        (piece,) = filled.read([numbers_of(filled)["a"]], RANKED, together=True)
        passages = known(given[1].passages)
        whole = passages.where(passages.track == TOGETHER)
        assert np.array_equal(known(piece.passages).turning, whole.turning)
        assert_same(piece.only(RANKED - {"passages"}), given[1].only(RANKED - {"passages"}))

    def test_facts_come_back(self, filled):
        assert filled.facts([numbers_of(filled)["a"], numbers_of(filled)["b"]]) == [FACTS, FACTS]

    def test_each_row_is_nearest_to_itself_with_its_place(self, filled, given):
        rows = rows_of(given[2])["passages"]
        found = filled.nearest("passages", rows.vectors, count=1)
        assert found.similarity.dtype == np.float32
        assert found.similarity == pytest.approx(1, abs=0.01)
        best = filled.nearest("passages", rows.vectors, count=3, among=np.array([numbers_of(filled)["b"]]))
        assert set(best.piece.ravel().tolist()) <= {numbers_of(filled)["b"], -1}
        own = (rows.track[:, None], rows.bar[:, None], rows.bars[:, None])
        there = (best.track == own[0]) & (best.bar == own[1]) & (best.bars == own[2])
        same = best.similarity > best.similarity[:, :1] - 1e-3
        assert (there | ~there.any(axis=1, keepdims=True) & same).any(axis=1).all()

    def test_the_nearest_are_those_of_a_naive_search(self, filled, given):
        questions = rows_of(given[0])["passages"].vectors[:5]
        vectors = np.concatenate([half(rows_of(piece)["passages"].vectors) for piece in given])
        expected = -np.sort(-(questions @ vectors.T), axis=1)[:, :7]
        found = filled.nearest("passages", questions, count=7)
        assert np.allclose(found.similarity, expected, atol=2e-3)
        assert (np.diff(found.similarity, axis=1) <= 0).all()

    def test_where_there_are_fewer_rows_the_rest_is_no_piece(self, filled, given):
        count = sum(len(rows_of(piece)["passages"]) for piece in given)
        found = filled.nearest("passages", rows_of(given[0])["passages"].vectors[:2], count=count + 3)
        assert (found.piece[:, :count] >= 0).all()
        assert (found.piece[:, count:] == -1).all()

    def test_an_empty_library_has_no_neighbours(self, library):
        assert (library.nearest("passages", np.ones((2, 36), np.float32), count=4).piece == -1).all()

    def test_pieces_go_with_their_last_file_and_are_not_found_again(self, filled, given):
        numbers = numbers_of(filled)
        with filled.writing() as writer:
            assert writer.remove_files(["a", "c", "nowhere"]) == 2
        assert [file.path for file in filled.files()] == ["b", "bad\udcff\n", "d"]
        found = filled.nearest("passages", rows_of(given[0])["passages"].vectors, count=1000)
        assert set(found.piece.ravel().tolist()) == {numbers["b"], numbers["d"], -1}
        with pytest.raises(LibraryError, match="no longer in the library"):
            list(filled.read([numbers["c"]], frozenset({"bars"})))
        gone = filled.nearest(
            "passages", rows_of(given[0])["passages"].vectors, count=2, among=np.array([numbers["c"]])
        )
        assert (gone.piece == -1).all()

    def test_numbers_are_given_once(self, filled, given):
        numbers = numbers_of(filled)
        with filled.writing() as writer:
            writer.remove_files(["b"])
        with filled.writing() as writer:
            assert writer.piece_of("2") is None
            assert writer.add_piece("2", given[2], FACTS) not in numbers.values()

    def test_the_same_bytes_are_one_piece(self, filled, given):
        with filled.writing() as writer:
            assert writer.piece_of("1") == writer.add_piece("1", given[1], FACTS) == numbers_of(filled)["a"]

    def test_a_file_that_changed_leaves_no_piece_behind(self, filled, given):
        number = numbers_of(filled)["c"]
        with filled.writing() as writer:
            writer.put_file(file_at("c", writer.piece_of("2"), sha256="2"))
        assert [piece.path for piece in filled] == ["c", "a", "b", "d"]
        with pytest.raises(LibraryError):
            list(filled.read([number], frozenset({"bars"})))

    def test_nothing_is_seen_before_its_commit(self, filled, given):
        reader = self.again(filled)
        with filled.writing() as writer:
            number = writer.add_piece("more", given[0], FACTS)
            writer.put_file(file_at("more", number))
            assert writer.piece_of("more") == number
            assert len(reader) == 4
            found = reader.nearest("passages", rows_of(given[0])["passages"].vectors, count=1000)
            assert number not in found.piece
            writer.commit()
            assert len(reader) == 5
            assert number in reader.nearest("passages", rows_of(given[0])["passages"].vectors, count=1000).piece
        reader.close()

    def test_what_breaks_off_leaves_the_last_commit(self, filled, given):
        before = filled.files()
        with suppress(ZeroDivisionError), filled.writing() as writer:
            writer.add_piece("more", given[0], FACTS)
            writer.remove_files(["a", "b"])
            raise ZeroDivisionError
        assert filled.files() == before
        with filled.writing() as writer:
            assert writer.piece_of("more") is None

    def test_a_second_writer_is_refused_in_a_line(self, filled):
        other = self.again(filled)
        with filled.writing(), pytest.raises(LibraryInUseError, match="wait until"), other.writing():
            pass
        with other.writing() as writer:
            assert writer.piece_of("1") is not None
        other.close()

    def test_a_file_of_a_piece_that_is_not_there_is_refused(self, library):
        with library.writing() as writer, pytest.raises(LookupError, match="belongs to piece 17"):
            writer.put_file(file_at("a", 17))


def numbers_of(library: Library) -> dict[str, int]:
    """The piece of each file that has one."""
    return {file.path: file.piece for file in library.files() if file.piece is not None}
