"""What counts as recognised; and, where PocketSphinx and espeak-ng are, what is recognised."""

import re
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from symbolic_embed.errors import UsageError
from symbolic_embed.listening import speech
from symbolic_embed.listening.recordings import samples_of
from symbolic_embed.understanding.spoken import grammar

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from spoken_sentences import spoken_by, with_noise

SMALL = """#JSGF V1.0;
grammar ask;
public <request> = [please] <count> bars (more | anew) [<wish>];
<count> = two | three;
<wish> = a bit calmer;
"""
VOICE = np.sin(np.arange(16_000) / 5).astype(np.float32) / 2


class Decoder:
    """A decoder that has heard something, whatever is said."""

    def __init__(self, heard):
        self._heard = heard

    def lookup_word(self, word):
        return None if word == "anew" else "W ER D"

    def hyp(self):
        return None if self._heard is None else SimpleNamespace(hypstr=self._heard)

    def __getattr__(self, name):
        return lambda *_, **__: None


def recogniser(monkeypatch, first, second):
    decoders = {False: Decoder(first), True: Decoder(second)}
    monkeypatch.setattr(speech, "_decoder", lambda *, remove_noise: decoders[remove_noise])
    return speech.Recogniser(lambda knows: SMALL if knows("bars") and not knows("anew") else "")


@pytest.mark.parametrize(
    ("first", "second", "is_recognised"),
    [
        ("two bars more", "two bars more", True),
        ("please three bars more a bit calmer", "please three bars more a bit calmer", True),
        ("two bars more", "three bars more", False),
        ("two bars more a bit", "two bars more a bit", False),
        ("two bars", None, False),
        (None, None, False),
    ],
)
def test_recognised_is_the_same_whole_sentence_each_time(monkeypatch, first, second, is_recognised):
    heard = recogniser(monkeypatch, first, second).heard(VOICE)
    assert heard == speech.Heard(first or "", is_recognised)


def test_silence_is_nothing(monkeypatch):
    assert recogniser(monkeypatch, "two bars more", "two bars more").heard(0 * VOICE) == speech.Heard("", False)


def test_sentences_as_a_regular_expression():
    sentences = re.compile(speech.sentences_of(SMALL))
    assert sentences.fullmatch("two bars anew ")
    assert sentences.fullmatch("please two bars more a bit calmer ")
    assert not sentences.fullmatch("two bars ")
    assert not sentences.fullmatch("two bars more please ")


def test_without_the_extra_a_line_says_which(monkeypatch):
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    speech._decoder.cache_clear()
    with pytest.raises(UsageError, match=r"install symbolic-embed\[speech\]"):
        speech.Recogniser(lambda knows: SMALL)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng speaks here")
@pytest.mark.parametrize("text", ["rewrite bars five to eight", "what is in this file"])
def test_what_a_voice_says_is_heard(text):
    pytest.importorskip("pocketsphinx")
    noisy = with_noise(spoken_by("en-us", text), decibels=20, chance=np.random.default_rng(0))
    heard = speech.Recogniser(lambda knows: grammar(knows=knows)).heard(samples_of(noisy, source="x"))
    assert heard == speech.Heard(text, True)
