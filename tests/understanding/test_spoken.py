"""What can be said aloud is what `ask` reads."""

import random
import sys
from pathlib import Path

import pytest

from symbolic_embed.understanding import understand
from symbolic_embed.understanding.spoken import SHAPES, grammar, words_in

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from spoken_sentences import Sentences

ALL = grammar(knows=lambda word: True)
FILES = (["a.mid"], ["a.mid", "loops/"], ["a.mid", "b.mid"])


def test_words_that_a_recogniser_does_not_know_are_left_out_of_what_tables_give():
    assert "denser" in words_in(ALL)
    assert "denser" not in words_in(grammar(knows=lambda word: word != "denser"))


def test_every_shape_is_used():
    assert all(f"<{name}>" in ALL.replace(f"\n<{name}> = ", "\n") for name in SHAPES if name != "request")


@pytest.mark.parametrize("seed", range(4))
def test_sentences_are_understood_but_for_numbers_that_cannot_be(seed):
    drawn = Sentences(ALL, random.Random(seed))
    for _ in range(60):
        sentence = drawn.draw()
        answers = [understand(sentence, files) for files in FILES]
        unclear = answers[0].unclear or ""
        assert any(answer.is_sure for answer in answers) or unclear.startswith("not understood: `"), (sentence, unclear)
