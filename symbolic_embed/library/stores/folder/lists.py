"""The file of an index: what faiss writes of an inverted file, so that faiss opens it by mapping it into memory; and
behind it, where faiss does not look, what is needed to trust it.

    head     transformation, centres, quantiser and the lengths of the lists, as `faiss.write_index` has them
    lists    of each centre its codes, then the rows they are of, int64
    foot     JSON: what it is an index of, and a check sum of the head and of each list
    end      the length of the foot, its check sum, and MAGIC

faiss trusts every byte it reads. So the head is compared with its check sum before faiss sees it, and each list before
it is searched for the first time. An index is a cache: a damaged one is left alone, and made again.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.stores.folder.damage import DamagedError

MAGIC = b"SymEmbIx"
FORMAT = 2
_END = struct.Struct("<QI8s")
_ROW_BYTES = 8  # a row's number in a list


@dataclass(frozen=True)
class Foot:
    """count: rows that are indexed, from the first of the channel on; trained: how many there were when the centres
    were chosen; code: bytes; head, head_crc: length and check sum; lengths, sums: of each list, rows and `sum_of`."""

    count: int
    dim: int
    trained: int
    code: int
    head: int
    head_crc: int
    lengths: list[int]
    sums: list[int]
    format: int = FORMAT


class ListsFile:
    """An index that is there, mapped. Raises DamagedError where it is not what was written, FileNotFoundError where
    there is none."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._bytes: NDArray[np.uint8] = np.memmap(path, np.uint8, mode="r") if os.path.getsize(path) else _NOTHING
        self.foot = self._foot()
        foot = self.foot
        sizes = np.array(foot.lengths, np.int64) * (foot.code + _ROW_BYTES)
        self._begins = foot.head + np.append(0, np.cumsum(sizes))
        if zlib.crc32(self._bytes[: foot.head].data) != foot.head_crc or self._begins[-1] > len(self._bytes):
            raise DamagedError(path, "the head")
        self._seen = np.zeros(len(foot.lengths), bool)

    def require_sound(self, lists: NDArray[np.int64]) -> None:
        """Compares lists with their check sums, each once. Raises DamagedError."""
        for number in np.unique(lists).tolist():
            if number >= 0 and not self._seen[number]:
                if sum_of(self._content(number)) != self.foot.sums[number]:
                    raise DamagedError(self.path, f"list {number}")
                self._seen[number] = True

    def of_list(self, number: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Codes, uint8 (n, code), and rows, int64 (n,), of a list."""
        self.require_sound(np.array([number]))
        length, code, content = self.foot.lengths[number], self.foot.code, self._content(number)
        return content[: length * code].reshape(length, code), content[length * code :].view(np.int64)

    def _content(self, number: int) -> NDArray[np.uint8]:
        return self._bytes[self._begins[number] : self._begins[number + 1]]

    def _foot(self) -> Foot:
        end = self._bytes[-_END.size :].tobytes()
        if len(end) == _END.size:
            length, crc, magic = _END.unpack(end)
            content = self._bytes[max(len(self._bytes) - _END.size - length, 0) : -_END.size].tobytes()
            if magic == MAGIC and zlib.crc32(content) == crc:
                said: dict[str, Any] = json.loads(content)
                if said.get("format") == FORMAT:
                    return Foot(**said)
        raise DamagedError(self.path, "the foot")


def sum_of(content: NDArray[np.uint8]) -> int:
    """A check sum that costs next to nothing, since lists are many: of the content as whole numbers of eight bytes, and
    of the rest. No flipped bit leaves it as it was."""
    whole = len(content) // 8 * 8
    return int(content[:whole].view("<u8").sum(dtype=np.uint64)) ^ zlib.crc32(content[whole:].tobytes())


_NOTHING = np.zeros(0, np.uint8)


def write_lists(
    file: BinaryIO,
    head: bytes,
    lists: Iterable[tuple[NDArray[np.uint8], NDArray[np.int64]]],
    *,
    about: tuple[int, int, int],
) -> None:
    """Writes an index: the head that goes with the lists; the lists, (codes, rows) each; and the foot. about: `count`,
    `dim` and `trained` of `Foot`."""
    file.write(head)
    lengths, sums, code = [], [], 0
    for codes, rows in lists:
        content = codes.tobytes() + rows.astype("<i8").tobytes()
        file.write(content)
        lengths.append(len(rows))
        sums.append(sum_of(np.frombuffer(content, np.uint8)))
        code = codes.shape[1]
    count, dim, trained = about
    foot = Foot(count, dim, trained, code, len(head), zlib.crc32(head), lengths, sums)
    content = json.dumps(asdict(foot)).encode("ascii")
    file.write(content + _END.pack(len(content), zlib.crc32(content), MAGIC))
