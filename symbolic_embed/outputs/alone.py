"""New bars without their seed, as a file of its own that sounds as the seed does where it ends.

It begins at tick 0 with all that set the seed up: names, ports and the like of each chunk, system exclusive messages in
their order, and every dial that the seed turned, as it stands where the new bars begin (`seam.py`); programme and bank
as the part's last note had them, since nothing before the new bars says otherwise here; then tempo, metre and key, and
the new notes. Chunks that have neither notes nor a name are left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from symbolic_embed.outputs.seam import EVER, Seam
from symbolic_embed.score import Event, EventList, KeySignature, Tempo, TimeSignature
from symbolic_embed.score.reading.walking import END_OF_TRACK, TRACK_NAME
from symbolic_embed.score.score import Conducted
from symbolic_embed.score.sounding.device import exclusive_body, master_volume
from symbolic_embed.score.sounding.history import EVERYONE
from symbolic_embed.score.sounding.order import in_playing_order
from symbolic_embed.score.sounding.parameters import PROGRAM, setting_messages
from symbolic_embed.score.writing.layout import conductor_event

HEAD_METAS = (TRACK_NAME, 0x02, 0x04, 0x08, 0x09, 0x20, 0x21)  # copyright, instrument, programme, device, prefix, port


def new_bars_alone(seam: Seam, whole: EventList) -> EventList:
    """What `whole`, the seed with new bars, has behind the seam and the seed has not, as a file that begins with it."""
    seed = seam.seed
    chunks: dict[int, list[Event]] = {number: [] for number in range(len(seed.events.chunks))}
    for number, event in _set_up(seam):
        chunks[number].append(event)
    for number, event in _dials(seam):
        chunks[number].append(event)
    chunks[0] += [conductor_event(value) for value in _conducted(seam)]
    for number, (old, new) in enumerate(zip(seed.events.chunks, whole.chunks, strict=True)):
        added = Counter(new[:-1]) - Counter(old[:-1])
        for event in new[:-1]:
            if added[event]:
                added[event] -= 1
                chunks[number].append(Event(max(event.tick - seam.tick, 0), event.message))
    end = seam.end_tick - seam.tick
    kept = [_ended(chunk, end) for number, chunk in chunks.items() if chunk or number == 0]
    return replace(seed.events, chunks=tuple(kept), format=min(seed.events.format, 1), warnings=())


def _set_up(seam: Seam) -> list[tuple[int, Event]]:
    """Names and the like, and system exclusive messages up to the seed's last note, each with its chunk, at tick 0."""
    score = seam.seed.barred.score
    last_onset = max((int(track.notes.onset_ticks.max()) for track in score.tracks), default=0)
    found = []
    for event in in_playing_order(seam.moved):
        is_head = event.message[0] == 0xFF and event.message[1] in HEAD_METAS
        is_exclusive = exclusive_body(event.message) and master_volume(event.message) is None
        if event.tick <= last_onset and (is_head or is_exclusive):
            found.append((event.chunk, Event(0, event.message)))
    return found


def _dials(seam: Seam) -> list[tuple[int, Event]]:
    """Every dial as it stands at the seam, each with the first chunk that has notes of its address."""
    chunks: dict[int, int] = {}
    for part in seam.seed.barred.score.tracks:
        for address in part.addresses:
            chunks[address] = min(part.chunk, chunks.get(address, EVER))
    found = []
    for dial in seam.dials:
        if dial.address == EVERYONE and isinstance(dial.body, bytes):
            found.append((0, Event(0, dial.body)))
        elif dial.address in chunks:
            value = dial.last if dial.parameter.kind == PROGRAM else dial.body
            messages = setting_messages(dial.parameter, value, channel=dial.address & 0x0F)
            found += [(chunks[dial.address], Event(0, message)) for message in messages]
    return found


def _conducted(seam: Seam) -> list[Conducted]:
    """Tempo, metre and key of the new bars."""
    barred = seam.seed.barred
    metre = barred.metre.following
    keys = [KeySignature(0, key.sharps, key.minor) for key in barred.score.key_signatures[-1:]]
    return [Tempo(0, seam.tempo[1]), TimeSignature(0, metre.numerator, metre.denominator), *keys]


def _ended(events: list[Event], end: int) -> tuple[Event, ...]:
    """The events by tick, and an end-of-track, at `end` at the earliest."""
    inorder = sorted(events, key=lambda event: event.tick)
    last = max([end, *(event.tick for event in inorder[-1:])])
    return (*inorder, Event(last, END_OF_TRACK))
