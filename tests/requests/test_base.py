"""Every request: documented, frozen, equal to what was written down; and how tracks, bars and words are chosen."""

import inspect
import json
from typing import get_type_hints

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from symbolic_embed import requests
from symbolic_embed.errors import SettingsError, UsageError
from symbolic_embed.requests import ComposeRequest, Request, VaryRequest
from symbolic_embed.requests.base import MOST_BARS

REQUESTS = [kind for _, kind in inspect.getmembers(requests, inspect.isclass) if issubclass(kind, Request)]
VERBS = {
    "accompany", "blend", "build_library", "check", "compare", "compose", "duplicates", "embed", "fill", "find",
    "groove", "hum", "humanise", "live", "map", "next", "order", "passages", "play", "rank", "reconstruct", "render",
    "show", "vary", "watch",
}  # fmt: skip


def refusal(kind, **values):
    with pytest.raises(UsageError) as caught:
        kind(**values)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def documented(kind):
    """The fields that a class's docstring explains: lines of a name, two spaces or more, and a meaning."""
    lines = (line.strip() for line in inspect.getdoc(kind).splitlines())
    return {name: meaning.strip() for name, gap, meaning in (line.partition("  ") for line in lines) if gap}


def test_there_is_a_request_for_each_verb_and_all_are_given_out():
    assert {kind.verb() for kind in REQUESTS} - {
        "",
        "reading",
        "writing",
        "humanised",
        "drawing",
        "editing",
        "playing",
    } == VERBS
    assert sorted(kind.__name__ for kind in REQUESTS) == sorted(requests.__all__)


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_field_is_described_and_stands_in_the_docstring_of_its_class(kind):
    own = [name for name in inspect.get_annotations(kind) if name in kind.model_fields]
    assert list(documented(kind)) == own
    assert all(documented(kind).values())
    for name in kind.model_fields:
        description = kind.model_fields[name].description
        assert description
        assert description.endswith((".", "..."))


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_request_can_be_made_of_nothing_and_its_defaults_are_possible(kind):
    """Defaults are not checked when a request is made; giving them is."""
    request = kind()
    assert kind(**{name: getattr(request, name) for name in kind.model_fields}) == request


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_request_is_frozen_and_refuses_what_it_does_not_know(kind):
    assert refusal(kind, nonsense=1).startswith(f"{kind.verb()} has no setting `nonsense`; ")
    for name in kind.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(kind(), name, None)
        near = refusal(kind, **{name + "x": 1})
        assert f"did you mean `{name}`?" in near


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_request_written_down_is_read_again(tmp_path, kind):
    path = tmp_path / "request.json"
    path.write_text(kind().to_json(), encoding="utf-8")
    assert kind.from_file(path) == kind()
    assert set(json.loads(path.read_text())) == set(kind.model_fields)


@pytest.mark.parametrize("kind", REQUESTS)
def test_types_can_be_asked_for(kind):
    """The command line and others read them."""
    assert set(kind.model_fields) <= set(get_type_hints(kind))


names = st.text(min_size=1, max_size=8).filter(lambda name: name == name.strip() and not name.isdecimal())
bars = st.lists(st.integers(0, MOST_BARS - 1), min_size=1, max_size=6)


@given(
    st.builds(
        VaryRequest,
        random_seed=st.integers(0, 2**64),
        max_copied=st.none() | st.integers(11, 100),
        tracks=st.none() | st.lists(st.integers(0, 20) | names, min_size=1, max_size=4),
        bars=st.none() | bars,
        keep=st.lists(st.sampled_from(["melody", "chords", "rhythm"]), max_size=3),
        change=st.none() | st.floats(0, 1),
    )
)
def test_any_request_written_down_is_read_again(tmp_path_factory, request_):
    path = tmp_path_factory.mktemp("requests") / "vary.json"
    path.write_text(request_.to_json(), encoding="utf-8")
    assert VaryRequest.from_file(path) == request_
    assert hash(VaryRequest.from_file(path)) == hash(request_)


