"""What a request says beside its verb: rules, each a pattern over concepts and what it means.

A fact is a name and a value, with the words that say it. Which field of a request a fact is, `settings` says, verb by
verb. The order of the rules counts: what one has taken is gone for the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from symbolic_embed.understanding.reading import Mark
from symbolic_embed.understanding.row import Found, Row
from symbolic_embed.understanding.signs import chords_in


class Fact(NamedTuple):
    """A value, and the words that say it."""

    value: Any
    text: str


@dataclass
class Facts:
    """What has been understood so far. `several` are facts that may be said more than once; of others a second, other
    value is a contradiction."""

    single: dict[str, Fact] = field(default_factory=dict)
    several: dict[str, list[Fact]] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)

    def say(self, name: str, value: Any, text: str) -> None:
        """Adds a fact of which there is one."""
        before = self.single.setdefault(name, Fact(value, text))
        if before.value != value:
            self.contradictions.append(f"{before.text!r} and {text!r}")

    def add(self, name: str, value: Any, text: str) -> None:
        """Adds one of several."""
        self.several.setdefault(name, []).append(Fact(value, text))


Means = Callable[[Found], Iterator[tuple[str, Any]]]


class Rule(NamedTuple):
    """A pattern, what it says, and of which verbs; None: of all. A fact whose name ends in + may be said again."""

    pattern: str
    means: Means
    verbs: frozenset[str] | None = None


def number(mark: Mark) -> float:
    """How many a mark says."""
    return 12.0 if mark.concept == "DOZEN" else float(mark.value or 0)


def whole(value: float | str | None) -> int | float:
    """A number without its zero behind the point."""
    said = float(value or 0)
    return int(said) if said.is_integer() else said


def _number_of(name: str) -> Means:
    """The rule's number, as one fact."""
    return lambda found: iter([(name, next(whole(number(one)) for one in found[0] if one.concept in NUMBERS))])


NUMBERS = {"NUM", "FEW", "DOZEN"}
ENDS = 2  # files that a blend goes between
ONE_PIECE = {"piece", "song", "tune", "file", "loop", "stück", "lied", "datei"}


def _says(name: str, value: Any) -> Means:
    return lambda found: iter([(name, value)])


def _value_of(name: str, concept: str) -> Means:
    """What the first mark of a concept says, as one fact."""
    return lambda found: iter([(name, next(one.value for one in found[0] if one.concept == concept))])


def _parts(name: str) -> Means:
    def means(found: Found) -> Iterator[tuple[str, Any]]:
        for part in found[0]:
            if part.concept in ("PART", "RHYTHM", "NAME"):
                yield f"{name}+", "rhythm" if part.concept == "RHYTHM" else part.value

    return means


def _bars(found: Found) -> Iterator[tuple[str, Any]]:
    """Stretches and single bars: "5 to 8, 12" is "5-8,12"."""
    text, joined = "", ""
    for mark in found["bars"]:
        if mark.concept == "NUM":
            text += joined + str(whole(mark.value))
        elif mark.concept in ("TO", "AND", "COMMA"):
            joined = "-" if mark.concept == "TO" else ","
    yield "bars", text


def _takes(found: Found) -> Iterator[tuple[str, Any]]:
    kept, drawn = (whole(number(one)) for one in found[0] if one.concept in NUMBERS)
    yield from (("kept", kept), ("takes", drawn))


def _control(found: Found) -> Iterator[tuple[str, Any]]:
    wish = found["wish"][0]
    value = {"higher": "lower", "lower": "higher"}[str(wish.value)] if found["less"] else wish.value
    parts = found.values("parts", "PART", "NAME")
    for part in parts or [None]:
        yield f"{wish.concept.lower()}+", (part, value)


def _part_amount(found: Found) -> Iterator[tuple[str, Any]]:
    amount = next(one.value for one in found[0] if one.concept == "AMOUNT")
    for part in found.values("parts", "PART", "NAME"):
        yield "part_amount+", (part, amount)


def _first_and_bars(found: Found) -> Iterator[tuple[str, Any]]:
    versions, bars = (whole(number(one)) for one in found[0] if one.concept in NUMBERS)
    yield from (("versions", versions), ("count_of_bars", bars))


def _of(*verbs: str) -> frozenset[str]:
    return frozenset(verbs)


def _colour(found: Found) -> Iterator[tuple[str, Any]]:
    colours = {"KEYWORD": "key", "METREWORD": "metre", "ITEM": "folder"}
    yield "colour", next(colours[one.concept] for one in found[0] if one.concept in colours)


