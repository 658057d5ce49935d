"""Which pieces of a library are worth measuring: by sketches that lie beside it, or by channels."""

import os
import shutil

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.files.folders import find_midi
from symbolic_embed.library import likeliest as choosing
from symbolic_embed.library import sketch_file
from symbolic_embed.library.adding import Addition, opened_or_new
from symbolic_embed.library.estimating import _chamfer
from symbolic_embed.library.likeliest import likeliest
from symbolic_embed.library.measuring import Asked
from symbolic_embed.library.rank import rank
from symbolic_embed.library.sketch_file import sketches_of
from symbolic_embed.library.sketches import SORTS, Rows, along
from symbolic_embed.library.stores.folder.data import SKETCHES
from symbolic_embed.library.stores.opening import open_library
from symbolic_embed.library.within import Within
from symbolic_embed.requests import BuildLibraryRequest, RankRequest
from symbolic_embed.similarity.likeness import Likeness

COUNT = 12
PARTS = (pieces.melody, pieces.bass)


def piece(seed):
    return pieces.piece(seed, bars=2 + seed % 12, parts=(pieces.drums,) if seed % 6 == 5 else PARTS)


def added(place, folder, model):
    """A library with what is in a folder."""
    request = BuildLibraryRequest()
    library = opened_or_new(place, request, checkpoint=model.embedding_hash, has_passages=True)
    Addition(library, request, lambda: model).add(list(find_midi([str(folder)])), lambda outcome: None)
    library.close()
    return open_library(place)


