"""MusicXML: what is written can be read again, and means the same."""

from dataclasses import replace
from pathlib import Path

import pytest
import sheets
from hypothesis import given
from hypothesis import strategies as st
from strategies import scores, tune

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.notation import musicxml
from symbolic_embed.notation.reading.formats import sheet_of
from symbolic_embed.notation.reading.performing import performed
from symbolic_embed.notation.writing.values import UNITS
from symbolic_embed.score import KeySignature, Marker, Notes, Score, Tempo, TimeSignature, Track, read
from symbolic_embed.score.metre import metre_map
from symbolic_embed.score.writing.layout import score_to_events

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "datasets" / "samples" / "midi").glob("*.mid"))


def read_back(data: bytes) -> Score:
    return performed(sheet_of(data, kind="musicxml", source="written"))


def on_grid(barred: BarredScore) -> list[set[tuple[int, int]]]:
    """Of each part the notes as (unit, pitch)."""
    notes = barred.notes
    return [
        {
            (2 * onset, pitch)
            for onset, pitch in zip(notes.onset_steps[mine].tolist(), notes.pitch[mine].tolist(), strict=True)
        }
        for mine in (notes.track == number for number in range(len(barred.score.tracks)))
    ]


def written(score: Score) -> list[set[tuple[int, int]]]:
    return [
        {(round(onset * UNITS / score.division), pitch) for onset, _, pitch, _ in track.notes.rows().tolist()}
        for track in score.tracks
    ]


