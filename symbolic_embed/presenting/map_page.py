"""A map of pieces as a page for a browser: points to be searched, chosen, seen and heard.

The page is one file (`page_parts`). It holds the beginnings of pieces, as many as there is room for
(`page_pieces.Excerpts`). What is to be typed for a blend of two pieces stands on it, since no page can hold the blends
of all pairs; a blend that was made lies on it as further points.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import takewhile
from typing import Any

from symbolic_embed.bars import BarredScore
from symbolic_embed.errors import printable
from symbolic_embed.library.map import Map
from symbolic_embed.presenting.map_picture import OTHERS, Way, groups_of
from symbolic_embed.presenting.page_parts import Parts, whole_page
from symbolic_embed.presenting.page_pieces import Excerpts, page_piece, struck
from symbolic_embed.presenting.piano_roll import COLOURS
from symbolic_embed.requests import MapRequest

SCRIPTS = ("music.js", "patches.js", "synth.js", "drums.js", "player.js", "view.js", "roll.js", "alone.js", "cloud.js",
           "map.js")  # fmt: skip
PARTS = Parts("map.html", ("page.css", "map.css"), SCRIPTS, what="map")


@dataclass(frozen=True, eq=False)
class Blended:
    """A blend that was made: the way it goes, from end to end, and what lies between, each with its path."""

    way: Way
    steps: tuple[tuple[str, BarredScore], ...]


def map_page(drawn: Map, excerpts: Excerpts, request: MapRequest, *, title: str, blended: Blended | None = None) -> str:
    """The page, HTML."""
    left = excerpts.said(asked=request.heard)
    return whole_page(
        PARTS,
        {
            "summary": escape(_summary(drawn)),
            "colour": escape(request.colour.capitalize()),
            "left": escape(f"{left[:1].upper()}{left[1:]}. ") if left else "",
        },
        title=title,
        music=_data(drawn, excerpts, request, blended),
    )


def shell_word(path: str) -> str:
    """A path as a word of a command: in quotes where it needs any, its odd bytes as $'\\xNN'."""
    path = f".{os.sep}{path}" if path.startswith("-") else path
    if path.isprintable() and not re.search("[\ud800-\udfff]", path):
        return shlex.quote(path)
    plain = re.compile(rb"[A-Za-z0-9_@%+=:,./-]")
    encoded = (bytes([byte]) for byte in os.fsencode(path))
    return "$'" + "".join(one.decode() if plain.match(one) else f"\\x{one[0]:02x}" for one in encoded) + "'"


def _common_folder(paths: Sequence[str]) -> str:
    """What all paths begin with, up to a separator and with it; nothing where they share no folder."""
    split = [path.split(os.sep)[:-1] for path in paths]
    levels = takewhile(lambda level: len(set(level)) == 1, zip(*split, strict=False))
    return "".join(level[0] + os.sep for level in levels)


def _summary(drawn: Map) -> str:
    count = f"{len(drawn.points):,} piece" + "s" * (len(drawn.points) != 1)
    gaps = f"{len(drawn.gaps)} gap" + "s" * (len(drawn.gaps) != 1)
    return f"{count}, {len(drawn.odd):,} like no other, {gaps}"


def _data(drawn: Map, excerpts: Excerpts, request: MapRequest, blended: Blended | None) -> dict[str, Any]:
    """What the scripts need. A point: x, y, its group, 1 where it is odd, the number of the nearest or -1."""
    groups = groups_of(drawn)
    number_of = {name: number for number, (name, _) in enumerate(groups)}
    by_path = {point.path: number for number, point in enumerate(drawn.points)}
    points = [
        [point.x, point.y, number_of[point.group], int(point.is_odd), by_path.get(point.nearest or "", -1)]
        for point in drawn.points
    ]
    pieces = [excerpts.get(point.path) for point in drawn.points]
    steps: Sequence[tuple[str, BarredScore]] = blended.steps if blended else ()
    way = blended.way.places if blended else ()
    points += [[*place, 0, 0, -1] for place in way[1:-1]]
    pieces += [page_piece(barred) for _, barred in steps]
    paths = [*(point.path for point in drawn.points), *(path for path, _ in steps)]
    folder = _common_folder(paths)
    words = {number: shell_word(path) for number, path in enumerate(paths)}
    return {
        "colour": request.colour,
        "colours": list(COLOURS),
        "others": OTHERS,
        "groups": [[printable(name), count] for name, count in groups],
        "points": points,
        "folder": printable(folder),
        "names": [printable(path[len(folder) :]) for path in paths],
        "words": {number: word for number, word in words.items() if word != printable(paths[number])},
        "gaps": [{"x": gap.x, "y": gap.y, "radius": gap.radius, "around": gap.around} for gap in drawn.gaps],
        "blends": len(steps),
        "way": way,
        "pieces": pieces,
        "drums": struck([piece for piece in pieces if piece]),
    }
