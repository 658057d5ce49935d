"""The expression that a note has for itself where an instrument plays on many channels: bend, pressure, timbre.

A note sounds as its channel is bent, pressed and coloured (controller 74) when it begins, and as these change until it
ends. Two event lists say the same of a note where both are the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.ports import addresses_in_force
from symbolic_embed.score.reading.walking import Event

BEND, PRESSURE, TIMBRE = 0xE0, 0xD0, 0xB0
TIMBRE_CONTROLLER = 74
NEUTRAL = {BEND: b"\0\x40", PRESSURE: b"\0", TIMBRE: bytes((TIMBRE_CONTROLLER, 64))}  # the data bytes

Key = tuple[int, int, int, int]  # of a note: onset, end, pitch, velocity
Heard = tuple[list[bytes], list[Event]]  # of a note: what is set when it begins, and what while it lasts


def expression_kind(message: bytes) -> int | None:
    """Which of BEND, PRESSURE and TIMBRE a message sets; None for all others."""
    kind = message[0] & 0xF0
    if kind in (BEND, PRESSURE) or (kind == TIMBRE and message[1] == TIMBRE_CONTROLLER):
        return kind
    return None


def moved_expression(before: EventList, after: EventList, *, chunk: int, address: int) -> Iterator[Event]:
    """The note-ons of those notes of an address in a chunk that are in both lists and sound otherwise in the second."""
    old, new = (_heard(events, chunk, address) for events in (before, after))
    for note in sorted(old.keys() & new.keys()):
        common = sum(heard in old[note] for heard in new[note])
        if common < min(len(old[note]), len(new[note])):
            onset, _, pitch, velocity = note
            yield Event(onset, bytes((0x90 | address & 0x0F, pitch, velocity)))


def _heard(events: EventList, chunk: int, address: int) -> dict[Key, list[Heard]]:
    """How each note sounds; of equal ones in their order."""
    of_chunk, notes = events.chunks[chunk], events.notes()[chunk].get(address)
    if notes is None:
        return {}
    set_at: dict[int, list[tuple[int, Event]]] = {kind: [] for kind in NEUTRAL}
    for index, (sent_to, event) in enumerate(zip(addresses_in_force(of_chunk), of_chunk, strict=True)):
        kind = expression_kind(event.message) if sent_to == address else None
        if kind is not None:
            set_at[kind].append((index, event))
    heard: dict[Key, list[Heard]] = {}
    columns = (notes.onset_ticks, notes.onset_ticks + notes.duration_ticks, notes.pitch, notes.velocity)
    rows = zip(*(column.tolist() for column in (*columns, notes.on_events, notes.off_events)), strict=True)
    for onset, end, pitch, velocity, on, off in rows:
        at_onset, later = [], []
        for kind, settings in set_at.items():
            first = bisect_right(settings, on, key=lambda setting: setting[0])
            last = bisect_right(settings, off, key=lambda setting: setting[0]) if off >= 0 else len(settings)
            at_onset.append(settings[first - 1][1].message[1:] if first else NEUTRAL[kind])
            later += [event for _, event in settings[first:last]]
        heard.setdefault((onset, end, pitch, velocity), []).append((at_onset, later))
    return heard
