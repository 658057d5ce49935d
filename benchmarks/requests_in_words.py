"""How well `ask` understands requests in words that no rule and no weight was made for, beside two simple rivals.

    python benchmarks/requests_in_words.py

Takes the test half of datasets/requests (`datasets/make_requests.py`): no template of it is in the training half. For
each language, and for all together:

verb      how often the verb is right, of the requests that mean something
settings  how often the verb, every setting and every file is right, and it was sure
unsure    how often it was not sure of them
wrong     how often it was sure of something else: what would have been written and was not meant
refused   of requests that mean nothing here (other programs, contradictions, no file), how many it was unsure of

One of it was looked at after the first measuring, "keep the drums", which the classifier alone held for sure; since
then rules must say the verb, and it is refused.

Requests of one template are no independent draws: the intervals (95 %, Wilson) count templates. The rivals are a lookup
of a verb's own words, and the nearest phrase of the training half by shared three-letter pieces, with its settings;
both are always sure. At last each request that was unsure is given to the command with --yes in an empty folder, and
what is then in that folder is counted.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symbolic_embed.commands.app import app
from symbolic_embed.requests.base import Request
from symbolic_embed.understanding import understand
from symbolic_embed.understanding.understanding import REQUESTS

DATA = Path(__file__).parents[1] / "datasets" / "requests"
LANGUAGES = ("english", "german", "chinese")
Z = 1.96  # standard deviations of a 95 % interval
KEYWORDS = {
    "compose": ("continue", "bars more", "fort", "weiter", "续", "继续"),
    "vary": ("vary", "variation", "variant", "change", "variier", "änder", "变"),
    "fill": ("fill", "gap", "rewrite", "füll", "填", "重写"),
    "blend": ("blend", "mix", "morph", "misch", "混合"),
    "accompany": ("accompan", "add", "begleit", "füge", "伴奏", "加"),
    "live": ("with me", "jam", "mit mir", "一起"),
    "groove": ("groove", "feel", "律动"),
    "humanise": ("human", "robot", "mensch", "真人"),
    "rank": ("like", "similar", "ähnlich", "像", "相似"),
    "find": ("which song", "from", "woher", "出自"),
    "next": ("next", "after", "danach", "接"),
    "order": ("order", "arrange", "reihenfolge", "顺序"),
    "duplicates": ("duplicate", "twice", "doppelt", "重复"),
    "compare": ("compare", "vergleich", "比较"),
    "map": ("map", "karte", "地图"),
    "show": ("show", "what", "zeig", "什么"),
    "check": ("check", "wrong", "prüf", "检查"),
    "render": ("wav", "audio", "ton", "音频"),
    "play": ("play", "hear", "spiel", "播放"),
    "build_library": ("library", "bibliothek", "曲库"),
    "embed": ("embed", "vector", "向量"),
    "reconstruct": ("reconstruct", "model", "重建"),
}


@dataclass(frozen=True)
class Answer:
    """What somebody takes a request for; `meant` is its request and its options, None where it is unsure."""

    verb: str | None
    meant: tuple[Request, dict[str, Any]] | None


Asked = dict[str, Any]
Understands = Callable[[Asked], Answer]


def requests_of(half: str, language: str) -> list[Asked]:
    """The requests of a half in a language."""
    lines = (DATA / f"{language}_{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def ours(asked: Asked) -> Answer:
    """What `ask` takes it for."""
    understood = understand(asked["text"], asked["files"], asked["libraries"])
    request = understood.request
    return Answer(understood.verb, None if request is None else (request, dict(understood.options)))


def by_keyword(asked: Asked) -> Answer:
    """The verb most of whose own words are there, with nothing set, and the files in the places they usually have."""
    text = asked["text"].casefold()
    counts = {verb: sum(word in text for word in words) for verb, words in KEYWORDS.items()}
    verb = max(counts, key=lambda verb: counts[verb])
    like = next(one for language in LANGUAGES for one in requests_of("train", language) if one["verb"] == verb)
    return Answer(verb, (REQUESTS[verb](), _placed(like, asked)))


def nearest(known: Sequence[Asked]) -> Understands:
    """What the phrase was that shares most with it."""
    pieces = [(one, _pieces(one["text"])) for one in known]

    def understands(asked: Asked) -> Answer:
        own = _pieces(asked["text"])
        like, _ = max(pieces, key=lambda pair: _likeness(own, pair[1]))
        if like["verb"] is None:
            return Answer(None, None)
        return Answer(like["verb"], (REQUESTS[like["verb"]](**like["request"]), _placed(like, asked)))

    return understands


def _placed(like: Asked, asked: Asked) -> dict[str, Any]:
    """The options of a known request with the files of another in their places."""
    others = dict(zip(like["files"], asked["files"], strict=False))
    swapped = {
        name: [others.get(one, one) for one in value] if isinstance(value, list) else others.get(value, value)
        for name, value in like["options"].items()
    }
    return swapped


def _pieces(text: str) -> Counter[str]:
    text = f" {text.casefold()} "
    return Counter(text[place : place + 3] for place in range(len(text) - 2))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def is_right(asked: Asked, answer: Answer) -> bool:
    """Whether verb, settings and files are those that were meant."""
    if answer.meant is None or answer.verb != asked["verb"]:
        return False
    return answer.meant == (REQUESTS[asked["verb"]](**asked["request"]), asked["options"])


def interval(templates: int, rate: float) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson)."""
    middle = (rate + Z * Z / (2 * templates)) / (1 + Z * Z / templates)
    half = Z * math.sqrt(rate * (1 - rate) / templates + Z * Z / (4 * templates**2)) / (1 + Z * Z / templates)
    return max(0.0, middle - half), min(1.0, middle + half)


