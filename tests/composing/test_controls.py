"""Wishes as numbers, and how far music is from them."""

from __future__ import annotations

import numpy as np
import pytest
from looping_music import pop

from symbolic_embed.bars.patterns.measures import nothing_played, played_by, played_in
from symbolic_embed.composing.controls import NO_WISHES, Wishes, measured, wishes_of
from symbolic_embed.errors import UsageError
from symbolic_embed.requests.controls import ControlsRequest

KEYS, LOW, KIT = range(3)


def cell(*notes: tuple[int, int, int]) -> np.ndarray:
    return np.array(notes, np.int64).reshape(-1, 3)


def test_a_word_is_measured_against_the_seed():
    """The keys play three quarters of a note a quarter, three notes at once, four quarters long."""
    keys, low, kit = wishes_of(
        pop(), ControlsRequest(density="lower", polyphony="drums=higher,same", note_length=2, range="low=higher,3")
    )
    assert keys == Wishes(density=0.5, polyphony=3.0, note_length=2.0, lowest=57, highest=79)
    assert low == Wishes(
        density=0.25 * 2 / 3, polyphony=1.0, note_length=2.0, pitch=41.25 + 7, lowest=36 + 7, highest=45 + 7
    )
    assert kit == Wishes(density=2 / 3, polyphony=1.5)


def test_what_is_said_of_a_part_counts_before_what_is_said_of_all():
    wishes = wishes_of(pop(), ControlsRequest(density="low=4,2", polyphony="low=lower", range="keys=C3-C5"))
    assert [wish.density for wish in wishes] == [2.0, 4.0, 2.0]
    assert [wish.polyphony for wish in wishes] == [None, 1.0, None]  # less than one note at once is a rest
    assert (wishes[KEYS].lowest, wishes[KEYS].highest) == (48, 72)
    assert wishes_of(pop(), ControlsRequest()) == [NO_WISHES] * 3
    assert NO_WISHES.asks_for_nothing
    assert not wishes[KEYS].asks_for_nothing


def test_between_two_pitches_a_part_lies_as_it_did_between_its_own_and_stays_where_it_can():
    """The bass plays 36 to 45, on average 41.25: seven twelfths of the way up."""
    ranges = ("48-60", "30-50", "36-45")
    low = [wishes_of(pop(), ControlsRequest(range=f"low={ends}"))[LOW] for ends in ranges]
    assert [wish.pitch for wish in low] == pytest.approx([48 + 12 * 5.25 / 9, 41.25, 41.25])


def test_a_track_that_is_not_there_is_refused_by_its_control():
    with pytest.raises(UsageError, match=r"^`polyphony`: there is no track 'horns'") as refusal:
        wishes_of(pop(), ControlsRequest(polyphony="horns=2"))
    assert refusal.value.field == "polyphony"


def test_distance_is_counted_in_doublings_and_octaves():
    """A cell of one quarter note a quarter, at C4."""
    quarters = played_in([cell(*((12 * beat, 60, 12) for beat in range(4)))], steps=48)
    assert Wishes(density=1.0, polyphony=1.0, note_length=1.0, pitch=60, lowest=60, highest=60).distance(quarters) == 0
    assert Wishes(density=2.0).distance(quarters) == 1
    assert Wishes(density=0.5).distance(quarters) == 1
    assert Wishes(note_length=4.0).distance(quarters) == 2
    assert Wishes(polyphony=2.0).distance(quarters) == 1
    assert Wishes(pitch=54.0).distance(quarters) == 0.5
    assert Wishes(lowest=72).distance(quarters) == Wishes(highest=48).distance(quarters) == 1
    assert Wishes(density=2.0, pitch=48.0).distance(quarters) == 2


def test_a_rest_is_as_far_as_hardly_a_note_and_has_nothing_else_that_is_wrong():
    rest = played_in([cell()], steps=48)
    assert Wishes(density=1.0).distance(rest) == 4
    assert Wishes(polyphony=3.0, note_length=1.0, pitch=60.0, lowest=40, highest=50).distance(rest) == 0


def test_of_candidates_the_one_is_nearest_that_brings_the_part_to_its_wish():
    """Two notes in the first bar, four a bar are asked for: six more make it right."""
    so_far = played_in([cell((0, 60, 12), (24, 60, 12))], steps=48)
    wish = Wishes(density=1.0)
    assert wish.notes_wanted(so_far, steps=48) == 6
    assert wish.notes_wanted(nothing_played(), steps=48) == 4
    assert wish.notes_wanted(played_in([cell(*((step, 60, 1) for step in range(20)))], steps=48), steps=48) == 0
    assert NO_WISHES.notes_wanted(so_far, steps=48) is None
    candidates = played_in(
        [cell(*((6 * eighth, 60, 6) for eighth in range(count))) for count in (2, 4, 6, 8)], steps=48
    )
    assert int(wish.distance(so_far + candidates).argmin()) == 2


def test_a_part_as_it_is_meets_the_wish_that_it_stay_the_same():
    band = pop()
    same = ControlsRequest(density="same", polyphony="same", note_length="same", range="same")
    for part, wish in enumerate(wishes_of(band, same)):
        assert wish.distance(played_by(band, part)) == pytest.approx(0)


def test_measures_in_a_record():
    assert measured(played_by(pop(), LOW)) == {"density": 0.25, "polyphony": 1.0, "pitch": 41.25, "note_length": 4.0}
    assert measured(nothing_played()) == {"density": 0.0, "polyphony": None, "pitch": None, "note_length": None}


@pytest.mark.parametrize(
    ("own", "leader", "together"),
    [
        ({}, {"density": 2.0}, True),
        ({"density": 2.0}, {}, False),
        ({"density": 2.0}, {"density": 2.1}, True),
        ({"density": 2.0}, {"density": 4.0}, False),
        ({"polyphony": 3.0}, {"polyphony": 3.0, "density": 2.0}, True),
        ({"pitch": 60.0}, {}, False),
        ({"pitch": 60.0, "lowest": 48, "highest": 72}, {"pitch": 72.0, "lowest": 60, "highest": 84}, True),
    ],
)
def test_a_part_doubles_another_where_both_so_come_to_what_was_asked(own, leader, together):
    assert Wishes(**own).goes_with(Wishes(**leader)) == together
