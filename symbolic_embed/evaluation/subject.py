"""A model under test, and the music that it is asked about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.sampling import windows_of
from symbolic_embed.corpus.tables import WindowTable
from symbolic_embed.embedding.anchor import Anchor
from symbolic_embed.embedding.embedder import Embedder


@dataclass(frozen=True, eq=False)
class Subject:
    """A model and prepared music, of which one `split` is looked at; the anchor, where the model has one."""

    embedder: Embedder
    corpus: PreparedCorpus
    split: str
    anchor: Anchor | None = None

    def windows_of(self, table: WindowTable) -> NDArray[np.int64]:
        """The numbers of the split's windows in which something begins; rising."""
        return windows_of(self.corpus, table, split=self.split)
