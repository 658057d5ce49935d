"""Arrays in a NumPy archive (.npz), also those of which there are more than fit into memory.

An archive is a ZIP file without compression that holds each array as NAME.npy; the bytes are those that `numpy.savez`
writes. `Rows` are the rows of a table that come one after the other: they wait in a file without a name, which goes
when it is closed, and are read in blocks. They are never mapped into memory, since Windows deletes no mapped file.
What was written is read again by `Npz`, block by block too; nothing in an archive is ever unpickled.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from symbolic_embed.errors import InputError
from symbolic_embed.files.beside import errors_named
from symbolic_embed.files.identity import StrPath

BLOCK = 1 << 24  # bytes in memory at a time


class Rows:
    """Rows of numbers, float32 or as `dtype` says, each `dim` long, that wait in a file in `folder` until they are
    wanted."""

    def __init__(self, dim: int, *, dtype: type[np.floating[Any]] = np.float32, folder: StrPath | None = None) -> None:
        self.folder = os.fspath(folder) if folder is not None else tempfile.gettempdir()
        with errors_named(self.folder):
            self._file: BinaryIO = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 (closed by `__exit__`)
        self.dim, self.dtype, self._count = dim, np.dtype(dtype), 0

    @property
    def shape(self) -> tuple[int, int]:
        return self._count, self.dim

    def __len__(self) -> int:
        return self._count

    def append(self, rows: NDArray[np.floating[Any]]) -> None:
        """More rows, (rows, dim), rounded to what they are kept in."""
        with errors_named(self.folder):
            self._file.seek(0, os.SEEK_END)
            self._file.write(np.ascontiguousarray(rows, self.dtype).tobytes())
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
        whole = np.frombuffer(b"".join(self.blocks()), self.dtype).reshape(self.shape)
        return whole.astype(dtype or self.dtype)

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


class Npz:
    """An archive that is there, open to be read. Raises InputError where it is none, or is damaged."""

    def __init__(self, path: StrPath) -> None:
        self.path = os.fspath(path)
        with self._understood():
            self._zip = zipfile.ZipFile(self.path)
        self.names = tuple(name.removesuffix(".npy") for name in self._zip.namelist())

    def array(self, name: str) -> NDArray[Any]:
        """A whole array, in memory."""
        with self._member(name) as member:
            array: NDArray[Any] = npy.read_array(member, allow_pickle=False)
            member.read(1)  # at the end the check sum is compared
        return array

    def rows(self, name: str, *, dim: int) -> Iterator[NDArray[Any]]:
        """The rows of an array (rows, dim), some at a time."""
        with self._member(name) as member:
            if npy.read_magic(member) != (1, 0):
                raise ValueError("not as it is written here")
            shape, by_columns, dtype = npy.read_array_header_1_0(member)
            if dtype.hasobject or by_columns or len(shape) != 2 or shape[1] != dim:
                raise ValueError(f"{dtype} {shape}, where rows of {dim} numbers should be")
            left, of_row = shape[0], dim * dtype.itemsize
            while block := member.read(max(BLOCK // of_row, 1) * of_row):
                rows = np.frombuffer(block, dtype).reshape(-1, dim)
                left -= len(rows)
                yield rows
            if left:
                raise ValueError(f"{left:,} of {shape[0]:,} rows are missing")

    @contextmanager
    def _member(self, name: str) -> Iterator[IO[bytes]]:
        with self._understood(f"{name} "), self._zip.open(f"{name}.npy") as member:
            yield member

    @contextmanager
    def _understood(self, where: str = "") -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InputError(self.path, f"cannot be read ({(error.strerror or str(error)).lower()})") from None
        except KeyError:
            raise InputError(self.path, f"there is no {where.strip()} in it; not an archive of this program") from None
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
            reason = str(error) or "it ends too early"
            raise InputError(self.path, f"{where}cannot be read as NumPy's ({reason}); make it again") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._zip.close()
