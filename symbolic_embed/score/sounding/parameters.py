"""What a channel can be told besides notes.

A parameter is one dial of a channel: a controller, the bend, the channel pressure, the programme with its bank, a
registered parameter (RPN: bend range, tuning) or one of the maker's own (NRPN). Bank select (controllers 0 and 32) does
nothing until the next programme change, so bank and programme are one value, (coarse, fine, programme); a bank that was
never sent is None in it. A registered parameter is chosen by controllers 101 and 100, its own by 99 and 98, and set by
data entry (6 and 38): its value is (coarse, fine).

Before anything is sent a dial stands where General MIDI level 2 and recommended practice RP-015 say ("power on"), the
value that FluidSynth takes as well. Of a parameter without such a value nobody can say where it stands: None.

Source: MIDI 1.0 Detailed Specification, tables III and IIIa; RP-015, Response to Reset All Controllers.
"""

from __future__ import annotations

from typing import NamedTuple

Value = int | tuple[int | None, ...] | bytes | None

CONTROLLER, BEND, PRESSURE, PROGRAM, REGISTERED, MAKERS, MASTER_VOLUME = (
    "controller",
    "bend",
    "pressure",
    "programme",
    "registered parameter",
    "maker's parameter",
    "master volume",
)
MODULATION, VOLUME, BALANCE, PAN, EXPRESSION, SUSTAIN, SOSTENUTO, TIMBRE = 1, 7, 8, 10, 11, 64, 66, 74
BANK_COARSE, BANK_FINE, DATA_COARSE, DATA_FINE, INCREMENT, DECREMENT = 0, 32, 6, 38, 96, 97
MAKERS_FINE, MAKERS_COARSE, REGISTERED_FINE, REGISTERED_COARSE = 98, 99, 100, 101
CHOOSING = (MAKERS_FINE, MAKERS_COARSE, REGISTERED_FINE, REGISTERED_COARSE)
FIRST_MODE = 120  # all sound off, reset all controllers, ... all notes off: messages to the channel, no dials
RESET_CONTROLLERS = 121
RESET_BY_IT = (MODULATION, 2, EXPRESSION, 64, 65, 66, 67, 68, 69)  # RP-015; volume, pan, bank and effects stay
CENTRE = 8192  # of the bend
NULL = (127, 127)  # "none" as registered parameter: data entry then sets nothing
BEND_RANGE = 0

POWER_ON = {VOLUME: 100, BALANCE: 64, PAN: 64, EXPRESSION: 127, 91: 40} | dict.fromkeys(range(70, 80), 64)
REGISTERED_POWER_ON = {BEND_RANGE: (2, 0), 1: (64, 0), 2: (64, 0), 5: (0, 64)}

NAMES = {
    1: "modulation",
    2: "breath",
    4: "foot",
    5: "portamento time",
    7: "volume",
    8: "balance",
    10: "pan",
    11: "expression",
    64: "sustain",
    65: "portamento",
    66: "sostenuto",
    67: "soft pedal",
    68: "legato",
    69: "hold",
    91: "reverb",
    93: "chorus",
}
REGISTERED_NAMES = {0: "bend range", 1: "fine tuning", 2: "coarse tuning", 5: "modulation depth"}


class Parameter(NamedTuple):
    """One dial: its kind and, of controllers, RPN and NRPN (coarse * 128 + fine), its number."""

    kind: str
    number: int = 0

    def __str__(self) -> str:
        if self.kind == CONTROLLER:
            return NAMES.get(self.number, f"controller {self.number}")
        if self.kind == REGISTERED and self.number in REGISTERED_NAMES:
            return REGISTERED_NAMES[self.number]
        return f"{self.kind} {self.number}" if self.kind in (REGISTERED, MAKERS) else self.kind


def is_of_one_note(parameter: Parameter) -> bool:
    """Whether the dial is one that an MPE instrument turns for each note: bend, pressure, timbre (controller 74)."""
    return parameter.kind in (BEND, PRESSURE) or parameter == Parameter(CONTROLLER, TIMBRE)


def power_on(parameter: Parameter) -> Value:
    """Where a dial stands before anything is sent; None where nobody can say."""
    if parameter.kind == CONTROLLER:
        return POWER_ON.get(parameter.number, 0)
    if parameter.kind == REGISTERED:
        return REGISTERED_POWER_ON.get(parameter.number)
    if parameter.kind == PROGRAM:
        return (None, None, 0)
    return {BEND: CENTRE, PRESSURE: 0}.get(parameter.kind)


def setting_messages(parameter: Parameter, value: Value, *, channel: int) -> list[bytes]:
    """The messages that set a dial of a channel, in their order; none for what cannot be set (None).

    After an RPN or NRPN none is chosen, so that a stray data entry does no harm.
    """
    control = 0xB0 | channel
    match parameter.kind, value:
        case "controller", int(level):
            return [bytes((control, parameter.number, level))]
        case "bend", int(level):
            return [bytes((0xE0 | channel, level & 0x7F, level >> 7))]
        case "pressure", int(level):
            return [bytes((0xD0 | channel, level))]
        case "programme", (coarse, fine, int(program)):
            bank = [(BANK_COARSE, coarse), (BANK_FINE, fine)]
            sent = [bytes((control, number, level)) for number, level in bank if level is not None]
            return [*sent, bytes((0xC0 | channel, program))]
        case (("registered parameter" | "maker's parameter"), (int(coarse), int(fine))):
            makers = parameter.kind == MAKERS
            first, second = (MAKERS_COARSE, MAKERS_FINE) if makers else (REGISTERED_COARSE, REGISTERED_FINE)
            moves = [(first, parameter.number >> 7), (second, parameter.number & 0x7F)]
            moves += [(DATA_COARSE, coarse), (DATA_FINE, fine)]
            moves += [(REGISTERED_COARSE, NULL[0]), (REGISTERED_FINE, NULL[1])]
            return [bytes((control, number, level)) for number, level in moves]
    return []


def value_in_words(parameter: Parameter, value: Value) -> int | float | str | list[int | None] | None:
    """How a value reads in a record: the bend from -8192, the bend range in semitones, the programme alone where no
    bank was sent."""
    if parameter.kind == BEND and isinstance(value, int):
        return value - CENTRE
    if parameter == Parameter(REGISTERED, BEND_RANGE) and isinstance(value, tuple) and len(value) == 2:
        semitones, cents = (level or 0 for level in value)
        return semitones if not cents else round(semitones + cents / 100, 2)
    if parameter.kind == PROGRAM and isinstance(value, tuple) and value[:2] == (None, None):
        return value[2]
    if isinstance(value, tuple):
        return list(value)
    return value.hex(" ") if isinstance(value, bytes) else value
