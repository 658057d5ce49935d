"""From a score of our own to events that every DAW reads.

Format 1. The first chunk conducts and has no notes: tempo, metre, key, markers; the first tempo and metre stand at tick
0, no tempo comes after the last note. Then one chunk a part, one channel a part (`channels.py`): name in ASCII,
programme, notes. Each note-on has its note-off; on one channel no pitch sounds twice at once (the earlier note is cut
where the later begins; of two that begin together the longer one stays); at a tick, offs come before ons. Every chunk
ends with end-of-track where the piece ends, a rest at its end included.

This is for music that we make. A file that a user gave keeps its own layout: see `editing.in_place`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.files.names import ascii_name
from symbolic_embed.score.events import EventList, quantity
from symbolic_embed.score.reading.conductor import KEY_SIGNATURE, MARKER, TEMPO, TIME_SIGNATURE
from symbolic_embed.score.reading.ports import port_event
from symbolic_embed.score.reading.timebase import TEMPO_120
from symbolic_embed.score.reading.walking import END_OF_TRACK, TRACK_NAME, Event
from symbolic_embed.score.score import Conducted, KeySignature, Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.writing.channels import assigned_channels

RELEASE_VELOCITY = 64  # what the standard tells instruments to send that do not measure it


def score_to_events(score: Score, *, addresses: Sequence[int] | None = None) -> EventList:
    """The events of `score`, laid out as the head of this module says. Ticks and division stay as they are. `addresses`
    says where each part plays, on which port and channel; None: on one port, as `channels.py` has it.

    Velocities are brought to 1 to 127 and lengths to at least one tick. Raises ValueError for a pitch above 127 or an
    onset before tick 0: whoever made the score has a fault.
    """
    for track in score.tracks:
        _check(track)
    addresses = assigned_channels(score.tracks) if addresses is None else addresses
    sounding = _without_overlaps([_struck(track) for track in score.tracks], addresses)
    end = max((int(notes.offset_ticks.max()) for notes in sounding if len(notes)), default=0)
    end = max(end, score.length_ticks or 0)
    chunks = [_conductor_chunk(score, end)]
    for track, address, notes in zip(score.tracks, addresses, sounding, strict=True):
        chunks.append(_part(replace(track, notes=notes), address, number=len(chunks), end=end))
    return EventList(score.division, tuple(chunks), format=1, source=score.source)


def part_events(track: Track, channel: int, *, number: int) -> tuple[Event, ...]:
    """One part as a chunk of its own, on `channel`. `number` stands in for a name that has no ASCII letters."""
    _check(track)
    (notes,) = _without_overlaps([_struck(track)], [channel])
    end = int(notes.offset_ticks.max()) if len(notes) else 0
    return _part(replace(track, notes=notes), channel, number=number, end=end)


def note_events(notes: Notes, channel: int) -> list[Event]:
    """Note-ons and note-offs of legal notes, by tick; at one tick, offs come first."""
    on, off = 0x90 | channel, 0x80 | channel
    columns = (column.tolist() for column in (notes.onset_ticks, notes.offset_ticks, notes.pitch, notes.velocity))
    events = []
    for onset, offset, pitch, velocity in zip(*columns, strict=True):
        events.append(Event(offset, bytes((off, pitch, RELEASE_VELOCITY))))
        events.append(Event(onset, bytes((on, pitch, velocity))))
    return sorted(events, key=lambda event: (event.tick, event.message[0]))


def conductor_event(value: Conducted) -> Event:
    """The meta event that says it: the inverse of what `conductor.py` reads."""
    if isinstance(value, Tempo):
        return meta_event(value.tick, TEMPO, value.microseconds.to_bytes(3, "big"))
    if isinstance(value, TimeSignature):
        power = value.denominator.bit_length() - 1
        return meta_event(value.tick, TIME_SIGNATURE, bytes((value.numerator, power, _clocks_a_beat(value), 8)))
    if isinstance(value, KeySignature):
        return meta_event(value.tick, KEY_SIGNATURE, bytes((value.sharps & 0xFF, value.minor)))
    return meta_event(value.tick, MARKER, ascii_name(value.text).encode("ascii"))


def meta_event(tick: int, kind: int, data: bytes) -> Event:
    """A meta event of any type."""
    return Event(tick, bytes((0xFF, kind)) + quantity(len(data)) + data)


def cut_overlaps(
    onset_ticks: NDArray[np.int64], duration_ticks: NDArray[np.int64], pitch: NDArray[np.uint8]
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which notes of one channel stay (a mask, (n,)), and for how many ticks (int64, (n,)), so that no pitch sounds
    twice at once: an earlier note ends where the next of its pitch begins, of two at one tick the longer one stays."""
    order = np.lexsort((-duration_ticks, onset_ticks, pitch))
    onsets, pitches = onset_ticks[order], pitch[order]
    first = np.ones(len(order), bool)
    first[1:] = (onsets[1:] != onsets[:-1]) | (pitches[1:] != pitches[:-1])
    stay = order[first]
    durations = duration_ticks.copy()
    room = np.where(pitch[stay][1:] == pitch[stay][:-1], np.diff(onset_ticks[stay]), np.iinfo(np.int64).max)
    durations[stay[:-1]] = np.minimum(duration_ticks[stay[:-1]], room)
    mask = np.zeros(len(order), bool)
    mask[stay] = True
    return mask, durations


