"""What to type after a training run, or to go on with it: whole commands, to be copied."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symbolic_embed.errors import printable

if TYPE_CHECKING:
    from symbolic_embed.commands.shared.training_options import RunOptions
    from symbolic_embed.corpus.prepared import PreparedCorpus
    from symbolic_embed.progress import Progress


@dataclass(frozen=True)
class Typed:
    """A `train` command that has been typed: the `words` that make it, the options that were given, and whether it
    goes on from finished weights."""

    words: tuple[str, ...]
    given: RunOptions
    fine_tuning: bool

    def resumed(self) -> str:
        """The command that goes on with this run."""
        minutes = self.given.session_minutes
        session = () if minutes is None else ("--session-minutes", f"{minutes:g}")
        return _line(*self.words, *self._music(), "-o", self.given.output, *session, "--resume")

    def composer(self) -> str:
        """The command that trains a composer on the embedder of this run."""
        more = ("--from", "bundled") if self.fine_tuning else ()
        own = ("--checkpoint", self.given.output, "-o", f"{self.given.output}_composer")
        return _line("train", "composer", *self._music(), *own, *more)

    def compose(self, corpus: PreparedCorpus) -> str:
        """The command that goes on from a piece, a held-out one where there is one, with the composer of this run."""
        seeds = sorted(corpus.pieces, key=lambda piece: piece.split != "valid")
        return _line("compose", seeds[0].path, "--checkpoint", self.given.output, "-o", "compose")

    @contextmanager
    def offering_to_go_on(self, progress: Progress) -> Iterator[None]:
        """Where the run is interrupted, says what is there and how to go on."""
        from symbolic_embed.embedding.checkpoint import CARD

        try:
            yield
        except KeyboardInterrupt:
            if (self.given.output / CARD).exists():
                progress.tell(f"{self.given.output}: what has been learnt so far is saved and can be used")
                progress.tell(f"to go on: {self.resumed()}")
            else:
                progress.tell(f"{self.given.output}: nothing was learnt yet, nothing was written")
            raise

    def _music(self) -> tuple[str | Path, ...]:
        data = [word for folder in self.given.data for word in ("--data", folder)]
        return (*data, *(() if self.given.music is None else ("--music", self.given.music)))


def _line(*words: str | Path) -> str:
    return printable(shlex.join(("symbolic-embed", *map(str, words))))
