"""The process that answers: it keeps the model, and does one question after the other.

at first   (request, parts, checkpoint, lenders), pickled; answered with READY, and then, once the model is loaded
           and has written a bar for practice, with (seconds that took, hash of the checkpoint), or what is wrong
then       questions, pickled, as `asking` has them; an answer for each that wants one
"""

from __future__ import annotations

import pickle
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from symbolic_embed.bars import BarredScore
from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.live.asking import Ask, Played, Wish
from symbolic_embed.live.notes import HeardBar, Metre, Note
from symbolic_embed.live.replay import Answerer
from symbolic_embed.requests.live import LiveRequest
from symbolic_embed.workers.frames import READY, own_streams, read_frame, write_frame

if TYPE_CHECKING:
    from symbolic_embed.composing.trained import TrainedComposer

PRACTISED = 4  # bars, of which the slowest counts


class Start(NamedTuple):
    """What a session begins with: the request, our parts by role, the checkpoint (None: the bundled one), and what is
    borrowed from, (path, piece) each; None: the composer writes."""

    request: LiveRequest
    parts: tuple[str, ...]
    checkpoint: Path | None = None
    lenders: tuple[tuple[str, BarredScore], ...] | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """The request as JSON has it, with the parts that are played."""
        return {**self.request.model_dump(mode="json"), "parts": list(self.parts)}

    @property
    def first(self) -> Start:
        """That of whoever answers: the composer, where the music to borrow from only stands in."""
        return self._replace(lenders=None) if self.request.stand_in else self

    @property
    def stand_in(self) -> Start | None:
        """That of whoever stands in; None where nobody does."""
        return self if self.request.stand_in and self.lenders is not None else None

    def model(self) -> TrainedComposer:
        """The model, loaded. Raises as loading does."""
        from symbolic_embed.composing.trained import TrainedComposer

        return TrainedComposer.load(self.checkpoint)

    def answerer(self, trained: TrainedComposer) -> Answerer:
        """Whoever answers, before the first bar. Raises UsageError where nobody lends what is asked for."""
        from symbolic_embed.live.answering import Answering
        from symbolic_embed.live.borrowing import Borrowing

        if self.lenders is None:
            return Answering(trained, self.request, parts=self.parts)
        return Borrowing.of(trained.embedder, self.lenders, self.request, parts=self.parts)


def practised(answerer: Answerer, request: LiveRequest) -> float:
    """The most seconds that a bar took, of a few that are written for nobody."""
    steps, most = Metre.of(request.metre).steps, 0.0
    notes = tuple(Note(0, step, 6, 60 + step % 7, 80) for step in range(0, steps, 6))
    for bar in range(PRACTISED):
        began = time.perf_counter()
        answerer.take(Played(HeardBar(bar, notes), ()))
        answerer.take(Ask(bar + 1, HeardBar(bar + 1, notes), (), Wish()))
        most = max(most, time.perf_counter() - began) if bar else 0.0
    return most


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers until there is no more input."""
    import torch

    torch.set_num_threads(1)
    _write(answers, READY)
    frames = _frames(requests)
    first = next(frames, None)
    if first is None:
        return
    start: Start = first
    try:
        trained = start.model()
        seconds = practised(start.answerer(trained), start.request)
        answerer = start.answerer(trained)
    except SymbolicEmbedError as error:
        _write(answers, pickle.dumps(error))
        return
    _write(answers, pickle.dumps((seconds, trained.embedder.hash)))
    for question in frames:
        answer = answerer.take(question)
        if answer is not None:
            _write(answers, pickle.dumps(answer))


def _frames(requests: BinaryIO) -> Iterator[Any]:
    while (frame := read_frame(requests)) is not None:
        yield pickle.loads(frame)


def _write(answers: BinaryIO, data: bytes) -> None:
    write_frame(answers, data)
    answers.flush()


def main() -> None:
    """Serves stdin and stdout. An interrupt is for the parent, who ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = own_streams()
    serve(requests, answers)


if __name__ == "__main__":
    main()
