"""What batches have in common: number n follows from seed and n alone, whoever loads it; rows in groups of a length."""

from itertools import islice

import numpy as np
import pytest
from strategies import of_notes
from torch.utils.data import DataLoader

from symbolic_embed.encodings import note_rows
from symbolic_embed.training.batches import Batches, row_groups

WINDOWS = of_notes([(0, 0, 60, 12), (12, 0, 64, 40)], [], [(5, 0, 62, 3)], [(step, 0, 70, 1) for step in range(9)])


class Numbers(Batches[int]):
    """A number drawn by chance."""

    def drawn(self, random):
        return int(random.integers(10**9))


def test_a_batch_follows_from_seed_and_number_alone():
    in_order = list(islice(Numbers(seed=3), 6))
    assert len(set(in_order)) == 6
    assert [Numbers(seed=3).batch(number) for number in (5, 0, 2)] == [in_order[number] for number in (5, 0, 2)]
    assert list(islice(Numbers(seed=3, first=4), 2)) == in_order[4:]
    assert Numbers(seed=4).batch(0) != in_order[0]
    assert Numbers(seed=3).batch(1) == int(np.random.default_rng([3, 1]).integers(10**9))


@pytest.mark.parametrize("loaders", [1, 2])
def test_processes_in_the_background_take_turns(loaders):
    loaded = DataLoader(Numbers(seed=3, first=2), batch_size=None, num_workers=loaders)
    assert list(islice(loaded, 7)) == list(islice(Numbers(seed=3, first=2), 7))


def test_groups_hold_every_window_once_the_shortest_first():
    groups = row_groups(WINDOWS, longest=5)
    assert sorted(np.concatenate([group.windows.numpy() for group in groups])) == [0, 1, 2, 3]
    assert [group.counts.tolist() for group in groups] == [[0], [1], [2], [5]]
    for group in groups:
        for window, padded, count in zip(*group, strict=True):
            expected, as_many = note_rows.encode(WINDOWS.where(np.array([window])))
            assert padded[:count].tolist() == expected[:5].tolist()
            assert count == min(as_many[0], 5)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_fewer_windows_than_groups(count):
    assert sum(len(group.windows) for group in row_groups(of_notes(*[[]] * count), longest=5)) == count
