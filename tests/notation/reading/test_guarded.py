"""Notation read in another process: what it gives, what ends it, and that it begins again. One process for most."""

import io
import os
import signal
import subprocess
import sys
import zipfile

import pytest
import sheets

from symbolic_embed.errors import MidiError, SymbolicEmbedError
from symbolic_embed.notation.reading import guarded
from symbolic_embed.notation.reading.guarded import Limits, OneProcess
from symbolic_embed.score import ScoreWarning, read_bytes

TUNE = sheets.tune("{g}CDEF|").encode()
SCORE = sheets.score(sheets.measure(sheets.note("C", 8), attributes=sheets.FOUR_FOUR))
LONG = sheets.score("".join(sheets.measure(sheets.note("C", 1) * 8, attributes=sheets.FOUR_FOUR) for _ in range(8_000)))


@pytest.fixture(scope="module")
def reader():
    one = OneProcess()
    yield one
    one.close()


def convert(reader, data, kind, **limits):
    return reader.convert(data, kind=kind, source=f"a.{kind}", limits=Limits(**limits))


def test_bytes_in_bytes_and_warnings_out(reader):
    midi, warnings = convert(reader, TUNE, "abc")
    assert read_bytes(midi).tracks[0].notes.pitch.tolist() == [60, 62, 64, 65]
    assert warnings == (ScoreWarning("grace-notes", "grace notes were left out", 1),)
    assert convert(reader, SCORE, "musicxml").warnings == ()


def test_one_process_reads_many_files_and_is_replaced_after_its_share(reader, monkeypatch):
    convert(reader, TUNE, "abc")
    first = reader._process
    convert(reader, TUNE, "abc")
    assert reader._process is first
    monkeypatch.setattr(guarded, "FILES_A_PROCESS", 2)
    convert(reader, TUNE, "abc")
    assert reader._process is not first
    assert not first.process.is_usable


def bomb():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("score.xml", b"<score-partwise>" + b" " * 100_000_000)
    return data.getvalue()


LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><score-partwise>&b;</score-partwise>'


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (LAUGHS, "musicxml", "its XML declares entities, which no score needs; export it again"),
        (bomb(), "mxl", "unpacks to more than the 64,000,000 bytes that are read; is it music?"),
        (SCORE[:-20], "musicxml", "not XML that can be read"),
        (b"no music", "abc", "ABC without a note"),
        (b"no music", "kern", "cannot be read (HumdrumException:"),
        (SCORE.replace(b"<duration>8<", b"<duration>eight<"), "musicxml", "cannot be read (ValueError: "),
    ],
)
def test_what_is_refused_costs_no_process(reader, data, kind, reason):
    convert(reader, TUNE, "abc")
    process = reader._process
    with pytest.raises(MidiError) as caught:
        convert(reader, data, kind)
    assert str(caught.value).startswith(f"a.{kind}: {reason}")
    assert "\n" not in str(caught.value)
    assert reader._process is process
    assert process.is_usable


def test_a_file_that_takes_too_long_is_ended_and_the_next_is_read(reader):
    with pytest.raises(
        MidiError, match=r"^a\.musicxml: takes more than 0\.3 seconds to read; is it music\? if it is, "
    ):
        convert(reader, LONG, "musicxml", seconds=0.3)
    assert convert(reader, TUNE, "abc").midi.startswith(b"MThd")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not keep to the limit")
def test_a_file_that_eats_memory_is_refused_and_the_next_is_read(reader):
    convert(reader, SCORE, "musicxml")  # loads music21
    with pytest.raises(MidiError, match=r"^a\.musicxml: "):  # what runs out first differs
        convert(reader, LONG, "musicxml", memory=100_000_000)
    assert convert(reader, TUNE, "abc").midi.startswith(b"MThd")


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_that_dies_costs_one_file(reader):
    convert(reader, TUNE, "abc")
    os.kill(reader._process.process.pid, signal.SIGSTOP)  # it sleeps through the request, and is killed in it
    with pytest.raises(MidiError, match=r"^a\.abc: takes more than 0\.1 seconds"):
        convert(reader, TUNE, "abc", seconds=0.1)
    convert(reader, TUNE, "abc")
    os.kill(reader._process.process.pid, signal.SIGKILL)
    reader._process.process.close()
    assert convert(reader, TUNE, "abc").midi.startswith(b"MThd")


def test_a_process_that_dies_in_a_file_is_told_so(reader, monkeypatch):
    convert(reader, TUNE, "abc")
    monkeypatch.setattr(guarded, "write_frame", lambda pipe, _: (pipe.write(b"\0\0\0\1!"), pipe.flush()))
    with pytest.raises(
        MidiError, match=r"^a\.abc: the process that reads notation died of it; is it damaged\? if not,"
    ):
        convert(reader, TUNE, "abc")
    monkeypatch.undo()
    assert convert(reader, TUNE, "abc").midi.startswith(b"MThd")


def test_an_installation_that_is_broken_is_not_blamed_on_the_file(monkeypatch):
    monkeypatch.setattr(guarded, "WORKER", "symbolic_embed.notation.no_such_module")
    with pytest.raises(SymbolicEmbedError, match=r"does not start; try it$"):
        OneProcess().convert(TUNE, kind="abc", source="a.abc")


def test_files_in_the_current_folder_are_never_imported(tmp_path):
    """A folder of music may hold a `music21.py`."""
    (tmp_path / "music21.py").write_text("raise SystemExit(3)")
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    code = "import sys; sys.path.remove('') if '' in sys.path else None\n"
    code += "from symbolic_embed.notation import music_bytes\n"
    code += f"sys.stdout.buffer.write(music_bytes({SCORE!r}, source='a.musicxml'))"
    root = os.path.dirname(os.path.dirname(os.path.abspath(sys.modules["symbolic_embed"].__file__)))
    environment = {**os.environ, "PYTHONPATH": root}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert ran.stdout.startswith(b"MThd")
