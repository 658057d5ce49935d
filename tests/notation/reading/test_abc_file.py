"""Whole ABC files: headers, tunes, voices, instruments; and the samples, whose MIDI another reader has made."""

from pathlib import Path

import numpy as np
import pytest
import sheets
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.errors import MidiError
from symbolic_embed.notation.reading import abc_voice
from symbolic_embed.notation.reading.abc_file import abc_sheet
from symbolic_embed.notation.reading.performing import performed_events
from symbolic_embed.score import read

SAMPLES = Path(__file__).resolve().parents[3] / "datasets" / "samples"


def voices(text):
    sheet = abc_sheet(text, source="t.abc")
    return {part.name: [[note.pitch for note in bar] for bar in part.bars] for part in sheet.parts}


BOTH = {"Flute": [[60], [62]], "Bass": [[48], [50]]}


@pytest.mark.parametrize(
    "body",
    [
        'V:1 name="Flute"\nC4|D4|\nV:2 nm="Bass"\nC,4|D,4|\n',
        'V:1 name="Flute"\nV:2 name="Bass"\nV:1\nC4|\nV:2\nC,4|\nV:1\nD4|\nV:2\nD,4|\n',
        'V:1 name="Flute"\nV:2 name="Bass"\n[V:1]C4|[V:2]C,4|\n[V:1]D4|[V:2]D,4|\n',
    ],
)
def test_voices_however_they_are_mixed(body):
    assert voices(sheets.tune(body)) == BOTH


def test_voices_that_the_header_declares():
    text = 'X:1\nL:1/4\nV:1 name="Flute"\nV:2 name="Bass" octave=-1\nK:C\n[V:1]C4|D4|\n[V:2]C4|D4|\n'
    assert voices(text) == BOTH
    assert voices('X:1\nL:1/4\nV:1 name="Flute"\nK:C\nC4|D4|\n') == {"Flute": BOTH["Flute"]}


def test_instruments():
    text = "%%MIDI program 5\nV:1\n%%MIDI program 73\nC|\nV:2\nI:MIDI = program 2 40\nC|\nV:3\nC|\nV:4 clef=perc\nC|\nV:5\n%%MIDI channel 10\nC|"  # fmt: skip
    sheet = abc_sheet("X:1\n" + text.replace("V:1", "K:C\nV:1", 1), source="t.abc")
    assert [(part.program, part.is_drum) for part in sheet.parts] == [
        (73, False),
        (40, False),
        (5, False),
        (5, True),
        (5, True),
    ]


def test_the_first_tune_with_notes_is_read():
    text = "M:3/4\n\nX:1\nT:none\nK:C\n\nX:2\nK:C\nCDE|\n\nwords about it\n\nX:3\nK:C\nFGA|\n"
    sheet = abc_sheet(text, source="t.abc")
    assert [note.pitch for note in sheet.parts[0].bars[0]] == [60, 62, 64]
    assert sheet.bars[0].metre == (3, 4)
    assert sheet.warnings == (("first-tune", "3 tunes in one file; the first was read", 1),)


def test_text_that_is_no_music_is_passed_over():
    text = "X:1\nT:A % title\nL:1/4 % a quarter\nK:C\nw: words\nC % a note: DEF\nW: more\ns:signs\n%%text CDE\nD|\n"
    assert voices(text) == {"": [[60, 62]]}


def test_lengths_without_a_field_follow_the_metre():
    assert [bar.length for bar in abc_sheet("X:1\nM:2/4\nK:C\nC4|", source="t").bars] == [1]
    assert [bar.length for bar in abc_sheet("X:1\nM:3/4\nK:C\nC4|", source="t").bars] == [2]
    assert [bar.metre for bar in abc_sheet("X:1\nM:none\nK:C\nC4|", source="t").bars] == [(4, 4)]


@pytest.mark.parametrize("text", ["", "X:1\nK:C\n", "CDEF|", "X:1\nT:no key\nCDEF|"])
def test_no_notes_is_said_so(text):
    with pytest.raises(MidiError, match=r"^t\.abc: ABC without a note \(0 found, 1 needed\); music follows the key"):
        abc_sheet(text, source="t.abc")


@pytest.mark.parametrize("music", ["Z999|" * 2 + "C|", "|:" + "C|" * 150])
def test_endless_music_is_refused(music, monkeypatch):
    monkeypatch.setattr(abc_voice, "MAX_BARS", 100)
    with pytest.raises(MidiError, match=r"^t\.abc: a voice of more than 100 bars; is it music\?$"):
        abc_sheet(sheets.tune(music), source="t.abc")


@pytest.mark.parametrize("path", sorted((SAMPLES / "abc").glob("*.abc")), ids=lambda path: path.stem)
def test_the_samples_are_what_their_own_reader_made_of_them(path):
    read_here = performed_events(abc_sheet(path.read_text(encoding="utf-8"), source=path.name)).score()
    made = read(SAMPLES / "midi" / f"{path.stem}.mid")
    tracks = made.tracks[: len(read_here.tracks)]  # the guitars were made from chord symbols
    assert [(t.name, t.program) for t in read_here.tracks] == [(t.name, t.program) for t in tracks]
    for ours, theirs in zip(read_here.tracks, tracks, strict=True):
        assert np.array_equal(ours.notes.rows()[:, [0, 2]], theirs.notes.rows()[:, [0, 2]])
    assert read_here.time_signatures == made.time_signatures
    assert read_here.key_signatures == made.key_signatures
    assert [tempo.microseconds for tempo in read_here.tempi] == [tempo.microseconds for tempo in made.tempi]
    assert read_here.markers == made.markers


@given(st.text("ABCDEFGabcz|:[](){}'\",^_=/0123456789<>-&!.~ \nVKMLQPXw%", max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        sheet = abc_sheet(sheets.tune(text), source="t.abc")
    except MidiError:
        return
    performed_events(sheet).score()
