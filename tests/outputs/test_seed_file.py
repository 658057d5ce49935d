"""Seeds and outputs: what a seed is made of, and where outputs are saved."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import replace

import pytest
from composers import band_seed
from disk import Disk, contents
from midi_bytes import midi, track

from symbolic_embed.errors import MidiError, NoNotesError, OutputError, OutputExistsError
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


def test_a_seed_may_be_notation():
    """It is edited as MIDI, and known by the file that the user has."""
    data = b"X:1\nL:1/4\nK:C\n{g}CDEF|\n"
    seed = Seed.from_bytes(data, path="songs/tune.abc")
    assert seed.sha256 == hashlib.sha256(data).hexdigest()
    assert seed.barred.score.tracks[0].notes.pitch.tolist() == [60, 62, 64, 65]
    assert [warning.kind for warning in seed.barred.score.warnings] == ["grace-notes"]
    assert seed.stem == "tune"


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


def test_a_file_of_all_outputs_is_written_with_them_or_none_is(tmp_path):
    page = tmp_path / "page.html"
    save_outputs(outputs("one"), tmp_path / "out", also={page: b"page"})
    assert page.read_bytes() == b"page"
    with pytest.raises(OutputExistsError, match=r"page.html"):
        save_outputs(outputs("two"), tmp_path / "out", also={page: b"another"})
    assert not (tmp_path / "out" / "two.mid").exists()
    assert page.read_bytes() == b"page"


def made() -> list[Output]:
    """Two variations as a verb makes them."""
    record = {"command": "vary", "settings": {}, "seed": {"path": "band.mid", "sha256": "0"}}
    return [Output(name, band_seed().events, record) for name in ("band__var01", "band__var02")]


def test_all_files_of_all_outputs_take_their_places_or_none_does(tmp_path):
    """Whichever act of writing fails: what an earlier run left is whole, and no new file is there."""
    both = made()
    number, disk = 0, None
    while disk is None or disk.has_failed:
        number += 1
        folder = tmp_path / str(number)
        save_outputs(both[:1], folder, beside=[{".diff": b"earlier"}])
        before = contents(folder)
        disk = Disk(number)
        with suppress(OutputError), disk.in_place():
            save_outputs(both, folder, force=True, beside=[{".png": b"one"}, {".png": b"two"}])
        new = {f"{output.name}{ending}" for output in both for ending in (".mid", ".json", ".png")}
        assert contents(folder) == before if disk.has_failed else contents(folder).keys() == new
    assert number > 20


def test_a_folder_is_made_only_for_outputs(tmp_path):
    both = made()
    assert save_outputs([], tmp_path / "out") == []
    broken = replace(both[0], events=replace(both[0].events, division=0))
    with pytest.raises(OutputError):
        save_outputs([both[1], broken], tmp_path / "out" / "deep")
    assert list(tmp_path.iterdir()) == []


def test_forced_outputs_leave_nothing_of_earlier_ones_of_their_names(tmp_path):
    both = made()
    name = both[0].name
    endings = (".diff", ".png", "__changes.png", ".musicxml")
    save_outputs(both[:1], tmp_path, beside=[dict.fromkeys(endings, b"earlier")])
    for mine in (f"{name}.txt", f"{name}2.diff", "other.png"):
        (tmp_path / mine).write_bytes(b"mine")
    save_outputs(both[:1], tmp_path, force=True, beside=[{".png": b"new"}])
    assert (tmp_path / f"{name}.png").read_bytes() == b"new"
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"{name}.mid", f"{name}.json", f"{name}.png", f"{name}.txt", f"{name}2.diff", "other.png"}


def test_what_is_anybodys_stays_beside_forced_outputs(tmp_path):
    """No record says that the file was ours."""
    both = made()
    (tmp_path / f"{both[0].name}.diff").write_bytes(b"mine")
    (tmp_path / f"{both[0].name}.json").write_bytes(b"{}")
    save_outputs(both[:1], tmp_path, force=True)
    assert (tmp_path / f"{both[0].name}.diff").read_bytes() == b"mine"


def test_a_seed_is_never_written_over(tmp_path, monkeypatch):
    """Not even where it bears the name of what is made of it, or a link does."""
    monkeypatch.chdir(tmp_path)
    both = made()
    (tmp_path / "band.mid").write_bytes(b"the seed")
    os.link("band.mid", f"{both[0].name}.mid")
    assert both[0].record["seed"]["path"] == "band.mid"
    with pytest.raises(OutputError, match="this command reads that file"):
        save_outputs(both, ".", force=True)
    os.unlink(f"{both[0].name}.mid")
    (tmp_path / f"{both[0].name}.mid").write_bytes(b"from a folder of music")
    with pytest.raises(OutputError, match="this command reads that file"):
        save_outputs(both, ".", force=True, in_use=["."])
    assert (tmp_path / "band.mid").read_bytes() == b"the seed"
