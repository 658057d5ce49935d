"""Conditions on pieces: what they say, for which facts they hold, and what is said of those that cannot be meant."""

import pytest

from symbolic_embed.errors import SettingsError
from symbolic_embed.requests import CompareRequest, EmbedRequest, FindRequest, RankRequest
from symbolic_embed.requests.where import Where, key_of

FACTS = {
    "bars": [16],
    "notes": [600],
    "tracks": [5],
    "seconds": [36.9],
    "tempo": [104.0],
    "division": [480],
    "metre": ["4/4"],
    "key": ["A minor"],
    "name": ["Electric piano", "Bass", ""],
    "program": [4, 33],
    "role": ["chords", "bass", "piano"],
    "path": ["songs/Riff.mid"],
    "drums": [],
    "bass": ["bass"],
    "melody": [],
}
ASKED = {field: (lambda values=values: values) for field, values in FACTS.items()}


@pytest.mark.parametrize(
    "text",
    [
        "bars=16",
        "bars > 8 bars<17",
        "bars>=16 bars<=16",
        "bars=8-16",
        "bars=4,16",
        "bars!=8",
        "bars!=1-15",
        "tempo=90-120",
        "tempo>103.5",
        "metre=4/4",
        "metre=3/4,4/4",
        "metre!=3/4",
        "key=Am",
        "key=C,Am",
        'key="A minor"',
        "key=A minor bars=16",
        "key!=A",
        "name~piano",
        'name~"electric piano"',
        "name=bass",
        "name!~violin",
        "program=32-39",
        "role=piano",
        "path~RIFF",
        "bass",
        "!drums",
        "-drums",
        "no drums",
        "BASS !Melody",
    ],
)
def test_it_holds(text):
    assert Where.of(text).holds(ASKED)


@pytest.mark.parametrize(
    "text",
    [
        "bars=15",
        "bars>16",
        "bars<16",
        "bars=1-15",
        "bars!=16",
        "bars!=1-20",
        "tempo=105-120",
        "metre=3/4",
        "metre!=4/4",
        "key=A",
        "key!=C,Am",
        "name~violin",
        "name!~piano",  # one part has it
        "name=piano",  # the whole name
        "program=0",
        "drums",
        "!bass",
        "bass drums",  # both must hold
    ],
)
def test_it_does_not_hold(text):
    assert not Where.of(text).holds(ASKED)


def test_nothing_is_compared_with_what_is_not_there():
    assert not Where.of("key=C").holds({"key": list})
    assert Where.of("key!=C").holds({"key": list})


def test_only_what_is_compared_is_looked_at():
    assert Where.of("bars=16").holds({"bars": lambda: [16]})


@pytest.mark.parametrize(
    ("key", "others"),
    [
        ("C", ["c", "C major", "Cmaj"]),
        ("C#m", ["Db minor", "c# min", "Dbm"]),
        ("Cb", ["B major"]),
        ("B#m", ["C minor"]),
    ],
)
def test_a_key_has_many_names(key, others):
    assert {key_of(other) for other in others} == {key_of(key)}
    assert key_of("Am") != key_of("A") != key_of("C")
    assert key_of("H") is key_of("") is key_of("A lydian") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tempi=3", "tempi=3: tempi is not known of pieces; did you mean tempo?"),
        ("bars>many", "bars>many: behind > stands one number"),
        ("bars>4-8", "bars>4-8: behind > stands one number"),
        ("bars=x", "bars=x: x is no number, as in bars>8"),
        ("bars=", "bars=: behind = stands a value"),
        ("bars", "bars: bars is compared by = != < <= > >=, such as bars>8"),
        ("metre>3/4", "metre>3/4: metre is compared by = !=, such as metre=3/4"),
        ("metre=waltz", "metre=waltz: waltz is no metre, as in metre=3/4"),
        ("key=H", 'key=H: H is no key, as in key="A minor"'),
        ("drums=yes", "drums=yes: drums stands alone, or as !drums"),
        ("=3", "=3: no condition such as bars>8"),
        (" ", "is empty; give conditions such as bars>8"),
    ],
)
@pytest.mark.parametrize("kind", [RankRequest, CompareRequest, EmbedRequest, FindRequest])
def test_what_cannot_be_meant_is_refused_in_a_line(kind, text, reason):
    with pytest.raises(SettingsError) as caught:
        kind(where=text)
    assert str(caught.value) == f"`where` {reason}"
    assert caught.value.field == "where"


def test_a_field_nobody_is_near_to_is_answered_with_all():
    with pytest.raises(SettingsError, match="known are bars, notes, tracks"):
        RankRequest(where="zzz=1")


def test_a_request_is_written_down_and_read_again():
    request = RankRequest(where="bars>8")
    assert '"where": "bars>8"' in request.to_json()
    assert RankRequest().conditions is None
