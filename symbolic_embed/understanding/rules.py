"""What a request says beside its verb: rules, each a pattern over concepts and what it means.

Which field of a request a fact is, `settings` says, verb by verb. The order of the rules counts: what one has taken is
gone for the next.
"""

from __future__ import annotations

from typing import NamedTuple

from symbolic_embed.understanding.facts import (
    Facts,
    Means,
    between,
    chords,
    colour,
    control,
    first_and_bars,
    first_bars,
    form,
    how_often,
    number_of,
    one_between,
    part_amount,
    parts_as,
    percent,
    says,
    stretches,
    takes,
    value_of,
)
from symbolic_embed.understanding.row import Row


class Rule(NamedTuple):
    """A pattern, what it says, and of which verbs; None: of all. A fact whose name ends in + may be said again."""

    pattern: str
    means: Means
    verbs: frozenset[str] | None = None


def _of(*verbs: str) -> frozenset[str]:
    return frozenset(verbs)


DRAWING = _of("compose", "fill", "accompany")
SEARCHING = _of("rank", "find", "next")
WRITING = DRAWING | _of("vary", "blend", "groove", "humanise")
RULES = (
    # where in the piece
    Rule("ATLEAST NUM BAR|NUM BAR ATLEAST", number_of("shortest"), _of("duplicates")),
    Rule("(?:AFTER |IN )?BAR NUM", number_of("after"), _of("next")),
    Rule("(?:ONLY )?(?:FROM |IN )?(?:BAR )(?P<bars><BARS>)", stretches),
    Rule("(?:ONLY )?(?:IN )?DI (?P<bars>NUM(?: (?:TO|AND) (?:DI )?NUM)*) BAR", stretches),
    Rule("(?:ONLY )?(?:IN )?(?P<bars>DI NUM BAR TO DI NUM BAR)", stretches),
    Rule("(?:ONLY )?(?:IN )?(?:TOP|ORD) NUM BAR", first_bars, _of("vary", "fill", "blend")),
    Rule("(?:ONLY )?(?:IN )?(?P<bars>NUM TO NUM) BAR", stretches, _of("fill", "vary")),
    # how many
    Rule("KEEP (?:BEST )?NUM OF NUM TAKE|BEST NUM OF NUM TAKE", takes, DRAWING),
    Rule("<COUNT> CONTINUE (?:OF |WITH |FOR )<COUNT> BAR(?: EACH)?", first_and_bars, _of("compose")),
    Rule("TRADE (?:COMMA )?<COUNT>(?: BAR)?(?: EACH)?", number_of("trade")),
    Rule("STOPAFTER <COUNT> BAR", number_of("end_after")),
    Rule(
        "(?:FOR )?(?:MORE |NEW |GOESNEXT |BY )*<COUNT> (?:MORE |NEW |DIFFERENT |CONTINUE )*"
        "BAR(?: MORE| NEW| CONTINUE| EACH)*",
        number_of("count_of_bars"),
    ),
    Rule("<COUNT> TO BAR(?! NUM)", number_of("count_of_bars"), _of("compose")),
    Rule("(?:MORE|NEW) BAR", says("count_of_bars", 1), _of("compose")),
    Rule("(?:IN |WITH )?<COUNT> (?:STEP|STEPWISE)", number_of("steps")),
    Rule("(?:TOP|BEST|SHOW|LIST) <COUNT>(?: LIKE| ITEM| BEST)*", number_of("items"), SEARCHING),
    Rule("<COUNT> (?:LIKE|BEST|GOESNEXT|ITEM)(?: ITEM| LIKE)*", number_of("items"), SEARCHING),
    Rule("LIKE (?:_ |FILE |OF )*<COUNT>", number_of("items"), _of("rank")),
    Rule("<COUNT> (?:TIMES|TWICE)|TWICE", how_often, _of("vary", "compose", "fill", "accompany")),
    Rule(
        "BETWEEN (?:_ |THIS |ITEM |FILE |AND )*<COUNT>(?: ITEM)?|<COUNT> (?:NEW |DIFFERENT )*ITEM",
        between,
        _of("blend"),
    ),
    Rule("ITEM BETWEEN", one_between, _of("blend")),
    Rule(
        "<COUNT> (?:MORE |NEW |DIFFERENT |LIKE |BUT |_ )*"
        "(?:VERSION|VARIATION|TAKE|CONTINUE|ACCOMPANIMENT|ENDING|BLEND)",
        number_of("versions"),
    ),
    # chance
    Rule("(?:WITH )?SEEDWORD NUM", number_of("random_seed")),
    Rule("(?:WITH |IN )?TEMPERATURE (?:OF )?NUM", number_of("temperature")),
    Rule("(?:WITH )?STRENGTH NUM", number_of("strength")),
    Rule("(?:CHANGEOF|AMOUNTOF) NUM", number_of("share"), _of("vary")),
    Rule("(?:WITH |BY )?AMOUNTOF NUM", number_of("amount"), _of("groove", "humanise")),
    Rule("(?:BY )?(?:NUM PERCENT|PERCENT NUM)(?: OF)?(?: NOTES)?", percent),
    Rule("HALF(?: OF)? NOTES", says("share", 0.5)),
    Rule("QUARTER(?: NOTES)?", says("share", 0.25), _of("vary")),
    Rule("THIRD(?: NOTES)?", says("share", 1 / 3), _of("vary")),
    Rule("(?:ONLY )?HALF(?: OF)?(?: THIS)?", says("amount", 0.5), _of("groove", "humanise", "vary")),
    Rule("HALF(?: BETWEEN)?", says("steps", 1), _of("blend")),
    Rule("HALFWAYWORD", says("steps", 1), _of("blend")),
    # what stays, what is meant
    Rule("(?:BUT )?DONTCHANGE <PARTS>(?: ASIS)?", parts_as("keep")),
    Rule("CHANGE <PARTS> NOT|VARY <PARTS> NOT", parts_as("keep")),
    Rule("NOT <PARTS> (?:TO )?CHANGE", parts_as("keep")),
    Rule("KEEP (?:ALL )?EXCEPT <PARTS>(?: ASIS)?", parts_as("only"), _of("vary")),
    Rule("KEEP (?:SAME )?<PARTS>(?: ASIS| SAME)*(?: IN)?", parts_as("keep")),
    Rule("<ANDPARTS> (?:KEEP|DONTCHANGE)", parts_as("keep")),
    Rule("<ANDPARTS> ASIS(?: ASIS)*", parts_as("keep")),
    Rule("(?:WITH )?SAME <PARTS>|<ANDPARTS> SAME", parts_as("keep")),
    Rule("<ANDPARTS> NOT (?:CHANGE|VARY)", parts_as("keep")),
    Rule("(?:BUT )?(?:ALL )?(?:EXCEPT|ALL BUT|LESS) <PARTS>(?: OUTSIDE)?", parts_as("except")),
    Rule("(?:BUT )?DROP <PARTS>", parts_as("except"), _of("compose", "fill")),  # in what is varied they would stay
    Rule("BUT NOT <PARTS>|NOT <PARTS>$", parts_as("except")),
    Rule("ONLY (?:CONTINUE|VARY|CHANGE|VARIATION|REWRITE|FILL|HUMANISE) <PARTS>", parts_as("only")),
    Rule("ONLY (?:ON |WITH |IN |OF )?<PARTS>|<PARTS> ONLY", parts_as("only")),
    Rule("KEEP ALL|ALL (?:KEEP )?ASIS", says("rest_stays", True)),
    # how parts play
    Rule(
        "(?:AMOUNT |MORE )?(?P<less>LESS )?(?P<wish><CONTROL>)(?: AMOUNT)? (?:FOR |IN |ON )?(?P<parts><PARTS>)"
        "(?! (?:AMOUNT )?<CONTROL>)",
        control,
    ),
    Rule("(?P<parts><ANDPARTS>) (?:AMOUNT |MORE )?(?P<less>LESS )?(?P<wish><CONTROL>)(?: AMOUNT)?", control),
    Rule("(?:AMOUNT |MORE )?(?P<less>LESS )?(?P<wish><CONTROL>)(?: AMOUNT)?(?: THANIDO)?", control),
    Rule("(?:AMOUNT )?TEMP(?: AMOUNT)?", value_of("temperature", "TEMP")),
    # harmony and time
    Rule("(?:IN )?(?:KEYWORD )?(?:OF )?KEY(?: KEYWORD)?", value_of("scale", "KEY")),
    Rule("(?:IN )?(?:KEYWORD )?MODE(?: KEYWORD)?", value_of("scale", "MODE")),
    Rule("(?:ON |WITH |BY )?(?:PART.chords )?CHORDS", chords),
    Rule("(?:WITH )?FREEHARMONY", says("chords", "free")),
    Rule("(?:WITH )?FREESCALE", says("scale", "free")),
    Rule("FORM FORMLETTERS|(?:ASFORMAT )?FORMLETTERS(?: FORM)?", form),
    Rule("(?:WITH |IN )?(?:TEMPOWORD |TEMPO )?NUM TEMPO|(?:IN )?TEMPOWORD (?:OF )?NUM", number_of("tempo")),
    Rule("(?:IN )?(?:METREWORD )?METRE(?: METREWORD| TEMPO)?", value_of("metre", "METRE")),
    Rule("(?:IN )?WALTZ", says("metre", "3/4")),
    Rule("TO ENDING", says("at_the_end", True), _of("compose")),
    Rule("(?:WITH )?ENDING", says("ending", True), _of("compose")),
    Rule("ALONE", says("alone", True)),
    Rule("ONLY (?:MORE |NEW )+_|ONLY _ (?:OF THIS COMMA)?", says("alone", True), _of("compose")),
    # how it is played
    Rule("HUMANFEEL|(?:COMMA )?HUMANISE", says("humanise", 0.7), _of("compose", "vary", "fill", "accompany")),
    Rule("(?:IN )?STYLE(?: STYLEWORD)?|STYLEWORD (?:OF )?STYLE", value_of("style", "STYLE"), _of("humanise")),
    # likeness
    Rule(
        "BY (?:LIKE (?:OF )?)?(?:SAME )?<PART>(?: LIKE)?|LIKE (?:IN |OF )?<PART>|<PART> LIKE",
        parts_as("by"),
        _of("rank", "compare"),
    ),
    Rule("(?:COMMA )?(?:AND )?EXPLAIN", says("why", True), _of("rank")),
    Rule("ANYKEY", says("transpose", True)),
    Rule("ITEM WITH <PARTS>", parts_as("with"), SEARCHING | _of("duplicates", "compare", "map")),
    Rule("FILE OR FILE", says("either_file", True), _of("rank")),
    Rule("SAMEFILE", says("same_file", True), _of("duplicates")),
    Rule("(?:WHICH )?PASSAGE", says("passages", True), _of("duplicates")),
    Rule("(?:WHICH )?BAR LIKE|LIKE BAR", says("level", "bar"), _of("rank")),
    # pairs, pictures, arrays
    Rule("(?:AND )?(?:BY )?ARRIVE ITSTEMPO", says("to_tempo", True), _of("blend")),
    Rule("(?:AND )?(?:BY )?ARRIVE ITSKEY", says("to_key", True), _of("blend")),
    Rule("(?:WITH |BY )?TSNE", says("method", "tsne"), _of("map")),
    Rule("(?:WITH |BY )?PCA", says("method", "pca"), _of("map")),
    Rule("COLOURED (?:BY )?(?:KEYWORD|METREWORD|ITEM)|BY (?:KEYWORD|METREWORD|ITEM) COLOURED", colour, _of("map")),
    Rule("(?:EACH |ALL )?(?:BAR AND )?CELL", says("level", "cell"), _of("embed")),
    Rule("(?:EACH )?PASSAGE", says("level", "passage"), _of("embed")),
    Rule("PRUNE", says("prune", True), _of("build_library")),
    Rule("FAULTSONLY|ONLY WRONG", says("faults", True), _of("check")),
    Rule("BYEACHBAR", says("each_bar", True), _of("vary")),
    # who plays what
    Rule("IPLAY (?P<parts><PARTS>)", parts_as("player"), _of("live")),
    Rule(
        "HARMONISE(?: THIS)?(?: PART.melody)?|(?:THIS )?PART.melody HARMONISE",
        says("parts_are_chords", True),
        _of("accompany"),
    ),
    Rule(
        "(?:UNDER |FOR |TO |WITH )(?:THIS )?PART.melody|THIS PART.melody|UNDER THIS",
        says("seed_is_melody", True),
        _of("accompany"),
    ),
    Rule("(?:SEARCH )?THIS PART.melody", says("fragment_is_melody", True), SEARCHING),
    # how far
    Rule("(?P<parts><ANDPARTS>) AMOUNT(?: (?:DIFFERENT|CHANGE))?", part_amount, _of("vary")),
    Rule("(?:ONLY )?AMOUNT(?: AMOUNT)?(?: LIKE)?", value_of("amount", "AMOUNT"), _of("vary", "groove", "humanise")),
    Rule("AMOUNT LIKE", says("very_like", True), _of("rank", "find", "duplicates", "compare")),
    # beside the music
    Rule("PLOT", says("plot", True), WRITING),
    Rule("NOTATION", says("notation", True), WRITING),
    Rule("PAGE(?: COMPAREOPT)?", says("page", True)),
    Rule("(?:ASFORMAT |IN )?FORMAT", value_of("format", "FORMAT")),
    Rule("FOLDERWORD NAME", value_of("output", "NAME")),
)


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
