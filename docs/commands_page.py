"""A Sphinx directive, `commands`: the help of every command, as the command itself prints it."""

from __future__ import annotations

import contextlib
import io
import os

from docutils import nodes
from docutils.parsers.rst import Directive

from symbolic_embed.commands.app import VERBS, app

SUB_COMMANDS = {
    "library": ("build", "remove", "info", "cache"),
    "train": ("embedder", "composer", "passages", "anchor", "fingerprint", "prior"),
}
WIDTH = "100"  # columns


class Commands(Directive):
    """A section for each command."""

    def run(self) -> list[nodes.Node]:
        sections = []
        for verb in VERBS:
            for words in [[verb], *([verb, sub] for sub in SUB_COMMANDS.get(verb, ()))]:
                name = " ".join(words)
                section = nodes.section(ids=[name.replace(" ", "-")])
                section += nodes.title(text=name)
                section += nodes.literal_block(text=help_of(words))
                sections.append(section)
        return sections


def help_of(words: list[str]) -> str:
    """What `symbolic-embed WORDS --help` prints."""
    os.environ["COLUMNS"] = os.environ["TERMINAL_WIDTH"] = WIDTH
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        app([*words, "--help"], prog_name="symbolic-embed")
    return out.getvalue()


def setup(sphinx: object) -> dict[str, bool]:
    sphinx.add_directive("commands", Commands)  # type: ignore[attr-defined]
    return {"parallel_read_safe": True}
