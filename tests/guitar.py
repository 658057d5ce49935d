"""A guitar with a channel for each of three strings."""

from __future__ import annotations

from midi_bytes import midi, track


def guitar(*, bars: int = 4) -> bytes:
    """Quarters on one string after another, in one chunk."""
    played = [(n % 3, 52 + 5 * (n % 3) + n % 2) for n in range(4 * bars)]
    notes = [f"00 9{channel} {pitch:02x} 50 83 60 8{channel} {pitch:02x} 40" for channel, pitch in played]
    return midi(track("00 c0 19 00 c1 19 00 c2 19", *notes), format=0)
