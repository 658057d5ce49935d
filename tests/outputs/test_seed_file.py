"""Seeds and outputs: what a seed is made of, and where outputs are saved."""

from __future__ import annotations

import hashlib
import json

import pytest
from composers import band_seed
from midi_bytes import midi, track

from symbolic_embed.errors import MidiError, NoNotesError, OutputExistsError
from symbolic_embed.outputs.seed_file import Output, Seed, save_outputs
from symbolic_embed.score import parse


def outputs(*names: str) -> list[Output]:
    return [Output(name, band_seed().events, {"number": number}) for number, name in enumerate(names)]


def test_a_seed_knows_its_bytes_its_events_and_its_bars():
    data = band_seed().events.to_bytes()
    seed = Seed.from_bytes(data, path="songs/band.of.four.mid")
    assert seed.sha256 == hashlib.sha256(data).hexdigest()
    assert seed.events == parse(data)
    assert (seed.barred.bars, len(seed.barred.score.tracks)) == (4, 4)
    assert seed.stem == "band.of.four"


def test_a_file_without_notes_is_no_seed():
    with pytest.raises(NoNotesError, match=r"empty\.mid: no notes"):
        Seed.from_bytes(midi(track()), path="empty.mid")
    with pytest.raises(MidiError):
        Seed.from_bytes(b"no music", path="words.mid")


def test_an_output_and_its_record_lie_beside_each_other(tmp_path):
    (path,) = save_outputs(outputs("one"), tmp_path / "new" / "folder")
    assert path.read_bytes() == band_seed().events.to_bytes()
    assert json.loads(path.with_suffix(".json").read_text()) == {"number": 0}


def test_what_is_beside_an_output_has_its_name_and_nothing_is_overwritten(tmp_path):
    both = outputs("one", "two")
    paths = save_outputs(both, tmp_path, beside=[{".diff": b"one"}, {".diff": b"two"}])
    assert [path.with_name(f"{path.stem}.diff").read_bytes() for path in paths] == [b"one", b"two"]
    paths[0].unlink()
    with pytest.raises(OutputExistsError):
        save_outputs(both[:1], tmp_path, beside=[{".diff": b"three"}])
    assert not paths[0].exists()
