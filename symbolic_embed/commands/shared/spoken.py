"""Requests that are said: in a recording, or into the microphone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.errors import UsageError, printable

if TYPE_CHECKING:
    from symbolic_embed.listening.loudness import Samples


def heard_in(path: str, progress: Progress) -> str:
    """The request that is said in a WAV file. Raises UsageError where none was recognised."""
    from symbolic_embed.listening.recordings import samples_of
    from symbolic_embed.score import file_bytes

    return _words(samples_of(file_bytes(path), source=path), of=path, progress=progress)


def heard_now(progress: Progress) -> str:
    """The request that somebody says now. Raises UsageError where none was recognised."""
    from symbolic_embed.listening.microphone import blocks_now, one_request

    progress.tell("say what you want")
    return _words(one_request(blocks_now()), of="microphone", progress=progress)


def _words(samples: Samples, *, of: str, progress: Progress) -> str:
    from symbolic_embed.listening.speech import Recogniser
    from symbolic_embed.understanding.spoken import grammar

    heard = Recogniser(lambda knows: grammar(knows=knows)).heard(samples)
    name = printable(of)
    if not heard.text:
        raise UsageError(f"{name}: nothing was said that could be heard; try louder, or write the request")
    if not heard.is_recognised:
        raise UsageError(f"{name}: not understood: perhaps {heard.text!r}; say it again, or write the request")
    progress.tell(f"heard: {heard.text}")
    return heard.text
