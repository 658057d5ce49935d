"""The verbs for Python."""

import composers
import numpy as np
import pieces
import pytest
import tiny
from guitar import guitar

import symbolic_embed
from symbolic_embed.bars import cut
from symbolic_embed.errors import CheckpointError, InputError, MidiError, UsageError
from symbolic_embed.score import read


@pytest.fixture
def songs(tmp_path):
    return pieces.folder_of(tmp_path / "songs", {f"{seed}.mid": pieces.piece(seed, bars=2) for seed in range(3)})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny.embedder_checkpoint(tmp_path_factory.mktemp("model")).folder


def test_a_folder_or_a_loaded_model_will_do(songs, folder):
    model = symbolic_embed.load_checkpoint(folder, jobs=2)
    by_model = symbolic_embed.rank(songs / "1.mid", songs, checkpoint=model)
    assert by_model == symbolic_embed.rank(str(songs / "1.mid"), [str(songs)], checkpoint=str(folder))
    assert (by_model[0].path, by_model[0].distance) == (str(songs / "1.mid"), 0.0)


def test_embed_gives_the_arrays_of_the_command(songs, folder):
    arrays = symbolic_embed.embed([songs / "2.mid", songs / "0.mid"], checkpoint=folder, level="cell")
    assert arrays["paths"].tolist() == [str(songs / "0.mid"), str(songs / "2.mid")]
    assert arrays["bar_embedding"].shape == (4, tiny.PIANOROLL.dim)
    assert {"cell_embedding", "cell_piece", "cell_track", "cell_bar"} < set(arrays)
    assert type(arrays["bar_embedding"]) is np.ndarray
    full = symbolic_embed.embed(songs / "0.mid", checkpoint=folder, precision="float32")
    assert str(full["precision"]) == "float32"
    model = symbolic_embed.load_checkpoint(folder)
    assert np.array_equal(full["bar_embedding"], model.embed_bars(cut(read(songs / "0.mid"))))


def test_a_bad_file_raises_unless_somebody_listens(songs, folder):
    (songs / "bad.mid").write_bytes(b"no")
    with pytest.raises(MidiError, match=r"bad\.mid: not MIDI"):
        symbolic_embed.embed(songs, checkpoint=folder)
    heard = {}
    arrays = symbolic_embed.embed(songs, checkpoint=folder, rejected=heard.__setitem__)
    assert len(arrays["paths"]) == 3
    assert list(heard) == [str(songs / "bad.mid")]
    assert heard[str(songs / "bad.mid")].startswith("not MIDI")
    with pytest.raises(InputError):
        symbolic_embed.embed(songs / "gone.mid", checkpoint=folder)


@pytest.fixture(scope="module")
def composer(tmp_path_factory):
    return composers.composer_checkpoint(tmp_path_factory.mktemp("composer")).folder


@pytest.mark.parametrize(
    ("verb", "files", "settings"),
    [
        ("compose", 1, {"bars": 1}),
        ("vary", 1, {"strength": 0.5, "bars": frozenset({0})}),
        ("blend", 2, {"steps": 1}),
        ("accompany", 1, {"parts": ["melody"]}),
    ],
)
def test_what_is_written_tells_where_it_comes_from(songs, composer, verb, files, settings):
    paths = [songs / f"{number}.mid" for number in range(files)]
    (output,) = getattr(symbolic_embed, verb)(*paths, checkpoint=composer, **settings)
    assert {"longest_as_in_seed", "bars"} == set(output.record["provenance"])
    with pytest.raises(UsageError, match="`max_copied`: the checkpoint has no fingerprint"):
        getattr(symbolic_embed, verb)(*paths, checkpoint=composer, max_copied=20, **settings)


def test_what_is_not_there_is_said(songs):
    with pytest.raises(AttributeError, match="no attribute 'embbed'; it has Result, Session, accompany"):
        symbolic_embed.embbed  # noqa: B018
    with pytest.raises(CheckpointError):
        symbolic_embed.load_checkpoint(songs)
    assert {"embed", "rank", "load_checkpoint"} <= set(dir(symbolic_embed))


def test_channels_are_joined_in_files_that_are_read(tmp_path, folder):
    (tmp_path / "guitar.mid").write_bytes(guitar())
    for join, count in ((False, 3), (True, 1)):
        arrays = symbolic_embed.embed(tmp_path, checkpoint=folder, level="cell", join_channels=join)
        assert len(set(arrays["cell_track"].tolist())) == count
        assert len(symbolic_embed.show(tmp_path / "guitar.mid", join_channels=join).tracks) == count
        back = symbolic_embed.reconstruct(tmp_path / "guitar.mid", checkpoint=folder, join_channels=join)
        assert len(back.score().tracks) == count
    found = symbolic_embed.rank(tmp_path / "guitar.mid", tmp_path, checkpoint=folder, join_channels=True)
    assert [match.distance for match in found] == [0.0]
