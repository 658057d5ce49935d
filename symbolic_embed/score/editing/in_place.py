"""Changing a file in place, event for event.

Whoever asks for other notes in bars 5 to 8 of one part wants everything else to stay: pedals, bends, lyrics, the other
parts, the odd message of an old synthesiser, each at its tick and in its order. So nothing is rewritten from a score
here. Of the event list exactly the note-ons and note-offs of the notes to go are taken out, and those of the new notes
put in: a new note-off before everything else at its tick, a new note-on after it. `comparing.untouched_difference`
proves afterwards that nothing else changed. A chunk that plays on several ports names them anew around what is put in.

Where a new note would sound over a kept one of the same pitch on the same channel, the kept one wins: the new one ends
where the kept one begins, or begins where the kept one ends if at least half of it is left, or is dropped. A note-off
that ended nothing before must not end a new note early either: the new note ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.chunk import is_note_off
from symbolic_embed.score.editing.members import allotted
from symbolic_embed.score.editing.new_channels import free_place, kit_place
from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.parts import Part
from symbolic_embed.score.reading.ports import PORT, port_event, ports_in_force
from symbolic_embed.score.reading.walking import END_OF_TRACK, Event
from symbolic_embed.score.score import Conducted, Notes, Track
from symbolic_embed.score.writing.layout import conductor_event, cut_overlaps, note_events, part_events

META = 0xFF  # the status of what is not sent anywhere
EVER = np.iinfo(np.int64).max  # a note that never ends leaves no room after it


def replace_notes(events: EventList, part: Part, *, remove: Sequence[int] | NDArray[np.int64], add: Notes) -> EventList:
    """`events` without some notes of a part (`remove`: indices into `part.track.notes`) and with the notes `add`.

    `part` is one of `events.parts()`. On which of its channels new notes go is said in `members.py`. End-of-track moves
    only if a new note ends after it.
    """
    return with_fitted(events, part, remove=remove, fitting=fitted(add, events, part, remove=remove))


def with_fitted(
    events: EventList, part: Part, *, remove: Sequence[int] | NDArray[np.int64], fitting: Notes
) -> EventList:
    """As `replace_notes`, with notes that have been `fitted`."""
    chunk, port = part.track.chunk, part.track.port
    if part.track.members:
        remove, fitting = _without_the_same(part.track.notes, np.asarray(remove, np.int64), fitting)
    removed = {int(index) for index in (*part.on_events[remove], *part.off_events[remove])}
    kept = [event for index, event in enumerate(events.chunks[chunk]) if index not in removed]
    if not part.track.members:
        return _with_chunk(events, chunk, _inserted(kept, note_events(fitting, part.track.channel), port=port))
    staying = np.setdiff1d(np.arange(len(part.track.notes)), remove)
    new = allotted(events, part, staying=staying, add=fitting)
    return _with_chunk(events, chunk, _inserted(kept, new.last, port=port, first=new.first))


def _without_the_same(notes: Notes, remove: NDArray[np.int64], add: Notes) -> tuple[NDArray[np.int64], Notes]:
    """What goes and what comes without what would come as it went: such a note stays, with the expression it has."""
    going = {tuple(row): index for index, row in zip(remove.tolist(), notes.rows()[remove].tolist(), strict=True)}
    coming = [tuple(row) for row in add.rows().tolist()]
    stays = {going[row] for row in coming if row in going}
    comes = np.array([row not in going for row in coming], bool)
    return np.array([index for index in remove.tolist() if index not in stays], np.int64), add.where(comes)


def fitted(
    add: Notes,
    events: EventList,
    part: Part,
    *,
    remove: Sequence[int] | NDArray[np.int64],
    beside: Sequence[Notes] = (),
) -> Notes:
    """What of the notes `add` finds room beside the notes of `part` that stay: what `replace_notes` puts in. `beside`
    are notes that sound on the same channel and port in other chunks, to be kept clear of as well."""
    staying = np.ones(len(part.track.notes), bool)
    staying[remove] = False
    ends = np.where(part.off_events < 0, EVER, part.track.notes.offset_ticks)
    own = np.stack([part.track.notes.pitch, part.track.notes.onset_ticks, ends], axis=1)[staying]
    taken = map(_stretches, [part.track.keyswitches, *beside])
    return _clear_of(add, np.concatenate([own, stray_offs(events, part), *taken]))


def append_track(events: EventList, track: Track) -> EventList:
    """`events` and one more chunk at the end, laid out as `writing.layout` does, on a channel nobody uses if there is
    one, of the lowest port that has one; else its notes keep clear of those there. Drums get the tenth channel; where a
    tune plays there, another one is made a kit. The chunk names its port where the file names ports. A file of format 0
    becomes one of format 1."""
    place, setup = kit_place(events) if track.is_drum else (free_place(events, track), ())
    port, channel = divmod(place, 16)
    there = [_stretches(part.track.notes) for part in events.parts() if place in part.track.addresses]
    if there:
        track = replace(track, notes=_clear_of(track.notes, np.concatenate(there)))
    *own, end = part_events(track, channel, number=len(events.chunks))
    chunk = (*sorted([*setup, *own], key=lambda event: event.tick), end)
    if port or any(message[:2] == bytes((0xFF, PORT)) for of_chunk in events.chunks for _, message in of_chunk):
        chunk = (port_event(0, port), *chunk)
    return replace(events, chunks=(*events.chunks, chunk), format=max(events.format, 1))


def add_conductor(events: EventList, values: Iterable[Conducted], *, chunk: int = 0) -> EventList:
    """`events` with more tempi, time signatures, key signatures or markers in the first chunk, each after what stands
    there at its tick, so that it wins. End-of-track moves only where it has to."""
    return add_events(events, sorted(map(conductor_event, values), key=lambda event: event.tick), chunk=chunk)


def add_events(events: EventList, new: Sequence[Event], *, chunk: int, port: int = 0) -> EventList:
    """`events` with more in a chunk, on `port`: note-offs before, all others after what stands there at their tick.
    End-of-track moves only where it has to."""
    return _with_chunk(events, chunk, _inserted(events.chunks[chunk], new, port=port))


def move_events(events: EventList, moved: Mapping[int, Event], *, chunk: int) -> EventList:
    """`events` with some of a chunk (by index) at another tick or with other bytes: note-offs before, all others after
    what stands at the tick they come to; one that stays at its tick stays in its place. Each keeps its port.
    End-of-track moves only where it has to."""
    *body, end = events.chunks[chunk]
    ports = events.chunk(chunk).ports
    rank = []
    for index, (event, port) in enumerate(zip(body, ports, strict=False)):
        new = moved.get(index, event)
        rank.append((new.tick, 1 if new.tick == event.tick else _rank(new), new, port))
    return _with_chunk(events, chunk, _in_order(rank, end, names_ports=len(set(ports)) > 1))


def _with_chunk(events: EventList, chunk: int, changed: tuple[Event, ...]) -> EventList:
    return replace(events, chunks=(*events.chunks[:chunk], changed, *events.chunks[chunk + 1 :]))


def _inserted(
    kept: Sequence[Event], new: Sequence[Event], *, port: int, first: Sequence[Event] = ()
) -> tuple[Event, ...]:
    """The events of a chunk with new ones, on `port`, among them: note-offs, and those to stand `first`, before, all
    others after what stands at their tick."""
    *body, end = kept
    ports = ports_in_force(kept)
    rank = [(event.tick, 1, event, of_event) for event, of_event in zip(body, ports, strict=False)]
    rank += [(event.tick, _rank(event), event, port) for event in new]
    rank += [(event.tick, 0, event, port) for event in first]
    return _in_order(rank, end, names_ports=any(of_event != port for of_event in ports))


def _rank(new: Event) -> int:
    """Where a new event stands among those of its tick: a note-off before, any other behind those that are there."""
    return 0 if is_note_off(new.message) else 2


def _in_order(ranked: list[tuple[int, int, Event, int]], end: Event, *, names_ports: bool) -> tuple[Event, ...]:
    """A chunk of events by tick and rank, each with the port it is for, and its end-of-track."""
    ranked.sort(key=lambda one: one[:2])
    together = [event for _, _, event, _ in ranked]
    if names_ports:
        together = _with_ports([(event, port) for _, _, event, port in ranked])
    last = max(end.tick, together[-1].tick if together else 0)
    return (*together, Event(last, END_OF_TRACK))


def _clear_of(add: Notes, walls: NDArray[np.int64]) -> Notes:
    """What of the notes `add` finds room between stretches (pitch, begin, end) in which their pitch is taken, int64
    (n, 3). A stretch without length is only not sounded through."""
    whole, durations = cut_overlaps(add.onset_ticks, np.maximum(add.duration_ticks, 1), add.pitch)
    of_pitch = {int(pitch): walls[walls[:, 0] == pitch, 1:] for pitch in np.unique(add.pitch)}
    velocity = np.clip(add.velocity, 1, 127).tolist()
    rows = []
    for index in np.flatnonzero(whole).tolist():
        onset, pitch = int(add.onset_ticks[index]), int(add.pitch[index])
        room = _room(onset, onset + int(durations[index]), of_pitch[pitch])
        if room:
            rows.append((room[0], room[1] - room[0], pitch, velocity[index]))
    return Notes.of(*np.array(rows, np.int64).reshape(-1, 4).T)


def _stretches(notes: Notes) -> NDArray[np.int64]:
    """Where each pitch sounds: pitch, begin, end, int64 (notes, 3)."""
    return np.stack([notes.pitch, notes.onset_ticks, notes.offset_ticks], axis=1).astype(np.int64)


def _room(onset: int, offset: int, walls: NDArray[np.int64]) -> tuple[int, int] | None:
    """Where a note from `onset` to `offset` can sound between walls (begin, end); None where too little is left."""
    length = offset - onset
    begin, end = walls.T
    while (around := (begin <= onset) & (onset < end)).any():
        onset = int(end[around].max())
    if onset >= offset or (offset - onset) * 2 < length:
        return None
    return onset, int(begin[begin > onset].min(initial=offset))


def stray_offs(events: EventList, part: Part) -> NDArray[np.int64]:
    """The note-offs in the part's chunk, port and channels that end no note, as stretches without length: pitch, tick,
    tick, int64 (n, 3). Nothing may sound through them."""
    offs = events.chunk(part.track.chunk).note_offs
    strays = np.isin(offs.address, part.track.addresses) & ~np.isin(offs.event, part.off_events)
    return np.stack([offs.pitch, offs.tick, offs.tick], axis=1)[strays]


def _with_ports(sent: Sequence[tuple[Event, int]]) -> list[Event]:
    """Events, each with the port it is for, with a port named where another than the one in force is needed."""
    named: list[Event] = []
    in_force = None
    for event, port in sent:
        is_sent = event.message[0] != META
        if is_sent and port != in_force:
            named.append(port_event(event.tick, port))
        if is_sent or event.message[:2] == bytes((0xFF, PORT)):
            in_force = port
        named.append(event)
    return named
