"""Bars of music21's streams."""

from music21 import bar, key, meter, note, repeat, spanner, stream

from symbolic_embed.notation.reading.sheet import RepeatSigns
from symbolic_embed.notation.reading.streams import sheet_of_stream


def whole(*more):
    return stream.Measure([*more, note.Note("C4", quarterLength=4)])


def test_a_bar_is_as_long_as_the_longest_measure_over_and_under_each_other():
    short = stream.Part([stream.Measure([note.Note("C4")]), whole()])
    long = stream.Part([whole(), stream.Measure()])
    assert [one.length for one in sheet_of_stream(stream.Score([short, long])).bars] == [4, 4]
    uneven = sheet_of_stream(stream.Score([stream.Part([whole()]), stream.Part([whole(), whole()])]))
    assert [len(part.bars) for part in uneven.parts] == [2, 2]


def test_an_empty_bar_is_as_long_as_its_metre():
    part = stream.Part([stream.Measure([meter.TimeSignature("3/4")]), stream.Measure(), whole(), stream.Measure()])
    assert [one.length for one in sheet_of_stream(part).bars] == [3, 3, 4]  # after the last note there is none


def test_keys_hold_until_the_next():
    part = stream.Part([whole(key.Key("a")), whole(), whole(key.KeySignature(3))])
    assert [one.key for one in sheet_of_stream(part).bars] == [(0, True), (0, True), (3, False)]


def test_signs_of_the_first_part_that_has_any():
    repeated = whole()
    repeated.rightBarline = bar.Repeat(direction="end", times=3)
    part = stream.Part([repeated, whole(repeat.Fine()), whole(repeat.DaCapoAlFine())])
    music = stream.Score([stream.Part([whole()]), part])
    assert [one.repeats for one in sheet_of_stream(music).bars] == [
        RepeatSigns(ends=True, times=3),
        RepeatSigns(fine=True),
        RepeatSigns(jump="capo"),
    ]


def test_a_bracket_lies_over_all_bars_between_its_ends():
    measures = [whole() for _ in range(4)]
    part = stream.Part(measures)
    part.insert(0, spanner.RepeatBracket([measures[1], measures[3]], number="1,2"))
    endings = [sorted(one.repeats.endings) for one in sheet_of_stream(part).bars]
    assert endings == [[], [1, 2], [1, 2], [1, 2]]
