"""Changing a file in place, event for event.

Whoever asks for other notes in bars 5 to 8 of one part wants everything else to stay: pedals, bends, lyrics, the other
parts, the odd message of an old synthesiser, each at its tick and in its order. So nothing is rewritten from a score
here. Of the event list exactly the note-ons and note-offs of the notes to go are taken out, and those of the new notes
put in: a new note-off before everything else at its tick, a new note-on after it. `comparing.untouched_difference`
proves afterwards that nothing else changed.

Where a new note would sound over a kept one of the same pitch in the same chunk and channel, the kept one wins: the new
one ends where the kept one begins, or begins where the kept one ends if at least half of it is left, or is dropped. A
note-off that ended nothing before must not end a new note early either: the new note ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from symbolic_embed.score.assembling import Part
from symbolic_embed.score.channels import MELODIC_CHANNELS, nearest_channel
from symbolic_embed.score.events import EventList
from symbolic_embed.score.score import DRUM_CHANNEL, KeySignature, Marker, Notes, Tempo, TimeSignature, Track
from symbolic_embed.score.walking import END_OF_TRACK, Event
from symbolic_embed.score.writing import conductor_event, cut_overlaps, note_events, part_events

PEDALS, PEDAL_DOWN = (64, 66), 64  # sustain and sostenuto; the value from which they are down


def replace_notes(events: EventList, part: Part, *, remove: Sequence[int] | np.ndarray, add: Notes) -> EventList:
    """`events` without some notes of a part (`remove`: indices into `part.track.notes`) and with the notes `add`.

    `part` is one of `events.parts()`. End-of-track moves only if a new note ends after it.
    """
    chunk, channel = part.track.chunk, part.track.channel
    gone = {int(index) for index in (*part.on_events[remove], *part.off_events[remove])}
    kept = [event for index, event in enumerate(events.chunks[chunk]) if index not in gone]
    fitting = fitted(add, events, part, remove=remove)
    return _with_chunk(events, chunk, _inserted(kept, note_events(fitting, channel)))


def fitted(add: Notes, events: EventList, part: Part, *, remove: Sequence[int] | np.ndarray) -> Notes:
    """What of the notes `add` finds room beside the notes of `part` that stay: what `replace_notes` puts in."""
    walls = _walls(part, remove, _stray_offs(events, part))
    whole, durations = cut_overlaps(add.onset_ticks, np.maximum(add.duration_ticks, 1), add.pitch)
    rows = []
    for index in np.flatnonzero(whole):
        onset, pitch = int(add.onset_ticks[index]), int(add.pitch[index])
        room = _room(onset, onset + int(durations[index]), walls.get(pitch, []))
        if room:
            rows.append((room[0], room[1] - room[0], pitch, int(np.clip(add.velocity[index], 1, 127))))
    return Notes.of(*np.array(rows, np.int64).reshape(-1, 4).T)


def append_track(events: EventList, track: Track) -> EventList:
    """`events` and one more chunk at the end, laid out as `writing.py` does, on a channel nobody uses if there is one.
    A file of format 0 becomes one of format 1."""
    channel = DRUM_CHANNEL if track.is_drum else _free_channel(events, track)
    chunk = part_events(track, channel, number=len(events.chunks))
    return replace(events, chunks=(*events.chunks, chunk), format=max(events.format, 1))


def add_conductor(
    events: EventList, said: Iterable[Tempo | TimeSignature | KeySignature | Marker], *, chunk: int = 0
) -> EventList:
    """`events` with more tempi, time signatures, key signatures or markers in the first chunk, each after what stands
    there at its tick, so that it wins. End-of-track moves only where it has to."""
    new = sorted(map(conductor_event, said), key=lambda event: event.tick)
    return _with_chunk(events, chunk, _inserted(events.chunks[chunk], new))


class PedalDown(NamedTuple):
    """A pedal that is down: the chunk that pressed it, its channel, its controller number."""

    chunk: int
    channel: int
    controller: int


def pedals_down(events: EventList, tick: int) -> list[PedalDown]:
    """Every sustain or sostenuto pedal that is still down at `tick`, by channel."""
    last: dict[tuple[int, int], tuple[tuple[int, int, int], bool]] = {}  # of each channel's pedal the last word
    for chunk, of_chunk in enumerate(events.chunks):
        for number, (at, message) in enumerate(of_chunk):
            if message[0] & 0xF0 == 0xB0 and message[1] in PEDALS and at <= tick:
                pedal = (message[0] & 0x0F, message[1])
                word = ((at, chunk, number), message[2] >= PEDAL_DOWN)
                last[pedal] = max(last.get(pedal, word), word)
    return [PedalDown(chunk, *pedal) for pedal, ((_, chunk, _), down) in sorted(last.items()) if down]


def release_pedals(events: EventList, tick: int) -> EventList:
    """`events` with every pedal that is still down at `tick` let up there, in the chunk that pressed it, so that what
    is written after it begins dry."""
    for chunk, channel, controller in pedals_down(events, tick):
        up = Event(tick, bytes([0xB0 | channel, controller, 0]))
        events = _with_chunk(events, chunk, _inserted(events.chunks[chunk], [up]))
    return events


def _with_chunk(events: EventList, chunk: int, changed: tuple[Event, ...]) -> EventList:
    return replace(events, chunks=(*events.chunks[:chunk], changed, *events.chunks[chunk + 1 :]))


def _inserted(kept: Sequence[Event], new: Sequence[Event]) -> tuple[Event, ...]:
    """The events of a chunk with new ones among them: note-offs before, all others after what stands at their tick."""
    *body, end = kept
    rank = [(event.tick, 1, event) for event in body]
    rank += [(event.tick, 0 if event.message[0] & 0xF0 == 0x80 else 2, event) for event in new]
    together = [event for _, _, event in sorted(rank, key=lambda place: place[:2])]
    last = max(end.tick, together[-1].tick if together else 0)
    return (*together, Event(last, END_OF_TRACK))


def _walls(part: Part, removed: Sequence[int], strays: list[tuple[int, int]]) -> dict[int, list[tuple[int, int]]]:
    """For each pitch the stretches (begin, end) that new notes must keep out of, in order. After a note that never ends
    nothing can sound. A stray note-off at tick t is a stretch without length: nothing may sound through it."""
    staying = np.ones(len(part.track.notes), bool)
    staying[removed] = False
    notes = part.track.notes
    ends = np.where(part.off_events < 0, np.iinfo(np.int64).max, notes.offset_ticks)
    walls: dict[int, list[tuple[int, int]]] = {}
    for index in np.flatnonzero(staying):
        walls.setdefault(int(notes.pitch[index]), []).append((int(notes.onset_ticks[index]), int(ends[index])))
    for tick, pitch in strays:
        walls.setdefault(pitch, []).append((tick, tick))
    return {pitch: sorted(stretches) for pitch, stretches in walls.items()}


def _room(onset: int, offset: int, walls: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Where a note from `onset` to `offset` can sound between the walls; None where too little of it is left."""
    length = offset - onset
    for begin, end in walls:
        if begin <= onset < end:
            onset = end
    if onset >= offset or (offset - onset) * 2 < length:
        return None
    return onset, min([begin for begin, _ in walls if begin > onset] + [offset])


def _stray_offs(events: EventList, part: Part) -> list[tuple[int, int]]:
    """Tick and pitch of the note-offs in the part's chunk and channel that end no note."""
    ends = set(part.off_events.tolist())
    channel = part.track.channel
    return [
        (event.tick, event.message[1])
        for index, event in enumerate(events.chunks[part.track.chunk])
        if index not in ends and _is_note_off(event.message, channel)
    ]


def _is_note_off(message: bytes, channel: int) -> bool:
    return message[0] == 0x80 | channel or (message[0] == 0x90 | channel and message[2] == 0)


def _free_channel(events: EventList, track: Track) -> int:
    """The track's own channel if nothing is sent there, else a free one, else the one it shares best."""
    used = {message[0] & 0x0F for chunk in events.chunks for _, message in chunk if message[0] < 0xF0}
    free = [channel for channel in (track.channel, *MELODIC_CHANNELS) if channel not in used]
    if free:
        return free[0]
    return nearest_channel(track.program, [(part.track.channel, part.track) for part in events.parts()])
