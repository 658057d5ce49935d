"""What is said in a recording, by a grammar of what can be said: PocketSphinx, with the English model it brings.

A sentence that fits none of the grammar is heard as a part of one, or as the nearest one. So each recording is heard
three times, as it is, with its noise taken out, and a little slower, and counts as recognised where all three are the
same whole sentence. The last words are lost where a recording ends with them, so its own noise is laid around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.signal import resample_poly

from symbolic_embed.errors import UsageError
from symbolic_embed.listening.loudness import RATE, Samples, loudness, spoken

PADDING = RATE // 2  # samples before and behind
QUIET = 0.1  # the share of a recording that is taken for its noise
PEAK = 0.5  # to which each recording is brought
SLOWER = (17, 16)  # times as long, the third time
GRAMMAR = "ask"

MakesGrammar = Callable[[Callable[[str], bool]], str]  # of a test for words that the recogniser knows


@dataclass(frozen=True)
class Heard:
    """What was heard the first time, and whether it was the same whole sentence each time."""

    text: str
    is_recognised: bool


class Recogniser:
    """A recogniser of the sentences of a grammar (JSGF without recursion). Raises UsageError where PocketSphinx is not
    installed."""

    def __init__(self, grammar: MakesGrammar) -> None:
        self._decoders = [_decoder(remove_noise=remove_noise) for remove_noise in (False, True)]
        text = grammar(lambda word: self._decoders[0].lookup_word(word) is not None)
        for decoder in self._decoders:
            decoder.add_jsgf_string(GRAMMAR, text)
            decoder.activate_search(GRAMMAR)
        self._sentences = re.compile(sentences_of(text))

    def heard(self, samples: Samples) -> Heard:
        """What is said in samples of 16 kHz; "" where nobody speaks."""
        voice = spoken(samples)
        if not voice.size:
            return Heard("", False)
        as_it_is, without_noise = self._decoders
        first = _decoded(as_it_is, voice)
        is_whole = self._sentences.fullmatch(f"{first} ") is not None
        others = ((without_noise, voice), (as_it_is, _slower(voice)))
        return Heard(first, is_whole and all(_decoded(decoder, again) == first for decoder, again in others))


def sentences_of(grammar: str) -> str:
    """A regular expression for the sentences of a grammar, with a space behind each word."""
    rules = dict(re.findall(r"^(?:public )?<(\w+)> = (.*);$", grammar, re.MULTILINE))
    [start] = re.findall(r"^public <(\w+)>", grammar, re.MULTILINE)

    def written_out(body: str) -> str:
        pieces = (_piece(token, written_out, rules) for token in re.findall(r"<\w+>|[\w']+|[\[\]()|]", body))
        return f"(?:{''.join(pieces)})"

    return written_out(rules[start])


def _piece(token: str, written_out: Callable[[str], str], rules: dict[str, str]) -> str:
    if token.startswith("<"):
        return written_out(rules[token[1:-1]])
    return {"[": "(?:", "(": "(?:", "]": ")?", ")": ")", "|": "|"}.get(token, f"{token} ")


def _decoded(decoder: Any, voice: Samples) -> str:
    """The best sentence, or the beginning of one."""
    decoder.start_utt()
    decoder.process_raw(_padded(voice), no_search=False, full_utt=True)
    decoder.end_utt()
    best = decoder.hyp()
    return "" if best is None else str(best.hypstr)


def _slower(voice: Samples) -> Samples:
    """The same, slower and deeper."""
    return np.asarray(resample_poly(voice, *SLOWER), np.float32)


def _padded(voice: Samples) -> bytes:
    """Samples of one loudness, with noise as loud as theirs on both sides, as 16-bit integers."""
    chance = np.random.default_rng(0)
    scaled = voice * (PEAK / max(1e-6, float(np.abs(voice).max()))) * 32_767
    levels = loudness(scaled)
    level = float(np.quantile(levels, QUIET)) if levels.size else 0.0
    before, behind = (chance.normal(0, max(1.0, level), PADDING) for _ in range(2))
    return bytes(np.concatenate([before, scaled, behind]).clip(-32_768, 32_767).astype("<i2").tobytes())


@cache
def _decoder(*, remove_noise: bool) -> Any:
    """A decoder with its model."""
    try:
        from pocketsphinx import Decoder
    except ImportError:
        raise UsageError("speech needs PocketSphinx; install symbolic-embed[speech]") from None
    return Decoder(lm=None, loglevel="FATAL", remove_noise=remove_noise)
