"""A library is searched: the answers are those of the files, from candidates and from all."""

import os
from dataclasses import replace

import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.errors import CheckpointError, SymbolicEmbedError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.library import find as finding
from symbolic_embed.library.adding import Addition, opened_or_new
from symbolic_embed.library.find import find, find_each
from symbolic_embed.library.rank import rank, rank_each
from symbolic_embed.library.stores.opening import open_library
from symbolic_embed.notation import read
from symbolic_embed.requests import BuildLibraryRequest, FindRequest, RankRequest

COUNT = 30
PARTS = (pieces.melody, pieces.bass)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pieces of two to thirteen bars, one of them twice, one moved to another key."""
    folder = tmp_path_factory.mktemp("music")
    scores = {f"{seed:02}.mid": pieces.piece(seed, bars=2 + seed % 12, parts=PARTS) for seed in range(COUNT)}
    pieces.folder_of(folder, {**scores, "moved.mid": pieces.transposed(scores["08.mid"], 3)})
    (folder / "twin.mid").write_bytes((folder / "09.mid").read_bytes())
    return folder


@pytest.fixture(scope="module")
def library(folder, embedder_with_passages, tmp_path_factory):
    place, model, request = (
        str(tmp_path_factory.mktemp("library") / "lib"),
        embedder_with_passages,
        BuildLibraryRequest(),
    )
    opened = opened_or_new(place, request, checkpoint=model.embedding_hash, has_passages=True)
    Addition(opened, request, lambda: model).add(list(find_midi([str(folder)])), lambda outcome: None)
    yield opened
    opened.close()


def of_files(folder):
    return [(one.path, cut(read(one.path))) for one in find_midi([str(folder)])]


def query(seed=8, semitones=-2):
    return cut(pieces.transposed(pieces.piece(seed, bars=2 + seed % 12, parts=PARTS), semitones))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"transpose": True},
        {"transpose": True, "why": True, "top": 7},
        {"by": "harmony", "transpose": True},
        {"by": "melody", "top": 5, "candidates": 0},
        {"by": "rhythm", "top": 5, "candidates": 3},
        {"by": "passages", "transpose": True},
        {"by": "bars", "transpose": True, "top": 3, "candidates": 2},
        {"metric": "cosine", "transpose": True},
        {"level": "bar", "transpose": True, "top": 9, "candidates": 2},
        {"weights": "harmony=.5,rhythm=2", "transpose": True},
        {"tracks": "0", "transpose": True, "top": 100},
        {"where": "bars>8", "transpose": True},
    ],
)
def test_a_library_answers_as_the_files_do(library, folder, embedder_with_passages, fields):
    request = RankRequest(**fields)
    files = of_files(folder)
    if "where" in fields:
        files = [(path, barred) for path, barred in files if barred.bars > 8]
    expected = rank(query(), files, embedder_with_passages, request)
    assert rank(query(), library, embedder_with_passages, request) == expected
    assert expected


@pytest.mark.parametrize("by", ["all", "harmony", "melody"])
def test_of_candidates_the_nearest_come_with_the_same_digits(library, folder, embedder_with_passages, by):
    request = RankRequest(transpose=True, top=3, candidates=8, by=by)
    found = rank(query(), library, embedder_with_passages, request)
    exact = {match.path: match for match in rank(query(), of_files(folder), embedder_with_passages, request)}
    assert found[0] == exact[found[0].path]
    assert {os.path.basename(match.path) for match in found[:2]} == {"08.mid", "moved.mid"}


def test_no_more_pieces_are_measured_than_candidates(library, embedder_with_passages):
    seen = []

    def listening(work, total):
        for piece in work:
            seen.append(piece.path)
            yield piece

    rank(query(), library, embedder_with_passages, RankRequest(top=2, candidates=5), progress=listening)
    assert len(seen) == 5


def test_of_drums_alone_more_pieces_are_measured(library, embedder_with_passages):
    """Nothing but what is learnt says which they may be: all 31 pieces are fewer than NARROWED times two."""
    groove = cut(pieces.piece(3, bars=4, parts=(pieces.drums,)))
    found = rank(groove, library, embedder_with_passages, RankRequest(top=2, candidates=2))
    assert found == rank(groove, library, embedder_with_passages, RankRequest(top=2, candidates=0))


def test_all_files_of_one_content_come(library, embedder_with_passages):
    found = rank(query(9, 0), library, embedder_with_passages, RankRequest(top=2, candidates=4))
    assert [(os.path.basename(match.path), match.distance) for match in found] == [("09.mid", 0), ("twin.mid", 0)]


def test_several_queries_get_each_its_own_answer(library, folder, embedder_with_passages):
    request = RankRequest(transpose=True, top=4, candidates=6)
    queries = [query(), query(5, 1)]
    for pieces_ in (library, of_files(folder)):
        each = rank_each(queries, pieces_, embedder_with_passages, request)
        assert each == [rank(one, pieces_, embedder_with_passages, request) for one in queries]


@pytest.mark.parametrize("fields", [{}, {"top": 3}, {"top": 3, "where": "bars>8"}])
def test_a_fragment_is_found_as_in_the_files(library, folder, embedder_with_passages, fields):
    files = of_files(folder)
    if "where" in fields:
        files = [(path, barred) for path, barred in files if barred.bars > 8]
    request = FindRequest(**fields)
    expected = find(query(11, 4), files, embedder_with_passages, request)
    assert find(query(11, 4), library, embedder_with_passages, request) == expected


def test_a_fragment_is_found_among_candidates(library, embedder_with_passages):
    one, other = query(11, 4), query(8, 0)
    request = FindRequest(top=1, candidates=3)
    found = find_each([one, other], library, embedder_with_passages, request)
    assert [(os.path.basename(place.path), place.transposition) for (place,) in found] == [
        ("11.mid", -4),
        ("08.mid", 0),
    ]


def test_a_fragment_is_laid_along_the_likeliest_with_the_digits_of_all(library, embedder_with_passages, monkeypatch):
    """The rest of the candidates is not looked at when several in a row were none of the nearest."""
    seen = []

    def listening(work, total):
        for piece in work:
            seen.append(piece.path)
            yield piece

    monkeypatch.setattr(finding, "BESIDES", 2)
    monkeypatch.setattr(finding, "PATIENCE", 4)
    request = FindRequest(top=2, candidates=20)
    found = find(query(11, 4), library, embedder_with_passages, request, progress=listening)
    everywhere = find(query(11, 4), library, embedder_with_passages, FindRequest())
    assert len(found) == 2
    assert found[0] == everywhere[0]
    assert found[1] in everywhere
    assert 4 < len(seen) < 20


@pytest.mark.parametrize(("count", "looked_at", "laid"), [(100, 41, 12), (400, 161, 42)])
def test_the_more_candidates_are_asked_for_the_more_are_looked_at_and_laid(monkeypatch, count, looked_at, laid):
    """Of candidates each of which may cost more than the one before."""
    seen = []
    monkeypatch.setattr(finding, "about_least", lambda ways, number: seen.append(number) or float(number))
    assert finding._likeliest(None, range(count), top=2, count=count) == list(range(laid))
    assert len(seen) == looked_at + 1


def test_a_library_of_another_checkpoint_is_refused_with_both_hashes(library, embedder_with_passages):
    card = dict(embedder_with_passages.card)
    other = replace(embedder_with_passages, card={**card, "weights": {**card["weights"], "passages": "b" * 64}})
    assert other.embedding_hash != library.checkpoint
    with pytest.raises(CheckpointError, match=f"{library.checkpoint[:12]}, this is {other.embedding_hash[:12]}"):
        rank(query(), library, other, RankRequest())


def test_what_a_library_lacks_is_said(embedder_with_passages, tmp_path):
    from symbolic_embed.library.stores.opening import new_library

    place = str(tmp_path / "lib")
    new_library(place, checkpoint=embedder_with_passages.embedding_hash, kinds=frozenset({"bars"})).close()
    with pytest.raises(SymbolicEmbedError, match="holds no harmony, melody, passages"):
        rank(query(), open_library(place), embedder_with_passages, RankRequest())
