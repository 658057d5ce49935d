"""Which tracks are meant."""

import pytest

from symbolic_embed.bars.naming import track_numbers
from symbolic_embed.errors import UsageError
from symbolic_embed.score import Notes, Track

TRACKS = [Track(Notes.none(), name) for name in ("Piano", "808", "piano", "")]


@pytest.mark.parametrize(("wanted", "numbers"), [(1, {1}), ("PIANO", {0, 2}), (808, {1}), (3, {3})])
def test_a_number_or_a_name_in_any_case(wanted, numbers):
    assert track_numbers(wanted, TRACKS, field="tracks") == numbers


def test_what_is_not_there_is_refused_with_what_is():
    with pytest.raises(UsageError) as refused:
        track_numbers("Oboe", TRACKS, field="roles")
    assert str(refused.value) == "`roles`: there is no track 'Oboe'; there are: 0 Piano, 1 808, 2 piano, 3"
    assert refused.value.field == "roles"
