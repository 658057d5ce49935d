"""Where a new part can play in a file that has parts of its own.

A tune gets a channel on which nothing is sent. Drums get the tenth (9, counted from 0), unless the file uses that one
for a tune: then they join a kit that plays elsewhere, or a free channel is made one, in the way of the file's standard:
by a message of Roland's GS or Yamaha's XG where the file begins with a reset of that, else by the bank of GM2.
"""

from __future__ import annotations

from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.drums import BANK, GS_BLOCKS, PART_MODE, RHYTHM_PART, Reset, settings
from symbolic_embed.score.reading.walking import Event
from symbolic_embed.score.score import DRUM_CHANNEL, Notes, Track
from symbolic_embed.score.writing.channels import MELODIC_CHANNELS, nearest_channel

KIT_BANK = 120  # of GM2


def free_channel(events: EventList, track: Track) -> int:
    """The track's own channel if nothing is sent there, else a free one, else the one it shares best."""
    used = {message[0] & 0x0F for chunk in events.chunks for _, message in chunk if message[0] < 0xF0}
    free = [channel for channel in (track.channel, *MELODIC_CHANNELS) if channel not in used]
    if free:
        return free[0]
    return nearest_channel(track.program, [(part.track.channel, part.track) for part in events.parts()])


def kit_place(events: EventList) -> tuple[int, tuple[Event, ...]]:
    """A channel for drums, and the messages that make it one, where it is none."""
    tracks = [part.track for part in events.parts()]
    if all(track.is_drum for track in tracks if track.channel == DRUM_CHANNEL):
        return DRUM_CHANNEL, ()
    kits = [track.channel for track in tracks if track.is_drum]
    if kits:
        return kits[0], ()
    channel = free_channel(events, Track(Notes.none(), channel=MELODIC_CHANNELS[-1]))
    return channel, _made_kit(channel, *_last_reset(events))


def _last_reset(events: EventList) -> tuple[int, str]:
    """When the synthesiser was last reset, and by which standard; at tick 0 by none."""
    resets = [
        (one.tick, chunk, said.standard)
        for chunk, messages in enumerate(events.drum_messages())
        for one in messages.sent
        for said in settings(one.message)
        if isinstance(said, Reset)
    ]
    tick, _, standard = max(resets, key=lambda reset: reset[:2], default=(0, 0, ""))
    return tick, standard


def _made_kit(channel: int, tick: int, standard: str) -> tuple[Event, ...]:
    """The messages that make a channel one for drums."""
    if standard == "GS":
        data = bytes((0x40, 0x10 | GS_BLOCKS.index(channel), RHYTHM_PART, 1))
        return (_exclusive(tick, b"\x41\x10\x42\x12" + data + bytes([-sum(data) & 0x7F])),)
    if standard == "XG":
        return (_exclusive(tick, bytes((0x43, 0x10, 0x4C, 0x08, channel, PART_MODE, 1))),)
    return (Event(0, bytes((0xB0 | channel, BANK, KIT_BANK))),)


def _exclusive(tick: int, data: bytes) -> Event:
    return Event(tick, bytes((0xF0, len(data) + 1)) + data + b"\xf7")
