"""Messages that speak to the whole instrument, in three dialects."""

from __future__ import annotations

import pytest

from symbolic_embed.score.sounding.device import master_volume, resets_all, with_master_volume

VOLUMES = {
    "universal": "f0 07 7f 7f 04 01 00 40 f7",
    "GS": "f0 0a 41 10 42 12 40 00 04 40 7c f7",
    "XG": "f0 08 43 10 4c 00 00 04 40 f7",
}
RESETS = [
    "f0 05 7e 7f 09 01 f7",
    "f0 05 7e 7f 09 03 f7",
    "f0 0a 41 10 42 12 40 00 7f 00 41 f7",
    "f0 08 43 10 4c 00 00 7e 00 f7",
]


@pytest.mark.parametrize("message", VOLUMES.values(), ids=VOLUMES)
def test_the_master_volume_is_read_and_set_in_its_dialect(message):
    message = bytes.fromhex(message)
    assert master_volume(message) == 0x40
    assert with_master_volume(message, 0x40) == message
    louder = with_master_volume(message, 0x7F)
    assert master_volume(louder) == 0x7F
    assert len(louder) == len(message)
    assert not resets_all(message)


def test_a_gs_message_keeps_its_sum():
    louder = with_master_volume(bytes.fromhex(VOLUMES["GS"]), 0x20)
    assert sum(louder[6:-1]) % 128 == 0


@pytest.mark.parametrize("message", RESETS)
def test_resets(message):
    assert resets_all(bytes.fromhex(message))
    assert master_volume(bytes.fromhex(message)) is None


@pytest.mark.parametrize(
    "message", ["f0 00", "f0 01 f7", "f0 03 7f 7f 04", "f7 05 7e 7f 09 01 f7", "ff 51 03 07 a1 20", "90 3c 40"]
)
def test_what_is_none_of_these_says_nothing(message):
    message = bytes.fromhex(message)
    assert (resets_all(message), master_volume(message)) == (False, None)
    with pytest.raises(ValueError, match="no master volume"):
        with_master_volume(message, 1)
