"""Which part plays on which channel.

MIDI has sixteen channels and one instrument a channel at a time. The tenth (9, counted from 0) is for drums. So: drum
parts share channel 9, every other part gets one of its own, the one it has if that is free. Where there are more than
fifteen such parts, those of one programme share first, so that as few instruments as possible go wrong: then those of
one family (General MIDI sorts its programmes in families of eight), then whoever is left, where the fewest notes are.
"""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_embed.score.score import DRUM_CHANNEL, Track

MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
FAMILY = 8


def assigned_channels(tracks: Sequence[Track]) -> list[int]:
    """A channel for each of `tracks`, in their order."""
    chosen: dict[int, int] = {index: DRUM_CHANNEL for index, track in enumerate(tracks) if track.is_drum}
    melodic = [index for index in range(len(tracks)) if index not in chosen]
    for index in _alone(tracks, melodic):
        own, taken = tracks[index].channel, set(chosen.values())
        free = [channel for channel in MELODIC_CHANNELS if channel not in taken]
        chosen[index] = own if own in free else next(iter(free))
    for index in melodic:
        if index not in chosen:
            there = [(channel, tracks[other]) for other, channel in chosen.items()]
            chosen[index] = nearest_channel(tracks[index].program, there)
    return [chosen[index] for index in range(len(tracks))]


def _alone(tracks: Sequence[Track], melodic: list[int]) -> list[int]:
    """The parts that get a channel first: all, or fifteen with as many programmes among them as possible."""
    if len(melodic) <= len(MELODIC_CHANNELS):
        whose_is_free: dict[int, int] = {}
        for index in melodic:
            whose_is_free.setdefault(tracks[index].channel, index)
        return sorted(melodic, key=lambda index: whose_is_free[tracks[index].channel] != index)
    first_of_program: dict[int, int] = {}
    for index in melodic:
        first_of_program.setdefault(tracks[index].program, index)
    by_need = sorted(melodic, key=lambda index: first_of_program[tracks[index].program] != index)
    return by_need[: len(MELODIC_CHANNELS)]


def nearest_channel(program: int, there: Sequence[tuple[int, Track]]) -> int:
    """The melodic channel whose parts suit `program` best; `there` are the parts so far with their channels."""

    def unlikeness(channel: int) -> tuple[bool, bool, int]:
        parts = [track for used, track in there if used == channel]
        return (
            all(track.program != program for track in parts),
            all(track.program // FAMILY != program // FAMILY for track in parts),
            sum(len(track.notes) for track in parts),
        )

    return min(MELODIC_CHANNELS, key=unlikeness)
