"""From pieces to features: what is computed, from which bars, in which keys, and how many pieces are taken ahead."""

import sys
from dataclasses import replace

import numpy as np
import pieces
import pytest
import tiny
from stores import assert_same

from symbolic_embed.bars import ROLES, bar_windows, cell_windows, cut
from symbolic_embed.embedding import batches
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.passages import TOGETHER, PassageCells
from symbolic_embed.errors import CheckpointError
from symbolic_embed.library import building
from symbolic_embed.library.building import build, count_of, featured, in_keys
from symbolic_embed.library.features import KINDS, Needs, always, known
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.library.unembedded import unembedded
from symbolic_embed.score import Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.similarity import harmony
from symbolic_embed.similarity.transposing import TRANSPOSITIONS, precedence

QUARTER = 480


@pytest.fixture
def embedder(embedder_with_passages):
    """One that knows every kind of features."""
    return embedder_with_passages


def notes_at(*quarters, pitch=60, length=1):
    onsets = [quarter * QUARTER for quarter in quarters]
    return Notes.of(onsets, [length * QUARTER] * len(onsets), [pitch] * len(onsets), [80] * len(onsets))


def features(embedder, score, *kinds, **needs):
    (piece,) = featured([("a.mid", cut(score))], embedder, Needs.of(*kinds, **needs))
    return piece


def bars_of(notes, **needs):
    return unembedded("a.mid", cut(Score(QUARTER, (Track(notes),) if notes else ())), Needs.of("bars", **needs)).bars


def test_silent_bars_are_left_out_unless_they_are_needed():
    gaps = notes_at(0, 8, 17)
    assert bars_of(gaps).number.tolist() == [0, 2, 4]
    assert bars_of(gaps, silence=True).number.tolist() == [0, 1, 2, 3, 4]
    assert bars_of(gaps, silence=True).is_sounding.tolist() == [True, False, True, False, True]


def test_a_bar_in_which_a_note_is_held_sounds():
    assert bars_of(notes_at(0, length=8)).number.tolist() == [0, 1]


def test_silence_counts_where_there_is_nothing_else():
    silent = bars_of(None)
    assert silent.number.tolist() == list(range(cut(Score(QUARTER)).bars))
    assert silent.is_sounding.all()


def test_embeddings_are_those_of_the_bars_and_cells(embedder):
    barred = cut(pieces.piece(1))
    piece = features(embedder, pieces.piece(1), "bars", "cells")
    cells = embedder.embed_cells(barred)
    assert np.array_equal(known(piece.bars).vectors, embedder.embed_bars(barred))
    for name in ("vectors", "track", "bar"):
        assert np.array_equal(getattr(known(piece.cells), name), getattr(cells, name))
    roles = [barred.roles[track] for track in cells.track]
    assert [ROLES[role] for role in known(piece.cells).role] == roles


def test_a_long_bar_is_one_row(embedder):
    long = Score(QUARTER, (Track(notes_at(0, 5, 7, 13)),), time_signatures=(TimeSignature(0, 7, 4),))
    windows = bar_windows(cut(long))
    piece = features(embedder, long, "bars", "cells", "bar_notes", in_all_keys=always)
    assert len(windows) == len(known(piece.bar_notes)) == 4
    assert known(piece.bars).versions.shape == (12, 2, embedder.dim)
    moved = embedder.of_bars(embedder.embed_windows(windows.transposed(TRANSPOSITIONS[3])), np.array([0, 2]))
    assert np.array_equal(known(piece.bars).versions[3], moved)


def test_passages_are_those_of_the_cells_in_the_roles_of_their_parts(embedder):
    barred = cut(pieces.piece(1))
    found = features(embedder, pieces.piece(1), "passages").passages
    cells = embedder.embed_cells(barred)
    role = np.array([ROLES.index(barred.roles[track]) for track in cells.track])
    expected = embedder.passage_model.passages(PassageCells(cells.vectors, cells.track, cells.bar, role, barred.bars))
    assert len(found) > 30
    for name in ("track", "bar", "bars", "turning", "blind"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))


