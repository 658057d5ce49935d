"""Music that is not MIDI yet, as the bytes of a MIDI file."""

from symbolic_embed.score import file_bytes as music_bytes

__all__ = ["music_bytes"]