def _between(found: Found) -> Iterator[tuple[str, Any]]:
    """How many lie between two: not "the two files"."""
    count = next(whole(number(one)) for one in found[0] if one.concept in NUMBERS)
    are_ends = count == ENDS and all(one.concept != "BETWEEN" for one in found[0])
    yield ("both_files", True) if are_ends else ("steps", count)


DRAWING = _of("compose", "fill", "accompany")
SEARCHING = _of("rank", "find", "next")
WRITING = DRAWING | _of("vary", "blend", "groove", "humanise")
RULES = (
    # where in the piece
    Rule("ATLEAST NUM BAR|NUM BAR ATLEAST", _number_of("shortest"), _of("duplicates")),
    Rule("(?:AFTER |IN )?BAR NUM", _number_of("after"), _of("next")),
    Rule("(?:ONLY )?(?:FROM |IN )?(?:BAR )(?P<bars><BARS>)", _bars),
    Rule("(?:ONLY )?(?:IN )?DI (?P<bars>NUM(?: (?:TO|AND) (?:DI )?NUM)*) BAR", _bars),
    Rule("(?:ONLY )?(?:IN )?(?P<bars>DI NUM BAR TO DI NUM BAR)", _bars),
    Rule("(?:ONLY )?(?:IN )?(?:TOP|ORD) NUM BAR", lambda found: iter([("bars", f"1-{whole(found[0][-2].value)}")]),
         _of("vary", "fill", "blend")),
    Rule("(?:ONLY )?(?:IN )?(?P<bars>NUM TO NUM) BAR", _bars, _of("fill", "vary")),
    # how many
    Rule("KEEP (?:BEST )?NUM OF NUM TAKE|BEST NUM OF NUM TAKE", _takes, DRAWING),
    Rule("<COUNT> CONTINUE (?:OF |WITH |FOR )<COUNT> BAR(?: EACH)?", _first_and_bars, _of("compose")),
    Rule("TRADE (?:COMMA )?<COUNT>(?: BAR)?(?: EACH)?", _number_of("trade")),
    Rule("STOPAFTER <COUNT> BAR", _number_of("end_after")),
    Rule("(?:FOR )?(?:MORE |NEW |GOESNEXT |BY )*<COUNT> (?:MORE |NEW |DIFFERENT |CONTINUE )*BAR(?: MORE| NEW| CONTINUE| EACH)*",
         _number_of("count_of_bars")),
    Rule("<COUNT> TO BAR(?! NUM)", _number_of("count_of_bars"), _of("compose")),
    Rule("(?:MORE|NEW) BAR", _says("count_of_bars", 1), _of("compose")),
    Rule("(?:IN |WITH )?<COUNT> (?:STEP|STEPWISE)", _number_of("steps")),
    Rule("(?:TOP|BEST|SHOW|LIST) <COUNT>(?: LIKE| ITEM| BEST)*", _number_of("items"), SEARCHING),
    Rule("<COUNT> (?:LIKE|BEST|GOESNEXT|ITEM)(?: ITEM| LIKE)*", _number_of("items"), SEARCHING),
    Rule("LIKE (?:_ |FILE |OF )*<COUNT>", _number_of("items"), _of("rank")),
    Rule("<COUNT> (?:TIMES|TWICE)|TWICE", lambda found: iter([("versions", 2 if found[0][0].concept == "TWICE" else
         whole(number(found[0][0])))]), _of("vary", "compose", "fill", "accompany")),
    Rule("BETWEEN (?:_ |THIS |ITEM |FILE |AND )*<COUNT>(?: ITEM)?|<COUNT> (?:NEW |DIFFERENT )*ITEM", _between, _of("blend")),
    Rule("ITEM BETWEEN", lambda found: iter([("steps", 1)] if found[0][0].text.casefold() in ONE_PIECE else []), _of("blend")),
    Rule("<COUNT> (?:MORE |NEW |DIFFERENT |LIKE |BUT |_ )*(?:VERSION|VARIATION|TAKE|CONTINUE|ACCOMPANIMENT|ENDING|BLEND)",
         _number_of("versions")),
    # chance
    Rule("(?:WITH )?SEEDWORD NUM", _number_of("random_seed")),
    Rule("(?:WITH |IN )?TEMPERATURE (?:OF )?NUM", _number_of("temperature")),
    Rule("(?:WITH )?STRENGTH NUM", _number_of("strength")),
    Rule("(?:CHANGEOF|AMOUNTOF) NUM", _number_of("share"), _of("vary")),
    Rule("(?:WITH |BY )?AMOUNTOF NUM", _number_of("amount"), _of("groove", "humanise")),
    Rule("(?:BY )?(?:NUM PERCENT|PERCENT NUM)(?: OF)?(?: NOTES)?",
         lambda found: iter([("share", next(float(one.value or 0) for one in found[0] if one.concept == "NUM") / 100)])),
    Rule("HALF(?: OF)? NOTES", _says("share", 0.5)),
    Rule("QUARTER(?: NOTES)?", _says("share", 0.25), _of("vary")),
    Rule("THIRD(?: NOTES)?", _says("share", 1 / 3), _of("vary")),
    Rule("(?:ONLY )?HALF(?: OF)?(?: THIS)?", _says("amount", 0.5), _of("groove", "humanise", "vary")),
    Rule("HALF(?: BETWEEN)?", _says("steps", 1), _of("blend")),
    Rule("HALFWAYWORD", _says("steps", 1), _of("blend")),
    # what stays, what is meant
    Rule("(?:BUT )?DONTCHANGE <PARTS>(?: ASIS)?", _parts("keep")),
    Rule("CHANGE <PARTS> NOT|VARY <PARTS> NOT", _parts("keep")),
    Rule("NOT <PARTS> (?:TO )?CHANGE", _parts("keep")),
    Rule("KEEP (?:ALL )?EXCEPT <PARTS>(?: ASIS)?", _parts("only"), _of("vary")),
    Rule("KEEP (?:SAME )?<PARTS>(?: ASIS| SAME)*(?: IN)?", _parts("keep")),
    Rule("<ANDPARTS> (?:KEEP|DONTCHANGE)", _parts("keep")),
    Rule("<ANDPARTS> ASIS(?: ASIS)*", _parts("keep")),
    Rule("(?:WITH )?SAME <PARTS>|<ANDPARTS> SAME", _parts("keep")),
    Rule("<ANDPARTS> NOT (?:CHANGE|VARY)", _parts("keep")),
    Rule("(?:BUT )?(?:ALL )?(?:EXCEPT|ALL BUT|LESS) <PARTS>(?: OUTSIDE)?", _parts("except")),
    Rule("BUT NOT <PARTS>|NOT <PARTS>$", _parts("except")),
    Rule("ONLY (?:CONTINUE|VARY|CHANGE|VARIATION|REWRITE|FILL|HUMANISE) <PARTS>", _parts("only")),
    Rule("ONLY (?:ON |WITH |IN |OF )?<PARTS>|<PARTS> ONLY", _parts("only")),
    Rule("KEEP ALL|ALL (?:KEEP )?ASIS", _says("rest_stays", True)),
    # how parts play
    Rule("(?:AMOUNT |MORE )?(?P<less>LESS )?(?P<wish><CONTROL>)(?: AMOUNT)? (?:FOR |IN |ON )?(?P<parts><PARTS>)(?! (?:AMOUNT )?<CONTROL>)",
         _control),
    Rule("(?P<parts><ANDPARTS>) (?:AMOUNT |MORE )?(?P<less>LESS )?(?P<wish><CONTROL>)(?: AMOUNT)?", _control),
    Rule("(?:AMOUNT |MORE )?(?P<less>LESS )?(?P<wish><CONTROL>)(?: AMOUNT)?(?: THANIDO)?", _control),
    Rule("(?:AMOUNT )?TEMP(?: AMOUNT)?", _value_of("temperature", "TEMP")),
    # harmony and time
    Rule("(?:IN )?(?:KEYWORD )?(?:OF )?KEY(?: KEYWORD)?", _value_of("scale", "KEY")),
    Rule("(?:IN )?(?:KEYWORD )?MODE(?: KEYWORD)?", _value_of("scale", "MODE")),
    Rule("(?:ON |WITH |BY )?(?:PART.chords )?CHORDS", lambda found: iter([("chords", chords_in(next(
         str(one.value) for one in found[0] if one.concept == "CHORDS")))])),
    Rule("(?:WITH )?FREEHARMONY", _says("chords", "free")),
    Rule("(?:WITH )?FREESCALE", _says("scale", "free")),
    Rule("FORM FORMLETTERS|(?:ASFORMAT )?FORMLETTERS(?: FORM)?", lambda found: iter([("form", next(
         str(one.value) for one in found[0] if one.concept == "FORMLETTERS").replace("’", "'"))])),
    Rule("(?:WITH |IN )?(?:TEMPOWORD |TEMPO )?NUM TEMPO|(?:IN )?TEMPOWORD (?:OF )?NUM", _number_of("tempo")),
    Rule("(?:IN )?(?:METREWORD )?METRE(?: METREWORD| TEMPO)?", _value_of("metre", "METRE")),
    Rule("(?:IN )?WALTZ", _says("metre", "3/4")),
    Rule("TO ENDING", _says("at_the_end", True), _of("compose")),
    Rule("(?:WITH )?ENDING", _says("ending", True), _of("compose")),
    Rule("ALONE", _says("alone", True)),
    Rule("ONLY (?:MORE |NEW )+_|ONLY _ (?:OF THIS COMMA)?", _says("alone", True), _of("compose")),
    # how it is played
    Rule("HUMANFEEL|(?:COMMA )?HUMANISE", _says("humanise", 0.7), _of("compose", "vary", "fill", "accompany")),
    Rule("(?:IN )?STYLE(?: STYLEWORD)?|STYLEWORD (?:OF )?STYLE", _value_of("style", "STYLE"), _of("humanise")),
    # likeness
    Rule("BY (?:LIKE (?:OF )?)?(?:SAME )?<PART>(?: LIKE)?|LIKE (?:IN |OF )?<PART>|<PART> LIKE", _parts("by"),
         _of("rank", "compare")),
    Rule("(?:COMMA )?(?:AND )?EXPLAIN", _says("why", True), _of("rank")),
    Rule("ANYKEY", _says("transpose", True)),
    Rule("ITEM WITH <PARTS>", _parts("with"), SEARCHING | _of("duplicates", "compare", "map")),
    Rule("FILE OR FILE", _says("either_file", True), _of("rank")),
    Rule("SAMEFILE", _says("same_file", True), _of("duplicates")),
    Rule("(?:WHICH )?PASSAGE", _says("passages", True), _of("duplicates")),
    Rule("(?:WHICH )?BAR LIKE|LIKE BAR", _says("level", "bar"), _of("rank")),
    # pairs, pictures, arrays
    Rule("(?:AND )?(?:BY )?ARRIVE ITSTEMPO", _says("to_tempo", True), _of("blend")),
    Rule("(?:AND )?(?:BY )?ARRIVE ITSKEY", _says("to_key", True), _of("blend")),
    Rule("(?:WITH |BY )?TSNE", _says("method", "tsne"), _of("map")),
    Rule("(?:WITH |BY )?PCA", _says("method", "pca"), _of("map")),
    Rule("COLOURED (?:BY )?(?:KEYWORD|METREWORD|ITEM)|BY (?:KEYWORD|METREWORD|ITEM) COLOURED", _colour, _of("map")),
    Rule("(?:EACH |ALL )?(?:BAR AND )?CELL", _says("level", "cell"), _of("embed")),
    Rule("(?:EACH )?PASSAGE", _says("level", "passage"), _of("embed")),
    Rule("PRUNE", _says("prune", True), _of("build_library")),
    Rule("FAULTSONLY|ONLY WRONG", _says("faults", True), _of("check")),
    Rule("BYEACHBAR", _says("each_bar", True), _of("vary")),
    # who plays what
    Rule("IPLAY (?P<parts><PARTS>)", _parts("player"), _of("live")),
    Rule("HARMONISE(?: THIS)?(?: PART.melody)?|(?:THIS )?PART.melody HARMONISE", _says("parts_are_chords", True),
         _of("accompany")),
    Rule("(?:UNDER |FOR |TO |WITH )(?:THIS )?PART.melody|THIS PART.melody|UNDER THIS", _says("seed_is_melody", True),
         _of("accompany")),
    Rule("(?:SEARCH )?THIS PART.melody", _says("fragment_is_melody", True), SEARCHING),
    # how far
    Rule("(?P<parts><ANDPARTS>) AMOUNT(?: (?:DIFFERENT|CHANGE))?", _part_amount, _of("vary")),
    Rule("(?:ONLY )?AMOUNT(?: AMOUNT)?(?: LIKE)?", _value_of("amount", "AMOUNT"), _of("vary", "groove", "humanise")),
    Rule("AMOUNT LIKE", _says("very_like", True), _of("rank", "find", "duplicates", "compare")),
    # beside the music
    Rule("PLOT", _says("plot", True), WRITING),
    Rule("NOTATION", _says("notation", True), WRITING),
    Rule("PAGE(?: COMPAREOPT)?", _says("page", True)),
    Rule("(?:ASFORMAT |IN )?FORMAT", _value_of("format", "FORMAT")),
    Rule("FOLDERWORD NAME", lambda found: iter([("output", found[0][1].value)])),
)  # fmt: skip


def facts_in(row: Row, verb: str) -> Facts:
    """What a row says where its verb is this one; what was understood is taken from it."""
    facts = Facts()
    for rule in RULES:
        if rule.verbs is None or verb in rule.verbs:
            for found in row.take(rule.pattern):
                for name, value in rule.means(found):
                    say = facts.add if name.endswith("+") else facts.say
                    say(name.removesuffix("+"), value, found.text)
    return facts
