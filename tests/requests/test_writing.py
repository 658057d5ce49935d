"""Requests for new music: bounds to the digit, sections, two dials for one thing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.errors import SettingsError
from symbolic_embed.originality import provenance
from symbolic_embed.requests import (
    AccompanyRequest,
    BlendRequest,
    ComposeRequest,
    DrawingRequest,
    EditingRequest,
    VaryRequest,
    WritingRequest,
)
from symbolic_embed.requests.changing import CHANGE
from symbolic_embed.requests.writing import SURE


def refusal(kind, **values):
    with pytest.raises(SettingsError) as caught:
        kind(**values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "name", "least", "most"),
    [
        (WritingRequest, "random_seed", 0, None),
        (WritingRequest, "max_copied", 11, None),
        (DrawingRequest, "variations", 1, 256),
        (ComposeRequest, "bars", 1, 10_000),
        (VaryRequest, "count", 1, 1000),
        (BlendRequest, "steps", 1, 100),
    ],
)
def test_whole_numbers_keep_their_bounds(kind, name, least, most):
    assert getattr(kind(**{name: least}), name) == least
    assert refusal(kind, **{name: least - 1}) == f"`{name}` must be at least {least}, not {least - 1}"
    if most is not None:
        assert getattr(kind(**{name: most}), name) == most
        assert refusal(kind, **{name: most + 1}) == f"`{name}` must be at most {most}, not {most + 1}"
    assert refusal(kind, **{name: least + 0.5}) == f"`{name}` must be a whole number, not {least + 0.5}"
    assert refusal(kind, **{name: True}) == f"`{name}` must be a whole number, not True"
    assert refusal(kind, **{name: "many"}) == f"`{name}` must be a whole number, not 'many'"


@pytest.mark.parametrize(
    ("kind", "name", "least", "most"),
    [
        (DrawingRequest, "temperature", 0, 5),
        (DrawingRequest, "top_p", 0.01, 1),
        (VaryRequest, "change", 0, 1),
        (VaryRequest, "strength", 0, 1),
    ],
)
def test_shares_and_the_like_keep_their_bounds(kind, name, least, most):
    for bound in (least, most):
        assert getattr(kind(**{name: bound}), name) == bound
    low, high = math.nextafter(least, -1), math.nextafter(most, 9)
    assert refusal(kind, **{name: low}) == f"`{name}` must be at least {least}, not {low!r}"
    assert refusal(kind, **{name: high}) == f"`{name}` must be at most {most}, not {high!r}"
    assert refusal(kind, **{name: math.nan}) == f"`{name}` must be a finite number, not nan"
    assert refusal(kind, **{name: math.inf}).startswith(f"`{name}` must be ")


def test_what_once_gave_nonsense_or_a_traceback_is_refused_in_a_line():
    assert refusal(ComposeRequest, bars=-3) == "`bars` must be at least 1, not -3"
    assert refusal(VaryRequest, change=7) == "`change` must be at most 1, not 7"
    assert refusal(ComposeRequest, top_p=0) == "`top_p` must be at least 0.01, not 0"
    assert refusal(ComposeRequest, temperature=-1) == "`temperature` must be at least 0, not -1"
    assert refusal(ComposeRequest, variations=0) == "`variations` must be at least 1, not 0"
    assert refusal(ComposeRequest, tempature=1) == "compose has no setting `tempature`; did you mean `temperature`?"


def test_a_limit_on_copying_lies_above_what_chance_gives():
    assert SURE == provenance.SURE
    assert WritingRequest(max_copied=SURE - 1).max_copied == SURE - 1


# Form

letters = st.from_regex("[A-Za-z]['\u2019]?", fullmatch=True)


@given(st.lists(letters, min_size=1, max_size=6), st.integers(1, 4))
def test_a_form_is_its_sections_and_takes_as_many_bars(sections, each):
    request = ComposeRequest(form="".join(sections), bars=each * len(sections))
    assert request.sections == sections
    if len(sections) > 1:
        bars = len(sections) - 1
        with pytest.raises(SettingsError, match=f"{bars} bars are too few for {len(sections)} sections") as caught:
            ComposeRequest(form="".join(sections), bars=bars)
        assert caught.value.field == "form"


def test_without_a_form_there_are_no_sections():
    assert ComposeRequest(bars=7).sections == []


@pytest.mark.parametrize("form", ["", "A1", "'A", "A B", "A''", "Ä", "A\n"])
def test_another_form_is_refused(form):
    expected = "`form` must be letters, each a section, with or without an apostrophe, such as ABA'C, not "
    assert refusal(ComposeRequest, form=form) == expected + repr(form)


# Parts and dials


def test_parts_are_named_one_at_least():
    assert AccompanyRequest(parts="bass, drums").parts == ("bass", "drums")
    assert AccompanyRequest(parts=["melody"]).parts == ("melody",)
    for parts in ("bass, drums,bass", ["bass", "bass"]):
        assert refusal(AccompanyRequest, parts=parts).startswith(
            "`parts` must name each part once, and bass is there twice"
        )
    assert refusal(AccompanyRequest, parts=[]) == "`parts` must hold at least 1, not ()"
    assert refusal(AccompanyRequest, parts="piano") == (
        "`parts` must be 'chords', 'bass', 'drums' or 'melody', not 'piano'"
    )


def test_strength_and_change_are_one_or_the_other():
    with pytest.raises(SettingsError, match=r"^`strength` and `change` are two dials for one thing; leave one out$"):
        VaryRequest(strength=0.5, change=0.5)
    assert VaryRequest(strength=0.0).share_of_notes is None
    assert VaryRequest(change=0.0).share_of_notes == 0.0
    assert VaryRequest().share_of_notes == CHANGE
    with pytest.raises(SettingsError):
        VaryRequest(strength=0, change=0)


def test_a_blend_may_be_limited_and_arrives_where_it_is_told():
    request = BlendRequest(tracks="0", bars="1-2", keep="melody", to_tempo=True)
    assert (request.tracks, request.bars, request.keep) == ((0,), (0, 1), ("melody",))
    assert (request.to_tempo, request.to_key, request.steps) == (True, False, 3)
    assert isinstance(request, EditingRequest)


def test_the_likeliest_music_is_one():
    assert refusal(DrawingRequest, variations=2, temperature=0) == (
        "`variations` 2 with `temperature` 0: the likeliest is always the same; leave one out"
    )
    assert DrawingRequest(temperature=0).variations == 1


@pytest.mark.parametrize("kept", [4, "4"])
def test_what_is_kept_of_the_takes_are_the_variations(kept):
    for kind in (ComposeRequest, AccompanyRequest):
        assert kind(takes=16, keep=kept).variations == 4
        assert kind(takes=16, keep=kept, variations=1).variations == 4
    assert ComposeRequest(takes=16, variations=4).keep is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"keep": 4}, "`keep` 4 without `takes`: of how many? `takes` 16, for one"),
        ({"keep": 4, "takes": 3}, "`keep` 4: only 3 `takes` are drawn"),
        ({"keep": 4, "takes": 8, "variations": 2}, "`keep` 4 with `variations` 2: one thing; leave one out"),
        ({"keep": 0, "takes": 8}, "`keep` must be at least 1, not 0"),
        (
            {"keep": "drums", "takes": 8},
            "`keep` must be how many of the `takes` are kept; tracks are named with `tracks`, `loop`, not 'drums'",
        ),
    ],
)
def test_how_many_takes_are_kept_is_a_number_of_those_that_are_drawn(asked, said):
    assert refusal(ComposeRequest, **asked) == said
