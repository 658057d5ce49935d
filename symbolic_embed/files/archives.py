"""Arrays in a NumPy archive (.npz), also those of which there are more than fit into memory.

An archive is a ZIP file without compression that holds each array as NAME.npy; the bytes are those that `numpy.savez`
writes. `Rows` are the rows of a table that come one after the other: they wait in a file without a name, which goes
when it is closed, and are read in blocks. They are never mapped into memory, since Windows deletes no mapped file.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from symbolic_embed.files.beside import errors_named
from symbolic_embed.files.identity import StrPath

BLOCK = 1 << 24  # bytes in memory at a time


class Rows:
    """Rows of float32 numbers, each `dim` long, that wait in a file in `folder` until they are wanted."""

    dtype = np.dtype(np.float32)

    def __init__(self, dim: int, *, folder: StrPath | None = None) -> None:
        self.folder = os.fspath(folder) if folder is not None else tempfile.gettempdir()
        with errors_named(self.folder):
            self._file: BinaryIO = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 (closed by `__exit__`)
        self.dim, self._count = dim, 0

    @property
    def shape(self) -> tuple[int, int]:
        return self._count, self.dim

    def __len__(self) -> int:
        return self._count

    def append(self, rows: NDArray[np.float32]) -> None:
        """More rows, (rows, dim)."""
        with errors_named(self.folder):
            self._file.seek(0, os.SEEK_END)
            self._file.write(np.ascontiguousarray(rows, np.float32).tobytes())
        self._count += len(rows)

    def blocks(self) -> Iterator[bytes]:
        """The bytes of all rows, in pieces."""
        self._file.seek(0)
        while block := self._file.read(BLOCK):
            yield block

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """All rows, in memory: what NumPy sees in them."""
        if copy is False:
            raise ValueError("rows that wait in a file become an array only as a copy")
        return np.frombuffer(b"".join(self.blocks()), np.float32).reshape(self.shape).astype(dtype or np.float32)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._file.close()


def write_npz(file: BinaryIO, arrays: Mapping[str, NDArray[Any] | Rows]) -> None:
    """The archive of some arrays by name, the same bytes as `numpy.savez(file, **arrays)`. Nothing is pickled."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                if isinstance(array, Rows):
                    about = {"descr": npy.dtype_to_descr(array.dtype), "fortran_order": False, "shape": array.shape}
                    npy.write_array_header_1_0(member, about)
                    for block in array.blocks():
                        member.write(block)
                else:
                    npy.write_array(member, np.asanyarray(array), allow_pickle=False)
