"""A finished checkpoint that `train fingerprint` and `train prior` add to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symbolic_embed.commands.shared.music_data import prepared
from symbolic_embed.commands.shared.training_options import AddingOptions

if TYPE_CHECKING:
    from symbolic_embed.corpus.prepared import PreparedCorpus
    from symbolic_embed.embedding.checkpoint import Checkpoint


def finished(given: AddingOptions) -> tuple[Checkpoint, PreparedCorpus]:
    """A checkpoint that is going to be added to, and the music that it was trained on; a word where it was not."""
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint, own_folder
    from symbolic_embed.training.fingerprint import is_trained_on, trained_corpus

    use_threads()
    opened = open_checkpoint(own_folder(given.checkpoint))
    collection, corpus = prepared(given)
    used = trained_corpus(opened, collection, corpus, split=given.split)
    if not is_trained_on(opened, used, split=given.split):
        given.progress().tell(f"warning: {opened.folder} was not trained on the {given.split} split of this data")
    return opened, used


def counted(given: AddingOptions) -> Callable[[Any, int, str], Any]:
    """What counts some work on the bar of the command."""
    progress = given.progress()
    return lambda work, total, doing: progress.through(work, total=total, doing=doing)
