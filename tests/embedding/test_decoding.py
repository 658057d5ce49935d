"""Rules of windows to be decoded: by kind, narrowed, and row by row."""

import numpy as np
import pytest

from symbolic_embed.embedding.decoding import DecodingRules, pitches_by_kind
from symbolic_embed.encodings import note_rows

TOKENS, FIRST_DRUM = note_rows.PITCH_TOKENS, note_rows.FIRST_DRUM
STEPS, DRUMS = np.array([48, 36, 12]), np.array([True, False, False])


def test_drums_may_write_drums_and_others_pitches():
    allowed = pitches_by_kind(np.array([True, False]))
    assert allowed[0].tolist() == [False] * FIRST_DRUM + [True] * 128
    assert (allowed[0] != allowed[1]).all()


def test_without_more_a_window_may_hold_all_of_its_kind_in_several_voices():
    grammar = DecodingRules(STEPS, DRUMS).grammar()
    assert grammar.steps.tolist() == STEPS.tolist()
    assert (grammar.pitches == pitches_by_kind(DRUMS)).all()
    assert (grammar.rhythm, grammar.single.tolist(), grammar.fewest.tolist()) == (None, [False] * 3, [0] * 3)


@pytest.mark.parametrize("by_step", [False, True])
def test_what_is_allowed_narrows_and_never_widens_a_kind(by_step):
    random = np.random.default_rng(0)
    allowed = random.random((3, 48, TOKENS) if by_step else (3, TOKENS)) < 0.5
    pitches = DecodingRules(STEPS, DRUMS, allowed).grammar().pitches
    for window, is_drum in enumerate(DRUMS):
        for token in (0, 60, 127, 128, 200):
            own_kind = (token >= FIRST_DRUM) == is_drum
            assert (pitches[window, ..., token] == (allowed[window, ..., token] & own_kind)).all()


def test_rows_keep_what_belongs_to_them():
    random = np.random.default_rng(0)
    allowed, rhythm = random.random((3, TOKENS)) < 0.5, random.integers(0, 9, (3, 4, 2))
    rules = DecodingRules(STEPS, DRUMS, allowed, rhythm, single=np.array([True, False, True]))
    whole, some = rules.grammar(), rules.where(np.array([2, 0])).grammar()
    for name in ("steps", "pitches", "single", "rhythm"):
        assert (getattr(some, name) == getattr(whole, name)[[2, 0]]).all()
    assert rules.where(slice(1)).steps.tolist() == [48]
    assert DecodingRules(STEPS, DRUMS).where(slice(1)).grammar().rhythm is None
