"""What a command says on stderr while it works, in the words of its options."""

from __future__ import annotations

from symbolic_embed import progress
from symbolic_embed.commands.shared.words import in_options


class Progress(progress.Progress):
    """The progress of one command. Fields in backquotes are called by their options."""

    def tell(self, line: str, *, needed: bool = False) -> None:
        super().tell(in_options(line), needed=needed)
