"""A line for every part: a channel, and a port where sixteen channels are not enough.

A file says on which of several cables a track plays (meta 21, a port), each cable with sixteen channels of its own. So
no two parts need share a channel, and no note of one cuts a note of another:

* an instrument on many channels (an MPE zone) keeps them all, on the first port where they are free;
* every melodic part gets a line of its own: the one it has if that is free, else the first free one. Where one port is
  enough for all, they come to port 0;
* drum parts share channel 10 of a port, as one kit, unless they came from different ports, or strike one key at once.

Programs that know no ports hear all of them as one: who asks is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from symbolic_embed.score.lines import Line
from symbolic_embed.score.score import DRUM_CHANNEL, Notes, Track
from symbolic_embed.score.writing.channels import MELODIC_CHANNELS
from symbolic_embed.score.writing.layout import cut_overlaps
from symbolic_embed.score.writing.zones import Zone

PORTS = 128


def assigned_lines(
    tracks: Sequence[Track], ports: Sequence[int], zones: Sequence[Zone] = ()
) -> tuple[list[Line], list[int]]:
    """A line for each of `tracks`, which were on `ports`, and a port for each of `zones`."""
    used: set[Line] = set()
    zone_ports = []
    for _, port, channels in zones:
        free = (p for p in (0, port, *range(PORTS)) if not used & {Line(p, channel) for channel in channels})
        zone_ports.append(next(free, port))
        used |= {Line(zone_ports[-1], channel) for channel in channels}
    chosen: dict[int, Line] = {}
    for index in _drums(tracks):
        chosen[index] = _drum_line(index, tracks, ports, chosen, used)
    used |= set(chosen.values())
    melodic = [index for index in range(len(tracks)) if index not in chosen]
    is_enough = len(melodic) <= sum(line not in used for line in _lines(1))
    own = {index: Line(0 if is_enough else ports[index], tracks[index].channel) for index in melodic}
    first: dict[Line, int] = {}
    for index in melodic:
        first.setdefault(own[index], index)
    free = (line for line in _lines(PORTS) if line not in used)
    for index in sorted(melodic, key=lambda index: first[own[index]] != index):
        line = own[index]
        if line in used or line.channel == DRUM_CHANNEL:
            line = next((line for line in free if line not in used), line)
        chosen[index] = line
        used.add(line)
    return [chosen[index] for index in range(len(tracks))], zone_ports


def _lines(ports: int) -> Iterator[Line]:
    return (Line(port, channel) for port in range(ports) for channel in MELODIC_CHANNELS)


def _drums(tracks: Sequence[Track]) -> list[int]:
    return [index for index, track in enumerate(tracks) if track.is_drum]


def _drum_line(
    index: int, tracks: Sequence[Track], ports: Sequence[int], chosen: dict[int, Line], used: set[Line]
) -> Line:
    """The first port on which a drum part's notes are cut by none of those there, and cut none."""
    for line in (Line(port, DRUM_CHANNEL) for port in range(PORTS)):
        there = [other for other, taken in chosen.items() if taken == line]
        came_together = all(ports[other] == ports[index] for other in there)
        if line not in used and came_together and not _overlap([tracks[n].notes for n in (*there, index)]):
            return line
    return Line(ports[index], DRUM_CHANNEL)


def _overlap(parts: Sequence[Notes]) -> bool:
    """Whether notes of one part cut those of another, beyond what each part cuts of its own."""
    if len(parts) < 2:
        return False
    together, alone = _kept(Notes.concatenated(parts)), [_kept(part) for part in parts]
    return together != (sum(count for count, _ in alone), sum(length for _, length in alone))


def _kept(notes: Notes) -> tuple[int, int]:
    """How many notes stay where overlaps are cut, and how long all of them sound."""
    stay, durations = cut_overlaps(notes.onset_ticks, notes.duration_ticks, notes.pitch)
    return int(np.count_nonzero(stay)), int(durations[stay].sum())
