"""Passages for the composer: drawn from seed and number, transposed as a whole; what was written before each part."""

from dataclasses import replace

import numpy as np
import pieces
import pytest
import torch

from symbolic_embed.bars import ROLES, WINDOW_STEPS
from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.passages import Passages, PassageSampler
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.encodings import note_rows
from symbolic_embed.encodings.patterns.material import COUNT
from symbolic_embed.encodings.patterns.sources import CANDIDATE_FEATURES
from symbolic_embed.score import TimeSignature
from symbolic_embed.training import composer_batches
from symbolic_embed.training.composer_batches import DOUBLED, DRUMS, OCTAVES, ComposerBatches, doubled, written_before
from symbolic_embed.training.settings import ComposerTraining

SETTINGS = ComposerTraining(pieces=3, windows=(3, 4), parts=3)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("passages"))


def batches(corpus, settings=SETTINGS):
    sampler = PassageSampler(corpus, split="train")
    return ComposerBatches(sampler, settings=settings, representation="pianoroll")


def flat(batch):
    return [batch] if isinstance(batch, torch.Tensor) else [tensor for part in batch for tensor in flat(part)]


def same(one, other):
    pairs = list(zip(flat(one), flat(other), strict=False))
    return len(flat(one)) == len(flat(other)) and all(torch.equal(a, b) for a, b in pairs)


def test_batches_follow_from_seed_and_number(corpus):
    assert same(batches(corpus).batch(2), batches(corpus).batch(2))
    assert not same(batches(corpus).batch(2), batches(corpus).batch(3))
    other = ComposerTraining(**{**SETTINGS.model_dump(), "seed": 1})
    assert not same(batches(corpus, other).batch(2), batches(corpus).batch(2))


def test_shapes_are_those_of_parts_pieces_and_steps(corpus):
    for number in range(6):
        batch = batches(corpus).batch(number)
        parts, steps = batch.plan.plays.shape
        assert steps in (3, 4)
        assert len(batch.cells.steps) == parts * (steps + 1)
        assert len(batch.bars.steps) == 3 * (steps + 1)
        assert len(batch.written.steps) == int(batch.follows.sum()) * steps
        assert sorted(torch.cat([group.windows for group in batch.targets]).tolist()) == list(range(parts * steps))
        assert batch.material.rolls.shape == (parts * steps, COUNT, 48, 128)
        assert batch.plan.features.shape == (3, steps, steps, CANDIDATE_FEATURES)
        assert batch.goes_on.shape == batch.places.shape == (3, steps)


