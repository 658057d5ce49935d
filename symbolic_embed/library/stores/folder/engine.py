"""What faiss does for an index: rows are turned to the first AXES of their principal axes, parted among centres, and
kept as one byte a number. It is imported when an index is first needed, and computes in one thread: two pools of
threads in one program, its own and torch's, end it on some systems.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.stores.folder.lists import ListsFile

AXES = 48
ROUNDS = 8  # of choosing centres
FOR_A_CENTRE = 32  # rows to choose it by
FEWEST_CENTRES, MOST_CENTRES = 16, 1 << 15
_LISTS = b"ilar"


@cache
def faiss() -> ModuleType:
    """The module, in one thread."""
    import faiss as module

    module.omp_set_num_threads(1)
    return module


def centres_for(rows: int) -> int:
    """How many centres so many rows have: the power of two above their root, so that choosing a list and looking
    through some cost about the same."""
    return min(max(1 << int(np.ceil(np.log2(max(rows, 1)) / 2)), FEWEST_CENTRES), MOST_CENTRES)


def trained(sample: NDArray[np.float32], *, centres: int) -> Any:
    """An index without rows, its centres chosen by a sample, float32 (rows, dim); the same for the same sample."""
    dim = sample.shape[1]
    index = faiss().index_factory(dim, f"PCA{min(AXES, dim)},IVF{centres},SQ8", faiss().METRIC_L2)
    parted = faiss().extract_index_ivf(index)
    parted.by_residual = False
    parted.cp.niter, parted.cp.max_points_per_centroid, parted.cp.min_points_per_centroid = ROUNDS, FOR_A_CENTRE, 1
    index.train(sample)
    return index


def _read(path: str) -> Any:
    """An index from its file. Raises FileNotFoundError where somebody took it away since its lists were seen."""
    try:
        return faiss().read_index(path, _flags())
    except RuntimeError:
        if not os.path.exists(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from None
        raise


class Encoder:
    """A trained index, to encode rows by."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._parted = faiss().extract_index_ivf(index)
        self.centres, self.code = int(self._parted.nlist), int(self._parted.code_size)

    @classmethod
    def of(cls, lists: ListsFile) -> Encoder:
        """That of an index that is there."""
        index = _read(lists.path)
        empty = faiss().ArrayInvertedLists(len(lists.foot.lengths), lists.foot.code)
        faiss().extract_index_ivf(index).replace_invlists(empty, True)
        empty.this.disown()
        return cls(index)

    def encoded(self, vectors: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Of some rows, float32 (rows, dim): the list of each, int64 (rows,), and its code, uint8 (rows, code)."""
        both = self._parted.sa_encode(_turned(self._index, vectors))
        width = both.shape[1] - self.code
        number = np.zeros((len(both), 8), np.uint8)
        number[:, :width] = both[:, :width]
        return number.view("<i8")[:, 0].astype(np.int64), both[:, width:]

    def head(self, lengths: NDArray[np.int64]) -> bytes:
        """What `faiss.write_index` would write before the lists, if they were of these lengths."""
        total = int(lengths.sum())
        self._index.ntotal = self._parted.ntotal = total
        content: bytes = faiss().serialize_index(self._index).tobytes()
        end = content.rindex(_LISTS + struct.pack("<QQ", self.centres, self.code))
        numbers = struct.pack(f"<Q{len(lengths)}Q", len(lengths), *lengths.tolist())
        return content[:end] + _LISTS + struct.pack("<QQ", self.centres, self.code) + b"full" + numbers


class Engine:
    """An index that is searched."""

    def __init__(self, lists: ListsFile) -> None:
        self.lists = lists
        self._index = _read(lists.path)
        self._parted = faiss().extract_index_ivf(self._index)
        if _flags():
            faiss().downcast_InvertedLists(self._parted.invlists).prefetch_nthread = 0

    def candidates(
        self, questions: NDArray[np.float32], *, count: int, probes: int, allowed: NDArray[np.uint8] | None
    ) -> NDArray[np.int64]:
        """The rows that seem nearest to each question, float32 (questions, dim), int64 (questions, count), -1 where
        there are fewer in the lists of the `probes` nearest centres; allowed: a bit for each row, the lowest first.
        Raises DamagedError where one of these lists is not as it was written."""
        turned, probes = _turned(self._index, questions), min(probes, self._parted.nlist)
        distance, lists = self._parted.quantizer.search(turned, probes)
        self.lists.require_sound(lists)
        chosen: dict[str, Any] = {"nprobe": probes}
        if allowed is not None:
            chosen["sel"] = faiss().IDSelectorBitmap(allowed)
        parameters = faiss().SearchParametersIVF(**chosen)
        rows, estimates = np.empty((len(turned), count), np.int64), np.empty((len(turned), count), np.float32)
        asked, *given = map(faiss().swig_ptr, (turned, lists, distance, estimates, rows))
        # What faiss offers to Python takes no parameters here, so its C++ is called; the arrays outlive the call.
        self._parted.search_preassigned_c(len(turned), asked, count, *given, False, parameters)
        return rows


def _turned(index: Any, vectors: NDArray[np.float32]) -> Any:
    return faiss().downcast_VectorTransform(index.chain.at(0)).apply(np.ascontiguousarray(vectors, np.float32))


def _flags() -> int:
    """Lists are mapped into memory where faiss can, which is not on Windows."""
    return 0 if sys.platform == "win32" else int(faiss().IO_FLAG_MMAP)
