"""Decoding with care: what was missed is written after all, and nothing becomes worse."""

import numpy as np
import pytest
import tiny
from strategies import of_notes

from symbolic_embed.bars.windows import HELD
from symbolic_embed.embedding.correcting import ATTEMPTS, LAST_BITS, NEAR, corrected, decoded
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.embedder import Embedder

SCALES = of_notes(
    [(0, 0, 60, 12), (12, 0, 62, 12), (24, 0, 64, 24)],
    [(0, 0, 48, 48)],
    [(0, HELD, 50, 20), (24, 0, 52, 12)],
    [(step, 0, 60 + step, 3) for step in range(0, 12, 3)],
)
RULES = DecodingRules(np.full(4, 48), np.zeros(4, bool))


class HardOfHearing:
    """Embeds a window as how often it holds each pitch, and writes those that are asked for loudly enough: quiet ones
    greedily never, in draws now and then."""

    def __init__(self, *, threshold):
        self.threshold, self.asked = threshold, []

    def embed_windows(self, windows):
        heard = np.zeros((len(windows), 128), np.float32)
        np.add.at(heard, (windows.note_window, windows.pitch), 1)
        return heard

    def decode(self, embeddings, rules, *, choice=None):
        self.asked.append(len(embeddings))
        threshold = np.full(embeddings.shape, self.threshold)
        if choice is not None and choice.temperature:
            threshold = threshold - (choice.random.random(embeddings.shape) < 0.5)
        return of_notes(*[[(0, 0, int(pitch), 12) for pitch in np.flatnonzero(row)] for row in embeddings > threshold])


def pitches(windows):
    return [np.unique(windows.pitch[windows.note_window == window]).tolist() for window in range(len(windows))]


def test_what_was_missed_is_asked_for_twice_as_loudly():
    model = HardOfHearing(threshold=1.5)
    vectors = model.embed_windows(SCALES)
    assert pitches(decoded(model, vectors, RULES)) == [[]] * 4
    assert pitches(corrected(model, vectors, RULES)) == pitches(SCALES)
    assert model.asked == [4, 4, 4]


def test_what_is_right_is_not_written_again():
    model = HardOfHearing(threshold=0.5)
    vectors = model.embed_windows(SCALES)
    assert pitches(corrected(model, vectors, RULES)) == pitches(SCALES)
    assert model.asked == [4]
    vectors[1] *= 0.4  # the greatest value that is not heard, and draws cannot help
    assert pitches(corrected(model, vectors, RULES))[1] == []
    assert model.asked[1:] == [4] + [1] * len(ATTEMPTS)


def test_draws_find_what_greedy_writing_does_not():
    model = HardOfHearing(threshold=2.5)
    vectors = model.embed_windows(SCALES)
    assert pitches(corrected(model, vectors, RULES))[1] == [48]


def test_no_window_becomes_worse_and_the_same_is_written_again(tmp_path):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    vectors = embedder.embed_windows(SCALES)
    greedy, careful, again = (
        embedder.embed_windows(write(embedder, vectors, RULES)) for write in (decoded, corrected, corrected)
    )
    before, after = (np.linalg.norm(vectors - written, axis=1) for written in (greedy, careful))
    assert (after <= before + 1e-4).all()
    assert (after < before - NEAR).any()
    assert (careful == again).all()


class Wavering:
    """Embeds every window as a number of its own: 1 the one it writes first, then whatever comes next."""

    def __init__(self, *later):
        self.numbers, self.written = [1.0, *later], 0

    def embed_windows(self, windows):
        return np.array([[self.numbers[int(length) - 1]] for length in windows.length], np.float32)

    def decode(self, embeddings, rules, *, choice=None):
        self.written = min(self.written + 1, len(self.numbers))
        return of_notes(*[[(0, 0, 60, self.written)]] * len(embeddings))


@pytest.mark.parametrize(("later", "kept"), [([1.05], 1), ([1 - LAST_BITS / 2], 1), ([0.9], 2), ([0.9, 0.95], 2)])
def test_only_what_is_nearer_by_more_than_the_last_bits_takes_the_place(later, kept):
    """Asked for 0, the first window is 1 away; which window was kept is told by the length of its note."""
    rules = DecodingRules(np.full(1, 48), np.zeros(1, bool))
    assert corrected(Wavering(*later), np.zeros((1, 1), np.float32), rules).length.tolist() == [kept]
