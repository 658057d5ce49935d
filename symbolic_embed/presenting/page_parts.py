"""What pages for a browser are put together from.

A page is one file and asks for nothing outside it: style, scripts and music lie in it, and its security policy lets the
browser run these very scripts (by their hashes) and fetch nothing at all. The parts lie in the folder `page`, as a
browser's own languages: pages with a place for each of the others, style sheets, and scripts, which share one scope.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import Any

from symbolic_embed.errors import printable


@dataclass(frozen=True)
class Parts:
    """What a page is made of: its file, style sheets and scripts, by name; what its title calls it; has_images: whether
    images lie in it."""

    page: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    what: str
    has_images: bool = False


_IMPORT = re.compile(r"^import \{.*\} from .*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |class |function )", re.MULTILINE)

FOLDER = resources.files("symbolic_embed.presenting") / "page"


def static(*names: str) -> str:
    """The content of a file of the folder `page`, or of several, one after the other."""
    return "".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def joined(scripts: Sequence[str]) -> str:
    """Scripts as one, in a scope of their own."""
    return '"use strict";\n(() => {\n' + "\n".join(map(plain, scripts)) + "})();\n"


def plain(script: str) -> str:
    """A script of the folder `page` without what only modules have. Some are modules of the server's page as well;
    where all lie in one scope, nothing is to be imported, and nothing exported."""
    return _EXPORT.sub("", _IMPORT.sub("", static(script)))


def whole_page(parts: Parts, contents: Mapping[str, str], *, title: str, music: Any) -> str:
    """A page: its parts, with the contents in their places, the music as data, and a title that stands in its head and
    wherever else it has a place."""
    style, script = static(*parts.styles), joined(parts.scripts)
    title = escape(printable(title))
    head = {"policy": policy(style=style, script=script, images=parts.has_images), "title": title, "what": parts.what}
    filled_in = {
        "head": filled(static("head.html"), {**head, "style": style}),
        "title": title,
        "music": harmless_json(music),
        "script": script,
    }
    return filled(static(parts.page), {**filled_in, **contents})


def filled(page: str, contents: Mapping[str, str]) -> str:
    """The page with each `<!--name-->` replaced. In one pass: what comes from files holds no `<` anyway."""
    pieces = page.split("<!--")
    parts = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("-->")
        parts += [contents[name], rest]
    return "".join(parts)


def policy(*, style: str, script: str, images: bool = False) -> str:
    """The page's content security policy: its own style and script, with `images` those that lie in it, and nothing
    else from anywhere."""
    own_images = "img-src data:; " if images else ""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; {own_images}"
        "base-uri 'none'; form-action 'none'"
    )


def harmless_json(value: Any) -> str:
    """JSON in which nothing can end the element that it stands in, nor open another."""
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
