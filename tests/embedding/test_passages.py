"""Passages of a piece: which there are, in which order, of pieces of any length, and that nothing else counts."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.embedding import passages as passages_in_use
from symbolic_embed.embedding.checkpoint import write_checkpoint
from symbolic_embed.embedding.model import ModelSettings, PassageNetworks, PassageSettings
from symbolic_embed.embedding.passages import TOGETHER, PassageCells, PassageModel
from symbolic_embed.errors import CheckpointError
from symbolic_embed.networks.passages import SIZES

DIM = 8
SIZE = PassageSettings(hidden=12, channels=4, out=3)
MODEL = ModelSettings(dim=DIM, context_dim=4, channels=8, hidden=12)


def checkpoint_in(folder, *, settings=SIZE):
    torch.manual_seed(0)
    networks = PassageNetworks(SIZE, model=MODEL)
    card = {"model": MODEL.model_dump(), "passages": settings.model_dump()}
    return write_checkpoint(folder, parts={"passages": networks.state_dict()}, card=card)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return PassageModel.of(checkpoint_in(tmp_path_factory.mktemp("passages")))


def cells(places, *, bars, seed=0):
    """Cells of (track, bar), each with an embedding of its own, the role that of its track."""
    random = np.random.default_rng(seed)
    track, bar = np.array(places, np.int64).reshape(-1, 2).T
    vectors = random.normal(size=(len(track), DIM)).astype(np.float32)
    return PassageCells(vectors, track, bar, track % 4, bars)


def where(found):
    return list(zip(found.bars.tolist(), found.track.tolist(), found.bar.tolist(), strict=True))


def naive_places(places, *, bars, parts=True):
    """Passages of each size and line of which half of the bars sound, or as many as ever do in a line of so few."""
    length = max(bars, 2)
    lines = [TOGETHER, *sorted({track for track, _ in places})] if parts else [TOGETHER]
    found = []
    for size in SIZES:
        for line in lines:
            sounds = {bar for track, bar in places if line in (TOGETHER, track)}
            counts = [len(sounds & set(range(bar, bar + size))) for bar in range(length - size + 1)]
            needed = min(size / 2, max(counts, default=0))
            found += [(size, line, bar) for bar, count in enumerate(counts) if count and count >= needed]
    return found


def band(bars, *, tracks=(0, 1, 3)):
    return [(track, bar) for track in tracks for bar in range(bars)]


@given(st.integers(1, 12), st.data())
def test_passages_come_by_size_then_part_then_bar_where_half_of_the_bars_sound(model, bars, data):
    places = data.draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, bars - 1)), unique=True, max_size=25))
    for parts in (True, False):
        found = model.passages(cells(places, bars=bars), parts=parts)
        assert where(found) == naive_places(places, bars=bars, parts=parts)
        assert len(found) == len(found.track)
        assert found.turning.shape == (len(found), 12, SIZE.out)
        assert found.blind.shape == (len(found), 12 * SIZE.out)
        assert found.turning.dtype == found.blind.dtype == np.float32
        np.testing.assert_allclose(np.square(found.turning).sum(axis=(1, 2)), 1, atol=1e-5)
        np.testing.assert_allclose(np.square(found.blind).sum(axis=1), 1, atol=1e-5)


def test_pieces_of_one_bar_of_three_and_with_silence_in_the_head(model):
    assert where(model.passages(cells([(0, 0)], bars=1))) == [(2, TOGETHER, 0), (2, 0, 0)]
    assert where(model.passages(cells(band(3, tracks=(0,)), bars=3), parts=False)) == [
        (2, TOGETHER, 0),
        (2, TOGETHER, 1),
    ]
    some = model.passages(cells([(0, 0), (0, 5)], bars=6), parts=False)
    # Four bars never hold more than one of the two that sound: then one is enough.
    assert where(some) == [(size, TOGETHER, bar) for size, bar in [(2, 0), (2, 4), (4, 0), (4, 2)]]


def test_music_without_a_note_has_no_passages(model):
    for bars in (1, 9):
        found = model.passages(cells([], bars=bars))
        assert len(found) == 0
        assert found.turning.shape == (0, 12, SIZE.out)


def test_vectors_are_those_that_the_encoder_gives_the_bars_of_a_passage(model):
    piece = cells(band(9), bars=9)
    found = model.passages(piece)
    for number, (size, track, bar) in enumerate(where(found)):
        mine = (piece.bar >= bar) & (piece.bar < bar + size) & ((piece.track == track) | (track == TOGETHER))
        given = torch.from_numpy(piece.vectors[mine]), torch.from_numpy(piece.role[mine])
        slots = torch.from_numpy(piece.bar[mine] - bar)
        *_, last = model.encoder(model.encoder.unfolding(*given), slots=slots, lines=1, bars=size)
        np.testing.assert_allclose(found.turning[number].ravel(), last.turning[0, 0], atol=1e-5)
        np.testing.assert_allclose(found.blind[number], last.blind[0, 0], atol=1e-5)


def test_roles_count(model):
    piece = cells(band(2), bars=2)
    other = model.passages(replace(piece, role=(piece.role + 1) % 4))
    assert not np.allclose(other.blind, model.passages(piece).blind, atol=1e-3)


def test_many_parts_go_through_in_several_lots_and_nothing_changes(model, monkeypatch):
    piece = cells(band(5, tracks=range(7)), bars=5)
    at_once = model.passages(piece)
    monkeypatch.setattr(passages_in_use, "LINES", 3)
    in_lots = model.passages(piece)
    assert where(in_lots) == where(at_once)
    np.testing.assert_allclose(in_lots.turning, at_once.turning, atol=1e-5)
    np.testing.assert_allclose(in_lots.blind, at_once.blind, atol=1e-5)


def test_what_follows_does_not_change_what_came_before(model):
    """Nor do other parts change one alone."""
    longer = cells(band(9), bars=9)
    early = longer.bar < 4
    columns = (longer.vectors, longer.track, longer.bar, longer.role)
    short = model.passages(PassageCells(*(column[early] for column in columns), 4))
    among = model.passages(longer)
    among = among.where((among.bar + among.bars <= 4) & (among.bars < 8))
    assert where(short) == where(among)
    np.testing.assert_allclose(short.blind, among.blind, atol=1e-5)
    alone = model.passages(PassageCells(*(column[longer.track == 1] for column in columns), 9))
    among = model.passages(longer)
    np.testing.assert_allclose(alone.blind[alone.track == 1], among.where(among.track == 1).blind, atol=1e-5)
    np.testing.assert_allclose(alone.blind[alone.track == 1], alone.blind[alone.track == TOGETHER], atol=1e-5)


def test_those_that_a_mask_chooses(model):
    found = model.passages(cells(band(4), bars=4))
    some = found.where(found.bars == 4)
    assert where(some) == [(4, track, 0) for track in (TOGETHER, 0, 1, 3)]
    assert some.blind.tolist() == found.blind[-4:].tolist()
    assert some.turning.tolist() == found.turning[-4:].tolist()


def test_the_weights_are_those_of_the_checkpoint_and_do_not_learn(model):
    torch.manual_seed(0)
    fresh = PassageNetworks(SIZE, model=MODEL).encoder
    for mine, theirs in zip(model.encoder.parameters(), fresh.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-3, rtol=1e-3)
        assert not mine.requires_grad


def test_a_checkpoint_without_a_passage_encoder_says_so(tmp_path):
    checkpoint = tiny.embedder_checkpoint(tmp_path)
    with pytest.raises(CheckpointError) as refused:
        PassageModel.of(checkpoint)
    assert str(refused.value) == (
        f"{tmp_path}: no passage encoder in it; `train passages --checkpoint {tmp_path}` adds one, "
        "or leave passages out"
    )


def test_a_card_that_describes_another_encoder_is_refused(tmp_path):
    checkpoint = checkpoint_in(tmp_path, settings=PassageSettings(**{**SIZE.model_dump(), "out": 4}))
    with pytest.raises(CheckpointError, match="its card describes another model than it holds"):
        PassageModel.of(checkpoint)
