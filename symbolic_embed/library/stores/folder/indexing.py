"""Making the index of a channel, and adding to it. However many rows there are, memory holds some blocks of them.

Centres are chosen by a sample of the rows, anew whenever there are twice as many rows as the last time. Between, rows
that came later are added once they are too many to be measured one by one. The new index takes the place of the old one
as a file does; whoever searches goes on with the old one until it is there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import OutputError
from symbolic_embed.files import placing
from symbolic_embed.files.beside import name_beside
from symbolic_embed.library.stores.folder.damage import DamagedError
from symbolic_embed.library.stores.folder.engine import FOR_A_CENTRE, Encoder, centres_for, trained
from symbolic_embed.library.stores.folder.flat import Stretches
from symbolic_embed.library.stores.folder.lists import ListsFile, write_lists
from symbolic_embed.library.stores.folder.records import Mapped, floats

INDEXED_FROM = 200_000  # rows: fewer are measured one by one
LATER = 8_192  # rows that are measured one by one beside an index
GROWTH = 2
AT_A_TIME = 32_768  # rows that are encoded
LISTS_AT_A_TIME = 64


def improve_index(path: str, mapped: Mapped, live: Stretches) -> None:
    """Makes or extends the index at `path` where that is worth it; live: the rows that are not dead. Where it cannot be
    written, the earlier one stays: without it search is slower, not wrong, and whoever writes next tries again."""
    if mapped.count < INDEXED_FROM:
        return
    earlier = _earlier(path, mapped)
    if earlier is not None and mapped.count - earlier.foot.count <= LATER:
        return
    if earlier is None or mapped.count >= GROWTH * earlier.foot.trained:
        encoder, earlier, since = _chosen(mapped, live), None, mapped.count
    else:
        encoder, since = Encoder.of(earlier), earlier.foot.trained
    begin = 0 if earlier is None else earlier.foot.count
    with _Encoded(os.path.dirname(path), mapped, live.between(begin, mapped.count), encoder) as later:
        lengths = later.lengths + (0 if earlier is None else np.array(earlier.foot.lengths))
        about = (mapped.count, mapped.dim, since)
        with suppress(OutputError), placing(path, force=True) as file:
            write_lists(file, encoder.head(lengths), _joined(earlier, later), about=about)


def _earlier(path: str, mapped: Mapped) -> ListsFile | None:
    """The index that is there, if it is whole and of these rows."""
    try:
        lists = ListsFile(path)
        lists.require_sound(np.arange(len(lists.foot.lengths)))
    except (OSError, DamagedError):
        return None
    return lists if lists.foot.dim == mapped.dim and lists.foot.count <= mapped.count else None


def _chosen(mapped: Mapped, live: Stretches) -> Encoder:
    centres = centres_for(live.total)
    rows = np.concatenate([*live.blocks(), np.zeros(0, np.int64)])
    sample = np.sort(np.random.default_rng(0).choice(rows, min(centres * FOR_A_CENTRE, len(rows)), replace=False))
    vectors = floats(mapped.at(sample)["vector"])
    mapped.let_go()
    return Encoder(trained(vectors, centres=centres))


class _Encoded:
    """Some rows, encoded: their codes wait in a file, which goes when the block ends."""

    def __init__(self, folder: str, mapped: Mapped, rows: Stretches, encoder: Encoder) -> None:
        self._path, self._code = name_beside(os.path.join(folder, "index")), encoder.code
        numbers, lists = [np.zeros(0, np.int64)], [np.zeros(0, np.uint16)]
        with open(self._path, "xb") as file:
            for block in rows.blocks(AT_A_TIME):
                of_block, codes = encoder.encoded(floats(mapped.at(block)["vector"]))
                file.write(codes.tobytes())
                numbers.append(block)
                lists.append(of_block.astype(np.uint16))
        self._rows, self._lists = np.concatenate(numbers), np.concatenate(lists)
        self.lengths = np.bincount(self._lists, minlength=encoder.centres)

    def __enter__(self) -> _Encoded:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            os.remove(self._path)

    def __iter__(self) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
        """Codes and rows, list by list."""
        codes = np.zeros((0, self._code), np.uint8)
        if len(self._rows):
            codes = np.memmap(self._path, np.uint8, mode="r", shape=(len(self._rows), self._code))
        for first in range(0, len(self.lengths), LISTS_AT_A_TIME):
            some = np.flatnonzero((self._lists >= first) & (self._lists < first + LISTS_AT_A_TIME))
            for number in range(first, min(first + LISTS_AT_A_TIME, len(self.lengths))):
                chosen = some[self._lists[some] == number]
                yield np.asarray(codes[chosen]), self._rows[chosen]


def _joined(earlier: ListsFile | None, later: _Encoded) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
    for number, (codes, rows) in enumerate(later):
        if earlier is None:
            yield codes, rows
        else:
            before, rows_before = earlier.of_list(number)
            yield np.concatenate([before, codes]), np.concatenate([rows_before, rows])
