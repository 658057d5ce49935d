"""An earlier archive: what it says of itself, and what is not added to it."""

import os

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.errors import CheckpointError, InputError, OutputError
from symbolic_embed.files.archives import write_npz
from symbolic_embed.library.appending import Earlier
from symbolic_embed.library.arrays import embedded


@pytest.fixture
def archive(tmp_path, embedder):
    """x.npz, of one piece."""
    return made(tmp_path / "x.npz", embedder)


def made(path, embedder, *, without=(), **others):
    with embedded([("a.mid", cut(pieces.piece(1, bars=2)))], embedder=embedder, level="cell") as arrays:
        kept = {name: array for name, array in {**arrays, **others}.items() if name not in without}
        with open(path, "wb") as file:
            write_npz(file, kept)
    return str(path)


def test_an_archive_says_what_it_is(archive, embedder):
    earlier = Earlier.opened(archive)
    assert (earlier.paths, earlier.level, earlier.precision) == ({"a.mid"}, "cell", "float32")
    assert earlier.checkpoint == embedder.hash
    earlier.require_alike(level="cell", precision="float32", checkpoint=embedder.hash)
    assert [earlier.precision_for(wish) for wish in ("auto", "bfloat16")] == ["float32", "bfloat16"]


@pytest.mark.parametrize(
    ("asked", "kind", "said"),
    [
        ({"level": "bar"}, OutputError, "made with `level` cell, bar is asked for; give `level` cell, or name another"),
        (
            {"precision": "float16"},
            OutputError,
            "made with `precision` float32, float16 is asked for; give `precision` f",
        ),
        ({"checkpoint": "0" * 64}, CheckpointError, "this is 000000000000; give that `checkpoint`, or name another"),
    ],
)
def test_what_is_made_otherwise_is_not_added(archive, embedder, asked, kind, said):
    earlier = Earlier.opened(archive)
    with pytest.raises(kind) as caught:
        earlier.require_alike(**{"level": "cell", "precision": "float32", "checkpoint": embedder.hash, **asked})
    assert str(caught.value).startswith(f"{archive}: made with ")
    assert said in str(caught.value)


def test_an_archive_of_another_version_or_of_something_else_is_refused(tmp_path, embedder):
    def refusal(kind, **fields):
        with pytest.raises(kind) as caught:
            Earlier.opened(made(tmp_path / "x.npz", embedder, **fields))
        return str(caught.value).removeprefix(str(tmp_path / "x.npz"))

    assert refusal(OutputError, without=("format",)).startswith(": format 1, this version makes 2, and the two are not")
    assert refusal(OutputError, format=np.array(3)).startswith(": format 3, this version makes 2")
    assert refusal(InputError, without=("bar_piece",)).startswith(": there is no bar_piece in it; not an archive of")
    assert refusal(OutputError, mine=np.zeros(1)).startswith(
        ": holds mine, of which level cell knows nothing and which"
    )
    assert refusal(InputError, precision=np.array("int8")).startswith(": made in int8, known are float32, bfloat16, fl")


def test_what_has_changed_meanwhile_is_seen(archive):
    earlier = Earlier.opened(archive)
    earlier.require_unchanged()
    status = os.stat(archive)
    os.utime(archive, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    with pytest.raises(
        OutputError, match=r"x\.npz: has been changed meanwhile, and stays as it is now; run this again"
    ):
        earlier.require_unchanged()
