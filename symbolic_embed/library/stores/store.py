"""What every store can do: take the features of pieces, give them back by path and one after the other, and say which
kinds it holds and by which model they were made.

A store holds the same kinds of every piece it holds. Embeddings of two models cannot be compared, so it belongs to one
checkpoint, and whoever reads it with another is refused (`building.featured`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from symbolic_embed.errors import CheckpointError, SymbolicEmbedError
from symbolic_embed.library.features import Features, Kind


@runtime_checkable
class Store(Protocol):
    """A collection of pieces, by path."""

    @property
    def checkpoint(self) -> str:
        """What made the embeddings, `Embedder.embedding_hash`."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """What is held of every piece."""

    def add(self, piece: Features) -> None:
        """Keeps a piece; in place of an earlier one of the same path. Raises LookupError where kinds are missing."""

    def get(self, path: str) -> Features:
        """The piece at a path. Raises LookupError where there is none."""

    def __iter__(self) -> Iterator[Features]:
        """All pieces, in the order in which their paths first came."""

    def __len__(self) -> int:
        """How many pieces there are."""


def require_checkpoint(store: Store, checkpoint: str, *, named: str | None = None) -> None:
    """Raises CheckpointError for a store of another checkpoint than the one of this hash."""
    if store.checkpoint != checkpoint:
        where = f"{named}: " if named else ""
        raise CheckpointError(
            f"{where}the library was built with checkpoint {store.checkpoint[:12]}, this is {checkpoint[:12]}; "
            "give that checkpoint, or build the library again with this one"
        )


def require_kinds(store: Store, kinds: frozenset[Kind]) -> None:
    """Raises SymbolicEmbedError for a store that lacks one of some kinds."""
    missing = kinds - store.kinds
    if missing:
        lacking = ", ".join(sorted(missing))
        raise SymbolicEmbedError(f"the library holds no {lacking}, which this needs; build it again with them")