# Tracks


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ("0", (0,)),
        (0, (0,)),
        ("2, 0 ,2", (2, 0)),
        ("bass,2,Lead Guitar", ("bass", 2, "Lead Guitar")),
        (["2", 2, "bass", " bass"], (2, "bass")),
        (["a,b"], ("a,b",)),
        (np.array([3, 1]), (3, 1)),
        ((np.int64(3), "007"), (3, "007")),
        ("1234567890", ("1234567890",)),
        ({1: "x"}, (1,)),
        (None, None),
    ],
)
def test_tracks_are_numbers_and_names_each_once(given, chosen):
    assert VaryRequest(tracks=given).tracks == chosen


@pytest.mark.parametrize("given", ["", "0,,1", " ", -1, [-1], [None], [True], [1.0], 1.5, b"0", [[0]]])
def test_other_tracks_are_refused(given):
    expected = f"`tracks` must be numbers of tracks, from 0, or their names, not {given!r}"
    assert refusal(VaryRequest, tracks=given) == expected


# Bars


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 5)), min_size=1, max_size=5))
def test_text_counts_bars_from_1_and_integers_from_0(stretches):
    text = ",".join(f"{first}-{first + more}" if more else f" {first} " for first, more in stretches)
    indices = {first + nth - 1 for first, more in stretches for nth in range(more + 1)}
    assert VaryRequest(bars=text).bars == tuple(sorted(indices))
    assert VaryRequest(bars=text) == VaryRequest(bars=sorted(indices, reverse=True))


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ("5-8,12", (4, 5, 6, 7, 11)),
        (4, (4,)),
        (range(2, 4), (2, 3)),
        ({3, 1}, (1, 3)),
        ((5, 5, 0), (0, 5)),
        (np.array([2, 1]), (1, 2)),
        (np.int64(7), (7,)),
        (f"{MOST_BARS}", (MOST_BARS - 1,)),
        (None, None),
    ],
)
def test_bars_rise_each_once(given, chosen):
    assert VaryRequest(bars=given).bars == chosen


@pytest.mark.parametrize("given", ["", "0", "8-5", "5-", "-5", "1,", "a", "1-2-3", "1.5", f"{MOST_BARS + 1}", "١"])
def test_other_text_is_refused_as_bars(given):
    assert refusal(VaryRequest, bars=given) == f'`bars` must be bars such as "5-8,12", counted from 1, not {given!r}'


@pytest.mark.parametrize(
    "given", [-1, [3, -1], 2.0, [1.5], True, [True], b"5-8", ["5"], [None], MOST_BARS, [MOST_BARS]]
)
def test_other_numbers_are_refused_as_bars(given):
    expected = f'`bars` must be indices of bars, from 0, or text such as "5-8", counted from 1, not {given!r}'
    assert refusal(VaryRequest, bars=given) == expected


@pytest.mark.parametrize("name", ["bars", "tracks"])
def test_none_at_all_is_not_taken_for_all(name):
    assert refusal(VaryRequest, **{name: []}) == f"`{name}` must name at least one {name[:-1]}, not []"


def test_numbers_of_endless_digits_are_refused_in_a_line():
    assert len(refusal(VaryRequest, bars="9" * 5000)) < 200
    assert len(refusal(ComposeRequest, bars="9" * 5000)) < 200
    assert len(refusal(ComposeRequest, bars=10**4000)) < 200


# Words


@pytest.mark.parametrize(
    "given", ["melody,chords", " melody , chords,melody", ["melody", "chords"], ("melody", "chords")]
)
def test_words_come_as_text_or_one_by_one_each_once(given):
    assert VaryRequest(keep=given).keep == ("melody", "chords")


@pytest.mark.parametrize("given", ["", ["melody", None], [True], None])
def test_what_names_nothing_is_not_kept(given):
    words = "`keep` must be melody, chords, rhythm, or parts: numbers from 0, names, or drums, bass, not "
    assert refusal(VaryRequest, keep=given) == words + repr(given)


def test_what_is_refused_is_a_wrong_setting_and_names_its_field():
    with pytest.raises(SettingsError) as caught:
        VaryRequest(bars="0")
    assert (caught.value.field, caught.value.exit_code) == ("bars", 2)