def test_passages_are_made_of_the_cells_in_the_pieces_own_key(embedder):
    alone = features(embedder, pieces.piece(1), "passages")
    among = features(embedder, pieces.piece(1), "passages", "cells", in_all_keys=always)
    assert len(known(among.cells).versions) == 12
    assert_same(alone, among.only(frozenset({"passages"})))


def test_a_long_bar_is_one_bar_of_a_passage_and_music_without_a_note_has_none(embedder):
    long = Score(QUARTER, (Track(notes_at(*range(28))),), time_signatures=(TimeSignature(0, 7, 4),))  # 4 bars
    found = features(embedder, long, "passages").passages
    together = found.where(found.track == TOGETHER)
    assert list(zip(together.bars, together.bar, strict=True)) == [(2, 0), (2, 1), (2, 2), (4, 0)]
    assert len(features(embedder, Score(QUARTER), "passages").passages) == 0


def test_passages_that_are_there_are_not_made_again(embedder, monkeypatch):
    store = MemoryStore(embedder.embedding_hash, frozenset({"passages"}))
    build([("a", cut(pieces.piece(1)))], embedder, store)
    monkeypatch.setattr(building, "passages_of", None)
    (piece,) = featured(store, embedder, Needs.of("passages"))
    assert_same(piece, store.get("a"))


def test_without_a_passage_encoder_passages_are_refused_and_all_else_is_known(tmp_path):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    others = [kind for kind in KINDS if kind != "passages"]
    assert features(embedder, pieces.piece(1), *others).kinds == set(others)
    with pytest.raises(CheckpointError, match=f"^{tmp_path}: no passage encoder in it; .* or leave passages out$"):
        features(embedder, pieces.piece(1), "passages")


def test_versions_are_those_of_the_transposed_piece(embedder):
    score = pieces.piece(3)
    piece = features(embedder, score, "bars", "cells", in_all_keys=always)
    for number, semitones in enumerate(TRANSPOSITIONS):
        alone = features(embedder, pieces.transposed(score, semitones), "bars", "cells")
        assert np.array_equal(known(piece.bars).versions[number], known(alone.bars).vectors)
        assert np.array_equal(known(piece.cells).versions[number], known(alone.cells).vectors)


def test_only_chosen_pieces_are_embedded_in_all_keys(embedder):
    several = [(str(bars), cut(pieces.piece(bars, bars=bars))) for bars in (5, 2, 4)]
    needs = Needs.of("bars", "precedence", in_all_keys=lambda piece: known(piece.precedence)[0] < 5)
    found = list(featured(several, embedder, needs))
    assert [(piece.path, known(piece.bars).versions.shape[:2]) for piece in found] == [
        ("5", (1, 5)),
        ("2", (12, 2)),
        ("4", (12, 4)),
    ]


def test_versions_that_are_there_are_not_computed_again(embedder, monkeypatch):
    store = MemoryStore(embedder.embedding_hash, frozenset({"bars", "bar_notes"}))
    build([("a", cut(pieces.piece(1)))], embedder, store)
    counted = []
    monkeypatch.setattr(
        building, "in_keys", lambda embedder, music: in_keys(embedder, (counted.append(one) or one for one in music))
    )
    (piece,) = featured(store, embedder, Needs.of("bars", in_all_keys=always))
    assert [intervals for _, _, intervals in counted] == [TRANSPOSITIONS[1:], ()]
    at_once = features(embedder, pieces.piece(1), "bars", in_all_keys=always)
    assert np.array_equal(piece.bars.versions, at_once.bars.versions)


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_alone_is_what_it_is_among_all(embedder, kind):
    alone = features(embedder, pieces.piece(2), kind)
    assert alone.kinds == {kind}
    assert_same(alone, features(embedder, pieces.piece(2), *KINDS).only(frozenset({kind})))


