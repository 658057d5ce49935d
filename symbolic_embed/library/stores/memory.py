"""A store in memory: what was embedded once answers any number of questions, until the program ends."""

from __future__ import annotations

from collections.abc import Iterator

from symbolic_embed.library.features import Features, Kind


class MemoryStore:
    """Features of pieces, as `stores.store.Store` says. Only the kinds that it is made for are kept."""

    def __init__(self, checkpoint: str, kinds: frozenset[Kind]) -> None:
        self._checkpoint, self._kinds = checkpoint, kinds
        self._pieces: dict[str, Features] = {}

    @property
    def checkpoint(self) -> str:
        return self._checkpoint

    @property
    def kinds(self) -> frozenset[Kind]:
        return self._kinds

    def add(self, piece: Features) -> None:
        missing = self._kinds - piece.kinds
        if missing:
            raise LookupError(f"{piece.path}: without {', '.join(sorted(missing))}, which this store holds of each")
        self._pieces[piece.path] = piece.only(self._kinds)

    def get(self, path: str) -> Features:
        return self._pieces[path]

    def __iter__(self) -> Iterator[Features]:
        return iter(self._pieces.values())

    def __len__(self) -> int:
        return len(self._pieces)
