"""In which order bars are played.

A stretch between repeat signs is played twice, or as often as is written; a sign that ends one without one that begins
it goes back to the end of the stretch before. Under brackets stand endings: each is played at the times its numbers
say. *Da capo* goes back to the beginning, *dal segno* to the sign, once, and from then on repeats are not taken and of
endings the last is played, as the custom is (MuseScore agrees); it ends at *fine*, or goes at *to coda* to the coda.

Signs that make no sense are passed over: there is always an order, and each bar that is not an ending is in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_embed.notation.reading.sheet import RepeatSigns

MOST_TIMES = 99


def playing_order(signs: Sequence[RepeatSigns], *, most: int) -> list[int]:
    """The bars (from 0) in the order in which they are played; at most `most` of them."""
    order: list[int] = []
    bar = start = 0
    time = 1
    has_jumped = False
    while bar < len(signs) and len(order) < most:
        here = signs[bar]
        if here.starts and bar != start and not _continues_endings(signs, bar):
            start, time = bar, 1
        if here.endings and not _is_played(signs, bar, since=start, time=time, is_last_time=has_jumped):
            bar = _after_ending(signs, bar)
            continue
        order.append(bar)
        if here.starts and bar != start:
            start, time = bar, 1
        if has_jumped and here.fine:
            break
        if has_jumped and here.to_coda and (coda := _last_coda(signs)) > bar:
            bar = start = coda
            continue
        if here.ends and not has_jumped and time < _times(signs, bar, since=start):
            bar, time = start, time + 1
            continue
        is_after_endings = here.endings and _after_ending(signs, bar) == bar + 1 and not signs[start].endings
        if here.ends or is_after_endings:
            start, time = bar + 1, 1
        if here.jump and not has_jumped:
            has_jumped = True
            bar = start = _segno(signs, bar) if here.jump == "segno" else 0
            continue
        bar += 1
    return order


def _is_played(signs: Sequence[RepeatSigns], bar: int, *, since: int, time: int, is_last_time: bool) -> bool:
    """Whether the ending that `bar` belongs to is played; one is, where none of its group is for this time."""
    group = [signs[one].endings for one in _endings_beside(signs, bar, since=since)]
    if is_last_time:
        return max(signs[bar].endings) == max(map(max, group))
    return time in signs[bar].endings or not any(time in endings for endings in group)


def _times(signs: Sequence[RepeatSigns], bar: int, *, since: int) -> int:
    """How often the stretch from `since` to the end of `bar` is played."""
    if signs[bar].endings:
        return min(max(max(signs[one].endings) for one in _endings_beside(signs, bar, since=since)), MOST_TIMES)
    return min(signs[bar].times or 2, MOST_TIMES)


def _endings_beside(signs: Sequence[RepeatSigns], bar: int, *, since: int) -> range:
    """The bars around `bar`, from `since` on, that stand under brackets."""
    first = last = bar
    while first > since and signs[first - 1].endings:
        first -= 1
    while last + 1 < len(signs) and signs[last + 1].endings:
        last += 1
    return range(first, last + 1)


def _continues_endings(signs: Sequence[RepeatSigns], bar: int) -> bool:
    """Whether the bar stands under a bracket that follows another: a repeat that begins there comes after the old."""
    return bar > 0 and bool(signs[bar].endings and signs[bar - 1].endings)


def _after_ending(signs: Sequence[RepeatSigns], bar: int) -> int:
    """The first bar after the bracket over `bar`."""
    after = bar + 1
    while after < len(signs) and signs[after].endings == signs[bar].endings:
        after += 1
    return after


def _segno(signs: Sequence[RepeatSigns], bar: int) -> int:
    """The bar with the sign that *dal segno* at `bar` goes back to; the first, where there is none."""
    return next((one for one in range(bar, -1, -1) if signs[one].segno), 0)


def _last_coda(signs: Sequence[RepeatSigns]) -> int:
    return max((bar for bar, sign in enumerate(signs) if sign.coda), default=-1)
