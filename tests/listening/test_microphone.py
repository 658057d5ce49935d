"""One request out of the blocks of a microphone."""

from itertools import repeat

import numpy as np

from symbolic_embed.listening.loudness import RATE
from symbolic_embed.listening.microphone import BLOCK, LONGEST, LONGEST_WAIT, one_request


def blocks(*levels):
    """A block of noise of each level."""
    chance = np.random.default_rng(0)
    return [(chance.normal(0, level, BLOCK)).astype(np.float32) for level in levels]


def test_it_is_over_when_it_has_been_quiet_for_a_second():
    said = [0.001] * 8 + [0.2] * 12 + [0.001] * 40
    request = one_request(blocks(*said))
    assert 12 + 10 <= len(request) / BLOCK <= 12 + 13


def test_a_pause_for_breath_does_not_end_it():
    request = one_request(blocks(*[0.001] * 5, *[0.2] * 5, *[0.001] * 5, *[0.2] * 5, *[0.001] * 30))
    assert len(request) / BLOCK >= 5 + 5 + 5 + 10


def test_noise_of_the_room_is_no_speech():
    assert one_request(blocks(*[0.05] * 300)).size == 0


def test_it_waits_for_so_long_and_listens_for_so_long():
    quiet, loud = blocks(0.0, 0.3)
    taken = []

    def counted(block):
        for one in repeat(block):
            taken.append(1)
            yield one

    assert one_request(counted(quiet)).size == 0
    assert len(taken) * BLOCK <= (LONGEST_WAIT + 1) * RATE
    endless = one_request([quiet] * 5 + [loud] * 1000)
    assert len(endless) <= (LONGEST + 0.2) * RATE
