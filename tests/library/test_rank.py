"""Ranking: what is found, in which order, and with what beside it."""

from dataclasses import replace

import numpy as np
import pieces
import pytest
import tiny

from symbolic_embed.bars import cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import CheckpointError
from symbolic_embed.library import building
from symbolic_embed.library.building import featured
from symbolic_embed.library.features import Needs
from symbolic_embed.library.matrix import compare
from symbolic_embed.library.rank import rank
from symbolic_embed.requests import CompareRequest, RankRequest
from symbolic_embed.score import Score
from symbolic_embed.similarity.learnt_passages import passage_distances, together

BAND = {f"{seed}.mid": cut(pieces.piece(seed, bars=4)) for seed in range(5)}


def ranked(embedder, query, candidates, **fields):
    return rank(query, candidates.items(), embedder, RankRequest(**fields))


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_a_piece_finds_itself_first_at_distance_0(embedder, metric):
    matches = ranked(embedder, BAND["3.mid"], BAND, metric=metric)
    assert (matches[0].path, matches[0].distance, matches[0].transposition) == ("3.mid", 0.0, 0)
    assert {match.path for match in matches} == set(BAND)
    distances = [match.distance for match in matches]
    assert distances == sorted(distances)
    assert distances[1] > 0


@pytest.mark.parametrize("transpose", [False, True])
def test_by_passages_pieces_are_ranked_by_the_distance_of_their_passages(embedder_with_passages, transpose):
    matches = ranked(embedder_with_passages, BAND["3.mid"], BAND, by="passages", transpose=transpose)
    assert (matches[0].path, matches[0].distance, matches[0].transposition) == ("3.mid", 0.0, 0)
    known = featured(BAND.items(), embedder_with_passages, Needs.of("passages"))
    learnt = {piece.path: together(piece.passages) for piece in known}
    for match in matches:
        expected = passage_distances(learnt["3.mid"], [learnt[match.path]], versions=12 if transpose else 1)
        assert match.distance == match.why.passages == pytest.approx(expected.min(), abs=1e-5)
        assert (match.why.harmony, match.why.melody, match.why.rhythm) == (None, None, None)
        assert (match.likeness, match.probability) == (None, None)
    assert [match.distance for match in matches] == sorted(match.distance for match in matches)
    assert matches[1].distance > 0


def test_by_passages_two_pieces_are_as_far_from_either_side(embedder_with_passages):
    """Whichever of the two is moved."""
    shorter, longer = cut(pieces.piece(1, bars=4)), cut(pieces.piece(2, bars=9))
    (one,) = ranked(embedder_with_passages, shorter, {"a": longer}, by="passages", transpose=True)
    (other,) = ranked(embedder_with_passages, longer, {"a": shorter}, by="passages", transpose=True)
    assert one.distance == other.distance
    assert (one.transposition + other.transposition) % 12 == 0


def test_where_there_is_no_note_bars_count_instead_of_passages(embedder_with_passages):
    (match,) = ranked(embedder_with_passages, BAND["1.mid"], {"silent": cut(Score(480))}, by="passages")
    assert match.why.passages is None
    assert match.distance == match.why.bars


def test_why_tells_of_passages_where_there_is_an_encoder_and_leaves_them_out_silently_where_not(
    embedder, embedder_with_passages, capfd
):
    told, untold = (ranked(model, BAND["0.mid"], BAND, why=True) for model in (embedder_with_passages, embedder))
    reasons = {match.path: match.why for match in told}
    assert reasons["0.mid"].passages == 0
    assert all(why.passages > 0 for path, why in reasons.items() if path != "0.mid")
    assert {path: replace(why, passages=None) for path, why in reasons.items()} == {
        match.path: match.why for match in untold
    }
    assert all(np.isfinite([match.why.harmony, match.why.melody, match.why.rhythm]).all() for match in untold)
    assert capfd.readouterr() == ("", "")


def test_by_passages_without_an_encoder_is_refused_in_one_line(tmp_path):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    with pytest.raises(CheckpointError) as refused:
        ranked(embedder, BAND["0.mid"], BAND, by="passages")
    assert str(refused.value) == (
        f"{tmp_path}: no passage encoder in it; `train passages --checkpoint {tmp_path}` adds one, "
        "or leave passages out"
    )


def test_copies_all_stay_ordered_by_path(embedder):
    copies = dict.fromkeys(("z.mid", "a.mid", "m.mid"), BAND["2.mid"])
    matches = ranked(embedder, BAND["2.mid"], {**BAND, **copies})
    assert [(match.path, match.distance) for match in matches[:4]] == [
        ("2.mid", 0.0),
        ("a.mid", 0.0),
        ("m.mid", 0.0),
        ("z.mid", 0.0),
    ]


