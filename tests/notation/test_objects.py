"""Objects of four libraries, from and to MIDI."""

import mido
import pretty_midi
import pytest
import symusic
from music21 import converter, note, stream
from pieces import piece

from symbolic_embed.errors import MidiError
from symbolic_embed.notation import objects
from symbolic_embed.score import read_bytes
from symbolic_embed.score.writing.layout import score_to_events

BAND = score_to_events(piece(1, bars=2)).to_bytes()


def parts(data):
    """Each part's programme, whether it is drums, and its notes by place and pitch, in quarters."""
    score = read_bytes(data)
    return [
        (t.program, t.is_drum, [(o / score.division, p) for o, _, p, _ in t.notes.rows().tolist()])
        for t in score.tracks
    ]


@pytest.mark.parametrize("name", ["to_symusic", "to_mido", "to_pretty_midi", "to_music21"])
def test_there_and_back(name):
    assert parts(objects.bytes_of(getattr(objects, name)(BAND))) == parts(BAND)


def test_they_are_what_they_are_called():
    assert isinstance(objects.to_symusic(BAND), type(symusic.Score.from_midi(BAND)))
    assert isinstance(objects.to_mido(BAND), mido.MidiFile)
    assert isinstance(objects.to_pretty_midi(BAND), pretty_midi.PrettyMIDI)
    assert isinstance(objects.to_music21(BAND), stream.Score)


@pytest.mark.parametrize("unit", ["Tick", "Quarter", "Second"])
def test_scores_of_symusic_in_any_unit_of_time(unit):
    assert parts(objects.bytes_of(symusic.Score.from_midi(BAND).to(unit))) == parts(BAND)


def test_a_stream_is_not_changed():
    part = stream.Part([note.Note("C4"), note.Note("D4")])
    data = objects.bytes_of(part)
    assert parts(data) == [(0, False, [(0, 60), (1, 62)])]
    assert [element.classes[0] for element in part] == ["Note", "Note"]
    assert objects.bytes_of(stream.Opus([stream.Score([part])])) == data
    assert parts(objects.bytes_of(stream.Opus())) == []


def test_transposing_instruments_sound():
    xml = "<score-partwise><part-list><score-part id='P1'><part-name>x</part-name></score-part></part-list><part id='P1'><measure><attributes><divisions>1</divisions><transpose><chromatic>-2</chromatic></transpose></attributes><note><pitch><step>D</step><octave>4</octave></pitch><duration>4</duration></note></measure></part></score-partwise>"  # fmt: skip
    assert parts(objects.bytes_of(converter.parseData(xml, format="musicxml"))) == [(0, False, [(0, 60)])]


def test_bytes_are_taken_as_they_are():
    assert objects.bytes_of(b"anything") == b"anything"


@pytest.mark.parametrize("music", [3, None, "song.mid", ["C4"], symusic.Note(0, 1, 60, 80), note.Note("C4")])
def test_anything_else_is_a_type_error_of_one_line(music):
    with pytest.raises(TypeError, match=r"^music is a path, bytes, symusic\.Score, mido\.MidiFile, .*, not \S+$"):
        objects.bytes_of(music)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((-5, 10, 60, 80), "a note of time -5, where 0 to 268435455 are possible"),
        ((0, 10, -1, 80), "a note of pitch -1, where 0 to 127 are possible"),
        ((0, 10, 60, 0), "a note of velocity 0, where 1 to 127 are possible"),
        ((0, 300_000_000, 60, 80), "a note of duration 300000000"),
        ((300_000_000, 10, 60, 80), "a note of time 300000000"),
    ],
)
def test_what_symusic_would_write_wrong_without_a_word_is_refused(values, said):
    score, track = symusic.Score(480), symusic.Track()
    track.notes.append(symusic.Note(*values))
    score.tracks.append(track)
    with pytest.raises(MidiError) as refusal:
        objects.bytes_of(score)
    assert str(refusal.value).startswith(f"symusic.Score: track 0: {said}")


def test_what_mido_cannot_write_is_refused():
    file = mido.MidiFile(tracks=[mido.MidiTrack([mido.Message("note_on", note=60, time=0.5)])])
    with pytest.raises(MidiError, match=r"^mido\.MidiFile: cannot be said in MIDI \("):
        objects.bytes_of(file)