def lost(one: set[tuple[int, int]], other: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The notes of `one` that have none of their pitch in `other`, a step away at most."""
    return sorted(note for note in one if not any((note[0] + by, note[1]) in other for by in range(-2, 3)))


@st.composite
def songs(draw: st.DrawFn) -> Score:
    """Scores whose barlines are where a musician would put them: in plain metres, perhaps after a pick-up."""
    division = draw(st.sampled_from([24, 96, 480]))
    metres = st.sampled_from([(4, 4), (3, 4), (2, 4), (6, 8), (9, 8), (7, 8), (5, 4), (2, 2), (3, 8), (3, 16)])
    signatures, tick = [], 0
    if draw(st.booleans()):
        signatures, tick = [TimeSignature(0, 1, 4)], division
    for numerator, denominator in draw(st.lists(metres, min_size=1, max_size=3)):
        signatures.append(TimeSignature(tick, numerator, denominator))
        tick += draw(st.integers(1, 3)) * 4 * division * numerator // denominator
    made = draw(scores(quarters=12, division=division))
    return replace(made, time_signatures=tuple(signatures))


@given(songs())
def test_parts_bars_and_notes_come_back(score):
    """Every note within a step of the grid, every barline where it was."""
    barred = cut(score)
    back = read_back(musicxml(score))
    tracks = back.tracks if score.tracks else ()
    assert [(t.is_drum, 0 if t.is_drum else t.program) for t in tracks] == [
        (t.is_drum, 0 if t.is_drum else t.program) for t in score.tracks
    ]
    barlines = metre_map(replace(back, length_ticks=10**6)).barline_ticks * UNITS // back.division
    assert barlines[: barred.bars + 1].tolist() == (2 * barred.grid.bar_steps).tolist()
    for one, other in zip(on_grid(barred), written(back), strict=False):
        assert lost(one, other) == []
        assert lost(other, one) == []


ON_GRID = st.tuples(st.integers(0, 95), st.integers(1, 48), st.integers(40, 80), st.integers(1, 127))


@given(st.lists(ON_GRID, min_size=1, max_size=12), st.sampled_from([(4, 4), (3, 4), (6, 8), (5, 8)]))
def test_what_a_program_wrote_on_the_grid_is_exact(rows, metre):
    """Of notes that are all on the twelve steps of the quarter every onset is written where it is."""
    division = 480
    rows = {(onset, pitch): (onset, length, pitch, velocity) for onset, length, pitch, velocity in rows}.values()
    notes = Notes.of(
        *zip(*((onset * 40, length * 40, pitch, velocity) for onset, length, pitch, velocity in rows), strict=False)
    )
    score = Score(division, (Track(notes, "Flute", 73),), time_signatures=(TimeSignature(0, *metre),))
    (back,) = written(read_back(musicxml(score)))
    assert back == {(2 * onset, pitch) for onset, _, pitch, _ in rows}


@given(scores(quarters=12))
def test_whatever_the_metre_voices_fill_their_bars(score):
    """Odd bars and all: each voice of a bar, with its rests, is as long as the first; symbols last what they say."""
    for part in sheets.document(musicxml(score)).findall("part"):
        for measure in part.findall("measure"):
            voices, length = [], 0
            for element in measure:
                if element.tag == "backup":
                    voices.append(length)
                    length = 0
                elif element.tag == "forward" or (element.tag == "note" and element.find("chord") is None):
                    length += int(element.findtext("duration"))
            assert len({*voices, length}) == 1


def test_what_a_player_sees():
    """A pick-up, a triplet, a note held over the barline under another, a chord, and drums."""
    quarter = 480
    piano = Notes.of(
        [0, 480, 640, 800, 960, 960, 1440, 1440, 2400],
        [480, 160, 160, 160, 480, 1920, 960, 960, 960],
        [67, 72, 74, 76, 77, 60, 79, 81, 84],
        [80] * 9,
    )
    kit = Notes.of([480, 480, 720], [60] * 3, [36, 42, 38], [80] * 3)
    score = Score(
        quarter,
        (Track(piano, "Melody", 73), Track(kit, "Kit", channel=9)),
        time_signatures=(TimeSignature(0, 1, 4), TimeSignature(quarter, 3, 4)),
        key_signatures=(KeySignature(0, -1, False),),
        tempi=(Tempo(0, 500_000),),
        markers=(Marker(quarter, "A"),),
    )
    data = musicxml(score, title="A & B")
    assert sheets.symbols(data) == [
        ["G4 quarter"],
        ["C5 eighth 3", "D5 eighth 3", "E5 eighth 3", "F5 quarter", "G5 quarter~", "+A5 quarter~", "|", "C4 half~"],
        ["G5 quarter", "+A5 quarter", "C6 half", "|", "C4 half"],
    ]
    assert sheets.symbols(data, part=1)[:2] == [
        ["rest bar"],
        ["G5 eighth", "C5 eighth", "rest half", "|", "F4 quarter"],
    ]
    root = sheets.document(data)
    assert root.findtext("work/work-title") == "A & B"
    assert [part.findtext("part-name") for part in root.iter("score-part")] == ["Melody", "Kit"]
    assert [bar.get("number") for bar in root.find("part")] == ["0", "1", "2"]
    assert [bar.get("implicit") for bar in root.find("part")] == ["yes", None, None]
    assert [key.findtext("fifths") for key in root.iter("key")] == ["-1"]
    assert [mark.text for mark in root.iter("rehearsal")] == ["A"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_come_back_as_they_were(path):
    """Names, instruments, metres, keys, tempi, and every note on its place."""
    score = read(path)
    back = read_back(musicxml(score))
    assert [(t.name, t.program, t.is_drum) for t in back.tracks] == [
        (t.name, t.program, t.is_drum) for t in score.tracks
    ]
    assert written(back) == on_grid(cut(score))
    assert [str(s) for s in back.time_signatures] == [str(s) for s in score.time_signatures]
    assert [str(key) for key in back.key_signatures] == [str(key) for key in score.key_signatures]
    assert [tempo.microseconds for tempo in back.tempi] == [tempo.microseconds for tempo in score.tempi]
    assert [mark.text for mark in back.markers] == [mark.text for mark in score.markers]


@pytest.mark.parametrize("path", SAMPLES[:3], ids=lambda path: path.stem)
def test_the_bytes_are_the_music_s_alone(path):
    score = read(path)
    assert musicxml(score) == musicxml(score)
    assert musicxml(score) == musicxml(score_to_events(score))
    assert path.stem.encode() not in musicxml(score)


def test_a_performance_is_written_in_estimated_beats():
    beats = tune([n * 0.731 + 0.05 * (n % 3) for n in range(90)])
    bars = sheets.document(musicxml(beats)).findall("part/measure")
    assert len(bars) == cut(beats).bars


def test_velocities_come_back():
    notes = Notes.of([480 * n for n in range(127)], [480] * 127, [60] * 127, range(1, 128))
    back = read_back(musicxml(Score(480, (Track(notes),))))
    assert back.tracks[0].notes.velocity.tolist() == list(range(1, 128))


def test_no_notes_are_a_staff_of_rests():
    assert sheets.symbols(musicxml(Score(480))) == [["rest bar"]]
    assert sheets.symbols(musicxml(score_to_events(Score(480)))) == [["rest bar"]]
