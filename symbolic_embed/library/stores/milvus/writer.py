"""Writing into a library on a server. What is written is born in the next commit, and what is removed dies in it; one
record says which commit is the last, and is written last. What a writer leaves behind that breaks off is of a commit
that never came; who writes next takes it away.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from symbolic_embed.errors import LibraryError
from symbolic_embed.library.channels import rows_of
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.library.stores.library import Facts, File
from symbolic_embed.library.stores.milvus.lease import Lease
from symbolic_embed.library.stores.milvus.records import CHUNK, FILE, FOREVER, PIECE, STATE, Record, chunks_of, only
from symbolic_embed.library.stores.milvus.server import Server
from symbolic_embed.library.stores.packing import packed


class MilvusWriter:
    """Who writes into a library on a server, as `stores.library.Writer` says; made by who has its lease. kinds: what is
    held of every piece."""

    def __init__(self, server: Server, kinds: frozenset[Kind], lease: Lease) -> None:
        self._server, self._kinds, self._lease = server, kinds, lease
        self._state: dict[str, Any] = server.find(f'sort == "{STATE}"')[0].said
        self._perhaps_alone: set[int] = set()
        self._undo()
        self._clean()

    @property
    def _next(self) -> int:
        """The commit that is written."""
        return int(self._state["commit"]) + 1

    def piece_of(self, sha256: str) -> int | None:
        return next((record.key for record in self._alive(PIECE, f'name == "{sha256}"')), None)

    def add_piece(self, sha256: str, piece: Features, facts: Facts) -> int:
        known = self.piece_of(sha256)
        if known is not None:
            return known
        missing = self._kinds - piece.kinds
        if missing:
            raise LookupError(f"{piece.path}: without {', '.join(sorted(missing))}, which this library holds of each")
        piece = piece.only(self._kinds)
        number, born = self._numbered("pieces"), self._next
        sections, rows = packed(piece), rows_of(piece)
        for name, content in sections.items():
            self._server.put(list(chunks_of(number, name, content, born=born)))
        for channel, of_channel in rows.items():
            self._require_dim(channel, of_channel.vectors.shape[1])
            self._server.put_rows(channel, number, of_channel, born=born)
        said = {
            "facts": {name: list(values) for name, values in facts.items()},
            "sections": {name: (len(content), zlib.crc32(content)) for name, content in sections.items()},
            "rows": {channel: len(of_channel) for channel, of_channel in rows.items()},
        }
        self._server.put([Record(f"{PIECE}.{number}", PIECE, number, sha256, 0, born, FOREVER, json.dumps(said))])
        return number

    def put_file(self, file: File) -> None:
        if file.piece is not None and not self._alive(PIECE, f"key == {file.piece}"):
            raise LookupError(f"{file.path}: belongs to piece {file.piece}, which is not there")
        earlier = self._end([file.path])
        number = earlier[0].key if earlier else self._numbered("files")
        name = hash_of(file.path)
        record = Record(f"{FILE}.{name}.{self._next}", FILE, number, name, 0, self._next, FOREVER, text_of(file))
        self._server.put([record])

    def remove_files(self, paths: Sequence[str]) -> int:
        return len(self._end(paths))

    def commit(self) -> None:
        self._lease.renew()
        lone = [piece for piece in sorted(self._perhaps_alone) if not self._files_of(piece)]
        for piece in lone:
            self._server.put([replace(one, died=self._next) for one in self._alive(PIECE, f"key == {piece}")])
        self._perhaps_alone.clear()
        self._state["commit"] = self._next
        self._server.put([only(STATE, self._state)])
        self._clean()

    def _end(self, paths: Sequence[str]) -> list[Record]:
        """Files by path die; returns what they were."""
        found = [one for path in paths for one in self._alive(FILE, f'name == "{hash_of(path)}"')]
        for record in found:
            if record.born == self._next:  # nobody has seen it
                self._server.remove(f'id == "{record.id}"')
            else:
                self._server.put([replace(record, died=self._next)])
            piece = file_of(record).piece
            if piece is not None:
                self._perhaps_alone.add(piece)
        return found

    def _alive(self, sort: str, where: str) -> list[Record]:
        """Records that are there when what was written so far is committed."""
        return self._server.find(f'sort == "{sort}" and died == {FOREVER} and {where}')

    def _files_of(self, piece: int) -> list[Record]:
        return [one for one in self._alive(FILE, "key >= 0") if file_of(one).piece == piece]

    def _undo(self) -> None:
        """Takes away what was written for a commit that never came."""
        commit = self._next - 1
        self._server.remove(f'sort in ["{FILE}", "{PIECE}", "{CHUNK}"] and born > {commit}')
        self._server.remove_rows(f"born > {commit}")
        ended = self._server.find(f"died > {commit} and died < {FOREVER}")
        self._server.put([replace(record, died=FOREVER) for record in ended])

    def _clean(self) -> None:
        """Removes what nobody sees any more; the pieces themselves last, since they say what is not to be found."""
        commit = self._next - 1
        gone = [record.key for record in self._server.find(f'sort == "{PIECE}" and died <= {commit}')]
        self._server.remove(f'sort == "{FILE}" and died <= {commit}')
        if gone:
            self._server.remove(f'sort == "{CHUNK}" and key in {gone}')
            self._server.remove_rows(f"piece in {gone}")
            self._server.remove(f'sort == "{PIECE}" and died <= {commit}')

    def _numbered(self, what: str) -> int:
        """A number that was never given; kept at once, so that it never is again."""
        self._state[what] += 1
        self._server.put([only(STATE, self._state)])
        return int(self._state[what])

    def _require_dim(self, channel: str, dim: int) -> None:
        kept = self._state["dims"].setdefault(channel, dim)
        if dim != kept:
            raise LibraryError(f"{self._server.address}: rows of {dim} numbers, those of {channel} here have {kept}")


def hash_of(path: str) -> str:
    """By what a file is found."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()


def text_of(file: File) -> str:
    """A file as a record keeps it; paths may be no text."""
    path = quote_from_bytes(os.fsencode(file.path))
    return json.dumps([path, file.size, file.changed_ns, file.sha256, file.problem, file.piece])


def file_of(record: Record) -> File:
    """What `text_of` made a text of."""
    path, *about = record.said
    return File(os.fsdecode(unquote_to_bytes(path)), *about)