def test_nothing_is_computed_that_is_not_needed(monkeypatch):
    for name in ("bar_windows", "cell_windows", "melody", "_content", "_outline", "precedence"):
        monkeypatch.setattr(sys.modules[unembedded.__module__], name, None)
    monkeypatch.setattr(harmony, "passages", lambda barred: "passages")
    assert unembedded("a", cut(pieces.piece(1)), Needs.of("harmony")).kinds == {"harmony"}


def test_precedence_is_that_of_the_sounding_bars(embedder):
    gaps = Score(QUARTER, (Track(notes_at(0, 8)),))
    windows = bar_windows(cut(gaps)).where(np.array([0, 2]))
    for silence in (False, True):
        assert features(embedder, gaps, "precedence", silence=silence).precedence == precedence(windows)


def test_content_is_the_notes_and_nothing_else(embedder):
    score = pieces.piece(1)
    louder = replace(
        score,
        source="another name",
        tempi=(Tempo(0, 400_000),),
        tracks=tuple(
            replace(track, name="x", notes=Notes.of(*track.notes.rows().T[:3], track.notes.velocity // 2))
            for track in score.tracks
        ),
    )
    hashes = [features(embedder, one, "content").content for one in (score, louder, pieces.transposed(score, 1))]
    assert hashes[0] == hashes[1] != hashes[2]
    assert len(hashes[0]) == 64


def test_the_outline(embedder):
    tune = Track(notes_at(4, 5, 6), name="Tune", program=73)
    kit = Track(notes_at(4, pitch=36), name="Kit", channel=9)
    score = Score(
        QUARTER,
        (tune, kit),
        tempi=(Tempo(0, 1_000_000), Tempo(4 * QUARTER, 500_000)),
        time_signatures=(TimeSignature(0, 4, 4), TimeSignature(4 * QUARTER, 3, 4), TimeSignature(7 * QUARTER, 3, 4)),
    )
    outline = features(embedder, score, "outline").outline
    assert (outline.bars, outline.metre, outline.tempo) == (2, "4/4", 120.0)
    assert [(part.name, part.program, part.role) for part in outline.parts] == [
        ("Tune", 73, "melody"),
        ("Kit", 0, "drums"),
    ]
    assert outline.pitch_classes.tolist() == [3.0] + [0.0] * 11


def test_notes_are_windows_of_bars_and_cells(embedder):
    piece = features(embedder, pieces.piece(4), "bar_notes", "cell_notes")
    for windows, expected in ((piece.bar_notes, bar_windows), (piece.cell_notes, cell_windows)):
        assert np.array_equal(windows.content_hashes(), expected(cut(pieces.piece(4))).content_hashes())


def test_company_and_order_change_nothing(embedder):
    several = [(str(seed), cut(pieces.piece(seed, bars=1 + seed))) for seed in range(5)]
    needs = Needs(frozenset(KINDS), in_all_keys=lambda piece: piece.path in "13")
    together = list(featured(several, embedder, needs))
    assert [piece.path for piece in together] == [path for path, _ in several]
    for piece, named in zip(together, several, strict=True):
        (alone,) = featured([named], embedder, needs)
        assert_same(piece, alone)


def test_pieces_are_taken_only_as_they_are_needed(embedder, monkeypatch):
    """Of pieces of two bars, pools of four windows (and one for the cells that are not needed) hold one or two."""
    taken = []

    def reading():
        for number in range(20):
            taken.append(number)
            yield str(number), cut(pieces.piece(number, bars=2))

    monkeypatch.setattr(building, "embed_each", lambda *given: batches.embed_each(*given, pool=4))
    next(featured(reading(), embedder, Needs.of("bars")))
    assert len(taken) <= 5


def test_how_many_pieces_there_are_is_known_of_what_has_a_length(embedder):
    assert count_of([("a", None)]) == 1
    assert count_of(MemoryStore("", frozenset())) == 0
    assert count_of(iter([])) is None
