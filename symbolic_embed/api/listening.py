"""A recording as the MIDI of its melody."""

from __future__ import annotations

import os
from typing import Any

from symbolic_embed.api.result import Result
from symbolic_embed.api.session import request_of
from symbolic_embed.errors import UsageError
from symbolic_embed.requests import HumRequest
from symbolic_embed.verbs.hum import hum as hummed

UNNAMED = "recording"  # what bytes are called


def hum(recording: str | os.PathLike[str] | bytes, request: HumRequest | None = None, **fields: Any) -> list[Result]:
    """A recording of one voice or one instrument as MIDI: its notes, in tune, with beats and bars where there are any.

    Parameters
    ----------
    recording : path or bytes
        A file of WAV, FLAC, Ogg, MP3 or AIFF.
    request : HumRequest, optional
        All of what follows in one; then nothing else is given.
    tempo : float, 20 to 400, optional
        Beats a minute, where they are known and never change. Default: as heard.
    metre : str, optional
        Such as "3/4" or "6/8". Default: four beats a bar.
    begin, end : float, optional
        The stretch of it to hear, in seconds; at most ten minutes. Default: all.
    tracker : {"swift_f0", "pyin", "yin"}, default "swift_f0"
        Who hears the pitch.

    Returns
    -------
    list of Result
        One. Its record has "notes", each with onset and end in seconds of the recording, pitch with a fraction,
        confidence, and the MIDI number that is written; "tuning_cents"; "tempo"; "beat_is_heard"; "warnings".

    Raises
    ------
    UsageError
        A field is unknown or out of bounds.
    InputError
        The recording cannot be read, is too long, or has no melody.

    Examples
    --------
    >>> import io, numpy, soundfile, symbolic_embed
    >>> times = numpy.arange(16_000) / 16_000
    >>> tones = [numpy.sin(2 * numpy.pi * hertz * times) * numpy.hanning(16_000) for hertz in (440, 495, 550)]
    >>> file = io.BytesIO()
    >>> soundfile.write(file, numpy.concatenate(tones), 16_000, format="WAV")
    >>> [result] = symbolic_embed.hum(file.getvalue())
    >>> [note["written"] for note in result.record["notes"]]
    [69, 71, 73]
    """
    asked = request_of(HumRequest, request, fields)
    if not isinstance(recording, bytes | str | os.PathLike):
        raise UsageError(f"`recording` must be a path or the bytes of a file, not {type(recording).__name__}")
    source = UNNAMED if isinstance(recording, bytes) else os.fsdecode(recording)
    return [Result(hummed(recording, asked, source=source).output)]