def _struck(track: Track) -> Notes:
    """All keys that a part strikes: its notes and its keyswitches."""
    return Notes.concatenated([track.notes, track.keyswitches]) if len(track.keyswitches) else track.notes


def _check(track: Track) -> None:
    if len(track.notes) and (int(track.notes.pitch.max()) > 127 or int(track.notes.onset_ticks.min()) < 0):
        raise ValueError(f"track {track.name!r} has a pitch above 127 or an onset before tick 0")


def _without_overlaps(parts: list[Notes], addresses: Sequence[int]) -> list[Notes]:
    """The notes of each part, made legal, with overlaps cut among all parts of an address."""
    cut = list(parts)
    for address in set(addresses):
        here = [index for index, used in enumerate(addresses) if used == address]
        owner = np.repeat(here, [len(parts[index]) for index in here])
        onsets, durations, pitch, velocity = (
            np.concatenate([getattr(parts[index], name) for index in here])
            for name in ("onset_ticks", "duration_ticks", "pitch", "velocity")
        )
        stay, durations = cut_overlaps(onsets, np.maximum(durations, 1), pitch)
        velocity = np.clip(velocity, 1, 127)
        for index in here:
            chosen = stay & (owner == index)
            cut[index] = Notes.of(onsets[chosen], durations[chosen], pitch[chosen], velocity[chosen])
    return cut


def _conductor_chunk(score: Score, end: int) -> tuple[Event, ...]:
    """The first chunk: what counts for all parts."""
    tempi = [tempo for tempo in score.tempi if tempo.tick < max(end, 1)]
    signatures = list(score.time_signatures)
    if not tempi or tempi[0].tick > 0:
        tempi.insert(0, Tempo(0, TEMPO_120))
    if not signatures or signatures[0].tick > 0:
        signatures.insert(0, TimeSignature(0, 4, 4))
    values: list[Conducted] = [*signatures, *score.key_signatures, *tempi, *score.markers]
    return _ended(sorted(map(conductor_event, values), key=lambda event: event.tick), end)


def _part(track: Track, address: int, *, number: int, end: int) -> tuple[Event, ...]:
    """A part's name, port, programme and legal notes."""
    name = ascii_name(track.name) or (f"part {number}" if track.name else "")
    named = [meta_event(0, TRACK_NAME, name.encode("ascii"))] if name else []
    named += [port_event(0, address >> 4)] if address >> 4 else []
    program = Event(0, bytes((0xC0 | address & 0x0F, track.program)))
    return _ended([*named, program, *note_events(track.notes, address & 0x0F)], end)


def _clocks_a_beat(signature: TimeSignature) -> int:
    """MIDI clocks (24 a quarter) between clicks of a metronome: a beat of three in 6/8, 9/8, 12/8, else one unit."""
    clocks = 96 // signature.denominator
    compound = signature.numerator > 3 and signature.numerator % 3 == 0 and signature.denominator >= 8
    return max(1, clocks * 3 if compound else clocks)


def _ended(events: Iterable[Event], end: int) -> tuple[Event, ...]:
    """The events and an end-of-track, at `end` or after the last of them."""
    events = tuple(events)
    last = max(end, events[-1].tick if events else 0)
    return (*events, Event(last, END_OF_TRACK))
