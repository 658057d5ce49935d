"""Bars, what stands over them, and voices bar by bar."""

from hypothesis import given
from strategies import performances, scores, tune

from symbolic_embed.bars import cut
from symbolic_embed.notation.writing.layout import layout_of, staves_in
from symbolic_embed.notation.writing.staves import BASS, PERCUSSION, TREBLE
from symbolic_embed.score import KeySignature, Marker, Notes, Score, Tempo, TimeSignature, Track


def test_a_pick_up_has_the_metre_of_the_bar_after_it():
    signatures = (TimeSignature(0, 1, 4), TimeSignature(480, 4, 4))
    layout = layout_of(cut(tune(range(9), time_signatures=signatures)))
    assert layout.has_pick_up
    assert [(bar.start, bar.end) for bar in layout.bars] == [(0, 24), (24, 120), (120, 216)]
    assert [str(heading.signature) for heading in layout.headings] == ["4/4"] * 3


def test_a_short_bar_elsewhere_is_none():
    signatures = (TimeSignature(0, 4, 4), TimeSignature(1920, 1, 4), TimeSignature(2400, 4, 4))
    layout = layout_of(cut(tune(range(9), time_signatures=signatures)))
    assert not layout.has_pick_up
    assert [str(heading.signature) for heading in layout.headings] == ["4/4", "1/4", "4/4"]


def test_each_bar_has_its_key_tempi_and_marks():
    score = tune(
        range(12),
        key_signatures=(KeySignature(0, 1, False), KeySignature(1000, 2, False)),
        tempi=(Tempo(0, 500_000), Tempo(2400, 600_000)),
        markers=(Marker(1920, "B"), Marker(1930, ""), Marker(99_999, "after the end")),
    )
    headings = layout_of(cut(score)).headings
    assert [heading.key.sharps for heading in headings] == [1, 2, 2]  # a key holds from the next barline
    assert [heading.tempi for heading in headings] == [((0, 120.0),), ((24, 100.0),), ()]
    assert [heading.marks for heading in headings] == [(), ((0, "B"),), ()]


def test_voices_are_given_bar_by_bar():
    notes = Notes.of([0, 0, 960, 1440], [2400, 480, 480, 480], [48, 72, 74, 76], [80] * 4)
    barred = cut(Score(480, (Track(notes, program=73),)))
    (staff,) = staves_in(barred, 0, layout_of(barred))
    pitches = [[[chord.pitches for chord in voice] for voice in bar] for bar in staff.bars]
    assert pitches == [[[(72,), (74,), (76,)], [(48,)]], [[], [(48,)]]]


def test_a_piano_has_two_staves_and_drums_hands_and_feet():
    hands = Notes.of([0, 0, 480, 480], [480] * 4, [40, 76, 43, 77], [80] * 4)
    kit = Notes.of([0, 0, 240, 480], [10] * 4, [36, 42, 42, 38], [80] * 4)
    barred = cut(Score(480, (Track(hands), Track(kit, channel=9))))
    layout = layout_of(barred)
    assert [staff.clef for staff in staves_in(barred, 0, layout)] == [TREBLE, BASS]
    (staff,) = staves_in(barred, 1, layout)
    assert staff.clef == PERCUSSION
    ((upper, lower),) = staff.bars
    assert [(chord.onset, chord.end, chord.pitches) for chord in upper] == [
        (0, 12, (42,)),
        (12, 24, (42,)),
        (24, 48, (38,)),
    ]
    assert [(chord.onset, chord.end, chord.pitches) for chord in lower] == [(0, 24, (36,))]


@given(performances() | scores(quarters=12))
def test_every_note_is_on_a_staff_within_a_step_of_the_grid(score):
    barred = cut(score)
    layout = layout_of(barred)
    for part in range(len(score.tracks)):
        mine = barred.notes.track == part
        grid = set(zip((2 * barred.notes.onset_steps[mine]).tolist(), barred.notes.pitch[mine].tolist(), strict=True))
        chords = {
            chord for staff in staves_in(barred, part, layout) for bar in staff.bars for voice in bar for chord in voice
        }
        written = {(chord.onset, pitch) for chord in chords for pitch in chord.pitches}
        for one, other in ((grid, written), (written, grid)):
            assert all(any((onset + by, pitch) in other for by in range(-2, 3)) for onset, pitch in one)
