"""What outputs are called, and how their records begin.

A name says the seed, the verb, the number, how far it is where that was measured, and the random seed. All but the
measured distance is known before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from symbolic_embed.listening.melodies import HEARD
from symbolic_embed.outputs.performance import performance_record
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.version import installed_version

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder

NOT_WRITTEN = "not_written"  # in a record: the names of the parts that were asked for and came out as rests


def continued_name(seed: Seed, number: int, *, random_seed: int, alone: bool) -> str:
    return f"{seed.stem}__{'new' if alone else 'next'}{number:02d}__s{random_seed}"


def varied_name(seed: Seed, number: int, *, random_seed: int, dial: str, measured: str) -> str:
    """`dial`: change or strength; `measured`: what was measured on it, with two decimals."""
    return f"{seed.stem}__var{number:02d}__{dial}{measured}__s{random_seed}"


def filled_name(seed: Seed, number: int, *, random_seed: int) -> str:
    return f"{seed.stem}__fill{number:02d}__s{random_seed}"


def accompanied_name(seed: Seed, number: int, *, random_seed: int) -> str:
    return f"{seed.stem}__acc{number:02d}__s{random_seed}"


def blended_name(first: Seed, second: Seed, number: int, *, steps: int, random_seed: int) -> str:
    share = interpolation_share(number, steps=steps)
    return f"{first.stem}__{second.stem}__blend{number:02d}__m{share:.2f}__s{random_seed}"


def grooved_name(seed: Seed, source: Seed, *, amount: float) -> str:
    """Of `seed` with the groove of `source`."""
    return f"{seed.stem}__{source.stem}__groove__amount{amount:.2f}"


def humanised_name(seed: Seed, *, amount: float, style: str | None, random_seed: int) -> str:
    return f"{seed.stem}__human{f'-{style}' if style else ''}__amount{amount:.2f}__s{random_seed}"


def page_name(seed: Seed, command: str, *, random_seed: int) -> str:
    """What the page of all results of one request is called, known before any of them is."""
    return f"{seed.stem}__{command}__s{random_seed}__takes.html"


def interpolation_share(number: int, *, steps: int) -> float:
    """The share of the interpolation from one piece to the other at which step `number` (from 1) of `steps` lies."""
    return number / (steps + 1)


def record_of(command: str, seed: Seed, embedder: Embedder | None, settings: dict[str, Any]) -> dict[str, Any]:
    """What every output's record says first: program, command and its settings, the seed, the checkpoint (None where
    no model was asked), and what each part of the seed was taken for."""
    return {
        "program": f"symbolic_embed {installed_version()}",
        "command": command,
        "settings": settings | ({"roles": said} if (said := _said_roles(seed)) else {}),
        "seed": {"path": seed.path, "sha256": seed.sha256, "bars": seed.barred.bars} | _reading(seed) | _played(seed),
        "checkpoint": None if embedder is None else embedder.hash,
        "warnings": [str(warning) for warning in seed.barred.score.warnings],
        "roles": [
            {"track": number, "name": track.name, "role": role}
            for number, (track, role) in enumerate(zip(seed.barred.score.tracks, seed.barred.roles, strict=True))
        ],
    }


def _played(seed: Seed) -> dict[str, Any]:
    """What was found of the beats of a seed that was played without barlines, and what was said of them."""
    played = performance_record(seed.barred)
    if played is None:
        return {}
    said = {"tempo": seed.said.tempo, "metre": seed.said.metre and "{}/{}".format(*seed.said.metre)}
    return {"performance": played | ({"said": said} if any(said.values()) else {})}


def _reading(seed: Seed) -> dict[str, bool]:
    """How the seed was read: what was asked for, and whether it is a melody that was heard in a recording."""
    heard = {"heard": True} if any(warning.kind == HEARD for warning in seed.events.warnings) else {}
    return heard | ({"join_channels": True} if seed.events.join_channels else {})


def is_record_of(
    record: Mapping[str, Any], command: str, seed: Seed, embedder: Embedder, settings: Mapping[str, Any]
) -> bool:
    """Whether a record is of an output of the same command, seed, checkpoint and settings, in whichever file the seed
    stood."""
    ours = record_of(command, seed, embedder, {})
    same = all(record.get(name) == ours[name] for name in ("command", "checkpoint"))
    said, its_seed = record.get("settings"), record.get("seed")
    if not isinstance(said, Mapping) or not isinstance(its_seed, Mapping):
        return False
    is_seed = its_seed.get("sha256") == seed.sha256
    is_seed = is_seed and its_seed.get("join_channels", False) == seed.events.join_channels
    is_seed = is_seed and its_seed.get("performance") == ours["seed"].get("performance")
    asked = {**settings, "roles": _said_roles(seed)}
    return same and is_seed and all(said.get(name) == value for name, value in asked.items())


def _said_roles(seed: Seed) -> dict[str, str] | None:
    """What somebody said of the seed's tracks, by number; None where nobody did."""
    tracks = enumerate(seed.barred.score.tracks)
    return {str(number): track.role for number, track in tracks if track.role is not None} or None
