"""Pieces by a tune: where it lies, over files and over libraries, built before tunes were kept or after."""

import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.errors import SymbolicEmbedError, UsageError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.library import adding, by_tune
from symbolic_embed.library.adding import Addition, opened_or_new
from symbolic_embed.library.find import find
from symbolic_embed.library.rank import rank, rank_each
from symbolic_embed.library.sung import sung
from symbolic_embed.listening.melodies import HEARD
from symbolic_embed.notation import read
from symbolic_embed.requests import BuildLibraryRequest, FindRequest, RankRequest
from symbolic_embed.score import Notes, Score, ScoreWarning, Tempo, Track

COUNT = 9


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("music")
    songs = {f"{seed}.mid": pieces.piece(seed, bars=8) for seed in range(COUNT)}
    pieces.folder_of(folder, {**songs, "drums.mid": pieces.piece(3, parts=(pieces.drums,))})
    (folder / "twin.mid").write_bytes((folder / "4.mid").read_bytes())
    return folder


def built(folder, place, model):
    request = BuildLibraryRequest()
    library = opened_or_new(str(place), request, checkpoint=model.embedding_hash, has_passages=True)
    Addition(library, request, lambda: model).add(list(find_midi([str(folder)])), lambda outcome: None)
    return library


@pytest.fixture(scope="module")
def library(folder, embedder_with_passages, tmp_path_factory):
    opened = built(folder, tmp_path_factory.mktemp("library") / "lib", embedder_with_passages)
    yield opened
    opened.close()


def files(folder):
    return [(one.path, cut(read(one.path))) for one in find_midi([str(folder)])]


def hummed(seed=4, first=9, last=25, *, semitones=3, slower=1.3, offset=0, warnings=()):
    """Some notes of the tune of a piece, off its grid, in another key and tempo."""
    notes = pieces.piece(seed, bars=8).tracks[0].notes
    onset = ((notes.onset_ticks[first:last] - notes.onset_ticks[first]) * slower).astype(int) + offset
    length = [200] * (last - first)
    line = Notes.of(onset, length, notes.pitch[first:last].astype(int) + semitones, length)
    return cut(Score(480, (Track(line),), tempi=(Tempo(0, 500_000),), warnings=warnings))


def names(found):
    return [one.path.rpartition("/")[2] for one in found]


def test_a_tune_is_found_in_its_piece_part_key_and_bars(folder, embedder_with_passages):
    best, twin, other, *_ = find(hummed(), files(folder), embedder_with_passages, FindRequest(by="tune"))
    assert names([best, twin]) == ["4.mid", "twin.mid"]
    assert (best.transposition, best.track, best.bar, best.last_bar) == (-3, 0, 2, 5)
    assert best.distance < 0.02 < 0.5 < other.distance
    assert best.likeness == "same music"
    assert other.is_far


def test_rank_and_find_agree(folder, embedder_with_passages):
    matches = rank(hummed(), files(folder), embedder_with_passages, RankRequest(by="tune"))
    found = find(hummed(), files(folder), embedder_with_passages, FindRequest(by="tune"))
    assert len(matches) == COUNT + 2
    for match, place in zip(matches, found, strict=True):
        assert (match.path, match.distance, match.transposition, match.bar) == (
            *(place.path, place.distance, place.transposition, place.bar),
        )
        assert (match.likeness, match.probability) == (place.likeness, place.probability)
    assert matches[0].query_bar == 1
    assert names(matches[-1:]) == ["drums.mid"]  # where there is no line


@pytest.mark.parametrize("top", [None, 3])
def test_a_library_answers_as_files_do(folder, library, embedder_with_passages, top):
    for request, ask in ((RankRequest(by="tune", top=top), rank), (FindRequest(by="tune", top=top), find)):
        assert ask(hummed(), library, embedder_with_passages, request) == ask(
            hummed(), files(folder), embedder_with_passages, request
        )


def test_candidates_have_the_same_distances(library, embedder_with_passages, monkeypatch):
    whole = find(hummed(), library, embedder_with_passages, FindRequest(by="tune"))
    monkeypatch.setattr(by_tune, "TIMES_CANDIDATES", 1)
    some = find(hummed(), library, embedder_with_passages, FindRequest(by="tune", top=2, candidates=2))
    assert some == whole[:2]


def test_a_library_of_before_is_read_again_and_added_to(folder, embedder_with_passages, tmp_path, monkeypatch):
    before = adding.KEPT - {"tunes"}
    monkeypatch.setattr(adding, "KEPT", before)
    library = built(folder, tmp_path / "lib", embedder_with_passages)
    monkeypatch.undo()
    assert "tunes" not in library.kinds
    library.close()
    again = built(folder, tmp_path / "lib", embedder_with_passages)
    request = FindRequest(by="tune")
    assert find(hummed(), again, embedder_with_passages, request) == find(
        hummed(), files(folder), embedder_with_passages, request
    )
    again.close()


def test_what_of_it_is_gone_is_said(embedder_with_passages, tmp_path, monkeypatch):
    monkeypatch.setattr(adding, "KEPT", adding.KEPT - {"tunes"})
    pieces.folder_of(tmp_path / "music", {"a.mid": pieces.piece(1)})
    library = built(tmp_path / "music", tmp_path / "lib", embedder_with_passages)
    (tmp_path / "music" / "a.mid").unlink()
    with pytest.raises(SymbolicEmbedError, match=r"before tunes were kept, and .*a\.mid.* cannot be read .*build it"):
        find(hummed(), library, embedder_with_passages, FindRequest(by="tune"))
    library.close()


def test_only_what_is_meant_is_looked_through(library, embedder_with_passages):
    found = find(hummed(), library, embedder_with_passages, FindRequest(by="tune", where="path!~twin path!~drums"))
    assert len(found) == COUNT


def test_a_recording_is_looked_for_by_its_tune(folder, embedder_with_passages):
    heard = hummed(warnings=(ScoreWarning(HEARD, "heard"),))
    some = files(folder)[:3]
    by = [rank(heard, some, embedder_with_passages, RankRequest(by=by)) for by in (None, "tune", "all")]
    assert by[0] == by[1] != by[2]
    assert rank(hummed(), some, embedder_with_passages, RankRequest()) == by[2]
    found = [find(heard, some, embedder_with_passages, FindRequest(by=by)) for by in (None, "tune", "bars")]
    assert found[0] == found[1] != found[2]
    with pytest.raises(UsageError, match="some of the queries are recordings, others are not"):
        rank_each([heard, hummed()], some, embedder_with_passages, RankRequest())


def test_the_time_of_a_query_is_its_own_and_not_the_grid_s():
    onset = sung(hummed(slower=1.117, offset=77)).tune.onset
    ticks = hummed(slower=1.117).score.tracks[0].notes.onset_ticks
    assert onset - onset[0] == pytest.approx(ticks / 960)


def test_of_several_parts_the_one_that_leads_is_the_tune():
    whole = sung(cut(pieces.piece(4, bars=8)))
    assert whole.tune.pitch.tolist() == pieces.piece(4, bars=8).tracks[0].notes.pitch.tolist()
