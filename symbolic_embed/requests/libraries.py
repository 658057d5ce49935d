"""Requests about libraries."""

from __future__ import annotations

import hashlib
import os
import re
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from symbolic_embed.requests.base import ReadingRequest
from symbolic_embed.settings import refused

MOST_SHARES = 10_000


class Shard(NamedTuple):
    """One of several equal shares of all files, counted from 1: the same files on every machine, since a file's share
    follows from its path."""

    number: int
    shares: int

    def holds(self, path: str) -> bool:
        """Whether a file is in this share."""
        digest = hashlib.sha256(os.fsencode(path)).digest()
        return int.from_bytes(digest[:8], "big") % self.shares == self.number - 1

    @classmethod
    def of(cls, text: str) -> Self:
        """What "3/8" says. Raises ValueError for what is no share."""
        said = re.fullmatch(r"(\d{1,5})/(\d{1,5})", text.strip(), re.ASCII)
        shard = cls(int(said[1]), int(said[2])) if said else cls(0, 0)
        if not 1 <= shard.number <= shard.shares <= MOST_SHARES:
            raise ValueError('must be a share such as "3/8", the third of eight')
        return shard


class BuildLibraryRequest(ReadingRequest):
    """A library that is added to.

    prune    forget what is gone from the files and folders that are named
    shard    only this share of the files: "3/8" is the third of eight
    engine   who reads and embeds: this machine (local), or a Ray cluster
    """

    prune: bool = Field(False, description="Forget the files that are gone from what is named.")
    shard: str | None = Field(None, description="Only this share of the files: 3/8 is the third of eight.")
    engine: Literal["local", "ray"] = Field(
        "local", description="Who reads and embeds: this machine, or a Ray cluster (extra `ray`)."
    )

    @model_validator(mode="after")
    def _require_a_share(self) -> Self:
        try:
            _ = self.share
        except ValueError as error:
            raise refused(f"`shard` {error}") from None
        return self

    @property
    def share(self) -> Shard | None:
        """What `shard` says."""
        return None if self.shard is None else Shard.of(self.shard)

    @classmethod
    def verb(cls) -> str:
        return "build_library"
