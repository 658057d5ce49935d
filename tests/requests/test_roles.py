"""What somebody says that parts do."""

import pytest

from symbolic_embed.errors import SettingsError
from symbolic_embed.requests import ShowRequest, VaryRequest


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ("2=drums", ((2, "drums"),)),
        ("2=drums,Lead=melody", ((2, "drums"), ("Lead", "melody"))),
        (["2=drums", "Lead, too=BASS"], ((2, "drums"), ("Lead, too", "bass"))),
        ("Lead, too=bass", (("Lead, too", "bass"),)),
        ("a=b=chords", (("a=b", "chords"),)),
        ({"2": "drums", "Lead": "piano"}, ((2, "drums"), ("Lead", "chords"))),
        ({2: "drums"}, ((2, "drums"),)),
        ([[2, "drums"]], ((2, "drums"),)),
        (None, ()),
        ({}, ()),
    ],
)
def test_tracks_and_their_roles(given, roles):
    request = ShowRequest(roles=given)
    assert request.roles == roles
    assert ShowRequest(roles=request.model_dump(mode="json")["roles"]) == request


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("2=drumz", "`roles` must give tracks one of the roles melody, bass, chords, drums; did you mean drums?, not "),
        ("2=x", "`roles` must give tracks one of the roles melody, bass, chords, drums, not "),
        ("2", "`roles` must be tracks and their roles, such as \"2=drums\", not '2'"),
        (2, '`roles` must be tracks and their roles, such as "2=drums", not 2'),
        ("=drums", "`roles` must be numbers of tracks, from 0, or their names, not "),
    ],
)
def test_what_cannot_be_meant_is_refused(given, message):
    with pytest.raises(SettingsError) as refused:
        VaryRequest(roles=given)
    assert str(refused.value).startswith(message)
    assert refused.value.field == "roles"
