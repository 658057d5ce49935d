"""Which part plays on which channel.

MIDI has sixteen channels and one instrument a channel at a time. The tenth (9, counted from 0) is for drums. So: drum
parts share channel 9, every other part gets one of its own, the one it has if that is free. Where there are more than
fifteen such parts, those of one programme share first, so that as few instruments as possible go wrong: then those of
one family (General MIDI sorts its programmes in families of eight), then whoever is left, where the fewest notes are.

A file that makes a kit of another channel, or none of the tenth, may say so in a way that holds for that channel alone:
such parts stay where they are (`kept_channels`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from symbolic_embed.score.score import DRUM_CHANNEL, Track

MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
FAMILY = 8
NONE: Mapping[int, int] = MappingProxyType({})


def assigned_channels(tracks: Sequence[Track], *, kept: Mapping[int, int] = NONE) -> list[int]:
    """A channel for each of `tracks`, in their order; for those of `kept`, by number, the one that stands there."""
    chosen: dict[int, int] = {index: DRUM_CHANNEL for index, track in enumerate(tracks) if track.is_drum}
    chosen.update(kept)
    melodic = [index for index in range(len(tracks)) if index not in chosen]
    for index in _alone(tracks, melodic, room=len(set(MELODIC_CHANNELS) - set(kept.values()))):
        own, taken = tracks[index].channel, set(chosen.values())
        free = [channel for channel in MELODIC_CHANNELS if channel not in taken]
        chosen[index] = own if own in free else next(iter(free))
    for index in melodic:
        if index not in chosen:
            there = [(channel, tracks[other]) for other, channel in chosen.items()]
            chosen[index] = nearest_channel(tracks[index].program, there)
    return [chosen[index] for index in range(len(tracks))]


def kept_channels(tracks: Sequence[Track], switched: Collection[int]) -> dict[int, int]:
    """The channels of those of `tracks` (by number) that would be other instruments elsewhere. `switched`: the channels
    of which the file says, for all that is played there, that they are for drums or not.

    A kit that has its bank may come to channel 9 where nothing else plays there.
    """
    is_melodic = any(track.channel == DRUM_CHANNEL and not track.is_drum for track in tracks) and (
        DRUM_CHANNEL in switched
    )
    on_nine = [number for number, track in enumerate(tracks) if track.channel == DRUM_CHANNEL]
    kept: dict[int, int] = {}
    for number, track in enumerate(tracks):
        if track.channel in switched or (track.is_drum and track.channel != DRUM_CHANNEL and (is_melodic or on_nine)):
            kept[number] = track.channel
        elif track.is_drum:
            on_nine.append(number)
    return kept


def _alone(tracks: Sequence[Track], melodic: list[int], *, room: int) -> list[int]:
    """The parts that get a channel first: all, or as many as there is room for with as many programmes among them as
    possible."""
    if len(melodic) <= room:
        whose_is_free: dict[int, int] = {}
        for index in melodic:
            whose_is_free.setdefault(tracks[index].channel, index)
        return sorted(melodic, key=lambda index: whose_is_free[tracks[index].channel] != index)
    first_of_program: dict[int, int] = {}
    for index in melodic:
        first_of_program.setdefault(tracks[index].program, index)
    by_need = sorted(melodic, key=lambda index: first_of_program[tracks[index].program] != index)
    return by_need[:room]


def nearest_channel(program: int, there: Sequence[tuple[int, Track]]) -> int:
    """The melodic channel whose parts suit `program` best; `there` are the parts so far with their channels."""

    def unlikeness(channel: int) -> tuple[bool, bool, int]:
        parts = [track for used, track in there if used == channel]
        return (
            all(track.program != program for track in parts),
            all(track.program // FAMILY != program // FAMILY for track in parts),
            sum(len(track.notes) for track in parts),
        )

    kits = {used for used, track in there if track.is_drum}
    return min([channel for channel in MELODIC_CHANNELS if channel not in kits] or MELODIC_CHANNELS, key=unlikeness)
