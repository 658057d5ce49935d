"""Batches: number n of a run follows from its seed and n alone."""

from itertools import islice

import numpy as np
import pieces
import pytest
import tiny
import torch
from lightning_fabric.utilities import move_data_to_device
from torch.utils.data import DataLoader

from symbolic_embed.corpus.pairs import PairSampler
from symbolic_embed.embedding.model import encoder_input
from symbolic_embed.encodings import note_rows
from symbolic_embed.training.embedder_batches import EmbedderBatches
from symbolic_embed.training.settings import EmbedderTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("batches"))


def batches(corpus, *, first=0, **settings):
    cells = PairSampler(corpus, corpus.cells, split="train", by_role=True)
    bars = PairSampler(corpus, corpus.bars, split="train", by_role=False)
    chosen = EmbedderTraining(model=tiny.PIANOROLL, **{"pairs": 10, "bar_share": 0.4, **settings})
    return EmbedderBatches(cells, bars, settings=chosen, first=first)


def flat(batch):
    """All tensors of a batch, nested tuples or not."""
    if batch is None:
        return []
    return [batch] if isinstance(batch, torch.Tensor) else [tensor for part in batch for tensor in flat(part)]


def same(one, other):
    pairs = zip(flat(one), flat(other), strict=True)
    return all(a.shape == b.shape and torch.equal(a, b) for a, b in pairs)


def test_a_batch_follows_from_seed_and_number_alone(corpus):
    in_order = list(islice(batches(corpus), 4))
    assert not same(in_order[0], in_order[1])
    for number in (3, 0, 2):
        assert same(batches(corpus).batch(number), in_order[number])
    assert not same(batches(corpus, seed=1).batch(0), in_order[0])


def test_a_resumed_run_sees_what_it_would_have_seen(corpus):
    whole = list(islice(batches(corpus), 5))
    resumed = list(islice(batches(corpus, first=3), 2))
    assert all(same(one, other) for one, other in zip(whole[3:], resumed, strict=True))


def test_processes_in_the_background_load_the_same_batches_in_the_same_order(corpus):
    expected = list(islice(batches(corpus, first=2), 5))
    loaded = islice(DataLoader(batches(corpus, first=2), batch_size=None, num_workers=2), 5)
    assert all(same(one, other) for one, other in zip(loaded, expected, strict=True))


def test_all_of_a_batch_moves_to_another_device(corpus):
    """Tensors on "meta" have no memory, but a place: what stayed behind would stop a GPU."""
    batch = batches(corpus).batch(0)
    moved = move_data_to_device(batch, torch.device("meta"))
    assert type(moved) is type(batch)
    assert len(flat(moved)) == len(flat(batch))
    assert {tensor.device.type for tensor in flat(moved)} == {"meta"}


def test_a_batch_is_cells_and_bars_and_what_the_decoder_must_write(corpus):
    batch = batches(corpus).batch(0)
    assert batch.cells.ignored.shape == (6, 6)
    assert batch.bars.ignored.shape == (4, 4)
    numbers = torch.cat([windows for windows, _, _ in batch.targets])
    assert sorted(numbers.tolist()) == list(range(6))
    for windows, rows, counts in batch.targets:
        assert rows.shape == (len(windows), int(counts.max()), 3)


def test_a_share_of_the_anchors_is_written_back_from_all_over_the_batch(corpus):
    batch, all_of_it = (batches(corpus, pairs=20, decoded=decoded).batch(0) for decoded in (4, 96))
    of_window = {
        int(window): notes[:count].tolist()
        for windows, rows, counts in all_of_it.targets
        for window, notes, count in zip(windows, rows, counts, strict=True)
    }
    assert sorted(of_window) == list(range(12))
    written = {
        int(window): notes[:count].tolist()
        for windows, rows, counts in batch.targets
        for window, notes, count in zip(windows, rows, counts, strict=True)
    }
    assert sorted(written) == [0, 3, 7, 11]
    assert all(of_window[window] == notes for window, notes in written.items())


def test_the_decoder_must_write_the_anchors(corpus):
    """Encoding the rows of the targets gives the anchors' own input back, held notes aside."""
    batch = batches(corpus).batch(0)
    rows, counts = [None] * 6, [0] * 6
    for windows, padded, kept in batch.targets:
        for window, notes, count in zip(windows.tolist(), padded, kept.tolist(), strict=True):
            rows[window], counts[window] = notes[:count].numpy(), count
    decoded = note_rows.decode(np.concatenate(rows), np.array(counts), steps=np.full(6, 48))
    again = encoder_input(decoded, representation="pianoroll")
    struck = lambda bags: sorted(bags.onsets[bags.onsets < 6 * 128].tolist())  # noqa: E731
    assert struck(again) == struck(batch.cells.anchors)


@pytest.mark.parametrize(("share", "bars"), [(0, None), (0.1, None), (0.2, 2), (0.9, 8), (1, 8)])
def test_the_share_of_bars(corpus, share, bars):
    """One pair has nobody to be told from, and makes no batch; two cells are always left, to be reconstructed."""
    batch = batches(corpus, bar_share=share).batch(0)
    assert (None if batch.bars is None else len(batch.bars.ignored)) == bars
    assert len(batch.cells.ignored) == 10 - (bars or 0)
