"""Parts and bars in requests: all but some, and parts that have bars of their own."""

from __future__ import annotations

import json

import pytest

from symbolic_embed.errors import SettingsError
from symbolic_embed.requests import VaryRequest
from symbolic_embed.requests.scope import GoingOnRequest, RegionsRequest


def refusal(kind, **values):
    with pytest.raises(SettingsError) as caught:
        kind(**values)
    return str(caught.value)


def test_bars_are_several_regions_and_parts_may_have_their_own():
    assert VaryRequest(bars="1-3,9,13-14").bars == (0, 1, 2, 8, 12, 13)
    request = VaryRequest(bars="1-2,9,drums=5-6,12,0=1")
    assert request.bars == (0, 1, 8)
    assert request.part_bars == (("drums", (4, 5, 11)), (0, (0,)))
    assert VaryRequest(bars="drums=5").bars is None


def test_python_says_the_same_with_a_mapping_where_bars_count_from_zero():
    said = RegionsRequest(bars={"drums": [4, 5], None: "1-2"})
    assert said == RegionsRequest(bars="1-2,drums=5-6")
    assert RegionsRequest(**json.loads(said.to_json())) == said


@pytest.mark.parametrize("given", ["drums=0-3", "drums=9-2", {"drums": "x"}])
def test_bars_of_a_part_are_refused_as_bars(given):
    words = refusal(VaryRequest, bars=given)
    assert words.startswith("`bars` drums=")
    assert words.endswith('must be bars such as "5-8,12", counted from 1')


def test_parts_are_kept_by_what_they_do_by_number_and_by_name():
    assert VaryRequest(keep="melody,drums,2,Lead").keep == ("melody", "drums", 2, "Lead")
    assert VaryRequest(keep=[2, "bass", 2]).keep == (2, "bass")
    assert VaryRequest(keep=3).keep == (3,)


def test_a_part_goes_on_as_it_does_or_is_written():
    assert GoingOnRequest(tracks="0", loop="drums,bass", except_tracks="1").loop == ("drums", "bass")
    assert refusal(GoingOnRequest, tracks="0,bass", loop="bass") == (
        "`loop` bass with `tracks` bass: it goes on as it does or is written; leave one out"
    )
