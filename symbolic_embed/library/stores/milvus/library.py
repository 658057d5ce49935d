"""A library on a Milvus server, open."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import LibraryError
from symbolic_embed.library.channels import Channel
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.library.stores.library import Facts, File, Kept, Neighbours
from symbolic_embed.library.stores.milvus.lease import Lease
from symbolic_embed.library.stores.milvus.records import CHUNK, FILE, PIECE, STATE, Record, only, section_again
from symbolic_embed.library.stores.milvus.server import Server
from symbolic_embed.library.stores.milvus.writer import MilvusWriter, file_of, hash_of
from symbolic_embed.library.stores.packing import packed, sections_of, unpacked

FORMAT = 1
AT_A_TIME = 16  # pieces in memory
TRIES = 100  # to read what nobody changes meanwhile

Answer = TypeVar("Answer")


def is_address(name: str) -> bool:
    """Whether a name is the address of a server."""
    return name.startswith(("http://", "https://"))


class MilvusLibrary:
    """A library on a server, as `stores.library.Library` says. Raises LibraryError where there is none."""

    def __init__(self, address: str) -> None:
        self.address, self._server = address, Server(address)
        state = self._server.find(f'sort == "{STATE}"') if self._server.is_library else []
        if not state:
            raise LibraryError(f"{address}: no library there; `library build {address} FOLDERS...` makes one")
        self._about: dict[str, Any] = state[0].said
        if self._about["format"] != FORMAT:
            raise LibraryError(
                f"{address}: format {self._about['format']}, this version reads {FORMAT}; build the library again, "
                "under another name"
            )

    @classmethod
    def made(cls, address: str, *, checkpoint: str, kinds: frozenset[Kind], options: Mapping[str, str]) -> Self:
        """A new one, empty."""
        server = Server(address)
        if not server.is_library:
            server.make()
        about = {"checkpoint": checkpoint, "kinds": sorted(kinds), "options": dict(options)}
        counts = {"commit": 0, "pieces": 0, "files": 0, "dims": {}}
        server.put([only(STATE, {"format": FORMAT, **about, **counts})])
        server.close()
        return cls(address)

    @classmethod
    def is_there(cls, address: str) -> bool:
        """Whether there is a library at an address."""
        server = Server(address)
        try:
            return server.is_library and bool(server.find(f'sort == "{STATE}"'))
        finally:
            server.close()

    @property
    def checkpoint(self) -> str:
        return str(self._about["checkpoint"])

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(self._about["kinds"])

    @property
    def options(self) -> Mapping[str, str]:
        options: Mapping[str, str] = self._about["options"]
        return options

    @property
    def folder(self) -> None:
        return None

    def files(self) -> Sequence[File]:
        return sorted(map(file_of, self._seen(FILE)), key=lambda file: os.fsencode(file.path))

    def facts(self, pieces: Sequence[int]) -> Sequence[Facts]:
        there = self._pieces(pieces)
        return [self._required(number, there).said["facts"] for number in pieces]

    def read(self, pieces: Sequence[int], kinds: frozenset[Kind], *, together: bool = False) -> Iterator[Features]:
        for begin in range(0, len(pieces), AT_A_TIME):
            some = [int(number) for number in pieces[begin : begin + AT_A_TIME]]
            found = self._read(some, kinds, together=together)
            for number in some:
                yield self._required(number, found)

    def each(self, kinds: frozenset[Kind], *, together: bool = False) -> Iterator[Features]:
        files = [file_of(one) for one in sorted(self._seen(FILE), key=lambda record: record.key)]
        listed = [(file.path, file.piece) for file in files if file.piece is not None]
        for begin in range(0, len(listed), AT_A_TIME):
            some = listed[begin : begin + AT_A_TIME]
            found = self._read([number for _, number in some], kinds, together=together)
            for path, number in some:
                if number in found:  # nobody removed it meanwhile
                    yield replace(found[number], path=path)

    def nearest(
        self, channel: Channel, questions: NDArray[np.float32], *, count: int, among: NDArray[np.int64] | None = None
    ) -> Neighbours:
        def found(commit: int) -> list[list[dict[str, Any]]]:
            gone = [record.key for record in self._server.find(f'sort == "{PIECE}" and died <= {commit}')]
            where = f"born <= {commit}" + (f" and piece not in {gone}" if gone else "")
            if among is not None:
                where += f" and piece in {among.tolist()}"
            return self._server.search(channel, questions, where, count=count)

        shape = (len(questions), count)
        similarity = np.full(shape, -np.inf, np.float32)
        columns = {name: np.full(shape, -1 if name == "piece" else 0, np.int64) for name in ("piece", *_PLACE)}
        if among is None or len(among):
            for question, hits in enumerate(self._of_one_commit(found)):
                similarity[question, : len(hits)] = [hit["distance"] for hit in hits]
                for name, column in columns.items():
                    column[question, : len(hits)] = [hit[name] for hit in hits]
        return Neighbours(similarity, **columns)

    def kept(self) -> Kept:
        rows: Counter[str] = Counter()
        sizes: Counter[str] = Counter()
        for record in self._seen(PIECE):
            rows.update(record.said["rows"])
            sizes.update({name: length for name, (length, _) in record.said["sections"].items()})
        dims = self._state()["dims"]
        return Kept(
            dict(rows), {**sizes, **{f"rows of {name}": 4 * count * dims[name] for name, count in rows.items()}}
        )

    @contextmanager
    def writing(self) -> Iterator[MilvusWriter]:
        lease = Lease(self._server)
        try:
            writer = MilvusWriter(self._server, self.kinds, lease)
            yield writer
            writer.commit()
        finally:
            lease.give_back()

    def add(self, piece: Features) -> None:
        """Keeps a piece without a file of its own: what stands for the bytes of the file is all that is kept of it."""
        with self.writing() as writer:
            sha256 = hashlib.sha256(b"".join(packed(piece.only(self.kinds)).values())).hexdigest()
            number = writer.add_piece(sha256, piece, {})
            writer.put_file(File(piece.path, size=0, changed_ns=0, sha256=sha256, piece=number))

    def get(self, path: str) -> Features:
        files = [file_of(record) for record in self._seen(FILE, f' and name == "{hash_of(path)}"')]
        numbers = [file.piece for file in files if file.piece is not None]
        if not numbers:
            raise LookupError(f"{path}: is not in {self.address}")
        (piece,) = self.read(numbers, self.kinds)
        return replace(piece, path=path)

    def __iter__(self) -> Iterator[Features]:
        return self.each(self.kinds)

    def __len__(self) -> int:
        return sum(file.piece is not None for file in self.files())

    def close(self) -> None:
        self._server.close()

    def _read(self, numbers: Sequence[int], kinds: frozenset[Kind], *, together: bool) -> dict[int, Features]:
        """Some pieces by number, without paths; those that are not there are left out."""
        sections = sections_of(kinds, together=together)
        there = self._pieces(numbers)
        named = ", ".join(f'"{name}"' for name in sections)
        chunks: defaultdict[tuple[int, str], list[Record]] = defaultdict(list)
        if there and sections:
            for record in self._server.find(f'sort == "{CHUNK}" and key in {sorted(there)} and name in [{named}]'):
                chunks[record.key, record.name].append(record)
        found = {}
        for number, about in there.items():
            content = {name: self._sound(number, name, chunks[number, name], about) for name in sections}
            rows = self._server.rows_of("passages", number) if "parts" in sections else None
            found[number] = unpacked("", content, rows)
        return found

    def _sound(self, piece: int, section: str, chunks: list[Record], about: Record) -> memoryview:
        content = section_again(chunks)
        if [len(content), zlib.crc32(content)] != about.said["sections"][section]:
            raise LibraryError(f"{self.address}: {section} of piece {piece} is damaged, or was removed; ask again")
        return memoryview(bytearray(content))

    def _pieces(self, numbers: Sequence[int]) -> dict[int, Record]:
        """What is said of some pieces, by number."""
        if not len(numbers):
            return {}
        return {record.key: record for record in self._seen(PIECE, f" and key in {sorted({*map(int, numbers)})}")}

    def _seen(self, sort: str, where: str = "") -> list[Record]:
        """The records of a sort that the last commit has."""
        return self._of_one_commit(
            lambda commit: self._server.find(f'sort == "{sort}" and born <= {commit} and died > {commit}{where}')
        )

    def _of_one_commit(self, work: Callable[[int], Answer]) -> Answer:
        """What `work` finds while the last commit stays the last."""
        for _ in range(TRIES):
            commit = self._state()["commit"]
            answer = work(commit)
            if self._state()["commit"] == commit:
                return answer
        raise LibraryError(f"{self.address}: somebody commits faster than it can be read; ask again")

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._server.find(f'sort == "{STATE}"')[0].said
        return state

    def _required(self, number: int, found: Mapping[int, Answer]) -> Answer:
        if number not in found:
            raise LibraryError(f"piece {number} is no longer in the library: it was removed meanwhile; ask again")
        return found[number]


_PLACE = ("track", "bar", "bars")