def first_bars(score, count):
    """The same score up to a barline."""
    return replace(
        score,
        tracks=tuple(
            replace(track, notes=track.notes.where(track.notes.onset_ticks < count * 4 * pieces.QUARTER))
            for track in score.tracks
        ),
    )


@pytest.mark.parametrize("bars", [3, 4, 6])
@pytest.mark.parametrize("semitones", [-5, -1, 3, 5])
def test_a_transposed_copy_is_found_and_says_by_how_much(embedder, bars, semitones):
    """With fewer, as many, and more bars than the query: whichever is embedded again, it is the query that moves."""
    whole = pieces.piece(7, bars=6)
    moved = pieces.transposed(first_bars(whole, bars), semitones)
    match = ranked(embedder, cut(first_bars(whole, 4)), {"moved.mid": cut(moved)}, transpose=True)[0]
    assert match.transposition == semitones
    assert (match.distance == 0) == (bars == 4)


def test_the_best_pair_of_bars_is_named(embedder):
    whole = pieces.piece(9, bars=6)
    melody = whole.tracks[0].notes
    third_bar = (melody.onset_ticks >= 2 * 4 * 480) & (melody.onset_ticks < 3 * 4 * 480)
    alone = cut(pieces.Score(480, (pieces.Track(melody.where(third_bar)),)))
    query = cut(pieces.Score(480, (pieces.Track(melody),)))
    match = ranked(embedder, query, {"bar.mid": alone})[0]
    assert (match.query_bar, match.bar) == (3, 3)  # alone, the bar still stands where it stood


def test_bars_are_ranked_by_the_nearest_bar_of_the_query(embedder):
    matches = ranked(embedder, BAND["1.mid"], BAND, level="bar")
    assert len(matches) == sum(piece.bars for piece in BAND.values())
    own = [match for match in matches if match.path == "1.mid"]
    assert matches[:4] == own
    assert [(match.distance, match.query_bar, match.bar) for match in own] == [(0.0, n, n) for n in (1, 2, 3, 4)]


def test_a_transposed_bar_is_found(embedder):
    moved = {"moved.mid": cut(pieces.transposed(pieces.piece(1, bars=4), 4))}
    matches = ranked(embedder, BAND["1.mid"], moved, level="bar", transpose=True)
    assert [(match.distance, match.transposition, match.query_bar) for match in matches] == [
        (0.0, 4, n) for n in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize("level", ["piece", "bar"])
def test_top_keeps_the_first(embedder, level):
    whole = ranked(embedder, BAND["0.mid"], BAND, level=level)
    assert ranked(embedder, BAND["0.mid"], BAND, level=level, top=3) == whole[:3]


def test_nothing_to_rank_is_an_empty_list(embedder):
    assert ranked(embedder, BAND["0.mid"], {}) == []


def test_company_and_order_change_nothing(embedder):
    alone = {path: ranked(embedder, BAND["0.mid"], {path: piece})[0].distance for path, piece in BAND.items()}
    backwards = dict(reversed(BAND.items()))
    together = {match.path: match.distance for match in ranked(embedder, BAND["0.mid"], backwards)}
    assert alone == together


@pytest.mark.parametrize("level", ["piece", "bar"])
def test_progress_sees_every_piece(embedder, level):
    seen = []

    def listening(work, total):
        seen.append(total)
        for piece in work:
            seen.append(piece.path)
            yield piece

    rank(BAND["0.mid"], BAND.items(), embedder, RankRequest(level=level), progress=listening)
    assert seen == [len(BAND), *BAND]


@pytest.mark.parametrize("by", ["all", "passages", "harmony", "bars"])
def test_with_a_passage_encoder_a_query_hears_what_the_matrix_says(embedder_with_passages, by):
    scores = [pieces.piece(seed, bars=2 + seed % 3, parts=(pieces.melody, pieces.bass)) for seed in range(4)]
    several = [(str(n), cut(score)) for n, score in enumerate([*scores, pieces.transposed(scores[0], 3)])]
    matrix = compare(several, embedder_with_passages, CompareRequest(transpose=True, by=by))[1]
    for number, (_, query) in enumerate(several):
        matches = rank(query, several, embedder_with_passages, RankRequest(transpose=True, by=by))
        assert {int(match.path): np.float32(match.distance) for match in matches} == dict(enumerate(matrix[number]))


def test_with_passages_no_piece_but_the_query_is_embedded_in_other_keys(embedder_with_passages, monkeypatch):
    several = [(str(seed), cut(pieces.piece(seed, bars=3))) for seed in range(3)]
    moved = []
    really = building._moved
    monkeypatch.setattr(building, "_moved", lambda windows, by: moved.append(by) or really(windows, by))
    matches = rank(several[1][1], several, embedder_with_passages, RankRequest(transpose=True))
    assert sorted(by for by in moved if by) == sorted({match.transposition for match in matches} - {0})
    moved.clear()
    compare(several, embedder_with_passages, CompareRequest(transpose=True))
    assert not any(moved)
