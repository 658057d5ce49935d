"""Splits: whole clusters, a tenth each held out, the same whatever the order of the files."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.corpus.splits import split_by_cluster, splits_and_clusters


def files(clusters):
    """For each file a sketch: its cluster's own hashes and one of its own."""
    return [np.array([1000 * cluster, 1000 * cluster + index], np.uint64) for index, cluster in enumerate(clusters)]


@given(st.lists(st.integers(0, 30), max_size=60), st.randoms())
def test_no_cluster_is_torn_and_order_does_not_matter(clusters, random):
    sketches = files(clusters)
    splits = split_by_cluster(np.array(clusters, np.int64), sketches)
    for cluster in set(clusters):
        assert len({split for split, other in zip(splits, clusters, strict=True) if other == cluster}) == 1
    order = list(range(len(clusters)))
    random.shuffle(order)
    names = {cluster: number for number, cluster in enumerate({clusters[i] for i in order})}  # other numbers, too
    renamed = np.array([names[clusters[i]] for i in order], np.int64)
    assert split_by_cluster(renamed, [sketches[i] for i in order]) == [splits[i] for i in order]


@pytest.mark.parametrize(
    ("clusters", "held_out"), [(0, 0), (1, 0), (2, 0), (3, 1), (14, 1), (15, 2), (16, 2), (20, 2), (100, 10)]
)
def test_a_tenth_of_the_clusters_each(clusters, held_out):
    splits = split_by_cluster(np.arange(clusters), files(range(clusters)))
    assert splits.count("test") == splits.count("valid") == held_out
    assert splits.count("train") == clusters - 2 * held_out


def test_a_new_file_moves_few_others():
    """With one cluster more, at most one changes sides at each of the two borders."""
    before = split_by_cluster(np.arange(50), files(range(50)))
    after = split_by_cluster(np.arange(51), files(range(51)))
    assert sum(one != other for one, other in zip(before, after, strict=False)) <= 2


GIVEN = [("", ""), ("train", "x"), ("test", "y"), ("", "y"), ("valid", ""), ("", "")]


def test_what_was_given_is_obeyed_and_versions_go_where_it_is():
    """Files 0 and 1 sound alike, so do 4 and 5; 2 and 3 were said to be one piece."""
    sketches = files([1, 1, 2, 3, 4, 4])
    labels = splits_and_clusters(GIVEN, sketches)
    assert [split for split, _ in labels] == ["train", "train", "test", "test", "valid", "valid"]
    names = [name for _, name in labels]
    assert names[:4] == ["x", "x", "y", "y"]
    assert names[4] == names[5]
    assert names[4] not in ("x", "y", "")


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.integers(0, 12)), max_size=40))
def test_no_file_without_a_split_is_torn_from_its_versions(pieces):
    """Whether somebody named them versions or they sound alike."""
    labels = splits_and_clusters([("", name) for name, _ in pieces], files([sound for _, sound in pieces]))
    for (split, cluster), (name, sound) in zip(labels, pieces, strict=True):
        assert split in ("train", "valid", "test")
        assert cluster
        for (other_split, other_cluster), (other_name, other_sound) in zip(labels, pieces, strict=True):
            if sound == other_sound or (name and name == other_name):
                assert split == other_split
            if name and name == other_name:
                assert cluster == other_cluster == name


def test_where_everything_was_given_nothing_is_compared():
    given = [("train", "x"), ("test", "x")]
    assert splits_and_clusters(given, [None, None]) == given
