"""Who reads the files of a library, and who embeds them.

local   worker processes of this machine read, threads of this process embed what is new
ray     workers of a Ray cluster do both (`library.on_ray`)
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from symbolic_embed.library.features import Features, Needs
from symbolic_embed.library.indexing import Engine, Finish
from symbolic_embed.library.reading import Manner, file_read
from symbolic_embed.workers import Limits, Workers

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder

LIMITS = Limits()


@contextmanager
def reading_here(manner: Manner, *, jobs: int, limits: Limits = LIMITS) -> Iterator[Engine]:
    """Inside the block, so many worker processes of this machine read."""
    with Workers(partial(file_read, manner=manner), jobs=jobs, limits=limits) as workers:
        yield workers.each


def embedding_here(load: Callable[[], Embedder], needs: Needs) -> Finish:
    """This process embeds; the model is loaded when there is something to embed, not before."""

    def finish(pieces: Iterator[Features]) -> Iterator[Features]:
        for first in pieces:
            from symbolic_embed.library.building import completed

            yield from completed(itertools.chain([first], pieces), load(), needs)

    return finish
