"""Checks of what is sent beside notes: programmes and banks, pedals, bends, and messages there twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from symbolic_embed.score.checks.finding import FAULT, REMARK, Examined, Finding, Position
from symbolic_embed.score.reading.conductor import CONDUCTOR_TYPES
from symbolic_embed.score.reading.ports import addresses_in_force, channel_in_words

BANK_COARSE, BANK_FINE = 0, 32
PEDALS = {64: "sustain pedal", 66: "sostenuto pedal", 69: "second hold pedal"}
RESET_ALL = 121  # brings up pedals and centres the bend, says the standard (RP-015)
DOWN = 64
CENTRE = (0, 64)  # the data bytes of no bend


class Sent(NamedTuple):
    """A channel message: when, from which chunk, what."""

    tick: int
    chunk: int
    message: bytes


def control_findings(file: Examined) -> Iterator[Finding]:
    """All findings about messages that are not notes."""
    for channel, sent in _streams(file).items():
        yield from _left_behind(file, channel, sent)
        yield from _banks(file, channel, sent)
        yield from _programmes(file, channel, sent)
    yield from _doubled(file)


def _streams(file: Examined) -> dict[int, list[Sent]]:
    """What all chunks together send on each channel, in time, without notes; channels with notes come with nothing
    sent as well."""
    streams: dict[int, list[Sent]] = {channel: [] for _, channel, _ in file.notes}
    for chunk, events in enumerate(file.events.chunks):
        for channel, (tick, message) in zip(addresses_in_force(events), events, strict=True):
            if 0xA0 <= message[0] < 0xF0:
                streams.setdefault(channel, []).append(Sent(tick, chunk, message))
    return {channel: sorted(sent, key=lambda event: event.tick) for channel, sent in sorted(streams.items())}


def _left_behind(file: Examined, channel: int, sent: list[Sent]) -> Iterator[Finding]:
    """Pedals left down and a bend left off centre: what is played after it on the channel sounds on, or out of tune."""
    down: dict[int, Sent] = {}
    bent: Sent | None = None
    for event in sent:
        kind, data = event.message[0] & 0xF0, event.message[1:]
        if kind == 0xB0 and data[0] in PEDALS:
            down.pop(data[0], None)
            if data[1] >= DOWN:
                down[data[0]] = event
        elif kind == 0xB0 and data[0] == RESET_ALL:
            down, bent = {}, None
        elif kind == 0xE0:
            bent = event if tuple(data) != CENTRE else None
    for pedal, event in down.items():
        text = f"the {PEDALS[pedal]} goes down on {channel_in_words(channel)} and never comes up"
        way_out = f"notes sound on after the end: send controller {pedal} with 0"
        yield file.finding(FAULT, "pedal-down", text, way_out, Position(event.tick, event.chunk, channel))
    if bent:
        text = f"the last pitch bend of {channel_in_words(channel)} is not the centre"
        way_out = "what is played next is out of tune: bend back to 0"
        yield file.finding(FAULT, "bend-left", text, way_out, Position(bent.tick, bent.chunk, channel))


def _banks(file: Examined, channel: int, sent: list[Sent]) -> Iterator[Finding]:
    """Banks that no programme change follows, which do nothing, and banks beyond General MIDI."""
    waiting: Sent | None = None
    for event in sent:
        kind, data = event.message[0] & 0xF0, event.message[1:]
        if kind == 0xB0 and data[0] in (BANK_COARSE, BANK_FINE):
            waiting = event
            if data[1]:
                position = Position(event.tick, event.chunk, channel)
                text = f"bank {'' if data[0] == BANK_COARSE else 'fine '}{data[1]}, which General MIDI does not have"
                yield file.finding(REMARK, "bank", text, "another synthesiser may play something else", position)
        elif kind == 0xC0:
            waiting = None
    if waiting:
        text = f"a bank is chosen on {channel_in_words(channel)}, and no programme after it"
        position = Position(waiting.tick, waiting.chunk, channel)
        yield file.finding(
            FAULT, "bank-alone", text, "a bank counts from the next programme change: send one", position
        )


def _programmes(file: Examined, channel: int, sent: list[Sent]) -> Iterator[Finding]:
    """Parts that begin to play before any programme was chosen, and programmes that do not exist."""
    changes = [event for event in sent if event.message[0] & 0xF0 == 0xC0]
    for event in changes:
        if event.message[1] > 127:
            position = Position(event.tick, event.chunk, channel)
            text = f"programme {event.message[1]}, where 0 to 127 are possible"
            yield file.finding(FAULT, "programme-range", text, "choose another", position)
    first = min((event.tick for event in changes), default=None)
    for chunk, used, notes in file.notes:
        tick = int(notes.onset_ticks.min())
        if (
            used == channel
            and not file.score.tracks[file.numbers[chunk, used]].is_drum
            and (first is None or first > tick)
        ):
            text = "plays before a programme is chosen" if changes else "no programme is chosen"
            way_out = "it sounds like whatever was loaded before: choose one at the beginning"
            yield file.finding(REMARK, "no-programme", text, way_out, Position(tick, chunk, channel))


def _doubled(file: Examined) -> Iterator[Finding]:
    """The same message twice at one tick of a chunk."""
    for chunk, events in enumerate(file.events.chunks):
        seen: set[tuple[int, bytes]] = set()
        now = -1
        for address, (tick, message) in zip(addresses_in_force(events), events, strict=True):
            if tick != now:
                seen, now = set(), tick
            status = message[0]
            if 0xA0 <= status < 0xF0 or (status == 0xFF and message[1] in CONDUCTOR_TYPES):
                if (address, message) in seen:
                    text = f"the message {message[:12].hex(' ')} is there twice at one tick"
                    position = Position(tick, chunk, address if address >= 0 else None)
                    yield file.finding(REMARK, "doubled-event", text, "delete one", position)
                seen.add((address, message))
