"""Which part leads, and what is taken for the melody."""

from dataclasses import replace

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut, with_roles
from symbolic_embed.bars.leading import LONG_REST, leading_parts, melody_notes
from symbolic_embed.bars.lines import pitched_notes
from symbolic_embed.score import Notes, Score, TimeSignature, Track

EIGHTH, BAR = 240, 1920
TUNE = [60, 62, 64, 65, 67, 65, 64, 62, 60, 64, 62, 59, 60, 62, 64, 60]
LENGTHS = [2, 1, 1, 4, 3, 1, 2, 2]  # eighths, two bars of 4/4


def tune(bars=8, *, first=0, program=73):
    lengths = np.resize(LENGTHS, 4 * bars) * EIGHTH
    onset = np.cumsum(lengths) - lengths + first * BAR
    return Track(Notes.of(onset, lengths, np.resize(TUNE, len(onset)), np.full(len(onset), 90)), program=program)


def comping(bars=8, *, low=72, program=26):
    """A chord on every second and fourth beat."""
    onset = np.repeat(np.arange(2 * bars) * 4 * EIGHTH + 2 * EIGHTH, 3)
    pitch = np.tile([low, low + 4, low + 7], 2 * bars)
    return Track(Notes.of(onset, *np.full((1, len(onset)), EIGHTH), pitch, np.full(len(onset), 70)), program=program)


def arpeggio(bars=8, *, low=76, program=46):
    onset = np.arange(8 * bars) * EIGHTH
    pitch = np.resize([low, low + 4, low + 7, low + 4], len(onset))
    return Track(Notes.of(onset, np.full(len(onset), EIGHTH), pitch, np.full(len(onset), 70)), program=program)


def bass(bars=8):
    onset = np.arange(2 * bars) * 4 * EIGHTH
    return Track(Notes.of(onset, onset * 0 + 4 * EIGHTH, np.resize([36, 43], len(onset)), onset * 0 + 80), program=33)


def piece(*tracks):
    return cut(Score(480, tracks, time_signatures=(TimeSignature(0, 4, 4),)))


def spelt(notes):
    return sorted(zip(notes.onset_steps.tolist(), notes.pitch.tolist(), strict=True))


def notes_of(barred, *parts):
    own = barred.notes.where(np.isin(barred.notes.track, parts))
    return sorted(zip(own.onset_steps.tolist(), own.pitch.tolist(), strict=True))


@pytest.mark.parametrize("accompaniment", [comping, arpeggio])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_tune_leads_below_what_accompanies_it(accompaniment, place):
    parts = [accompaniment(), bass()]
    parts.insert(place, tune())
    barred = piece(*parts)
    assert leading_parts(barred) == {place}
    assert spelt(melody_notes(barred)) == notes_of(barred, place)


def test_what_was_said_counts():
    barred = cut(with_roles(piece(tune(), comping(), bass()).score, [(1, "melody"), (2, "melody")]))
    assert leading_parts(barred) == {1, 2}


@pytest.mark.parametrize(
    "parts", [(tune(),), (tune(program=0), comping(low=48, program=0)), (pieces.drums(1), tune()), (pieces.drums(1),)]
)
def test_one_part_and_two_hands_of_one_player_are_heard_as_they_are(parts):
    barred = piece(*parts)
    assert leading_parts(barred) == frozenset()
    assert spelt(melody_notes(barred)) == spelt(pitched_notes(barred))


def test_two_parts_of_two_instruments_are_no_hands():
    assert leading_parts(piece(comping(program=26), tune(program=73))) == {1}


@pytest.mark.parametrize(("rest", "is_filled"), [(LONG_REST - 1, False), (LONG_REST, True)])
def test_long_rests_are_filled_by_the_others(rest, is_filled):
    before, after = tune(4), tune(4, first=4 + rest)
    rows = np.concatenate([before.notes.rows(), after.notes.rows()])
    resting = replace(before, notes=Notes.of(*rows.T))
    barred = piece(resting, comping(8 + rest), pieces.drums(1, bars=8 + rest))
    assert leading_parts(barred) == {0}
    filling = set(spelt(melody_notes(barred))) - set(notes_of(barred, 0))
    expected = {(step, pitch) for step, pitch in notes_of(barred, 1) if 4 <= step // 48 < 4 + rest}
    assert filling == (expected if is_filled else set())
