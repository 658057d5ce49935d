"""Which value each dial had, and for how many notes.

The file is played through up to a tick. Every note-on of a channel counts for the values that its dials have at that
moment, in the order of `order.in_playing_order`: a programme change that stands behind a note of its own tick is not
the note's. So "how the part sounded for most of its notes" can be read off, and "as it was left" beside it.

A reset (of the channel's controllers, of the whole instrument) sets dials back to where they stood at first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from symbolic_embed.score.events import EventList
from symbolic_embed.score.sounding import device
from symbolic_embed.score.sounding.order import Played, in_playing_order
from symbolic_embed.score.sounding.parameters import (
    BANK_COARSE,
    BANK_FINE,
    BEND,
    CHOOSING,
    CONTROLLER,
    DATA_COARSE,
    DATA_FINE,
    FIRST_MODE,
    MAKERS,
    MAKERS_COARSE,
    MAKERS_FINE,
    MASTER_VOLUME,
    NULL,
    PRESSURE,
    PROGRAM,
    REGISTERED,
    REGISTERED_COARSE,
    RESET_BY_IT,
    RESET_CONTROLLERS,
    Parameter,
    Value,
    power_on,
)

EVERYONE = -1  # the address whose dials are the whole instrument's
MASTER = Parameter(MASTER_VOLUME)

Histories = dict[tuple[int, Parameter], tuple["Held", ...]]


class Held(NamedTuple):
    """A value that a dial had for a while, and how many notes of its channel began meanwhile."""

    value: Value
    notes: int


@dataclass
class _Chosen:
    """Which registered or maker's parameter data entry sets, as the channel was told so far."""

    kind: str = REGISTERED
    coarse: int = NULL[0]
    fine: int = NULL[1]

    def told(self, number: int, level: int) -> None:
        self.kind = MAKERS if number in (MAKERS_COARSE, MAKERS_FINE) else REGISTERED
        if number in (MAKERS_COARSE, REGISTERED_COARSE):
            self.coarse = level
        else:
            self.fine = level

    @property
    def parameter(self) -> Parameter | None:
        nothing = (self.coarse, self.fine) == NULL
        return None if nothing else Parameter(self.kind, self.coarse << 7 | self.fine)


@dataclass
class _Player:
    """What a sequencer's instrument knows while it plays."""

    notes: Counter[int] = field(default_factory=Counter)
    held: dict[tuple[int, Parameter], list[Held]] = field(default_factory=lambda: defaultdict(list))
    now: dict[tuple[int, Parameter], tuple[Value, int]] = field(default_factory=dict)  # and the notes until then
    chosen: dict[int, _Chosen] = field(default_factory=lambda: defaultdict(_Chosen))
    bank: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)

    def turn(self, address: int, parameter: Parameter, value: Value) -> None:
        """A dial is set."""
        key, sounded = (address, parameter), self.notes[address]
        before, since = self.now.get(key, (power_on(parameter), 0))
        if before == value and key in self.now:
            return
        if sounded > since or self.held[key]:  # what was set before the first note counts for none
            self.held[key].append(Held(before, sounded - since))
        self.now[key] = (value, sounded)

    def set_back(self, address: int | None) -> None:
        """The dials that a reset of a channel's controllers turns; with None, all dials of all channels."""
        if address is None:
            self.bank.clear()
            self.chosen.clear()
        for key in list(self.now):
            if address is None or (key[0] == address and _is_reset(key[1])):
                self.turn(*key, power_on(key[1]))

    def play(self, event: Played) -> None:
        message, kind = event.message, event.message[0] & 0xF0
        if kind == 0x90 and message[2]:
            self.notes[event.address] += 1
            self.notes[EVERYONE] += 1
        elif kind == 0xB0:
            self._control(event.address, message[1], message[2])
        elif kind == 0xC0:
            self.turn(event.address, Parameter(PROGRAM), (*self.bank.get(event.address, (None, None)), message[1]))
        elif kind == 0xD0:
            self.turn(event.address, Parameter(PRESSURE), message[1])
        elif kind == 0xE0:
            self.turn(event.address, Parameter(BEND), message[1] | message[2] << 7)
        elif message[0] == 0xF0:
            self._exclusive(message)

    def _control(self, address: int, number: int, level: int) -> None:
        if number in (BANK_COARSE, BANK_FINE):
            coarse, fine = self.bank.get(address, (None, None))
            self.bank[address] = (level, fine) if number == BANK_COARSE else (coarse, level)
        elif number in CHOOSING:
            self.chosen[address].told(number, level)
        elif number in (DATA_COARSE, DATA_FINE):
            self._enter(address, number, level)
        elif number == RESET_CONTROLLERS:
            self.set_back(address)
        elif number < FIRST_MODE:
            self.turn(address, Parameter(CONTROLLER, number), level)

    def _enter(self, address: int, number: int, level: int) -> None:
        parameter = self.chosen[address].parameter
        if parameter is not None:
            before = self.now.get((address, parameter), (power_on(parameter), 0))[0]
            coarse, fine = before if isinstance(before, tuple) else (0, 0)
            self.turn(address, parameter, (level, fine) if number == DATA_COARSE else (coarse, level))

    def _exclusive(self, message: bytes) -> None:
        if device.resets_all(message):
            self.set_back(None)
        elif device.master_volume(message) is not None:
            self.turn(EVERYONE, MASTER, message)


def histories(events: EventList, *, until: int, also: Collection[int] = ()) -> Histories:
    """What each dial that was ever touched before tick `until` held, in order; the last is how it was left there.

    Dials of channels without notes before that tick are left out, but for the addresses `also`. The master volume is a
    dial of EVERYONE, its value the message that set it, None before the first.
    """
    player = _Player()
    for event in in_playing_order(events):
        if event.tick >= until:
            break
        if _is_whole(event.message):
            player.play(event)
    found = {}
    for key, (value, since) in player.now.items():
        sounded = player.notes[key[0]]
        if sounded or key[0] in also:
            found[key] = (*player.held.get(key, ()), Held(value, sounded - since))
    return found


def _is_reset(parameter: Parameter) -> bool:
    controls = parameter.kind == CONTROLLER and parameter.number in RESET_BY_IT
    return controls or parameter.kind in (BEND, PRESSURE)


def _is_whole(message: bytes) -> bool:
    """Channel messages whose data bytes are legal, and system exclusive ones."""
    return message[0] == 0xF0 or (message[0] < 0xF0 and max(message[1:]) < 0x80)
