"""All takes of a seed on one page for a browser: seen, heard, compared, with what the tests said of each.

The page is one file and asks for nothing outside it (`page_parts`). It is page.html with a place for each of the
others, page.css, and the scripts, joined in the order of SCRIPTS. The same seed and outputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.presenting.page_music import page_music
from symbolic_embed.presenting.page_parts import Parts, whole_page
from symbolic_embed.presenting.piano_roll import COLOURS
from symbolic_embed.presenting.take_cards import seed_card, seed_tab, take_card, take_tab

SCRIPTS = ("music.js", "patches.js", "synth.js", "drums.js", "player.js", "view.js", "roll.js", "mixer.js", "page.js")
PARTS = Parts("page.html", ("page.css",), SCRIPTS, what="takes")


def takes_page(seed: Seed, outputs: Sequence[Output], *, folder: str = ".") -> str:
    """The page, HTML; `folder`: the address, from the page, of the folder of the outputs."""
    music = {"colours": list(COLOURS), **page_music(seed, outputs)}
    takes = list(enumerate(outputs, start=1))
    return whole_page(
        PARTS,
        {
            "summary": escape(_summary(outputs)),
            "tabs": "\n".join([seed_tab(seed), *(take_tab(number, output) for number, output in takes)]),
            "cards": "\n".join(
                [seed_card(seed), *(take_card(number, output, folder=folder) for number, output in takes)]
            ),
        },
        title=Path(seed.path).name,
        music=music,
    )


def _summary(outputs: Sequence[Output]) -> str:
    """What was done, in a line."""
    command = str(outputs[0].record.get("command", "")) if outputs else ""
    drawn = [
        take["of"] for output in outputs if isinstance(take := output.record.get("take"), Mapping) and "of" in take
    ]
    kept = f"{len(outputs)} of {max(drawn)} takes kept" if drawn else f"{len(outputs)} results"
    return f"{command}: {kept}" if command else kept
