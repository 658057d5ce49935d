"""Where drums stand."""

import pytest

from symbolic_embed.notation.drum_staff import OTHER, PLACES, SNARE, key_at, place_of


def test_no_two_drums_look_the_same():
    assert len(set(PLACES.values())) == len(PLACES)


@pytest.mark.parametrize("key", PLACES)
def test_the_drum_at_a_place_has_a_notehead_of_its_kind(key):
    place = place_of(key)
    found = key_at(place.step, place.octave, is_cross=place.head != "normal")
    assert place_of(found)[:2] == place[:2]
    assert (place_of(found).head == "normal") == (place.head == "normal") or len(
        [p for p in PLACES.values() if p[:2] == place[:2]]
    ) == 1


def test_what_is_not_of_the_kit():
    assert place_of(80) == OTHER
    assert key_at("C", 1, is_cross=False) == SNARE
