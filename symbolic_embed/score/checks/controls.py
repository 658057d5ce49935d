"""Checks of what is sent beside notes: programmes and banks, pedals, bends, and messages there twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from symbolic_embed.score.checks.finding import FAULT, REMARK, Examined, Finding, Position
from symbolic_embed.score.lines import Sent
from symbolic_embed.score.reading.conductor import CONDUCTOR_TYPES
from symbolic_embed.score.reading.ports import addresses_in_force, channel_in_words

BANK_COARSE, BANK_FINE = 0, 32
PEDALS = {64: "sustain pedal", 66: "sostenuto pedal", 69: "second hold pedal"}
FIRST_MODE = 120  # from here on controllers change many others
PARAMETERS = {6, 38, *range(96, 102)}  # numbers of parameters, their data: meant anew each time
RESET_ALL = 121  # brings up pedals and centres the bend, says the standard (RP-015)
DOWN = 64
CENTRE = (0, 64)  # the data bytes of no bend


def control_findings(file: Examined) -> Iterator[Finding]:
    """All findings about messages that are not notes."""
    for channel, sent in file.sent.items():
        yield from _left_behind(file, channel, sent)
        yield from _banks(file, channel, sent)
        yield from _programmes(file, channel, sent)
    yield from _doubled(file)


def _left_behind(file: Examined, channel: int, sent: Sequence[Sent]) -> Iterator[Finding]:
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
    if bent and channel not in file.managers and not _is_tuning(file, channel, sent, bent):
        text = f"the last pitch bend of {channel_in_words(channel)} is not the centre"
        way_out = "what is played next is out of tune: bend back to 0 behind the last note"
        yield file.finding(FAULT, "bend-left", text, way_out, Position(bent.tick, bent.chunk, channel))


def _is_tuning(file: Examined, channel: int, sent: Sequence[Sent], bent: Sent) -> bool:
    """Whether most notes of a channel have the bend that is left: it is how the part is tuned."""
    if not len(file.onsets_on(channel)):
        return False
    bends = [event for event in sent if event.message[0] & 0xF0 == 0xE0]
    counts = np.searchsorted([event.tick for event in bends], file.onsets_on(channel), side="right")
    alike = [count > 0 and bends[count - 1].message == bent.message for count in counts.tolist()]
    return bool(np.mean(alike) > 1 / 2)


def _banks(file: Examined, channel: int, sent: Sequence[Sent]) -> Iterator[Finding]:
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
        level = FAULT if waiting.message[2] else REMARK
        way_out = "a bank counts from the next programme change: send one behind it"
        yield file.finding(level, "bank-alone", text, way_out, position)


def _programmes(file: Examined, channel: int, sent: Sequence[Sent]) -> Iterator[Finding]:
    """Parts that begin to play before any programme was chosen, and programmes that do not exist."""
    changes = [event for event in sent if event.message[0] & 0xF0 == 0xC0]
    for event in changes:
        if event.message[1] > 127:
            position = Position(event.tick, event.chunk, channel)
            text = f"programme {event.message[1]}, where 0 to 127 are possible"
            yield file.finding(FAULT, "programme-range", text, "choose another", position)
    managing = file.sent.get(file.managers.get(channel, channel), ())
    choosing = [event for event in (*changes, *managing) if event.message[0] & 0xF0 == 0xC0]
    first = min((event.tick for event in choosing), default=None)
    for chunk, used, notes in file.notes:
        tick = int(notes.onset_ticks.min())
        is_drum = file.score.tracks[file.numbers[chunk, used]].is_drum
        if used == channel and not is_drum and (first is None or first > tick):
            text = "plays before a programme is chosen" if choosing else "no programme is chosen"
            way_out = "it sounds like whatever was loaded before: choose one at the beginning"
            yield file.finding(REMARK, "no-programme", text, way_out, Position(tick, chunk, channel))


def _doubled(file: Examined) -> Iterator[Finding]:
    """The same message twice at one tick of a chunk, and nothing between that makes both count."""
    for chunk, events in enumerate(file.events.chunks):
        last: dict[tuple[int, bytes], bytes] = {}  # by the address and what a message sets there
        now = -1
        for address, (tick, message) in zip(addresses_in_force(events), events, strict=True):
            if tick != now:
                last, now = {}, tick
            if not (address >= 0 and message[0] >= 0xA0) and not (message[0] == 0xFF and message[1] in CONDUCTOR_TYPES):
                continue
            setting = address, _setting(message)
            if last.get(setting) == message and not _counts_each_time(message):
                text = f"the message {message[:12].hex(' ')} is there twice at one tick"
                position = Position(tick, chunk, address if address >= 0 else None)
                yield file.finding(REMARK, "doubled-event", text, "delete one", position)
            if message[0] & 0xF0 == 0xB0 and (message[1] in (BANK_COARSE, BANK_FINE) or message[1] >= FIRST_MODE):
                last = {key: value for key, value in last.items() if key[0] != address}
            last[setting] = message


def _setting(message: bytes) -> bytes:
    """What a message sets: one controller, one key's pressure, the programme, the bend, the tempo."""
    return message[:1] if message[0] & 0xF0 in (0xC0, 0xD0, 0xE0) else message[:2]


def _counts_each_time(message: bytes) -> bool:
    """Whether a controller's meaning hangs on those before it: parameter numbers and their data."""
    return message[0] & 0xF0 == 0xB0 and message[1] in PARAMETERS
