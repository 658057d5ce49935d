"""The sketches of a library in a file beside it, seen through memory that is mapped: it is opened without being read.

It is a cache: made when a library is first asked, added to when much has come, and made again where it is missing, cut
off, damaged or of another checkpoint. Who mends a library takes it away, since numbers may then be another piece's.
Check sums guard what says where something lies, and melodies; with a bit flipped elsewhere the likeness of a piece is
guessed wrong, no more.

    sketches.packed   arrays that are guarded, arrays that are not; how long both are, and the check sum of the first
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.files.writer import write_durably
from symbolic_embed.library.sketches import AXES, KINDS, SORTS, Rows, Sketches, sketched
from symbolic_embed.library.stores.buffers import joined, parted
from symbolic_embed.library.stores.folder.data import SKETCHES
from symbolic_embed.library.stores.library import Library

FORMAT = 1
KEPT_FROM = 0.02  # share of the pieces that are sketched anew rather than written: fewer are not worth the file
ANEW = 1.0  # times as many new pieces as were there: the axes are taken anew
_END = struct.Struct("<2QI")

_OPEN: WeakKeyDictionary[Library, Sketches] = WeakKeyDictionary()


def sketches_of(library: Library, numbers: NDArray[np.int64]) -> Sketches | None:
    """The sketches of pieces of a library, and perhaps of others; those that are missing are made, and kept beside it
    where they are many. None for a library that has no folder, or not all of KINDS, or of no pieces."""
    folder = library.folder
    if folder is None or not library.kinds >= KINDS or not len(numbers):
        return None
    known = _OPEN.get(library) or _loaded(folder, library.checkpoint)
    missing = numbers if known is None else np.setdiff1d(numbers, known.numbers)
    if known is None or len(missing) > ANEW * len(known.numbers):
        known = sketched(library, numbers.tolist())
    elif len(missing):
        known = sketched(library, missing.tolist(), known)
    if len(missing) >= KEPT_FROM * len(known.numbers):
        with suppress(SymbolicEmbedError):  # in a folder that nobody may write to
            write_durably(os.path.join(folder, SKETCHES), _bytes_of(known, library.checkpoint))
    _OPEN[library] = known
    return known


def _bytes_of(sketches: Sketches, checkpoint: str) -> bytes:
    about = np.frombuffer(json.dumps([FORMAT, checkpoint]).encode("ascii"), np.uint8)
    rows = [sketches.rows[sort] for sort in SORTS]
    counts = [some.counts for some in rows]
    guarded = joined([about, sketches.numbers, sketches.notes, sketches.lines, *counts])
    axes = [sketches.axes[name] for name in AXES]
    means = [sketches.harmony, sketches.learnt, sketches.profiles]
    rest = joined([*axes, *means, *(some.vectors for some in rows), *(some.beside for some in rows)])
    return b"".join([guarded, rest, _END.pack(len(guarded), len(rest), zlib.crc32(guarded))])


def _loaded(folder: str, checkpoint: str) -> Sketches | None:
    """What the file has; None where it is not as it was written, or of another checkpoint."""
    try:
        content = np.memmap(os.path.join(folder, SKETCHES), np.uint8, mode="r").data
    except (OSError, ValueError):  # it is not there, or is empty
        return None
    if len(content) < _END.size:
        return None
    begin, length, check_sum = _END.unpack(content[-_END.size :])
    if begin + length + _END.size != len(content) or zlib.crc32(content[:begin]) != check_sum:
        return None
    about, *guarded = parted(content[:begin])
    if json.loads(about.tobytes()) != [FORMAT, checkpoint]:
        return None
    return _of_arrays(guarded, parted(content[begin : begin + length]))


def _of_arrays(guarded: Sequence[NDArray[Any]], rest: Sequence[NDArray[Any]]) -> Sketches:
    numbers, notes, lines, *counts = guarded
    axes, (harmony, learnt, profiles, *rows) = rest[: len(AXES)], rest[len(AXES) :]
    of_sorts = zip(SORTS, rows[: len(SORTS)], rows[len(SORTS) :], counts, strict=True)
    return Sketches(
        numbers,
        dict(zip(AXES, axes, strict=True)),
        {sort: Rows(vectors, beside, count) for sort, vectors, beside, count in of_sorts},
        lines,
        notes,
        harmony,
        learnt,
        profiles,
    )