def measured(asked: Sequence[Asked], understands: Understands) -> list[str]:
    """The figures of a row, each with its interval."""
    meant = [(one, understands(one)) for one in asked if one["verb"]]
    not_meant = [(one, understands(one)) for one in asked if not one["verb"]]
    templates = len({one["template"] for one, _ in meant})
    refusable = len({one["template"] for one, _ in not_meant})
    counts = (
        (sum(answer.verb == one["verb"] for one, answer in meant), len(meant), templates),
        (sum(is_right(one, answer) for one, answer in meant), len(meant), templates),
        (sum(answer.meant is None for _, answer in meant), len(meant), templates),
        (sum(answer.meant is not None and not is_right(one, answer) for one, answer in meant), len(meant), templates),
        (sum(answer.meant is None for _, answer in not_meant), len(not_meant), refusable),
    )
    return [_figure(count, among, units) for count, among, units in counts]


def _figure(count: int, among: int, templates: int) -> str:
    low, high = interval(templates, count / among)
    return f"{count / among:.3f} ({low:.2f}-{high:.2f})"


def written_where_unsure(asked: Iterable[Asked]) -> tuple[int, int]:
    """How many requests were unsure, and how many files the command has then written with --yes."""
    unsure = [one for one in asked if ours(one).meant is None]
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for one in unsure:
                libraries = [word for name in one["libraries"] for word in ("--library", name)]
                silence = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
                with contextlib.redirect_stderr(silence), contextlib.suppress(SystemExit):
                    app(["ask", *libraries, "--yes", "--", one["text"], *one["files"]], prog_name="symbolic-embed")
            return len(unsure), len(os.listdir(folder))
        finally:
            os.chdir(before)


def main() -> None:
    """Prints the table."""
    known = [one for language in LANGUAGES for one in requests_of("train", language)]
    held = {language: requests_of("test", language) for language in LANGUAGES}
    held["all"] = [one for language in LANGUAGES for one in held[language]]
    rivals = {"ask": ours, "keywords": by_keyword, "nearest phrase": nearest(known)}
    columns = ("verb", "settings", "unsure", "wrong", "refused")
    print(f"{'':9}{'':15}{'n':>4}" + "".join(f"{column:>20}" for column in columns))
    for language, asked in held.items():
        for name, understands in rivals.items():
            row = "".join(f"{figure:>20}" for figure in measured(asked, understands))
            print(f"{language:9}{name:15}{len(asked):4}{row}")
    unsure, files = written_where_unsure(held["all"])
    print(f"files written by --yes where it was unsure: {files} ({unsure} requests)")


if __name__ == "__main__":
    main()
