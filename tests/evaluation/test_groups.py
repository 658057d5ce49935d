"""Labelled groups: average precision in the head and in loops, which pieces take part, and rivals in any key."""

from pathlib import Path

import numpy as np
import pieces
import pytest
import tiny
from evaluation.models import Embedding

from symbolic_embed.bars import cut
from symbolic_embed.corpus.collection import Entry, load_collection
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.evaluation.groups import (
    GroupTest,
    at_random,
    average_precisions,
    chroma_distances,
    gram_distances,
    group_rows,
    group_tests,
    labelled,
)

TUNES = GroupTest("tunes", ("a", "b"), begins="tune-")


def test_average_precision_in_the_head():
    """Companions first and third: (1/1 + 2/3) / 2. A piece of no group asks nothing, a lone one neither."""
    distance = np.array([[0, 1, 2, 3, 9.0]] * 5)
    groups = np.array(["x", "x", "", "x", "lone"])
    found, queries = average_precisions(distance, groups, seed=0)
    assert queries.tolist() == [0, 1, 3]
    assert found == pytest.approx([(1 / 1 + 2 / 3) / 2, (1 / 1 + 2 / 3) / 2, (1 / 1 + 2 / 2) / 2])


def test_average_precision_is_that_of_loops():
    random = np.random.default_rng(0)
    distance, groups = random.random((9, 9)), np.array(list("aabbbccd "), dtype=object)
    groups[8] = ""
    expected = []
    for query in range(9):
        others = sorted((number for number in range(9) if number != query), key=lambda n: distance[query, n])
        precisions, right = [], 0
        for rank, other in enumerate(others, start=1):
            if groups[other] == groups[query] != "":
                right += 1
                precisions.append(right / rank)
        expected += [sum(precisions) / right] if right else []
    assert average_precisions(distance, groups, seed=0)[0] == pytest.approx(expected)


def test_neighbours_gain_nothing_from_ties():
    """Two companions side by side in front of eight others, all equally far: in the order of columns the one finds the
    other at once; by chance it is at each of nine ranks as often, and the mean is (1 + 1/2 + ... + 1/9) / 9."""
    groups = np.array(["x", "x", *[""] * 8])
    means = [average_precisions(np.ones((10, 10)), groups, seed=seed)[0].mean() for seed in range(1000)]
    assert np.mean(means) == pytest.approx(sum(1 / rank for rank in range(1, 10)) / 9, rel=0.1)


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    """Set a: a tune in two keys, and another tune, in valid; a tune alone in test. Set b: no tunes, and one of a set of
    variations. Set c takes no part."""
    folder = tmp_path_factory.mktemp("groups")
    one = pieces.piece(1, parts=(pieces.melody, pieces.chords))
    other = pieces.piece(2, parts=(pieces.melody, pieces.chords))
    scores = {"1.mid": one, "2.mid": pieces.transposed(one, 3), "3.mid": other, "4.mid": pieces.transposed(other, -2)}
    groups = ["tune-1", "tune-1", "tune-2", "tune-2"]
    meta = {name: {"split": "valid", "group": group} for name, group in zip(scores, groups, strict=True)}
    pieces.folder_of(
        folder / "a",
        {**scores, "5.mid": pieces.piece(5)},
        meta={**meta, "5.mid": {"split": "test", "group": "tune-5"}},
    )
    noise = {f"{seed}.mid": pieces.piece(seed) for seed in (6, 7)}
    for name in "bc":
        pieces.folder_of(folder / name, noise, meta={name: {"split": "valid", "group": "variations"} for name in noise})
    return load_collection([folder]).entries


def test_which_pieces_take_part(music):
    found = labelled(TUNES, music, split="valid")
    assert found.groups.tolist() == ["tune-1", "tune-1", "tune-2", "tune-2"]
    with_all = labelled(GroupTest("tunes", ("a", "b"), begins="tune-", distractors=True), music, split="valid")
    assert with_all.groups.tolist() == ["tune-1", "tune-1", "tune-2", "tune-2", "", ""]
    assert {file.set_name for file in with_all.files} == {"a", "b"}
    assert labelled(TUNES, music, split="test").split == "valid"
    assert labelled(GroupTest("none", ("d",)), music, split="valid") is None


def test_every_set_with_groups_is_a_test_and_known_ones_keep_what_is_known_of_them():
    def file(set_name, group):
        return Entry(Path("x.mid"), set_name, "test", group=group)

    files = [file("zither", "g"), file("airs", "h"), file("quiet", None), file("nottingham", "tune-5")]
    assert [(test.name, test.sets, test.begins) for test in group_tests(files)] == [
        ("tune settings", ("cre_irish", "nottingham"), "tune-"),
        ("tune settings among all", ("cre_irish", "nottingham"), "tune-"),
        ("airs", ("airs",), ""),
        ("zither", ("zither",), ""),
    ]
    assert group_tests([file("quiet", None)]) == []


def test_files_of_no_split_take_part_whatever_split_is_asked_for():
    files = [Entry(Path(f"{n}.mid"), "own", split, group="g") for n, split in enumerate([None, None, "train"])]
    test = GroupTest("own", ("own",))
    assert [len(labelled(test, files, split=split).files) for split in ("test", "train")] == [2, 3]


def test_rivals_know_a_tune_in_any_key(music):
    barred = [cut(pieces.piece(1)), cut(pieces.transposed(pieces.piece(1), 3)), cut(pieces.piece(2))]
    for distance in (chroma_distances(barred, rotated=True), gram_distances(barred)):
        assert distance[0, 1] == pytest.approx(0, abs=1e-5)
        assert distance[0, 2] > 0.001
        assert distance == pytest.approx(distance.T, abs=1e-6)
    assert chroma_distances(barred, rotated=False)[0, 1] > 0.01


def test_a_score_is_moved_as_a_whole_and_stays_in_range():
    random = np.random.default_rng(0)
    score = pieces.transposed(pieces.piece(1), 40)
    seen = set()
    for _ in range(40):
        moved = at_random(score, random)
        for before, after in zip(score.tracks, moved.tracks, strict=True):
            difference = np.unique(after.notes.pitch.astype(int) % 12 - before.notes.pitch.astype(int) % 12) % 12
            assert after.notes.pitch.max() <= 127
            assert before.is_drum == (after.notes is before.notes)
            if not before.is_drum:
                seen.add(*set(difference.tolist()))
    assert seen == set(range(12))


@pytest.mark.parametrize("transposed", [False, True])
def test_rows_of_a_test(music, tmp_path, transposed):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    asked = {"test": TUNES, "split": "test", "transposed": transposed}
    rows = {row.who: row for row in group_rows(embedder, music, **asked)}
    suffix = ", transposed at random" if transposed else ""
    assert {row.test for row in rows.values()} == {f"groups: tunes{suffix} (from valid, not test)"}
    assert rows["n-grams"].value == rows["alignment"].value == 1
    assert rows["model"].sample == 4
    if transposed:
        assert rows["chroma"].value == rows["model"].value == rows["model, late interaction alone"].value == 1
    again = {row.who: row for row in group_rows(embedder, music, **asked)}
    assert again == rows


def test_a_test_without_its_set_has_no_rows(music):
    assert (
        list(group_rows(Embedding(None), music, test=GroupTest("none", ("d",)), split="valid", transposed=True)) == []
    )
