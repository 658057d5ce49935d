"""A model that is loaded once and kept."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.checkpoint import Checkpoint, open_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import MissingComposerError, UsageError
from symbolic_embed.requests import Request

PathLike = str | os.PathLike[str]

Asked = TypeVar("Asked", bound=Request)


class Session:
    """A model that is loaded when first needed, and kept. Every verb takes one as its `checkpoint`. Raises
    CheckpointError at once where there is none in a folder.

    Parameters
    ----------
    checkpoint : path, optional
        A checkpoint's folder. Default: the bundled one.
    jobs : int, at least 1, default 1
        Threads that work on many files at once. Results do not depend on it.

    Examples
    --------
    >>> import symbolic_embed
    >>> session = symbolic_embed.Session()
    >>> results = symbolic_embed.compose("datasets/samples/midi/ode_to_joy.mid", checkpoint=session, bars=1)
    >>> results[0].name
    'ode_to_joy__next01__s0'
    """

    def __init__(self, checkpoint: PathLike | None = None, *, jobs: int = 1) -> None:
        if jobs < 1:
            raise UsageError(f"`jobs` must be at least 1, not {jobs}", field="jobs")
        if not isinstance(checkpoint, str | os.PathLike | None):
            kinds = "a folder, a Session, an Embedder or a TrainedComposer"
            raise UsageError(f"`checkpoint` must be {kinds}, not {checkpoint!r}", field="checkpoint")
        self.folder = None if checkpoint is None else Path(checkpoint)
        self.jobs = jobs
        if self.folder is not None:
            self.opened = open_checkpoint(self.folder)

    @classmethod
    def of(cls, model: Model) -> Session:
        """The session that a verb's `checkpoint` means: itself, or a new one around what was given."""
        if isinstance(model, Session):
            return model
        if not isinstance(model, Embedder | TrainedComposer):
            return cls(model)
        embedder = model if isinstance(model, Embedder) else model.embedder
        session = cls(jobs=embedder.jobs)
        session.folder, session.embedder = embedder.folder, embedder
        if isinstance(model, TrainedComposer):
            session.composer = model
        elif embedder.folder is None:
            session.is_without_composer = True
        return session

    is_without_composer = False  # a model that was never on disk: there is nothing to load a composer from

    @cached_property
    def opened(self) -> Checkpoint:
        """The checkpoint: its card, and its weights when asked for. Raises CheckpointError."""
        return open_checkpoint(self.folder)

    @cached_property
    def embedder(self) -> Embedder:
        """What embeds, and writes embeddings back. Raises CheckpointError."""
        return Embedder.of(self.opened, jobs=self.jobs)

    @cached_property
    def composer(self) -> TrainedComposer:
        """What writes new music. Raises CheckpointError, and MissingComposerError where the checkpoint holds none."""
        if self.is_without_composer:
            raise MissingComposerError("the model")
        return replace(TrainedComposer.of(self.opened), embedder=self.embedder)


Model = PathLike | Session | Embedder | TrainedComposer | None


def load_checkpoint(folder: PathLike | None = None, *, jobs: int = 1) -> Embedder:
    """The embedder of a checkpoint; verbs that write find the composer beside it.

    Parameters
    ----------
    folder : path, optional
        The checkpoint's folder. Default: the bundled one.
    jobs : int, at least 1, default 1
        Threads that work on many files at once. Results do not depend on it.

    Returns
    -------
    Embedder
        With `embed_bars`, `embed_cells`, `decode`, and `dim`, the numbers in an embedding.

    Examples
    --------
    >>> import symbolic_embed
    >>> symbolic_embed.load_checkpoint().dim
    256
    """
    return Session(folder, jobs=jobs).embedder


def request_of(kind: type[Asked], request: Asked | None, fields: dict[str, object]) -> Asked:
    """The request that a verb was given, whole or by its fields. Raises UsageError for both, or for what it refuses."""
    if request is None:
        return kind(**fields)
    if not isinstance(request, kind):
        reason = f"{kind.verb()} takes a {kind.__name__}, not a {type(request).__name__}"
        raise UsageError(f"{reason}; {_by_name(kind, request)}")
    if fields:
        raise UsageError(f"{kind.verb()} was given a request and {', '.join(fields)} beside it; leave one out")
    return request


def _by_name(kind: type[Request], given: object) -> str:
    """How what was given in the place of a request is given by name."""
    if isinstance(given, Session | Embedder | TrainedComposer):
        return "give a model by name, as checkpoint="
    fields = [f"{name}=" for name in kind.model_fields]
    return f"give what is asked for by name: {', '.join(fields)}" if fields else "nothing can be chosen"
