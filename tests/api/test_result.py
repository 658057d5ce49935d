"""New music as a verb gives it: bytes, record, objects, a picture; written only when asked."""

import json

import composers
import pytest

import symbolic_embed
from symbolic_embed.api.result import Result
from symbolic_embed.errors import OutputExistsError
from symbolic_embed.score import read_bytes


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = composers.composer_checkpoint(tmp_path_factory.mktemp("composer")).folder
    seed = composers.band_seed().events.to_bytes()
    return symbolic_embed.compose(seed, checkpoint=folder, bars=2, random_seed=1)[0]


def test_the_objects_hold_the_same_notes(result):
    count = read_bytes(result.to_bytes()).note_count
    assert count > 0
    assert result.to_symusic().note_num() == count
    assert sum(len(part.notes) for part in result.to_pretty_midi().instruments) == count
    on = [m for track in result.to_mido().tracks for m in track if m.type == "note_on" and m.velocity]
    assert len(on) == count
    assert len(result.to_music21().parts) >= 4


def test_a_terminal_shows_a_line(result):
    count = read_bytes(result.to_bytes()).note_count
    assert repr(result) == f"Result('seed__next01__s1', 4 tracks, {count:,} notes)"


def test_a_notebook_shows_a_picture(result):
    assert result._repr_png_().startswith(b"\x89PNG")


def test_nothing_is_written_before_it_is_saved(result, tmp_path):
    paths = symbolic_embed.save_outputs([result], tmp_path / "out")
    assert [path.name for path in paths] == ["seed__next01__s1.mid"]
    assert paths[0].read_bytes() == result.to_bytes()
    assert json.loads(paths[0].with_suffix(".json").read_text()) == json.loads(json.dumps(result.record))
    with pytest.raises(OutputExistsError):
        symbolic_embed.save_outputs([result], tmp_path / "out")
    symbolic_embed.save_outputs([result], tmp_path / "out", force=True)


def test_it_is_what_the_output_is(result):
    assert isinstance(result, Result)
    assert (result.name, result.events) == (result.output.name, result.output.events)
    assert b"<score-partwise" in result.to_musicxml()
