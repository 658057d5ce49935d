"""How well new parts go with those that are given: failures of an accompaniment, counted.

    clash      minor seconds and major sevenths among all that sounds, as of a continuation (`failures.py`)
    groove     neighbouring bars of the new drums are less alike than NEIGHBOURS on average
    roots      the new bass begins fewer than ON_ROOTS of the bars on the root of what the given parts sound in them

Of several accompaniments those with the fewest failures are kept, of equals those that are most regular: whose bass
stands on the roots, whose drums repeat their groove as far as drums do and have a clear backbeat, in a metre that can
have one; and then those whose cells return as those of the given parts do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.patterns import Stretch, cells, grooves, sounding
from symbolic_embed.composing.checks import Checks, below
from symbolic_embed.composing.failures import clash_check
from symbolic_embed.composing.takes import Take, ranked

NEIGHBOURS = 0.5
USUAL_NEIGHBOURS = 0.79  # how alike neighbouring bars of real drums are (`drum_form.py` says of which)
ON_ROOTS = 0.5
NATS = 0.5  # of regularity, that a nat a note is worth


def best_accompaniments(
    given: Stretch,
    drawn: Sequence[Stretch],
    *,
    roles: Mapping[int, str],
    keep: int,
    beat: int,
    nats: Sequence[float] | NDArray[np.float64] | None = None,
) -> list[Take]:
    """The `keep` best of several accompaniments, best first, each a stretch with the parts that are `given` and the new
    ones, whose roles are given by their numbers; `beat`: its length in sixteenths; nats: how unlikely each is found, a
    note, if that counts too."""
    tested, fits = [], []
    for together in drawn:
        new = together.where(np.isin(together.part, list(roles)))
        tested.append((failures_of_accompaniment(given, together, roles=roles), cells.cells_that_return(new)))
        fits.append(regularity(given, new, roles=roles, beat=beat))
    if nats is not None:
        fits = [fit - NATS * unlikely for fit, unlikely in zip(fits, nats, strict=True)]
    return ranked(given, tested, keep=keep, fits=fits)


def regularity(given: Stretch, new: Stretch, *, roles: Mapping[int, str], beat: int) -> float:
    """How regular `new` parts are, 0 to 1: the mean, as far as there is such, of the share of bars with a chord that
    the bass begins on its root, of how usual the likeness of neighbouring bars of the drums is, and of how clear their
    backbeat is."""
    alike = grooves.neighbour_likeness(new)
    usual = None if alike is None else 1 - abs(alike - USUAL_NEIGHBOURS)
    figures = [usual, grooves.backbeat_clarity(new, beat=beat)]
    roots = sounding.chord_roots(given)
    if "bass" in roles.values() and (roots != sounding.NOTHING).any():
        begun = sounding.bass_roots(_of_basses(new, roles))
        figures.append(float((roots == begun)[roots != sounding.NOTHING].mean()))
    known = [figure for figure in figures if figure is not None]
    return float(np.mean(known)) if known else 0.0


def failures_of_accompaniment(given: Stretch, together: Stretch, *, roles: Mapping[int, str]) -> Checks:
    """The checks of new parts; `roles`: what each of them does, by its number in the stretch of all `together`."""
    new = together.where(np.isin(together.part, list(roles)))
    return Checks(
        (
            clash_check(given, together),
            below("groove", grooves.neighbour_likeness(new), NEIGHBOURS),
            below("roots", _on_roots(given, _of_basses(new, roles)), ON_ROOTS),
        )
    )


def _of_basses(new: Stretch, roles: Mapping[int, str]) -> Stretch:
    return new.where(np.isin(new.part, [part for part, role in roles.items() if role == "bass"]))


def _on_roots(given: Stretch, bass: Stretch) -> float | None:
    """The share of the bars that a bass begins on the root of their chord, of those that it begins and that have one;
    None where there is no such bar."""
    roots, begun = sounding.chord_roots(given), sounding.bass_roots(bass)
    both = (roots != sounding.NOTHING) & (begun != sounding.NOTHING)
    return float((roots == begun)[both].mean()) if both.any() else None
