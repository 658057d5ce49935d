"""Notation where MIDI is taken: the same functions as `score` has."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import midi_bytes
import pytest
import sheets

from symbolic_embed import notation
from symbolic_embed.errors import MidiError
from symbolic_embed.score import ScoreWarning, parse, read

SONG = midi_bytes.midi(midi_bytes.track(midi_bytes.NOTE))
TUNE = sheets.tune("{g}CDEF|").encode()
SCORE = sheets.score(sheets.measure(sheets.note("C", 8), attributes=sheets.FOUR_FOUR))
GRACE = ScoreWarning("grace-notes", "grace notes were left out", 1)


def packed():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="a.xml"/></container>')
        archive.writestr("a.xml", SCORE)
    return data.getvalue()


def test_midi_comes_through_as_it_is(tmp_path):
    (tmp_path / "a.mid").write_bytes(SONG)
    assert notation.music_bytes(SONG) == SONG
    assert notation.music_bytes(tmp_path / "a.mid") == SONG
    assert notation.midi_bytes(SONG, kind="midi") == SONG
    assert notation.read(tmp_path / "a.mid") == read(tmp_path / "a.mid")
    assert notation.parse(SONG) == parse(SONG)


@pytest.mark.parametrize(
    ("name", "data", "pitches"),
    [
        ("a.abc", TUNE, [60, 62, 64, 65]),
        ("a.txt", TUNE, [60, 62, 64, 65]),  # it looks like ABC
        ("a.krn", b"**kern\n4c\n4d\n*-\n", [60, 62]),
        ("a.xml", SCORE, [60]),
        ("a.MXL", packed(), [60]),
    ],
)
def test_notation_is_read_like_midi(tmp_path, name, data, pitches):
    path = tmp_path / name
    path.write_bytes(data)
    for score in (
        notation.read(path),
        notation.read_bytes(data, source=name),
        notation.parse(data, source=name).score(),
        notation.read_bytes(notation.music_bytes(path)),
    ):
        assert score.tracks[0].notes.pitch.tolist() == pitches


def test_what_was_left_out_is_a_warning_and_the_source_is_the_file(tmp_path):
    (tmp_path / "a.abc").write_bytes(TUNE)
    score = notation.read(tmp_path / "a.abc")
    assert score.warnings == (GRACE,)
    assert score.source == str(tmp_path / "a.abc")
    assert notation.parse(TUNE, source="a.abc").warnings == (GRACE,)
    assert notation.parse(TUNE, source="a.abc").score().warnings == (GRACE,)


def test_files_may_be_too_large(tmp_path):
    (tmp_path / "a.abc").write_bytes(TUNE)
    for reading in (notation.read, notation.music_bytes):
        with pytest.raises(MidiError, match="more than the 10 that are read"):
            reading(tmp_path / "a.abc", max_bytes=10)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("page.xml", b"<html/>", "not MIDI: it looks like a page of HTML or XML, and not MusicXML"),
        ("page.musicxml", b"<html/>", "XML of the kind 'html', where score-partwise was needed; is it MusicXML?"),
        ("letter.mid", b"Dear", "not MIDI: it begins with 44 65 61 72, a MIDI file with 4d 54 68 64 (MThd)"),
    ],
)
def test_what_is_no_music(name, data, reason):
    with pytest.raises(MidiError) as refusal:
        notation.read_bytes(data, source=name)
    assert str(refusal.value) == f"{name}: {reason}"


READ_MIDI = """
import sys
from symbolic_embed import notation
from symbolic_embed.notation import objects
assert notation.read(sys.argv[1]).note_count
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_reading_midi_loads_no_library_of_notation(tmp_path):
    (tmp_path / "a.mid").write_bytes(SONG)
    clone = Path(__file__).parents[2]
    command = [sys.executable, "-c", READ_MIDI, os.fspath(tmp_path / "a.mid")]
    ran = subprocess.run(command, cwd=clone, capture_output=True, check=True, text=True)
    assert not set(ran.stdout.split()) & {"music21", "mido", "pretty_midi", "multiprocessing", "subprocess", "torch"}
