"""How much each part of a likeness counts, where somebody weighs them: "harmony=.5,rhythm=2".

What is named counts by its weight, what is not named counts for nothing (`similarity.joint` says what is made of it).
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

from symbolic_embed.settings import refused

Weighed = Literal["bars", "harmony", "melody", "rhythm", "passages"]
EXAMPLE = 'such as "harmony=.5,rhythm=2"'


def _weights(given: object) -> tuple[tuple[Weighed, float], ...]:
    """Pairs of a part and its weight, in the order of `Weighed`, without those that weigh nothing: from text, a
    mapping, or pairs."""
    if given is None:
        return ()
    if isinstance(given, Mapping):
        given = given.items()
    elif isinstance(given, str):
        given = [word.split("=") for word in given.split(",")]
    if not isinstance(given, Iterable):
        raise refused(f"must be parts and their weights, {EXAMPLE}")
    pairs = [_pair(one) for one in given]
    weights = dict(pairs)
    if len(weights) < len(pairs):
        raise refused("must name each part once")
    if pairs and not any(weights.values()):
        raise refused("must have a weight above 0")
    return tuple((name, weights[name]) for name in get_args(Weighed) if weights.get(name))


def _pair(given: object) -> tuple[Weighed, float]:
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise refused(f"must be parts and their weights, {EXAMPLE}")
    known: tuple[Weighed, ...] = get_args(Weighed)
    said = str(given[0]).strip().casefold()
    name = next((one for one in known if one == said), None)
    if name is None:
        near = difflib.get_close_matches(said, known, n=1)
        guess = f"; did you mean {near[0]}?" if near else ""
        raise refused(f"must weigh parts of the likeness ({', '.join(known)}){guess}")
    try:
        weight = float(given[1])
    except (TypeError, ValueError):
        raise refused(f"must have a number for {name}, {EXAMPLE}") from None
    if not math.isfinite(weight) or weight < 0:
        raise refused(f"must have a finite weight of at least 0 for {name}")
    return name, weight


Weights = Annotated[tuple[tuple[Weighed, float], ...], BeforeValidator(_weights)]
