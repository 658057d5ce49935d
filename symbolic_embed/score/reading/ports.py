"""Ports: which of several cables an event is sent on.

A channel message has room for sixteen channels. Studios with more instruments than that had several cables, and a file
says with a meta event (FF 21, a number from 0) on which one a chunk goes on playing. So port and channel together name
who plays: channel 1 of port 0 and channel 1 of port 1 are two instruments. A file without such an event has port 0.

A chunk usually names its port once, at its beginning; it may change it on the way, and the last one named is in force.
The first one named also counts for what stands before it at its tick: there is no other meaning to a programme change
that a program wrote a line too early.

An *address* is port and channel in one number, port * 16 + channel: on port 0 it is the channel.
"""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_embed.score.reading.walking import Event, message_payload

PORT = 0x21
_PORT_META = bytes((0xFF, PORT))


def address(port: int, channel: int) -> int:
    """Port and channel, both from 0, in one number."""
    return port << 4 | channel


def channel_in_words(address: int) -> str:
    """Channels from 1, as musicians count them: channel 10; channel 10 of port 1."""
    port, channel = divmod(address, 16)
    return f"channel {channel + 1}" + (f" of port {port}" if port else "")


def port_event(tick: int, port: int) -> Event:
    """The event from which on a chunk plays on `port`."""
    return Event(tick, _PORT_META + bytes((1, port)))


def named_port(message: bytes) -> int | None:
    """The port that a message names; None where it names none."""
    if not message.startswith(_PORT_META):
        return None
    payload = message_payload(message)
    return payload[0] if payload else None


def ports_in_force(events: Sequence[Event]) -> bytes:
    """The port in force for each event of a chunk, as one number an event. Where no port is named all are 0, and
    nothing but a look at the bytes is done."""
    if _PORT_META not in b"".join([message for _, message in events]):
        return bytes(len(events))
    changes = [(n, port) for n, (_, message) in enumerate(events) if (port := named_port(message)) is not None]
    ports = bytearray(len(events))
    for number, (begin, port) in enumerate(changes):
        if number == 0:
            begin = next(n for n, event in enumerate(events) if event.tick == events[begin].tick)
        ports[begin:] = bytes((port,)) * (len(events) - begin)
    return bytes(ports)


def addresses_in_force(events: Sequence[Event]) -> list[int]:
    """For each event of a chunk the address that it is sent to; -1 for those that are sent to none."""
    ports = ports_in_force(events)
    if not any(ports):
        return [message[0] & 0x0F if message[0] < 0xF0 else -1 for _, message in events]
    return [
        port << 4 | message[0] & 0x0F if message[0] < 0xF0 else -1
        for port, (_, message) in zip(ports, events, strict=True)
    ]
