"""What is said in a recording, by a grammar of what can be said: PocketSphinx, with the English model it brings.

A sentence that fits none of the grammar is heard as the nearest one that does. How much worse the grammar explains what
was heard than free phones do, frame by frame, tells such sentences apart: above `MOST_STRANGE` nothing was recognised.
The last words are lost where a recording ends with them, so silence is laid around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from symbolic_embed.errors import UsageError
from symbolic_embed.listening.loudness import RATE, Samples, spoken

if TYPE_CHECKING:
    from pocketsphinx import Decoder

SILENCE = RATE // 2  # samples before and behind
HISS = 3.0  # of 32,768: the standard deviation of what is laid there, since pure silence disturbs the recogniser
LOUDEST = 0.5  # to which each recording is brought
MOST_STRANGE = 1e9
GRAMMAR, PHONES = "ask", "phones"

MakesGrammar = Callable[[Callable[[str], bool]], str]  # of a test for words that the recogniser knows


@dataclass(frozen=True)
class Heard:
    """What was said, and how much worse it fits than free phones, a frame: the less, the surer."""

    text: str
    strangeness: float

    @property
    def is_recognised(self) -> bool:
        """Whether it was a sentence of the grammar."""
        return bool(self.text) and self.strangeness <= MOST_STRANGE


class Recogniser:
    """A recogniser of the sentences of a grammar. Raises UsageError where PocketSphinx is not installed."""

    def __init__(self, grammar: MakesGrammar) -> None:
        self._decoder = _decoder()
        text = grammar(lambda word: self._decoder.lookup_word(word) is not None)
        self._decoder.add_jsgf_string(GRAMMAR, text)

    def heard(self, samples: Samples) -> Heard:
        """What is said in samples of 16 kHz; "" where nobody speaks."""
        voice = spoken(samples)
        if not voice.size:
            return Heard("", 0.0)
        padded = _padded(voice)
        said, score = self._decoded(padded, GRAMMAR)
        _, free = self._decoded(padded, PHONES)
        frames = max(1, len(voice) * 100 // RATE)
        return Heard(said, (free - score) / frames)

    def _decoded(self, data: bytes, search: str) -> tuple[str, float]:
        """The best sentence of a search, and its acoustic score."""
        self._decoder.activate_search(search)
        self._decoder.start_utt()
        self._decoder.process_raw(data, no_search=False, full_utt=True)
        self._decoder.end_utt()
        best = self._decoder.hyp()
        return ("", -np.inf) if best is None else (best.hypstr, float(sum(one.ascore for one in self._decoder.seg())))


def _padded(voice: Samples) -> bytes:
    """Samples of one loudness between silences, as 16-bit integers."""
    chance = np.random.default_rng(0)
    scaled = voice * (LOUDEST / max(1e-6, float(np.abs(voice).max()))) * 32_767
    silence = np.zeros(SILENCE)
    both = np.concatenate([silence, scaled, silence])
    return bytes((both + chance.normal(0, HISS, len(both))).clip(-32_768, 32_767).astype("<i2").tobytes())


@cache
def _decoder() -> Any:
    """The decoder with its model, and a search for free phones."""
    try:
        from pocketsphinx import Decoder, get_model_path
    except ImportError:
        raise UsageError("speech needs PocketSphinx; install symbolic-embed[speech]") from None
    decoder: Decoder = Decoder(lm=None, loglevel="FATAL")
    decoder.add_allphone_file(PHONES, str(Path(get_model_path()) / "en-us" / "en-us-phone.lm.bin"))
    return decoder