def test_a_piece_is_transposed_as_a_whole_its_drums_are_not(corpus, monkeypatch):
    """Each piece by its own interval; the same windows without transposing are a constant away."""
    settings = ComposerTraining(pieces=2, windows=(3,), parts=4)
    transposed = batches(corpus, settings).batch(1)
    monkeypatch.setattr(composer_batches, "TRANSPOSITIONS", np.zeros(12, np.int64))
    plain = batches(corpus, settings).batch(1)
    assert transposed.piece.tolist() == plain.piece.tolist()
    intervals = {}
    for moved, still in zip(transposed.targets, plain.targets, strict=True):
        for window, ours, theirs, count in zip(still.windows, moved.rows, still.rows, still.counts, strict=True):
            assert ours[:count, [0, 2]].tolist() == theirs[:count, [0, 2]].tolist()
            difference = set((ours - theirs)[:count, 1].tolist())
            if count and theirs[0, 1] >= note_rows.FIRST_DRUM:
                assert difference == {0}
            elif count:
                intervals.setdefault(int(plain.piece[int(window) // 3]), set()).update(difference)
    assert sorted(intervals) == [0, 1]
    assert all(len(of_piece) == 1 for of_piece in intervals.values())
    assert {interval for of_piece in intervals.values() for interval in of_piece} != {0}


def test_what_was_written_before_is_all_earlier_parts_of_the_piece_step_by_step():
    """Parts 0 and 1 and 2 are of one piece, part 3 of another that has no more; two steps, cells numbered through."""
    none = np.zeros(0, np.int64)
    passages = Passages(np.array([0, 0, 0, 1]), none, none, none, none)
    now = np.arange(8).reshape(4, 2)
    sources, groups = written_before(passages, now)
    unions = {group: sorted(sources[groups == group].tolist()) for group in sorted(set(groups.tolist()))}
    assert unions == {0: [0], 1: [1], 2: [0, 2], 3: [1, 3]}
    alone = Passages(np.array([0, 1]), none, none, none, none)
    assert [part.tolist() for part in written_before(alone, np.arange(4).reshape(2, 2))] == [[], []]


def test_what_was_written_before_is_as_long_as_the_bar_that_is_written_now(tmp_path):
    """Bars of 3/4 and 2/4 in turn."""
    metres = tuple(TimeSignature(bar * 480 * 5 + half * 480 * 3, 3 - half, 4) for bar in range(6) for half in (0, 1))
    scores = {f"{n}.mid": replace(pieces.piece(n, bars=8), time_signatures=metres) for n in range(3)}
    meta = {name: {"split": "train", "cluster": name} for name in scores}
    folder = pieces.folder_of(tmp_path / "music", scores, meta=meta)
    corpus = prepare(load_collection([folder]), cache=tmp_path / "cache")
    batch = batches(corpus).batch(0)
    parts, steps = batch.plan.plays.shape
    of_cells = batch.cells.steps.reshape(parts, steps + 1)
    assert set(of_cells.unique().tolist()) >= {24, 36}
    assert batch.written.steps.tolist() == of_cells[batch.follows][:, 1:].flatten().tolist()


def test_a_rest_is_as_long_as_its_bar_and_before_the_piece_a_window_is_whole(corpus):
    sampler = PassageSampler(corpus, split="train")
    drawn = []
    really = sampler.draw
    sampler.draw = lambda **asked: drawn.append(really(**asked)) or drawn[-1]
    batch = ComposerBatches(sampler, settings=SETTINGS, representation="pianoroll").batch(4)
    (passages,) = drawn
    assert batch.cells.steps.tolist() == passages.length[passages.piece].ravel().tolist()
    assert batch.bars.steps.tolist() == passages.length.ravel().tolist()
    assert (passages.length[passages.bars < 0] == WINDOW_STEPS).all()


MELODY = ROLES.index("melody")


def always_doubled(*roles, most):
    """Roles and first cells of the parts of one piece, and octaves, where a part of it plays what another plays."""
    count = len(roles)
    cells = np.arange(count)[:, None] * 10 + np.arange(3)
    one_row = np.zeros((1, 3), np.int64)
    passages = Passages(np.zeros(count, np.int64), np.array(roles), cells, one_row, one_row + WINDOW_STEPS)
    for seed in range(1000):
        if np.random.default_rng(seed).random() < DOUBLED:
            result, octaves = doubled(passages, random=np.random.default_rng(seed), most=most)
            yield result.role.tolist(), (result.cells[:, 0] // 10).tolist(), octaves.tolist()


def test_where_there_is_room_a_part_is_doubled_by_one_more():
    seen = list(always_doubled(MELODY, DRUMS, MELODY, most=4))
    assert {tuple(roles) for roles, _, _ in seen} == {(MELODY, DRUMS, MELODY, MELODY)}
    assert {tuple(plays) for _, plays, _ in seen} == {(0, 1, 2, 0), (0, 1, 2, 2)}
    assert {tuple(octaves[:3]) for _, _, octaves in seen} == {(0, 0, 0)}
    assert {octaves[3] for _, _, octaves in seen} == set(OCTAVES)


def test_where_there_is_none_the_last_that_is_not_of_drums_doubles_another():
    seen = list(always_doubled(MELODY, MELODY, DRUMS, most=3))
    assert {(tuple(roles), tuple(plays)) for roles, plays, _ in seen} == {((MELODY, MELODY, DRUMS), (0, 0, 2))}


@pytest.mark.parametrize(("roles", "most"), [((DRUMS, DRUMS), 3), ((MELODY, DRUMS), 2), ((MELODY,), 1)])
def test_where_nothing_can_double_all_stay(roles, most):
    for found, plays, octaves in always_doubled(*roles, most=most):
        assert (tuple(found), plays, octaves) == (roles, list(range(len(roles))), [0] * len(roles))


def test_parts_of_several_pieces_stay_neighbours_and_most_are_not_doubled(corpus):
    sampler = PassageSampler(corpus, split="train")
    random = np.random.default_rng(3)
    passages = sampler.draw(pieces=200, parts=3, steps=3, random=random)
    result, octaves = doubled(passages, random=random, most=4)
    assert (np.diff(result.piece) >= 0).all()
    assert len(result.piece) == len(result.role) == len(result.cells) == len(octaves)
    more = np.bincount(result.piece) - np.bincount(passages.piece)
    assert set(more.tolist()) == {0, 1}
    assert 0.05 < more.mean() < 0.25
