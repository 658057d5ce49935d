"""An address for every part: a channel, and a port where sixteen channels are not enough.

A file says on which of several cables a track plays (`reading.ports`), each cable with sixteen channels of its own. So
no two parts need share a channel, and no note of one cuts a note of another:

* an instrument on many channels (an MPE zone) keeps them all, on the first port where they are free;
* parts that would be other instruments on another channel (`channels.kept_channels`) keep it;
* drum parts share channel 10 of a port, as one kit, unless they came from different ports, or strike one key at once;
* every other part gets an address of its own: the one it has if that is free, else the first free one. Where one port
  is enough for all, they come to port 0.

Programs that know no ports hear all of them as one: who asks is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from symbolic_embed.score.reading.ports import address
from symbolic_embed.score.score import DRUM_CHANNEL, Notes, Track
from symbolic_embed.score.writing.channels import MELODIC_CHANNELS, NONE
from symbolic_embed.score.writing.layout import cut_overlaps
from symbolic_embed.score.writing.zones import Zone

PORTS = 128


def assigned_addresses(
    tracks: Sequence[Track], zones: Sequence[Zone] = (), *, kept: Mapping[int, int] = NONE
) -> tuple[list[int], list[int]]:
    """An address for each of `tracks`, and a port for each of `zones`. `kept`: of tracks, by number, the channel that
    they must stay on."""
    used: set[int] = set()
    zone_ports = []
    for zone in zones:
        free = (p for p in (0, zone.port, *range(PORTS)) if not used & {address(p, c) for c in zone.channels})
        zone_ports.append(next(free, zone.port))
        used |= {address(zone_ports[-1], channel) for channel in zone.channels}
    chosen: dict[int, int] = {}
    tied = {index: DRUM_CHANNEL for index, track in enumerate(tracks) if track.is_drum} | dict(kept)
    for index, channel in sorted(tied.items()):
        chosen[index] = _shared(index, channel, tracks, chosen, used)
    used |= set(chosen.values())
    free_parts = [index for index in range(len(tracks)) if index not in chosen]
    is_enough = len(free_parts) <= sum(one not in used for one in _addresses(1))
    own = {index: tracks[index].channel if is_enough else tracks[index].address for index in free_parts}
    first: dict[int, int] = {}
    for index in free_parts:
        first.setdefault(own[index], index)
    for index in sorted(free_parts, key=lambda index: first[own[index]] != index):
        chosen[index] = own[index]
        if own[index] in used or own[index] % 16 == DRUM_CHANNEL:
            chosen[index] = next((one for one in _addresses(PORTS) if one not in used), own[index])
        used.add(chosen[index])
    return [chosen[index] for index in range(len(tracks))], zone_ports


def _addresses(ports: int) -> Iterator[int]:
    return (address(port, channel) for port in range(ports) for channel in MELODIC_CHANNELS)


def _shared(index: int, channel: int, tracks: Sequence[Track], chosen: Mapping[int, int], used: set[int]) -> int:
    """The first port on which a part shares its channel with none but parts that it was with before, and whose notes
    its own neither cut nor are cut by."""
    for place in (address(port, channel) for port in range(PORTS)):
        there = [other for other, taken in chosen.items() if taken == place]
        came_together = all(_are_one(tracks[other], tracks[index]) for other in there)
        if place not in used and came_together and not _overlap([tracks[n].notes for n in (*there, index)]):
            return place
    return tracks[index].address


def _are_one(part: Track, other: Track) -> bool:
    """Whether two parts may share an address: kits of one port, or what did so before."""
    return part.port == other.port and ((part.is_drum and other.is_drum) or part.channel == other.channel)


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
