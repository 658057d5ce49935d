"""symbolic_embed: MIDI ranked and searched by musical likeness, varied and continued.

    import symbolic_embed

    session = symbolic_embed.Session()
    arrays = symbolic_embed.embed("loops/", checkpoint=session)
    for match in symbolic_embed.rank("riff.mid", "loops/", checkpoint=session, top=5):
        print(match.distance, match.path)
    symbolic_embed.save_outputs(symbolic_embed.vary("riff.mid", checkpoint=session, change=0.2, count=4), "out")

Importing the package loads nothing; a verb loads what it needs when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_FACE = (
    "Result",
    "Session",
    "accompany",
    "blend",
    "build_library",
    "check",
    "compare",
    "compose",
    "duplicate_passages",
    "duplicates",
    "embed",
    "fill",
    "find",
    "groove",
    "hum",
    "humanise",
    "load_checkpoint",
    "map",
    "next",
    "open_library",
    "order",
    "passages",
    "play_along",
    "rank",
    "reconstruct",
    "remove_from_library",
    "render",
    "replay_session",
    "save_outputs",
    "show",
    "understand",
    "vary",
)
__all__ = list(_FACE)


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        raise AttributeError(f"module 'symbolic_embed' has no attribute {name!r}; it has {', '.join(_FACE)}")
    return getattr(import_module("symbolic_embed.api"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_FACE])
