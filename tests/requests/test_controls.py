"""Controls in requests: words and numbers, for all parts and for some."""

from __future__ import annotations

import json

import pytest

from symbolic_embed.errors import SettingsError
from symbolic_embed.requests import DrawingRequest
from symbolic_embed.requests.controls import ControlsRequest, PartTemperatureRequest
from symbolic_embed.score.instruments import pitch_name


class Drawing(PartTemperatureRequest, DrawingRequest):
    """As the verbs that draw have it."""


def refusal(kind, **values):
    with pytest.raises(SettingsError) as caught:
        kind(**values)
    return str(caught.value)


def test_a_wish_is_a_word_or_a_number_for_all_or_for_some():
    assert ControlsRequest(density="higher").density == ((None, "higher"),)
    assert ControlsRequest(density=2).density == ((None, 2.0),)
    assert ControlsRequest(polyphony="Bass=1, 2=1.5,LOWER").polyphony == (("Bass", 1.0), (2, 1.5), (None, "lower"))
    assert ControlsRequest(note_length={"pad": 4, None: "same"}).note_length == (("pad", 4.0), (None, "same"))
    assert ControlsRequest(density="0=lower,0=3").density == ((0, 3.0),)
    assert ControlsRequest() == ControlsRequest(density=None)


def test_a_range_is_also_semitones_and_from_note_to_note():
    assert ControlsRequest(range="0").range == ((None, 0.0),)
    assert ControlsRequest(range="lead=C3-C5,bass=28-47").range == (("lead", (48, 72)), ("bass", (28, 47)))
    assert ControlsRequest(range="Bb2-F#4").range == ((None, (46, 66)),)
    assert ControlsRequest(range=[48, 72]).range == ControlsRequest(range={None: (48, 72)}).range == ((None, (48, 72)),)
    assert (pitch_name(48), pitch_name(72)) == ("C3", "C5")


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        (
            "density",
            "hihger",
            "must be lower, same, higher or a number above 0 and up to 48; did you mean higher?, not",
        ),
        ("density", "bass=0", "must be lower, same, higher or a number above 0 and up to 48, not 'bass=0'"),
        ("polyphony", 25, "must be lower, same, higher or a number above 0 and up to 24, not 25"),
        ("note_length", True, "must be lower, same, higher or a number above 0 and up to 64, not True"),
        ("range", "61", "must be lower, same, higher or a number from 0 and up to 60, not '61'"),
        ("range", "C5-C3", "must go up, between 0 and 127, as C3-C5 does, not 'C5-C3'"),
        ("range", "60-128", "must go up, between 0 and 127, as C3-C5 does, not '60-128'"),
        ("density", "=lower", "must be numbers of tracks, from 0, or their names, not '=lower'"),
    ],
)
def test_other_wishes_are_refused(name, given, words):
    assert refusal(ControlsRequest, **{name: given}).startswith(f"`{name}` {words}")


def test_a_temperature_may_be_that_of_single_parts():
    request = Drawing(temperature="bass=.7,1.0,0=1.2")
    assert (request.temperature, request.part_temperature) == (1.0, (("bass", 0.7), (0, 1.2)))
    assert Drawing(temperature={"bass": 0.7}).temperature == DrawingRequest().temperature
    assert Drawing(temperature=0.5) == Drawing(temperature="0.5")
    assert refusal(Drawing, temperature="bass=9") == "`temperature` of a track must be a number from 0 to 5, not '9'"
    assert refusal(Drawing, temperature="hot").startswith("`temperature` must be a number, not 'hot'")


def test_what_was_asked_is_written_down_and_read_again():
    for request in (
        ControlsRequest(density="bass=2,lower", range="lead=C3-C5,4", polyphony=2),
        Drawing(temperature="bass=.7,1.0"),
    ):
        assert type(request)(**json.loads(request.to_json())) == request
