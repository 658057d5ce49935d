"""What is wrong with written music as a composer hears it: failures, counted.

Eight new bars after a seed, or the bars of a seed that were varied, are laid beside the seed as stretches
(`bars.patterns`), and a list of checks is made, each with what was measured and the bound. Real music is not free of
failures, and a copy of the seed has hardly any: so the counts are a floor against wandering, never the aim alone.

Of a *continuation*:

    drone      in a pitched part the longest run of one pitch (the top note of each onset) is DRONE or more and at
               least twice the seed's
    empty      a part that sounds in half of the seed's bars or more sounds in less than half as large a share of the
               new ones; or a new bar has nothing, where the seed has no such bar
    doubling   two parts that double each other in the seed (Jaccard index of onset and pitch class over .7, and at
               least four notes) do so by less than DOUBLING
    groove     a drum bar's likeness to the drum bar of the seed that is most like it is below GROOVE on average
    clash      minor seconds and major sevenths, also with octaves between, are more than CLASH of all sounding pairs,
               and more than CLASH_GROWS times their share in the seed
    out_of_key the share of the sounding time that is in the seed's best scale is more than OUT_OF_KEY below the seed's;
               where several scales are equally good, in the one that suits the new bars
    range      a part goes RANGE semitones or more beyond its own range in the seed
    static     there are at most two bass roots at barlines, where in as many bars at the seed's end (eight at most)
               there are FEWEST_ROOTS or more
    no_return  fewer than RETURNING of the cells are cells of the seed or earlier new ones, where in the seed
               SEED_RETURNS or more of the cells are earlier ones

Of a *variation*:

    repetition of the pairs of equal bars in the parts that were changed, fewer than REPETITION are still equal
    range      as above
    leaps      in a part, the share of steps that are wider than a fifth has grown by more than LEAPS
    groove     of the bars in which the bass drum falls on the first beat, fewer than BASS_DRUM still have it; or the
               likeness to the seed's drums, bar by bar, is below GROOVE_VARIED on average
    clash      as above

Where the seed has nothing of which a check could tell (no drums, no doubling, no cycle of chords), the check does not
apply.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.patterns import Stretch, cells, doubling, grooves, pitches, scales, sounding
from symbolic_embed.composing.checks import Check, Checks, above, below

DRONE, DRONE_GROWS = 8, 2
DOUBLING = 0.5
GROOVE, GROOVE_VARIED, BASS_DRUM = 0.75, 0.6, 0.8
CLASH, CLASH_GROWS = 0.03, 1.5
OUT_OF_KEY = 0.05
RANGE = 5
FEWEST_ROOTS, ROOT_BARS = 3, 8
RETURNING, SEED_RETURNS = 0.1, 0.3
REPETITION = 0.25
LEAPS = 0.1
EMPTY = 0.5


def failures_of_continuation(seed: Stretch, new: Stretch) -> Checks:
    """The checks of new bars after a seed; parts have the same numbers in both."""
    return Checks(
        (
            _drone(seed, new),
            _empty(seed, new),
            _doubling(seed, new),
            below("groove", grooves.best_likeness(new, before=seed), GROOVE),
            clash_check(seed, new),
            _out_of_key(seed, new),
            _range(seed, new),
            _static(seed, new),
            _no_return(seed, new),
        )
    )


def failures_of_variation(seed: Stretch, varied: Stretch) -> Checks:
    """The checks of a variation: the same bars and parts before and after."""
    return Checks(
        (
            below("repetition", cells.pairs_kept(seed, varied), REPETITION),
            _range(seed, varied),
            _leaps(seed, varied),
            _groove_varied(seed, varied),
            clash_check(seed, varied),
        )
    )


def _reached(name: str, measured: NDArray[np.int64], bound: NDArray[np.int64], *, among: NDArray[np.bool_]) -> Check:
    """A check of each part that fails where its bound is reached: told of the part that is nearest to its bound, or
    farthest beyond, of those `among` which it applies."""
    if not among.any():
        return Check(name)
    part = int(np.argmax(np.where(among, measured / bound, -np.inf)))
    return Check(name, float(measured[part]), float(bound[part]), bool(measured[part] >= bound[part]), part)


def _drone(seed: Stretch, new: Stretch) -> Check:
    runs = pitches.longest_runs(new)
    bound = np.maximum(DRONE_GROWS * pitches.longest_runs(seed), DRONE)
    return _reached("drone", runs, bound, among=runs > 0)


def _empty(seed: Stretch, new: Stretch) -> Check:
    """Told of the part that lost most: its share of the new bars as a share of that in the seed; 0 for a bar with
    nothing."""
    before, after = sounding.sounding_bars(seed), sounding.sounding_bars(new)
    share = before.mean(axis=1)
    among = np.flatnonzero(share >= EMPTY)
    if before.any(axis=0).all() and not after.any(axis=0).all():
        return Check("empty", 0.0, EMPTY, True)
    if not len(among):
        return Check("empty")
    kept = after.mean(axis=1)[among] / share[among]
    worst = int(np.argmin(kept))
    return below("empty", kept[worst], EMPTY, part=int(among[worst]))


def _doubling(seed: Stretch, new: Stretch) -> Check:
    likeness = doubling.likeness_of_parts(new)
    pairs = doubling.doublings(seed)
    if not pairs:
        return Check("doubling")
    worst = min(pairs, key=lambda pair: float(likeness[pair.first, pair.second]))
    return below("doubling", float(likeness[worst.first, worst.second]), DOUBLING, part=worst.second)


def clash_check(seed: Stretch, new: Stretch) -> Check:
    """Whether what is new clashes more than the seed does."""
    before = sounding.clash_share(seed) or 0.0
    return above("clash", sounding.clash_share(new), max(CLASH, CLASH_GROWS * before))


def _out_of_key(seed: Stretch, new: Stretch) -> Check:
    best = scales.best_scales(seed)
    if best is None:
        return Check("out_of_key")
    return below("out_of_key", scales.share_in_scale(new, best[0]), best[1] - OUT_OF_KEY)


def _range(seed: Stretch, new: Stretch) -> Check:
    (lowest, highest), (low, high) = pitches.ranges_of_parts(seed), pitches.ranges_of_parts(new)
    beyond = np.maximum(np.maximum(high - highest, lowest - low), 0)
    return _reached("range", beyond, np.full(seed.parts, RANGE), among=(highest >= 0) & (high >= 0))


def _static(seed: Stretch, new: Stretch) -> Check:
    bars = min(ROOT_BARS, new.bars)
    if _roots(sounding.bass_roots(seed)[-bars:]) < FEWEST_ROOTS:
        return Check("static")
    return below("static", _roots(sounding.bass_roots(new)), FEWEST_ROOTS)


def _roots(roots: NDArray[np.int64]) -> int:
    """How many different roots there are."""
    return len(np.unique(roots[roots != sounding.NOTHING]))


def _no_return(seed: Stretch, new: Stretch) -> Check:
    before = cells.cells_that_return(seed)
    if before is None or before < SEED_RETURNS:
        return Check("no_return")
    return below("no_return", cells.cells_that_return(new, before=seed), RETURNING)


def _leaps(seed: Stretch, varied: Stretch) -> Check:
    grown = pitches.leap_shares(varied) - pitches.leap_shares(seed)
    if np.isnan(grown).all():
        return Check("leaps")
    part = int(np.nanargmax(grown))
    return above("leaps", float(grown[part]), LEAPS, part=part)


def _groove_varied(seed: Stretch, varied: Stretch) -> Check:
    """Told of the bass drum or of the likeness, whichever is lower beside its bound."""
    had = grooves.bass_drum_on_one(seed)
    kept = float(grooves.bass_drum_on_one(varied)[had].mean()) if had.any() else None
    two = (
        below("groove", kept, BASS_DRUM),
        below("groove", grooves.barwise_likeness(seed, varied), GROOVE_VARIED),
    )
    return _lowest(check for check in two if check.applies)


def _lowest(checks: Iterable[Check]) -> Check:
    """The check that is lowest beside its bound; one that does not apply, where there is none."""
    return min(checks, key=lambda check: (check.measured or 0.0) / (check.bound or 1.0), default=Check("groove"))
