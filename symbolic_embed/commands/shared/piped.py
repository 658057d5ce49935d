"""What is piped in."""

from __future__ import annotations

import sys

from symbolic_embed.errors import MidiError
from symbolic_embed.files.kinds import is_sound
from symbolic_embed.score import MAX_BYTES
from symbolic_embed.score.reading.opening import MAX_SOUND_BYTES


def stdin_bytes(*, max_bytes: int = MAX_BYTES) -> bytes:
    """The file that is piped in. Raises MidiError where it is too long to be a MIDI file, or a recording."""
    data = sys.stdin.buffer.read(max_bytes + 1)
    if is_sound(data) and max_bytes < MAX_SOUND_BYTES:
        data += sys.stdin.buffer.read(MAX_SOUND_BYTES + 1 - len(data))
        max_bytes = MAX_SOUND_BYTES
    if len(data) > max_bytes:
        raise MidiError("stdin", f"more than the {max_bytes:,} bytes that are read; `max_bytes` raises the limit")
    return data
