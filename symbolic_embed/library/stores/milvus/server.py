"""A server, as a library needs it: records are put, found and removed by what holds of them, and rows are searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import LibraryError
from symbolic_embed.library.channels import CHANNELS, Rows
from symbolic_embed.library.stores.milvus.records import NAMES, Record

NAME = "symbolic_embed"  # of the library of an address that names none
TIMEOUT_S = 60.0
AT_A_TIME = 256  # records and rows that are sent
READ_AT_A_TIME = 1000
MOST_FOUND = 16_384  # of a search, by the server's rules
_ROWS = "_rows_"  # between the name of a library and that of a channel
_Field = tuple[str, Any, dict[str, Any]]  # name, type, options
_COLUMNS = ("piece", "row", "track", "bar", "bars")


class Server:
    """The collections of one library on a server. Raises LibraryError where it cannot be reached, or refuses."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.address, self.name = address, parts.path.strip("/") or NAME
        if not self.name.isidentifier() or not self.name.isascii() or _ROWS in self.name:
            raise LibraryError(
                f"{address}: a library's name there is of letters, digits and _, without {_ROWS}, as {NAME}; name it so"
            )
        pymilvus = _imported(address)
        self._types, self._error = pymilvus.DataType, pymilvus.MilvusException
        with self._understood(is_opening=True):
            self._client = pymilvus.MilvusClient(f"{parts.scheme}://{parts.netloc}", timeout=TIMEOUT_S)
            self._there = set(self._client.list_collections())

    def close(self) -> None:
        """Ends the connection."""
        with self._understood():
            self._client.close()

    @property
    def is_library(self) -> bool:
        """Whether there are records."""
        return self.name in self._there

    def make(self) -> None:
        """Makes the collection of records."""
        types = self._types
        numbers: list[_Field] = [(name, types.INT64, {}) for name in ("key", "part", "born", "died")]
        texts: list[_Field] = [
            ("sort", types.VARCHAR, {"max_length": 16}),
            ("name", types.VARCHAR, {"max_length": 256}),
        ]
        self._make(self.name, [*texts, *numbers, ("content", types.VARCHAR, {"max_length": 65_535})], dim=2)

    def put(self, records: Sequence[Record]) -> None:
        """Records, in place of earlier ones of the same ids."""
        with self._understood():
            for begin in range(0, len(records), AT_A_TIME):
                self._client.upsert(self.name, [record.row for record in records[begin : begin + AT_A_TIME]])

    def find(self, where: str) -> list[Record]:
        """The records of which something holds, in no order."""
        return [Record(**{name: row[name] for name in NAMES}) for row in self._all(self.name, where, NAMES)]

    def remove(self, where: str) -> None:
        """Removes records of which something holds."""
        with self._understood():
            self._client.delete(self.name, filter=where)

    def put_rows(self, channel: str, piece: int, rows: Rows, *, born: int) -> None:
        """The rows of a piece in a channel, in half precision."""
        collection = self._rows(channel)
        if collection not in self._there:
            numbers: list[_Field] = [(name, self._types.INT64, {}) for name in (*_COLUMNS, "born")]
            self._make(collection, numbers, dim=rows.vectors.shape[1])
        vectors = rows.vectors.astype(np.float16).astype(np.float32)
        columns = [rows.track.tolist(), rows.bar.tolist(), rows.bars.tolist()]
        sent = [
            {"id": f"{piece}.{row}", "piece": piece, "row": row, "born": born, "vector": vectors[row]}
            | {"track": track, "bar": bar, "bars": bars}
            for row, (track, bar, bars) in enumerate(zip(*columns, strict=True))
        ]
        with self._understood():
            for begin in range(0, len(sent), AT_A_TIME):
                self._client.upsert(collection, sent[begin : begin + AT_A_TIME])

    def rows_of(self, channel: str, piece: int) -> Rows:
        """The rows of a piece, as they were put."""
        found = self._all(self._rows(channel), f"piece == {piece}", (*_COLUMNS, "vector"))
        found.sort(key=lambda row: row["row"])
        track, bar, bars = (np.array([row[name] for row in found], np.int64) for name in ("track", "bar", "bars"))
        return Rows(track, bar, bars, np.array([row["vector"] for row in found], np.float32))

    def remove_rows(self, where: str) -> None:
        """Removes rows of all channels of which something holds."""
        with self._understood():
            for collection in map(self._rows, CHANNELS):
                self._look_again(collection)
                if collection in self._there:
                    self._client.delete(collection, filter=where)

    def search(
        self, channel: str, questions: NDArray[np.float32], where: str, *, count: int
    ) -> list[list[dict[str, Any]]]:
        """The nearest rows to each question, the nearest first: `distance`, the inner product, and what they are."""
        collection = self._rows(channel)
        self._look_again(collection)
        if collection not in self._there or not len(questions):
            return [[] for _ in questions]
        with self._understood():
            found = self._client.search(
                collection,
                data=list(np.ascontiguousarray(questions, np.float32)),
                filter=where,
                limit=min(count, MOST_FOUND),
                output_fields=list(_COLUMNS),
                search_params={"metric_type": "IP"},
            )
        return [[{"distance": hit["distance"], **hit["entity"]} for hit in hits] for hits in found]

    def _all(self, collection: str, where: str, names: Sequence[str]) -> list[dict[str, Any]]:
        self._look_again(collection)
        if collection not in self._there:
            return []
        found: list[dict[str, Any]] = []
        with self._understood():
            pages = self._client.query_iterator(
                collection, filter=where, output_fields=list(names), batch_size=READ_AT_A_TIME
            )
            while page := pages.next():
                found += page
            pages.close()
        return found

    def _look_again(self, collection: str) -> None:
        """Somebody else may have made it meanwhile."""
        if collection not in self._there:
            with self._understood():
                if self._client.has_collection(collection):
                    self._there.add(collection)

    def _rows(self, channel: str) -> str:
        return f"{self.name}{_ROWS}{channel}"

    def _make(self, collection: str, fields: Sequence[_Field], *, dim: int) -> None:
        with self._understood():
            schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", self._types.VARCHAR, is_primary=True, max_length=256)
            for name, kind, options in fields:
                schema.add_field(name, kind, **options)
            schema.add_field("vector", self._types.FLOAT_VECTOR, dim=dim)
            index = self._client.prepare_index_params()
            index.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
            self._client.create_collection(collection, schema=schema, index_params=index, consistency_level="Strong")
            self._there.add(collection)

    @contextmanager
    def _understood(self, *, is_opening: bool = False) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            said = " ".join(str(getattr(error, "message", "") or error).split())
            if is_opening:
                raise LibraryError(f"{self.address}: cannot be opened: {said}") from None
            raise LibraryError(f"{self.address}: the server says: {said}; all that was committed is there") from None


def _imported(address: str) -> Any:
    try:
        import pymilvus
    except ImportError:
        raise LibraryError(
            f"{address}: a library on a server needs pymilvus, which is not installed; "
            "`pip install symbolic-embed[milvus]`, or name a folder"
        ) from None
    return pymilvus
