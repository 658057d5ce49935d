"""Which verb is asked for: the first whose signs are in the row of concepts.

The signs of a verb are patterns as in `row`; OWN are concepts that say no more than the verb does, where it is this
one, and are understood with it. Whatever else is said must be a setting, or it was not understood.
"""

from __future__ import annotations

from typing import NamedTuple

from symbolic_embed.understanding.reading import Mark
from symbolic_embed.understanding.row import Row

LIGHT = frozenset(  # concepts that say nothing that matters where no rule has taken them
    [
        "ITEM",
        "THIS",
        "ALL",
        "EACH",
        "WHICH",
        "HOW",
        "ME",
        "YOU",
        "MAKE",
        "TO",
        "TOWARD",
        "FROM",
        "OF",
        "ON",
        "IN",
        "WITH",
        "AND",
        "BUT",
        "BY",
        "FOR",
        "COMMA",
        "FILE",
        "LIB",
        "ASFORMAT",
    ]
)
CONTINUING = frozenset({"live"})


class Signs(NamedTuple):
    """A verb, what it is known by, and what its words are. `files`: how many files or folders there must be, at least;
    `most`: at most."""

    verb: str
    pattern: str
    files: int = 0
    most: int | None = None


NEW_PART = "(?:ADD|NEW|MAKE|NEED)"
SIGNS = (
    Signs("build_library", "(?:BUILD|MAKE|ADD|NEW) .*LIBRARY|LIBRARY .*(?:ADD|BUILD|MAKE)|BUILD|LIBRARY CALLED|PRUNE"),
    Signs("vary", "NEW <PARTS> .*(?:KEEP ALL|ALL ASIS)"),
    Signs("live", "JAM|TRADE|WITHME|BEMY|IPLAY .*YOUPLAY|ALONG .*(?:ME|PLAY)|(?:PLAY|ACCOMPANY|ONLY) .*ALONG|^ALONG$"),
    Signs("live", "(?:COMMA |HOW |MAKE )*ALONG", most=0),
    Signs(
        "duplicates", "DUPLICATE|WHICH .*TWICE|.*TWICE .*(?:FILE|THIS|ITEM)|PASSAGE .*REPEAT|REPEAT .*PASSAGE|TWICE$"
    ),
    Signs("duplicates", "WHICH (?:ITEM |THIS )*SAME|WHICH TWICE"),
    Signs("groove", "(?:GROOVE|STYLEWORD) .*(?:FILE|ORD|TOP)|FILE .*GROOVE .*FILE|FILE .*FILE .*GROOVE", files=2),
    Signs("humanise", "HUMANISE|ROBOT"),
    Signs("render", "RENDER|AUDIO|WRITEOUT .*AUDIO"),
    Signs("map", "MAP"),
    Signs("reconstruct", "RECONSTRUCT"),
    Signs("embed", "EMBED"),
    Signs("order", "ORDER|ARRANGE"),
    Signs("compare", "COMPARE(?! .*(?:WHICH .*LIKE|LIKE .*FILE))|MATRIX|APART|PAIR"),
    Signs("compare", "HOW LIKE (?:THIS|FILE)(?! TO)|THIS (?:AMOUNT )?LIKE(?: COMMA)?$", files=2, most=2),
    Signs(
        "blend", "BLEND|MIX|BETWEEN|HALF BETWEEN|HALFWAYWORD|(?:GOFROM|FROM) FILE (?:TO|ON) FILE|TURN FILE TOWARD FILE"
    ),
    Signs("find", "FROMHERE|IDENTIFY|WHERE|(?:SEARCH|LIB) .*(?:FRAGMENT|THIS PART.melody)|FRAGMENT"),
    Signs("next", "GOESNEXT", files=2),
    Signs("find", "WHICH ITEM (?:THIS ITEM|THIS$|$|COMMA$)|THIS (?:WHICH ITEM)|WHICH ITEM THIS", files=2),
    Signs("vary", "LIKE .*(?:BUT )?DIFFERENT"),
    Signs("order", "RANK", most=1),
    Signs("rank", "RANK|LIKE|(?:BEST|TOP) <COUNT>", files=2),
    Signs("vary", "(?:MAKE .*)?BAR NUM.* DIFFERENT"),
    Signs("fill", "FILL .*(?:BAR|GAP)|(?:BAR|GAP) .*FILL|REWRITE .*BAR|BAR .*REWRITE|GAP|DISLIKE|^FILL"),
    Signs("fill", "(?:NEW|MAKE) .*BAR NUM|BAR NUM .*(?:NEW|MAKE)|(?:NEW|MAKE) .*DI NUM|DI NUM .*(?:NEW|MAKE)"),
    Signs(
        "accompany", "ACCOMPANY|ACCOMPANIMENT|HARMONISE|UNDER|ADD (?:(?!BAR).)*PART\\S*|PART\\S* .*ADD|PART\\S* UNDER"
    ),
    Signs(
        "compose",
        "CONTINUE|COMPOSE|GOESNEXT|ALONE|ENDING|MORE (?:<COUNT> )?BAR|ADD <COUNT> BAR|<COUNT> (?:MORE|NEW) BAR",
    ),
    Signs("vary", "VARY|VARIATION|CHANGE"),
    Signs("compose", "(?<!DI )(?<!TO )<COUNT> BAR|^MORE(?: OF)?(?: THIS)?(?: ITEM)?(?: COMMA)?$"),
    Signs("vary", "DIFFERENT|VERSION|NEW <PARTS>|SAME <PARTS>|KEEP (?:ALL )?EXCEPT"),
    Signs("accompany", "(?:MAKE|NEW) (?:.* )?<PARTS>|<PARTS> (?:WITH|TO|FOR) THIS"),
    Signs("check", "CHECK|WRONG|FAULTSONLY"),
    Signs(
        "show",
        "HOWMANY|HOWLONG|HOLDS|TELLABOUT|WHICH .*(?:KEYWORD|TRACK|TEMPOWORD|METREWORD|PART\\S*)|THIS WHICH KEYWORD",
    ),
    Signs("show", "^(?:WHICH )?(?:TEMPO|TEMPOWORD|KEYWORD|METREWORD)(?: COMMA)?$"),
    Signs("play", "PLAY|HEAR|HOW .*SOUND"),
    Signs("show", "SHOW|LIST"),
)
OWN: dict[str, frozenset[str]] = {
    verb: frozenset(words.split())
    for verb, words in {
        "build_library": "BUILD ADD LIBRARY CALLED NAME NEW STYLE",
        "live": "JAM TRADE WITHME BEMY IPLAY YOUPLAY ALONG ACCOMPANY ACCOMPANIMENT PLAY WHILE HEAR UNDER",
        "duplicates": "DUPLICATE TWICE REPEAT PASSAGE SAME SEARCH LIST SHOW MORE OTHERFILES CHECK",
        "groove": "GROOVE APPLY LIKE ORD TOP PLAY STYLEWORD RHYTHM TURN CHANGE SOUND",
        "humanise": "GROOVE HUMANISE ROBOT SOUND LIKE PLAY ADD MORE",
        "render": "RENDER AUDIO WRITEOUT TURN",
        "map": "PLOT MAP SHOW COLOURED PICTURE BUILD WRITEOUT",
        "reconstruct": "RECONSTRUCT BACKTHROUGH WHICH KEEP",
        "embed": "EMBED COMPUTE TURN WRITEOUT BAR",
        "order": "ORDER ARRANGE RANK STARTING ENDINGWITH ORD LAST PLAY PAIR LIST",
        "compare": "BETWEEN COMPARE MATRIX APART PAIR LIKE SHOW COMPUTE AMOUNT OTHERFILES DIFFERENT",
        "blend": "VERSION BLEND MIX BETWEEN HALF HALFWAYWORD GOFROM TURN ORD TOP STEPWISE NEW",
        "find": "FROMHERE IDENTIFY WHERE SEARCH FRAGMENT LIBRARY PART.melody BEST SHOW TELLABOUT",
        "next": "GOESNEXT SEARCH LIST SHOW CONTINUE LIBRARY AFTER BEST IPLAY PLAY",
        "rank": "RANK LIKE SEARCH LIST SHOW ORDER COMPARE LIBRARY MORE BEST TOP TELLABOUT SAME NEW",
        "fill": "WRONG FILL REWRITE GAP DISLIKE NEW COMPOSE ADD MORE CHANGE VERSION",
        "accompany": "ACCOMPANY ACCOMPANIMENT UNDER ADD NEW PLAY MORE VERSION COMPOSE",
        "compose": "CONTINUE COMPOSE GOESNEXT ADD MORE NEW ENDING VERSION DIFFERENT SAME",
        "vary": "VARY VARIATION CHANGE DIFFERENT VERSION NEW MORE NOTES LIKE",
        "check": "CHECK WRONG FAULTSONLY DAW HOLDS SHOW LIST SEARCH",
        "show": "PART SHOW LIST HOLDS HOWMANY HOWLONG TELLABOUT KEYWORD TRACK TEMPOWORD METREWORD BAR NOTES TEMPO",
        "play": "PLAY HEAR SOUND",
    }.items()
}


def verb_said(row: Row, *, files: int, has_library: bool) -> str | None:
    """The verb that the signs say; None where they say none. `files` is how many files and folders there are, by the
    request or beside it."""
    several = files + has_library
    for verb, pattern, least, most in SIGNS:
        fits = several >= least and (most is None or several <= most)
        if fits and row.find(pattern) is not None:
            return verb
    return None


def not_understood(row: Row, verb: str) -> list[Mark]:
    """The marks that neither a rule has taken nor the verb says."""
    understood = LIGHT | OWN[verb]
    return [mark for mark in row.left if not {mark.name, mark.concept} & understood]
