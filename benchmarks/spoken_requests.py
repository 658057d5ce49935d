"""How well `ask` understands requests that are said aloud: 200 sentences, six voices of espeak-ng, noise at 20 dB.

    python benchmarks/spoken_requests.py [--sentences 200] [--seed 0] [--others 60]

Needs espeak-ng (of Debian, say) and the extra `speech`. The sentences are drawn by chance from the grammar of what can
be said (`understanding.spoken`), those among them that mean something. A sentence counts as understood whole where
what is heard means the very same as the sentence does in writing. Others are English requests of the training half of
datasets/requests as people write them, most of which are not in the grammar: they should not be recognised.

understood   of the sentences, those that were recognised and mean the same
not heard    those that were not recognised: nothing happens
wrong        those that were recognised, are sure, and mean something else: what would have been written
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from spoken_sentences import Sentences, spoken_by, with_noise

from symbolic_embed.listening.recordings import samples_of
from symbolic_embed.listening.speech import Recogniser
from symbolic_embed.understanding import Understanding, understand
from symbolic_embed.understanding.spoken import grammar

VOICES = ("en-us", "en-gb", "en-us+f3", "en-gb+m3", "en-gb-x-rp+f2", "en-gb-scotland")
DECIBELS = 20.0
FILES = (
    ["a.mid"],
    ["a.mid", "loops/"],
    ["a.mid", "b.mid"],
)  # beside a sentence: the first with which it means something
DATA = Path(__file__).parents[1] / "datasets" / "requests" / "english_train.jsonl"


def meant(text: str) -> Understanding:
    """What a text means, with the first of FILES that make it sure."""
    answers = [understand(text, files) for files in FILES]
    return next((answer for answer in answers if answer.is_sure), answers[0])


def sentences(text: str, count: int, chance: random.Random) -> Iterator[str]:
    """So many sentences of a grammar that mean something."""
    drawn = Sentences(text, chance)
    while count:
        sentence = drawn.draw()
        if meant(sentence).is_sure:
            count -= 1
            yield sentence


def outcome(said: str, heard: str, *, is_recognised: bool) -> str:
    """What became of a sentence."""
    if not is_recognised or not meant(heard).is_sure:
        return "not heard"
    return "understood" if meant(heard).as_dict() == meant(said).as_dict() else "wrong"


def main() -> None:
    """Prints the table, and each sentence that was heard wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--others", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    words: list[str] = []

    def made(knows: object) -> str:
        words.append(grammar(knows=knows))  # type: ignore[arg-type]
        return words[-1]

    recogniser = Recogniser(made)
    chance, noise = random.Random(given.seed), np.random.default_rng(given.seed)
    own = list(sentences(words[-1], given.sentences, chance))
    written = [json.loads(line)["text"] for line in DATA.read_text(encoding="utf-8").splitlines()]
    others = chance.sample(written, given.others)
    began = time.process_time()
    counts = {name: Counter[str]() for name in (*VOICES, "others")}
    for number, said in enumerate([*own, *others]):
        voice = VOICES[number % len(VOICES)]
        wav = with_noise(spoken_by(voice, said), decibels=DECIBELS, chance=noise)
        heard = recogniser.heard(samples_of(wav, source=said))
        became = outcome(said, heard.text, is_recognised=heard.is_recognised)
        counts[voice if number < len(own) else "others"][became] += 1
        if became == "wrong":
            print(f"wrong: {said!r} was heard as {heard.text!r} ({voice})", flush=True)
    print(f"{'':16}{'n':>5}{'understood':>12}{'not heard':>12}{'wrong':>8}")
    rows = {**counts, "all sentences": sum((counts[voice] for voice in VOICES), Counter())}
    for name, row in rows.items():
        print(f"{name:16}{row.total():5}{row['understood']:12}{row['not heard']:12}{row['wrong']:8}")
    print(f"{(time.process_time() - began) / (len(own) + len(others)):.2f} CPU seconds a sentence")


if __name__ == "__main__":
    main()
