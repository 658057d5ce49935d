"""Streams that users make of music21's objects: with and without parts, measures, instruments."""

from fractions import Fraction

import sheets
from music21 import chord, clef, harmony, instrument, meter, note, stream, tempo

from symbolic_embed.notation.reading.streams import sheet_of_stream


def test_notes_alone_are_one_part_in_bars():
    sheet = sheet_of_stream(stream.Stream([note.Note("C4"), note.Rest(), note.Note("E4", quarterLength=3)]))
    assert sheets.notes_of(sheet) == [[(0, 1, 60), (2, 2, 64)], [(0, 1, 64)]]
    assert [one.tied for one in sheet.parts[0].bars[0]] == [False, True]
    assert len(sheet.parts) == 1


def test_a_part_with_a_metre_and_a_measure_alone():
    part = stream.Part([meter.TimeSignature("3/4"), *(note.Note("C4") for _ in range(4))])
    assert [len(bar) for bar in sheet_of_stream(part).parts[0].bars] == [3, 1]
    assert sheets.notes_of(sheet_of_stream(stream.Measure([note.Note("G4")]))) == [[(0, 1, 67)]]


def test_an_opus_gives_its_first_score():
    first = stream.Score([stream.Part([note.Note("D4")])])
    assert sheets.notes_of(sheet_of_stream(stream.Opus([first, stream.Score()]))) == [[(0, 1, 62)]]
    assert sheet_of_stream(stream.Opus()).bars == sheet_of_stream(stream.Score()).bars == ()


def test_chord_symbols_are_not_played():
    part = stream.Part(
        [harmony.ChordSymbol("Am"), chord.Chord(["C4", "E4"]), clef.BassClef(), tempo.MetronomeMark(number=90)]
    )
    sheet = sheet_of_stream(part)
    assert sheets.notes_of(sheet) == [[(0, 1, 60), (0, 1, 64)]]
    assert sheet.bars[0].tempi == ((1, 90.0),)


def test_instruments_and_drums():
    flute = stream.Part([instrument.Flute(), note.Note("C4")])
    snare, unnamed = note.Unpitched(), note.Unpitched()
    snare.storedInstrument = instrument.BassDrum()
    kit = stream.Part([instrument.SnareDrum(), snare, unnamed])
    sheet = sheet_of_stream(stream.Score([flute, kit]))
    assert [(part.program, part.is_drum) for part in sheet.parts] == [(73, False), (0, True)]
    assert [one.pitch for bar in sheet.parts[1].bars for one in bar] == [35, 38]


def test_loudness_of_a_note_of_its_own():
    loud = note.Note("C4")
    loud.volume.velocity = 111
    assert sheet_of_stream(stream.Part([loud])).parts[0].bars[0][0].velocity == 111


def test_microtones_go_to_the_nearest_key_and_what_is_beyond_the_keyboard_is_left_out():
    quarter, high = note.Note("C4"), note.Note("C12")
    quarter.pitch.microtone = 40
    sheet = sheet_of_stream(stream.Part([quarter, high]))
    assert sheets.notes_of(sheet) == [[(0, 1, 60)]]


def test_voices_begin_where_they_stand():
    voice = stream.Voice([note.Note("E4")])
    measure = stream.Measure([note.Note("C4", quarterLength=4)])
    measure.insert(Fraction(1, 3), voice)
    assert sheets.notes_of(sheet_of_stream(stream.Part([measure]))) == [[(0, 4, 60), (Fraction(1, 3), 1, 64)]]
