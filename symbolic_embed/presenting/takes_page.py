"""All takes of a seed on one page for a browser: seen, heard, compared, with what the tests said of each.

The page is one file and asks for nothing outside it: style, scripts and music lie in it, and its security policy lets
the browser run these very scripts (by their hashes) and fetch nothing at all. The parts that it is put together from
lie in the folder `page`, as a browser's own languages: page.html with a place for each of the others, page.css, and the
scripts, which share one scope and are joined in the order of SCRIPTS. The same seed and outputs give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from symbolic_embed.errors import printable
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.presenting.page_music import page_music
from symbolic_embed.presenting.piano_roll import COLOURS
from symbolic_embed.presenting.take_cards import seed_card, seed_tab, take_card, take_tab

FOLDER = resources.files("symbolic_embed.presenting") / "page"
SCRIPTS = ("music.js", "patches.js", "synth.js", "drums.js", "player.js", "view.js", "roll.js", "mixer.js", "page.js")


def takes_page(seed: Seed, outputs: Sequence[Output], *, folder: str = ".") -> str:
    """The page, HTML; `folder`: the address, from the page, of the folder of the outputs."""
    name = Path(seed.path).name
    style, script = _static("page.css"), joined_scripts()
    music = {"colours": list(COLOURS), **page_music(seed, outputs)}
    takes = list(enumerate(outputs, start=1))
    return _filled(
        _static("page.html"),
        {
            "policy": _policy(style=style, script=script),
            "title": escape(printable(name)),
            "summary": escape(_summary(outputs)),
            "tabs": "\n".join([seed_tab(seed), *(take_tab(number, output) for number, output in takes)]),
            "cards": "\n".join(
                [seed_card(seed), *(take_card(number, output, folder=folder) for number, output in takes)]
            ),
            "style": style,
            "music": _harmless_json(music),
            "script": script,
        },
    )


def joined_scripts() -> str:
    """The scripts as one, in a scope of their own."""
    return '"use strict";\n(() => {\n' + "\n".join(map(_static, SCRIPTS)) + "})();\n"


def _filled(page: str, contents: Mapping[str, str]) -> str:
    """The page with each `<!--name-->` replaced. In one pass: what comes from files holds no `<` anyway."""
    pieces = page.split("<!--")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("-->")
        filled += [contents[name], rest]
    return "".join(filled)


def _summary(outputs: Sequence[Output]) -> str:
    """What was done, in a line."""
    command = str(outputs[0].record.get("command", "")) if outputs else ""
    drawn = [
        take["of"] for output in outputs if isinstance(take := output.record.get("take"), Mapping) and "of" in take
    ]
    kept = f"{len(outputs)} of {max(drawn)} takes kept" if drawn else f"{len(outputs)} results"
    return f"{command}: {kept}" if command else kept


def _policy(*, style: str, script: str) -> str:
    """The page's content security policy: its own style and script, and nothing else from anywhere."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _harmless_json(value: Any) -> str:
    """JSON in which nothing can end the element that it stands in, nor open another."""
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _static(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
