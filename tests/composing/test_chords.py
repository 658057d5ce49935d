"""The chords that new music goes over."""

from __future__ import annotations

from looping_music import BEAT, KIT, part, piece, pop, repeated, triads

from symbolic_embed.composing.chords import chords_in, own_progression, progression_of
from symbolic_embed.requests.chord_symbols import chords_of
from symbolic_embed.requests.harmony import HarmonyRequest


def test_the_chords_of_the_seed_go_round_whatever_is_played_over_them():
    """A tune that never returns over two turns of Am F C G."""
    tune = part([(quarter, 1, 69 + quarter * quarter % 11) for quarter in range(32)], program=73, channel=3)
    for band in (pop(turns=2), piece(*pop(turns=2).score.tracks, tune)):
        progression = own_progression(band)
        assert [chord.root for bar in progression.bars for chord in bar] == [9, 5, 0, 7]
        assert [progression.bar(number)[0].root for number in range(6)] == [9, 5, 0, 7, 9, 5]


def test_they_go_on_in_phase_where_the_seed_ends_within_a_turn():
    """Six bars, C F G C C F: bar 7 is G."""
    roots = [0, 5, 7, 7, 0, 5, 7, 7, 0, 5]
    progression = own_progression(piece(part(triads(roots))))
    assert [progression.bar(number)[0].root for number in range(4)] == [7, 7, 0, 5]


def test_two_chords_in_a_bar_stay_two():
    progression = own_progression(piece(part(repeated(triads([0, 5, 7, 0], each=2), times=3, quarters=8))))
    assert progression.text == "C F | G C |"


def test_chords_that_do_not_return_and_drums_have_no_progression():
    assert own_progression(piece(part(triads([0, 2, 3, 6, 8, 11])))) is None
    assert own_progression(piece(part(repeated(BEAT, times=4, quarters=4), channel=KIT))) is None


def test_what_a_request_says():
    band = pop(turns=2)
    assert progression_of(band, HarmonyRequest()) == own_progression(band)
    assert progression_of(band, HarmonyRequest(chords="free")) is None
    assert progression_of(band, HarmonyRequest(chords="Dm7 G7 | C")).bars == chords_of("Dm7 G7 | C")


def test_the_chords_of_a_piece_are_written_so_that_they_are_read_again():
    text = chords_in(pop(turns=1)).text
    assert text == "Am | F | C | G |"
    assert chords_of(text) == chords_in(pop(turns=1)).bars
