"""What can be said aloud, as a grammar that a recogniser takes (JSGF), made from the tables that `ask` reads.

A request that is heard is one of these sentences or it is none: a recogniser that may hear any words hears wrong ones.
What sounds alike is left out: letters of keys, most numbers between twelve and twenty.
In a shape {CONCEPT} and {CONCEPT=value} stand for phrases of the English table, the plainest of them, <name> for
another shape; the rest is JSGF: [may be left out], (one | or another).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from symbolic_embed.understanding.lexicon import lexicon
from symbolic_embed.understanding.numerals import ONES, TENS

PHRASES = 3  # of a concept, those that stand first in the table
KNOWN = re.compile(r"[a-z']+")
START = "request"
SHAPES = {
    START: "[please] (<compose> | <vary> | <fill> | <accompany> | <live> | <search> | <other>)",
    "compose": "(((continue | extend | prolong) [it | this] | go on | carry on) [for <count> bars] | <count> more bars "
    "| <count> bars more | (write | give me | add) <count> (more | new) bars) [<going>]",
    "going": "<sounding> [[and] <sounding>] | <sounding> [and] keep the <parts> | (keep | without) the <parts> "
    "| without <part> | only the <part>",
    "sounding": "[a bit | a little] ({DENSITY=lower} | {DENSITY=higher} | {RANGE=higher} | {RANGE=lower} "
    "| {TEMP=1.2} | {TEMP=0.6})",
    "vary": "((vary | change | modify) (it | this | the <parts> | [only] <stretch> [of the <part>]) "
    "| [make | give me | write] (<several> (variations | versions) | a variation) [of this]) [<far>] [<staying>]",
    "far": "{AMOUNT=0.1} | {AMOUNT=0.2} | {AMOUNT=0.6} | {AMOUNT=1}",
    "staying": "[and | but] (keep the <lasting> | don't touch the <parts> | leave the <parts> untouched)",
    "lasting": "<parts> | rhythm | chords | <part> and rhythm",
    "fill": "(fill | rewrite | replace) ([the <part> in] <stretch> | <stretch> with <parts>) | new <part> in <stretch>",
    "stretch": "bar <count> | bars <count> to <count>",
    "accompany": "add [some] <parts> | (write | add) an accompaniment | put <parts> under this "
    "| this needs <parts>",
    "live": "(play along with me | jam with me | improvise with me) [on <parts>] "
    "[at <tempo> beats per minute] | be my (drummer | bass player) | trade <count> bars with me",
    "search": "which of these is [most] like this [one] | what is most like this | the <several> most similar "
    "| rank these by (rhythm | harmony | melody) | find something similar | which (song | piece) is this from "
    "| what comes next | what goes on well from this | find duplicates | compare every pair | put these in order "
    "| (draw | make) a map of these",
    "other": "blend (these two | both files) [in <count> steps] | something halfway between both "
    "| make it sound human | [make it] less mechanical | what is in this file | what key is it in "
    "| check this [file] [for errors] | render this | play this | let me hear it",
    "parts": "drums | bass | melody | drums and bass | bass and drums | melody and bass | melody and drums",
    "part": "drums | bass | melody",
    "several": "<count>",
}  # fmt: skip


def grammar(*, knows: Callable[[str], bool]) -> str:
    """The grammar, of words that the recogniser knows; phrases with others are left out."""
    rules = {name: _filled(shape, knows) for name, shape in SHAPES.items()} | dict(_numbers())
    lines = [f"{'public ' if name == START else ''}<{name}> = {body};" for name, body in rules.items()]
    return "\n".join(("#JSGF V1.0;", "grammar ask;", *lines, ""))


def words_in(shapes: str) -> set[str]:
    """The words of a grammar, or of a shape, without the names of its rules."""
    return set(KNOWN.findall(re.sub(r"<[^>]*>|\{[^}]*\}|^#.*$|^grammar .*$|^public ", " ", shapes, flags=re.MULTILINE)))


def _filled(shape: str, knows: Callable[[str], bool]) -> str:
    return re.sub(r"\{(\w+)(?:=([\w.]+))?\}", lambda slot: _phrases(slot[1], slot[2], knows), shape)


def _phrases(concept: str, value: str | None, knows: Callable[[str], bool]) -> str:
    """The plainest phrases of a concept, as JSGF."""
    said = [
        phrase
        for phrase, meant in lexicon("english").phrases(concept)
        if (value is None or str(meant.value) == (value if not value[0].isdigit() else str(float(value))))
        and all(KNOWN.fullmatch(word) and knows(word) for word in phrase.split())
    ]
    return f"({' | '.join(said[:PHRASES])})"


def _numbers() -> Iterator[tuple[str, str]]:
    """Counts as music has them, and tempi: the fewer can be said, the fewer are taken for another."""
    ones, tens = ONES["english"], TENS["english"]
    yield "count", f"{' | '.join(ones[2:11])} | twelve | sixteen | twenty [four] | thirty two | sixty four"
    yield "tempo", "<tens> [five] | (a | one) hundred [[and] (ten | <tens>)]"
    yield "tens", " | ".join(tens)
