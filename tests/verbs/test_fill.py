"""Filling from a request: what is refused, what the record says of stretches and takes."""

from __future__ import annotations

import pytest
from composers import band_seed, tiny_composer

from symbolic_embed.errors import UsageError
from symbolic_embed.requests import FillRequest
from symbolic_embed.verbs.fill import fill


@pytest.fixture(scope="module")
def trained():
    return tiny_composer()


@pytest.mark.parametrize(("bars", "reason"), [(None, "nothing to fill"), ("9", "no bar 9"), ("1-4", "all of the seed")])
def test_bars_that_cannot_be_filled_are_refused(trained, bars, reason):
    with pytest.raises(UsageError, match=reason) as refusal:
        fill(band_seed(), trained, FillRequest(bars=bars))
    assert refusal.value.field == "bars"


def test_the_takes_of_each_stretch_are_told_and_of_a_single_one_above_all(trained):
    (single,) = fill(band_seed(), trained, FillRequest(bars="2", takes=3))
    (stretch,) = single.record["stretches"]
    assert single.record["take"] == stretch["take"]
    assert stretch["take"]["of"] == 3
    assert stretch["take"]["failures"] == [name for name, check in stretch["take"]["checks"].items() if check["fails"]]
    (several,) = fill(band_seed(), trained, FillRequest(bars="1,3", takes=3))
    assert [stretch["bars"] for stretch in several.record["stretches"]] == [[1, 1], [3, 3]]
    assert "take" not in several.record
