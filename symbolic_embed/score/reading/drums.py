"""Which parts are drums, as the file says it.

Channel 10 (9, counted from 0) is for drums, says General MIDI. A file may say otherwise, each standard in its own way:

    GM2   bank (controller 0) 120 and a programme: drums; 121: melody
    XG    bank 127 (kits) or 126 (sound effects) and a programme: drums; a message "part mode" for one channel
    GS    a message "use for rhythm part" for one channel; banks say nothing (127 is another map of melodic sounds)

Of banks and programmes those count that are in force at a part's first note; at one tick other chunks come before the
part's own. A bank counts from the next programme change on. System exclusive messages hold for the whole port, in
whichever chunk they stand. Many files send them some ticks apart, after the first notes: what is in force when half of
a part is over counts. A reset (GM, GM2, GS, XG) brings back channel 10 alone. Without a reset, or after that of General
MIDI, banks are read as GM2 and XG have them, as FluidSynth does.

Chunks that take the short cut of `plain.py` are looked through for signs in their bytes (`may_say_drums`); only where a
file has one are its messages needed (`drum_messages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.reading.walking import Event, message_payload

BANK, PORT = 0, 0x21
DRUM_BANKS = {120: True, 121: False, 126: True, 127: True}
GS_BLOCKS = (9, *range(9), *range(10, 16))  # the channel of each block of parts, when the synthesiser is switched on
RHYTHM_PART, PART_MODE = 0x15, 0x07  # addresses inside a part: GS, XG

_EXCLUSIVE = re.compile(
    rb"\xf0[\x01-\x7f](?:\x41.\x42\x12[\x00\x40]|\x43[\x10-\x1f]\x4c[\x00\x08]|\x7e.\x09)", re.DOTALL
)
_BANK = re.compile(
    rb"[\xb0-\xbf](?:[\x00-\x7f]{2}[\x80-\xff]{0,3}[\x00-\x7f])*?\x00[\x78\x79\x7e\x7f]"  # with running status
)
_PORT = b"\xff\x21\x01"


class Reset(NamedTuple):
    """All channels as they are when a synthesiser of this standard is switched on."""

    standard: str


class Rhythm(NamedTuple):
    """A channel is used for drums, or no longer."""

    channel: int
    is_drum: bool


class Sent(NamedTuple):
    """A message that drums may depend on, and where it stands: `place` in its chunk, `port` its cable."""

    tick: int
    place: int
    port: int
    message: bytes


class FirstNote(NamedTuple):
    """Where in its chunk a part begins, and on which cable."""

    place: int
    port: int


class Begins(NamedTuple):
    """When a part begins, and when half of its time is over."""

    first: int
    middle: int

    @classmethod
    def of(cls, onset_ticks: NDArray[np.signedinteger], duration_ticks: NDArray[np.signedinteger]) -> Begins:
        """Of a part with at least one note."""
        first = int(onset_ticks.min())
        return cls(first, (first + int((onset_ticks + duration_ticks).max())) // 2)


@dataclass(frozen=True)
class DrumMessages:
    """What a chunk says of drums: banks, programmes and system exclusive messages, and by channel its first note."""

    sent: tuple[Sent, ...] = ()
    first_notes: Mapping[int, FirstNote] = field(default_factory=dict)

    def banked(self) -> set[int]:
        """The channels on which a bank is chosen that makes drums, or none."""
        return {
            one.message[0] & 0x0F for one in self.sent if one.message[0] >> 4 == 0xB and one.message[2] in DRUM_BANKS
        }

    def says_drums(self) -> bool:
        """Whether anything here might make a part drums that is not on their channel, or the reverse."""
        if not self.sent:
            return False
        return bool(self.banked()) or any(
            isinstance(said, Rhythm) for one in self.sent if one.message[0] >= 0xF0 for said in settings(one.message)
        )


NOTHING_SAID = DrumMessages()


def drum_messages(events: Iterable[Event]) -> DrumMessages:
    """The messages of one chunk that drums may depend on."""
    sent: list[Sent] = []
    first: dict[int, FirstNote] = {}
    port = 0
    for index, (tick, message) in enumerate(events):
        status = message[0]
        kind = status & 0xF0
        if kind == 0x90:
            if message[2] and status & 0x0F not in first:
                first[status & 0x0F] = FirstNote(index, port)
        elif kind == 0xC0 or (kind == 0xB0 and message[1] == BANK) or (kind == 0xF0 and any(settings(message))):
            sent.append(Sent(tick, index, port, message))
        elif status == 0xFF and message[1] == PORT and len(message) == 4:
            port = message[3]
    return DrumMessages(tuple(sent), first) if sent or port else NOTHING_SAID


def may_say_drums(body: bytes) -> bool:
    """False only if a plain chunk certainly has no message that makes a part drums, or the reverse."""
    if 0xF0 in body and _EXCLUSIVE.search(body):
        return True
    for bank in DRUM_BANKS:
        if bank in body and bytes((BANK, bank)) in body:  # one byte is found ten times as fast as two
            return _BANK.search(body) is not None
    return False


def concerns_drums(body: bytes, channels: Iterable[int]) -> bool:
    """False only if a plain chunk certainly has no message that matters where banks are chosen on `channels`."""
    return (
        may_say_drums(body)
        or _PORT in body
        or any(bytes([kind | channel]) in body for channel in channels for kind in (0xB0, 0xC0))
    )


def settings(message: bytes) -> Iterator[Reset | Rhythm]:
    """What a system exclusive message, also one behind an escape (F7), sets."""
    if message[0] not in (0xF0, 0xF7):
        return
    data = message_payload(message)
    if message[0] == 0xF7:
        if data[:1] != b"\xf0":
            return
        data = data[1:]
    data = data.removesuffix(b"\xf7")
    if len(data) >= 4 and data[0] == 0x7E and data[2] == 0x09:
        yield Reset("GM2" if data[3] == 3 else "GM")
    elif len(data) >= 8 and data[0] == 0x41 and data[2:4] == b"\x42\x12":
        yield from _gs_settings(data[4:7], data[7:-1] or data[7:])
    elif len(data) >= 7 and data[0] == 0x43 and data[1] >> 4 == 1 and data[2] == 0x4C:
        yield from _xg_settings(data[3:6], data[6:])


def _gs_settings(address: bytes, values: bytes) -> Iterator[Reset | Rhythm]:
    """Of Roland's: a reset, the mode of the whole synthesiser, or a part's use, alone or with what stands before it."""
    if address in (b"\x40\x00\x7f", b"\x00\x00\x7f"):
        yield Reset("GS")
    elif address[0] == 0x40 and address[1] >> 4 == 1 and address[2] <= RHYTHM_PART < address[2] + len(values):
        yield Rhythm(GS_BLOCKS[address[1] & 0x0F], values[RHYTHM_PART - address[2]] > 0)


def _xg_settings(address: bytes, values: bytes) -> Iterator[Reset | Rhythm]:
    """Of Yamaha's: XG switched on, all reset, or a part's mode."""
    if address in (b"\x00\x00\x7e", b"\x00\x00\x7f"):
        yield Reset("XG")
    elif address[0] == 0x08 and address[1] < 16 and address[2] <= PART_MODE < address[2] + len(values):
        yield Rhythm(address[1], values[PART_MODE - address[2]] > 0)


def switched_channels(chunks: Iterable[DrumMessages]) -> set[int]:
    """The channels that system exclusive messages use for drums, or no longer, anywhere in a file."""
    exclusive = [one.message for chunk in chunks for one in chunk.sent if one.message[0] >= 0xF0]
    return {said.channel for message in exclusive for said in settings(message) if isinstance(said, Rhythm)}


def said_of_drums(
    chunks: Sequence[DrumMessages], parts: Mapping[tuple[int, int], Begins]
) -> dict[tuple[int, int], bool]:
    """Of the parts (chunk, channel) those of which the file says whether they are drums."""
    said: dict[tuple[int, int], bool] = {}
    for (own, channel), begins in parts.items():
        is_drum = _said(_reaching(chunks, own, channel, begins), channel)
        if is_drum is not None:
            said[own, channel] = is_drum
    return said


def _reaching(chunks: Sequence[DrumMessages], own: int, channel: int, begins: Begins) -> Iterator[bytes]:
    """What reaches a part in time, in that order; its own chunk's programmes silence those of others."""
    first = chunks[own].first_notes.get(channel, FirstNote(0, 0))

    def is_in_time(one: Sent, chunk: int) -> bool:
        if one.message[0] >= 0xF0:
            return one.tick <= begins.middle
        is_before = one.tick < begins.first or (one.tick == begins.first and (chunk != own or one.place < first.place))
        return is_before and one.message[0] & 0x0F == channel

    reaching = [
        (one.tick, chunk == own, chunk, one)
        for chunk, messages in enumerate(chunks)
        for one in messages.sent
        if one.port == first.port and is_in_time(one, chunk)
    ]
    chooses = any(is_own and one.message[0] >> 4 == 0xC for _, is_own, _, one in reaching)
    for _, is_own, _, one in sorted(reaching, key=lambda reached: (*reached[:3], reached[3].place)):
        if is_own or not chooses or one.message[0] >> 4 != 0xC:
            yield one.message


def _said(messages: Iterable[bytes], channel: int) -> bool | None:
    """Whether a channel is drums after these messages; None where they leave it as it is when switched on."""
    is_drum: bool | None = None
    standard, bank, is_by_bank = "", 0, False
    for message in messages:
        if message[0] >> 4 == 0xB:
            bank = message[2]
        elif message[0] >> 4 == 0xC:
            by_bank = None if standard == "GS" else DRUM_BANKS.get(bank)
            if by_bank is not None:
                is_drum, is_by_bank = by_bank, True
            elif is_by_bank:
                is_drum, is_by_bank = None, False
        for setting in settings(message):
            if isinstance(setting, Reset):
                standard, bank, is_by_bank, is_drum = setting.standard, 0, False, None
            elif setting.channel == channel:
                is_drum, is_by_bank = setting.is_drum, False
    return is_drum
