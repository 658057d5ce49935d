"""What composers learn to plan and to copy from: passages heard window by window, as they are when music is written.

The same `Past` that grows while music is written grows here over what stands in the passage, and is asked the same
questions before each window. What the right answers were is known only here: which earlier window this one is likest
to, which parts play, which cells return.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.encodings.cell_rolls import Rolls, keys_of
from symbolic_embed.encodings.patterns.material import Outlook, add_partner, outlook, return_features
from symbolic_embed.encodings.patterns.past import NOWHERE, Numbers, Past
from symbolic_embed.encodings.patterns.sources import candidate_features, playing_features

Numeric = TypeVar("Numeric", bound=np.generic)

ASTRAY = 0.1  # how often a passage is told of another source than the right one, or of none: plans err
HIDDEN = 0.5  # of these


class Passage(NamedTuple):
    """Pieces side by side over windows 0 to `steps`, all known: cells uint8 (pieces, parts, steps + 1, 48, 128), parts
    in the order they are written; lengths and chords int64 (pieces, steps + 1); drums, and which parts there are at
    all, bool (pieces, parts)."""

    cells: Rolls
    lengths: Numbers
    chords: Numbers
    drums: NDArray[np.bool_]
    present: NDArray[np.bool_]


class PlanTargets(NamedTuple):
    """Questions to the plan, and their answers, for windows 1 to `steps`.

    features: (pieces, steps, steps, CANDIDATE_FEATURES), of each earlier window; fits, right: bool (pieces, steps,
    steps), which may return, and which the window is likest to. sources: int64 (pieces, steps), NOWHERE for none, as
    the parts are told. chords: int64 (pieces, steps + 1); source_chords (pieces, steps). classes: (pieces, steps, 12).
    Of the parts there are, (parts, steps, ...): playing, features; plays, bool; returning, features; may_return,
    returns, bool.
    """

    features: Tensor
    fits: Tensor
    right: Tensor
    sources: Tensor
    chords: Tensor
    source_chords: Tensor
    classes: Tensor
    playing: Tensor
    plays: Tensor
    returning: Tensor
    may_return: Tensor
    returns: Tensor


class Beside(NamedTuple):
    """Of each cell to be written, (parts * steps, ...), part after part, what lies beside it, as `networks.copying`
    takes it but for what others sound."""

    rolls: Rolls
    keys: Numbers
    trust: NDArray[np.float32]
    pitches: NDArray[np.float32]
    onsets: NDArray[np.float32]
    lengths: NDArray[np.float32]
    classes: NDArray[np.float32]


def heard(passage: Passage, *, random: np.random.Generator) -> tuple[PlanTargets, Beside]:
    """What is asked and answered over a passage, and what lies beside each cell that is written in it."""
    pieces, windows = len(passage.cells), passage.cells.shape[2]
    past = Past(passage.drums, room=windows)
    plans, besides = [], []
    for window in range(windows):
        cells, steps, chords = passage.cells[:, :, window], passage.lengths[:, window], passage.chords[:, window]
        coming = past.coming(cells)
        right, source = past.likest(coming, steps=steps)
        if window:
            told = _astray(source, past.fitting(steps), random)
            seen = outlook(past, told, chords)
            returned, returning = _parts_in_turn(past, seen, passage, window=window, sources=told)
            plans.append(
                {
                    "features": _padded(candidate_features(past), windows - 1),
                    "fits": _padded(past.fitting(steps), windows - 1),
                    "right": _padded(right, windows - 1),
                    "sources": told,
                    "source_chords": np.where(told == NOWHERE, 0, past.chords[np.arange(pieces), told]),
                    "classes": seen.habits.classes,
                    "playing": playing_features(past, told),
                    "plays": cells.any(axis=(2, 3)),
                    "returning": returning,
                    "may_return": returned != 0,
                    "returns": returned > 0,
                }
            )
            besides.append(seen)
        past.append(cells, coming, steps=steps, chords=chords, sources=source)
    stacked = {name: np.stack([plan[name] for plan in plans], axis=1) for name in plans[0]}
    for name in ("playing", "plays", "returning", "may_return", "returns"):
        stacked[name] = stacked[name].swapaxes(1, 2)[passage.present]  # (parts there are, steps, ...)
    tensors = {name: torch.from_numpy(np.ascontiguousarray(values)) for name, values in stacked.items()}
    return PlanTargets(chords=torch.from_numpy(passage.chords), **tensors), _beside(besides, passage.present)


def _astray(sources: Numbers, fits: NDArray[np.bool_], random: np.random.Generator) -> Numbers:
    """The sources that parts are told of: mostly the right ones, now and then any other that fits, or none."""
    chance, any_other = random.random((2, len(sources)))
    counts = fits.sum(axis=1)
    nth = (any_other * counts).astype(np.int64)
    other = (fits.cumsum(axis=1) > nth[:, None]).argmax(axis=1)
    other = np.where(counts > 0, other, NOWHERE)
    return np.where(chance < ASTRAY * HIDDEN, NOWHERE, np.where(chance < ASTRAY, other, sources))


def _parts_in_turn(
    past: Past, seen: Outlook, passage: Passage, *, window: int, sources: Numbers
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Gives each part its partner; and says of each whether its cell returns from the source, int64 (pieces, parts): 1
    or -1, 0 where the question does not arise; and what is known of that beforehand."""
    cells, chords = passage.cells[:, :, window], passage.chords[:, window]
    plays, answer = np.asarray(cells.any(axis=(2, 3))), past.returned(cells, sources)
    returned, has_written = np.zeros_like(answer), np.zeros_like(plays)
    features = []
    for part in range(cells.shape[1]):
        features.append(return_features(past, sources, chords, part=part, returned=returned))
        add_partner(seen, past, part=part, written=cells, has_written=has_written)
        returned[:, part], has_written[:, part] = answer[:, part], plays[:, part]
    return answer, np.stack(features, axis=1)


def _beside(seen: list[Outlook], present: NDArray[np.bool_]) -> Beside:
    """The outlooks of all windows as rows, part after part."""
    rolls = _rows([of_window.references for of_window in seen], present)
    classes = [np.repeat(of_window.habits.classes[:, None], present.shape[1], axis=1) for of_window in seen]
    return Beside(
        rolls=rolls,
        keys=keys_of(rolls),
        trust=_rows([of_window.trust for of_window in seen], present),
        pitches=_rows([of_window.habits.pitches for of_window in seen], present),
        onsets=_rows([of_window.habits.onsets for of_window in seen], present),
        lengths=_rows([of_window.habits.lengths for of_window in seen], present),
        classes=_rows(classes, present),
    )


def _rows(columns: list[NDArray[Numeric]], present: NDArray[np.bool_]) -> NDArray[Numeric]:
    """What each window has of each part, (pieces, parts, ...), as rows of the parts there are, window after window."""
    of_parts = np.stack(columns, axis=2)[present]  # (parts there are, windows, ...)
    return of_parts.reshape(-1, *of_parts.shape[2:])


def _padded(columns: NDArray[np.generic], windows: int) -> NDArray[np.generic]:
    """(pieces, earlier, ...) with zeros up to `windows`."""
    missing = windows - columns.shape[1]
    return np.pad(columns, [(0, 0), (0, missing)] + [(0, 0)] * (columns.ndim - 2))
