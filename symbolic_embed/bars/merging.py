"""Several windows heard as one: what some parts do together."""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars.windows import Windows


def merge(windows: Windows, *, groups: np.ndarray, steps: np.ndarray) -> Windows:
    """One window for each group, holding the notes of all windows of that group; a note found twice is there once.

    groups: int64 (windows,), to which of the new windows each belongs; steps: int64 (new windows,), their lengths. A
    new window that no window belongs to is empty. Of two equal notes the longer stays.
    """
    group = groups[windows.note_window]
    order = np.lexsort((-windows.length.astype(np.int64), windows.pitch, windows.flags, windows.onset, group))
    place = np.stack([group, windows.onset, windows.flags, windows.pitch], axis=1)[order]
    new = np.append(True, (place[1:] != place[:-1]).any(axis=1))[: len(order)]
    order = order[new]
    number = np.arange(len(steps))
    notes = (column[order] for column in (windows.onset, windows.pitch, windows.length, windows.flags))
    offsets = np.searchsorted(group[order], np.arange(len(steps) + 1))
    return Windows(*notes, offsets, np.full(len(steps), -1), number, np.zeros_like(number), np.asarray(steps, np.int64))


def stack(first: Windows, second: Windows) -> Windows:
    """All windows of `first`, then all of `second`."""
    notes = ("onset", "pitch", "length", "flags")
    places = ("track", "bar", "part_of_bar", "steps")
    columns = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in (*notes, *places)}
    return Windows(offsets=np.concatenate([first.offsets, first.offsets[-1] + second.offsets[1:]]), **columns)
