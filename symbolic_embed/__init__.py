"""symbolic_embed: MIDI ranked and searched by musical likeness, varied and continued.

    import symbolic_embed

    model = symbolic_embed.load_checkpoint()
    arrays = symbolic_embed.embed("loops/", checkpoint=model)
    for match in symbolic_embed.rank("riff.mid", "loops/", checkpoint=model, top=5):
        print(match.distance, match.path)
    symbolic_embed.save_outputs(symbolic_embed.vary("riff.mid", strength=0.2, count=4), "out")

Importing the package loads nothing; a verb loads what it needs when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PAGES = {
    "load_checkpoint": "symbolic_embed.api",
    "embed": "symbolic_embed.api",
    "rank": "symbolic_embed.api",
    "compose": "symbolic_embed.api",
    "vary": "symbolic_embed.api",
    "blend": "symbolic_embed.api",
    "accompany": "symbolic_embed.api",
    "save_outputs": "symbolic_embed.api",
}
__all__ = list(_PAGES)


def __getattr__(name: str) -> Any:
    if name not in _PAGES:
        raise AttributeError(f"module 'symbolic_embed' has no attribute {name!r}; it has {', '.join(_PAGES)}")
    return getattr(import_module(_PAGES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PAGES])
