"""Arrays as bytes and back, to the last bit: what a library keeps of a piece. Nothing is pickled.

Numbers are little-endian. First come uint32: how many arrays there are; and of each, which of DTYPES it is, how many
dimensions it has, and its shape. Then come the arrays, each from a multiple of ALIGNED on.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

DTYPES = tuple(map(np.dtype, ("|b1", "|u1", "<u2", "<u4", "<i4", "<i8", "<f2", "<f4", "<f8")))
ALIGNED = 8
_NUMBER, _ABOUT = struct.Struct("<I"), struct.Struct("<2I")
_SHAPES = [struct.Struct(f"<{dimensions}I") for dimensions in range(5)]
_WHOLE = [np.dtype(name) for name in ("|u1", "<u2", "<u4", "<i4", "<i8")]


def joined(arrays: Sequence[NDArray[Any]]) -> bytes:
    """Some arrays, of any of DTYPES, as bytes; a multiple of ALIGNED of them."""
    head = [len(arrays)]
    for array in arrays:
        head += [DTYPES.index(array.dtype), array.ndim, *array.shape]
    blocks = [struct.pack(f"<{len(head)}I", *head), *(np.ascontiguousarray(array).tobytes() for array in arrays)]
    return b"".join(block + bytes(-len(block) % ALIGNED) for block in blocks)


def parted(content: memoryview) -> list[NDArray[Any]]:
    """The arrays that `joined` made bytes of. They are seen through these bytes."""
    (count,) = _NUMBER.unpack_from(content)
    place, about = 4, []
    for _ in range(count):
        which, dimensions = _ABOUT.unpack_from(content, place)
        about.append((DTYPES[which], _SHAPES[dimensions].unpack_from(content, place + _ABOUT.size)))
        place += _ABOUT.size + 4 * dimensions
    arrays = []
    for dtype, shape in about:
        place += -place % ALIGNED
        size = math.prod(shape)
        arrays.append(np.frombuffer(content, dtype, size, place).reshape(shape))
        place += size * dtype.itemsize
    return arrays


def narrow(numbers: NDArray[np.int64]) -> NDArray[Any]:
    """Whole numbers in the fewest bytes that hold them all; `wide` gives them back."""
    least, most = (int(numbers.min()), int(numbers.max())) if numbers.size else (0, 0)
    for dtype in _WHOLE:
        if np.iinfo(dtype).min <= least and most <= np.iinfo(dtype).max:
            return numbers.astype(dtype)
    raise AssertionError("int64 holds every int64")


def wide(numbers: NDArray[Any]) -> NDArray[np.int64]:
    """The numbers as they were."""
    return numbers.astype(np.int64)


def kept_once(rows: NDArray[Any]) -> list[NDArray[Any]]:
    """Rows, (rows, ...), with equal ones kept once: the different ones, and which of them each row is, or nothing where
    none is there twice; `repeated` gives them back."""
    different: dict[bytes, int] = {}
    firsts: list[int] = []
    which = np.zeros(len(rows), np.int64)
    for number, row in enumerate(np.ascontiguousarray(rows)):
        known = different.setdefault(row.tobytes(), len(different))
        if known == len(firsts):
            firsts.append(number)
        which[number] = known
    if len(firsts) == len(rows):
        return [rows, narrow(which[:0])]
    return [rows[firsts], narrow(which)]


def repeated(different: NDArray[Any], which: NDArray[Any]) -> NDArray[Any]:
    """The rows as they were."""
    return different.take(which.astype(np.intp), axis=0) if len(which) else different
