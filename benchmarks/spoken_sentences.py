"""Sentences drawn from a grammar (JSGF), and spoken by espeak-ng, with noise."""

from __future__ import annotations

import io
import random
import re
import subprocess

import numpy as np
from scipy.io import wavfile

OPTIONAL = 0.45  # how often what may be left out is said
TOKEN = re.compile(r"<\w+>|[a-z']+|[\[\]()|]")


class Sentences:
    """Sentences of a grammar, drawn by chance."""

    def __init__(self, grammar: str, chance: random.Random) -> None:
        rules = re.findall(r"^(?:public )?<(\w+)> = (.*);$", grammar, re.MULTILINE)
        self._rules = {name: TOKEN.findall(body) for name, body in rules}
        self._chance = chance

    def draw(self, rule: str = "request") -> str:
        """One sentence."""
        return " ".join(self._expanded(self._rules[rule]).split())

    def _expanded(self, tokens: list[str]) -> str:
        alternatives = _divided(tokens, at="|")
        if len(alternatives) > 1:
            return self._expanded(self._chance.choice(alternatives))
        said, place = [], 0
        while place < len(tokens):
            token = tokens[place]
            if token in "[(":
                end = _closing(tokens, place)
                if token == "(" or self._chance.random() < OPTIONAL:
                    said.append(self._expanded(tokens[place + 1 : end]))
                place = end
            else:
                said.append(self.draw(token[1:-1]) if token.startswith("<") else token)
            place += 1
        return " ".join(said)


def _divided(tokens: list[str], *, at: str) -> list[list[str]]:
    """Tokens cut at a sign that stands in no brackets."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in "[(") - (token in "])")
        if token == at and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _closing(tokens: list[str], opening: int) -> int:
    """Where the bracket ends that opens there."""
    depth = 0
    for place in range(opening, len(tokens)):
        depth += (tokens[place] in "[(") - (tokens[place] in "])")
        if depth == 0:
            return place
    raise ValueError("a bracket that is not closed")


def spoken_by(voice: str, text: str, *, words_a_minute: int = 150) -> bytes:
    """A WAV file in which a voice of espeak-ng says it."""
    command = ["espeak-ng", "-v", voice, "-s", str(words_a_minute), "--stdout", text]
    return subprocess.run(command, capture_output=True, check=True).stdout


def with_noise(wav: bytes, *, decibels: float, chance: np.random.Generator) -> bytes:
    """The same with white noise, so many decibels below what is said."""
    data = bytearray(wav)
    data[4:8] = (len(data) - 8).to_bytes(4, "little")  # espeak-ng streams, and does not know how long it will be
    data[40:44] = (len(data) - 44).to_bytes(4, "little")
    rate, samples = wavfile.read(io.BytesIO(bytes(data)))
    loud = samples[np.abs(samples) > np.abs(samples).max() / 50].astype(np.float64)
    level = np.sqrt(np.mean(loud**2)) * 10 ** (-decibels / 20)
    noisy = np.clip(samples + chance.normal(0, level, len(samples)), -32768, 32767).astype(np.int16)
    out = io.BytesIO()
    wavfile.write(out, rate, noisy)
    return out.getvalue()
