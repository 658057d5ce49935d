"""Requests about one file."""

from pathlib import Path

import pytest

from symbolic_embed.errors import SettingsError
from symbolic_embed.requests import CheckRequest, PlayRequest, RenderRequest, ShowRequest


def test_a_sound_font_is_a_path_however_it_is_given(tmp_path):
    assert RenderRequest(sound_font="fonts/a.sf2").sound_font == Path("fonts/a.sf2")
    request = PlayRequest(sound_font=Path("fonts/a.sf2"), driver="alsa")
    (tmp_path / "play.json").write_text(request.to_json(), encoding="utf-8")
    assert PlayRequest.from_file(tmp_path / "play.json") == request
    with pytest.raises(SettingsError, match=r"^`sound_font` must be a path, not 3$"):
        RenderRequest(sound_font=3)


def test_a_driver_is_for_playing_alone():
    with pytest.raises(SettingsError, match=r"^render has no setting `driver`; known are `sound_font`$"):
        RenderRequest(driver="alsa")


@pytest.mark.parametrize("name", ["faults", "each"])
def test_a_check_is_told_yes_or_no(name):
    assert getattr(CheckRequest(**{name: True}), name) is True
    with pytest.raises(SettingsError, match=f"^`{name}` must be true or false, not 'some'$"):
        CheckRequest(**{name: "some"})


def test_of_showing_only_the_reading_can_be_chosen():
    with pytest.raises(
        SettingsError, match=r"^show has no setting `each`; known are `join_channels`, `notes`, `roles`$"
    ):
        ShowRequest(each=True)
