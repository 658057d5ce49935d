"""Writes the requests in words that `ask` is tried on, from their templates: the same templates, the same bytes.

    python datasets/make_requests.py

A template is a line of datasets/requests/templates/LANGUAGE_HALF.txt:

    VERB | FILES | TEXT | FIELDS | OPTIONS

TEXT may have choices, [a/b], and slots, {n}; each template is written out twice, where that gives two texts. FIELDS are
those of the verb's request, OPTIONS what the command line adds, files among it; where a verb works on one file, or a
blend on two, and nothing is said, it is those that there are. The verb `unsure` is for what must not be done. The two
halves share no template.
A line of datasets/requests/LANGUAGE_HALF.jsonl is {template, text, files, libraries, verb, request, options}.
"""

from __future__ import annotations

import json
import random
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "requests"
LANGUAGES, HALVES = ("english", "german", "chinese"), ("train", "test")
TIMES = 2  # that a template is written out
ONE_FILE = dict.fromkeys(("compose", "vary", "fill", "accompany", "humanise"), "seed_file")
NUMBERS = {
    "english": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "german": ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    "chinese": ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九"],
}
PARTS = {  # of each slot: what is said, and what is meant
    "english": {
        "part": {"drums": "drums", "bass": "bass", "melody": "melody"},
        "part2": {"drums": "drums", "bass": "bass", "chords": "chords"},
    },
    "german": {
        "part": {"Schlagzeug": "drums", "Bass": "bass", "Melodie": "melody"},
        "partd": {"das Schlagzeug": "drums", "den Bass": "bass", "die Melodie": "melody"},
        "partd2": {"ein Schlagzeug": "drums", "einen Bass": "bass", "Akkorde": "chords"},
    },
    "chinese": {
        "part": {"鼓": "drums", "贝斯": "bass", "旋律": "melody"},
        "part2": {"鼓": "drums", "贝斯": "bass", "和弦": "chords"},
    },
}


def slots(language: str, chance: random.Random) -> dict[str, tuple[str, str]]:
    """What each slot says, and what that means."""
    few, first = chance.randint(2, 9), chance.randint(3, 9)
    last = first + chance.randint(1, 7)
    percent, part_number = chance.choice((10, 20, 25, 40, 60)), chance.randint(0, 4)
    drawn = {
        "n": (chance.choice((str(few), NUMBERS[language][few])), str(few)),
        "pctf": ("", str(percent / 100)),
        **{name: (str(value), str(value)) for name, value in (("a", first), ("b", last), ("pct", percent))},
        **{name: (str(value), str(value)) for name, value in (("t", part_number), ("t2", part_number + 1))},
        "m": _same(chance.choice((12, 16, 24, 32))),
        "s": _same(chance.choice((0.2, 0.4, 0.5, 0.8))),
        "temp": _same(chance.choice((0.7, 1.1, 1.3))),
        "bpm": _same(chance.randint(70, 170)),
        "metre": _same(chance.choice(("3/4", "6/8", "7/8"))),
    }
    return drawn | {name: chance.choice(list(words.items())) for name, words in PARTS[language].items()}


def _same(value: float | str) -> tuple[str, str]:
    return str(value), str(value)


def requests(language: str, half: str) -> Iterator[dict[str, Any]]:
    """The requests of a half, in the order of their templates."""
    lines = (HERE / "templates" / f"{language}_{half}.txt").read_text(encoding="utf-8").splitlines()
    templates = [line for line in lines if line and not line.startswith("#")]
    for number, template in enumerate(templates, start=1):
        name = f"{language}-{half}-{number:03}"
        chance = random.Random(name)
        texts: set[str] = set()
        for _ in range(TIMES):
            request = written(template, slots(language, chance), chance)
            if request["text"] not in texts:
                yield {"template": name, **request}
            texts.add(request["text"])


def written(template: str, drawn: dict[str, tuple[str, str]], chance: random.Random) -> dict[str, Any]:
    """A template with its slots filled."""
    verb, files, text, fields, options = ([column.strip() for column in template.split("|")] + ["", ""])[:5]
    named = [name.strip() for name in files.split(",") if name.strip()]
    own = [name for name in named if not name.startswith("lib:")]
    given = pairs(options, drawn)
    if verb in ONE_FILE and ONE_FILE[verb] not in given:
        given = {ONE_FILE[verb]: own[0], **given}
    if verb == "blend" and not given:
        given = dict(zip(("first", "second"), own, strict=True))
    return {
        "text": re.sub(r"\[([^]]*)\]", lambda choice: chance.choice(choice[1].split("/")), filled(text, drawn, 0)),
        "files": own,
        "libraries": [name.removeprefix("lib:") for name in named if name.startswith("lib:")],
        "verb": {"library": "build_library", "unsure": None}.get(verb, verb),
        "request": pairs(fields, drawn),
        "options": {name: value.split(",") if name == "inputs" else value for name, value in given.items()},
    }


def pairs(column: str, drawn: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Fields and their values; "true" is a flag."""
    said = dict(word.split("=", 1) for word in shlex.split(filled(column, drawn, 1).replace("'", "\\'")))
    return {name: value == "true" or value for name, value in said.items()}


def filled(text: str, drawn: dict[str, tuple[str, str]], which: int) -> str:
    """Text with each slot said (0), or with what it means (1)."""
    return re.sub(r"\{(\w+)\}", lambda slot: drawn[slot[1]][which], text)


def main() -> None:
    """Writes the six files."""
    for language in LANGUAGES:
        for half in HALVES:
            lines = [json.dumps(request, ensure_ascii=False) + "\n" for request in requests(language, half)]
            (HERE / f"{language}_{half}.jsonl").write_text("".join(lines), encoding="utf-8")
            print(f"{language}_{half}.jsonl: {len(lines)} requests")


if __name__ == "__main__":
    main()