@pytest.fixture(scope="module")
def built(embedder_with_passages, tmp_path_factory):
    """Melodies with a bass, and drums; and a library of them."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "music").mkdir()
    pieces.folder_of(folder / "music", {f"{seed:02}.mid": piece(seed) for seed in range(COUNT)})
    added(str(folder / "lib"), folder / "music", embedder_with_passages).close()
    return folder


@pytest.fixture
def library(built, tmp_path):
    """The same library, as it was built."""
    library = open_library(str(shutil.copytree(built / "lib", tmp_path / "lib")))
    yield library
    library.close()


def numbers_of(library):
    return Within.of(library, checkpoint=library.checkpoint).numbers


def sketch_path(library):
    return os.path.join(library.folder, SKETCHES)


def query_of(seed):
    return cut(pieces.transposed(piece(seed), 3)) if seed % 6 != 5 else cut(piece(seed))


def asked_of(seed, embedder, **likeness):
    return Asked.of(query_of(seed), embedder, Likeness(transpose=True, **likeness))


def test_a_copy_is_near_along_few_axes():
    """What lies beside the axes adds nothing where nothing lies between two along them, and all where much does."""
    random = np.random.default_rng(0)
    points, axes = random.normal(size=(9, 8)).astype(np.float32), np.eye(8, 3, dtype=np.float32)
    here, other = along(points, axes), along(points + 100, axes)
    rows = Rows(*(np.concatenate(pair).astype(np.float16) for pair in zip(here, other, strict=True)), np.array([9, 9]))
    same, apart = _chamfer(*here, rows, np.arange(2), beside=1.0)
    assert same < 0.1
    assert apart > 100 * 8**0.5 - 10


@pytest.mark.parametrize("parts", ["all", "harmony", "melody", "passages"])
@pytest.mark.parametrize("seed", [3, 8, 11])
def test_the_nearest_is_among_the_likeliest(library, embedder_with_passages, parts, seed):
    within = Within.of(library, checkpoint=library.checkpoint)
    asked = asked_of(seed, embedder_with_passages, parts=parts)
    (found,) = likeliest([asked], within, count=3)
    request = RankRequest(transpose=True, by=parts, top=1, candidates=0)
    (nearest,) = rank(query_of(seed), library, embedder_with_passages, request)
    assert len(found) == len(set(found)) == 3
    assert nearest.path in {within.paths[number][0] for number in found}
    if parts == "all":
        assert os.path.basename(within.paths[found[0]][0]) == f"{seed:02}.mid"


@pytest.mark.parametrize("where", [None, "bars>8"])
@pytest.mark.parametrize("transpose", [True, False])
def test_nearly_all_candidates_give_the_answer_of_all(library, embedder_with_passages, where, transpose):
    for seed in (0, 5, 8):
        asked = RankRequest(transpose=transpose, top=3, candidates=8, where=where)
        exact = rank(cut(piece(seed)), library, embedder_with_passages, asked.model_copy(update={"candidates": 0}))
        assert rank(cut(piece(seed)), library, embedder_with_passages, asked)[0] == exact[0]


def test_sketches_are_made_once_and_read_again(library, embedder_with_passages, monkeypatch):
    made = sketches_of(library, numbers_of(library))
    monkeypatch.setattr(sketch_file, "sketched", None)
    again = sketches_of(open_library(library.folder), numbers_of(library))
    for sort in SORTS:
        for name in ("vectors", "beside", "counts"):
            assert np.array_equal(getattr(made.rows[sort], name), getattr(again.rows[sort], name))
    for name in ("numbers", "lines", "notes", "harmony", "learnt", "profiles"):
        assert np.array_equal(getattr(made, name), getattr(again, name))


def test_of_pieces_that_come_later_sketches_are_added(library, embedder_with_passages, tmp_path):
    before = sketches_of(library, numbers_of(library))
    pieces.folder_of(tmp_path, {f"{seed}.mid": piece(seed) for seed in range(30, 36)})
    later = added(library.folder, tmp_path, embedder_with_passages)
    after = sketches_of(later, numbers_of(later))
    assert after.numbers[:COUNT].tolist() == before.numbers.tolist()
    assert len(after.numbers) == len(numbers_of(later)) == COUNT + 6
    assert all(np.array_equal(after.axes[name], before.axes[name]) for name in before.axes)
    kept = sketch_file._loaded(library.folder, library.checkpoint)
    assert kept.numbers.tolist() == after.numbers.tolist()


def test_what_nothing_was_known_of_lies_beside(embedder_with_passages, tmp_path):
    """A library of drums gets melodies: of harmony there were no axes."""
    drums = tmp_path / "drums"
    drums.mkdir()
    pieces.folder_of(drums, {f"{seed}.mid": piece(seed) for seed in range(5, 18, 6)})
    library = added(str(tmp_path / "other"), drums, embedder_with_passages)
    assert not sketches_of(library, numbers_of(library)).rows["harmony"].counts.any()
    pieces.folder_of(drums, {"tune.mid": piece(8)})
    later = added(library.folder, drums, embedder_with_passages)
    within = Within.of(later, checkpoint=later.checkpoint)
    (found,) = likeliest([asked_of(8, embedder_with_passages)], within, count=2)
    assert os.path.basename(within.paths[found[0]][0]) == "tune.mid"


@pytest.mark.parametrize("harm", ["empty", "short", "cut off", "head", "end", "of another checkpoint"])
def test_a_harmed_file_is_made_again(library, harm):
    sketches_of(library, numbers_of(library))
    with open(sketch_path(library), "rb") as file:
        whole = file.read()
    flipped = {"head": 60, "end": len(whole) - 3}
    content = bytearray({"empty": b"", "short": b"12345", "cut off": whole[:-100]}.get(harm, whole))
    if harm in flipped:
        content[flipped[harm]] ^= 16
    if harm == "of another checkpoint":
        other = sketch_file._loaded(library.folder, library.checkpoint)
        content = sketch_file._bytes_of(other, "b" * 64)
    with open(sketch_path(library), "wb") as file:
        file.write(content)
    assert sketch_file._loaded(library.folder, library.checkpoint) is None
    sketches_of(open_library(library.folder), numbers_of(library))
    with open(sketch_path(library), "rb") as file:
        assert file.read() == whole


def test_where_the_file_cannot_be_written_it_goes_without(library, embedder_with_passages):
    os.makedirs(sketch_path(library))
    within = Within.of(library, checkpoint=library.checkpoint)
    (found,) = likeliest([asked_of(8, embedder_with_passages)], within, count=1)
    assert os.path.basename(within.paths[found[0]][0]) == "08.mid"
    assert os.path.isdir(sketch_path(library))


def test_who_mends_a_library_takes_its_sketches_away(library):
    from symbolic_embed.library.stores.folder.damage import mark

    sketches_of(library, numbers_of(library))
    mark(library.folder, "1")
    library.mend()
    assert not os.path.exists(sketch_path(library))


@pytest.mark.parametrize("without", ["folder", "few"])
def test_without_sketches_channels_choose(library, embedder_with_passages, monkeypatch, without):
    path = sketch_path(library)
    if without == "folder":
        monkeypatch.setattr(library, "folder", None)
    else:
        monkeypatch.setattr(choosing, "LARGEST", COUNT - 1)
    within = Within.of(library, checkpoint=library.checkpoint)
    (found,) = likeliest([asked_of(8, embedder_with_passages)], within, count=3)
    assert os.path.basename(within.paths[found[0]][0]) == "08.mid"
    assert not os.path.exists(path)


def test_some_files_of_a_library_are_chosen_from(library, embedder_with_passages):
    whole = Within.of(library, checkpoint=library.checkpoint)
    within = Within(library, {number: paths for number, paths in whole.paths.items() if "08.mid" not in paths[0]})
    (found,) = likeliest([asked_of(8, embedder_with_passages)], within, count=COUNT)
    assert sorted(found) == within.numbers.tolist()


def test_along_axes_nothing_is_lost():
    points = np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)
    axes = np.linalg.qr(np.random.default_rng(1).normal(size=(8, 3)))[0].astype(np.float32)
    vectors, beside = along(points, axes)
    assert np.allclose((vectors**2).sum(1) + beside, (points**2).sum(1), atol=1e-5)
