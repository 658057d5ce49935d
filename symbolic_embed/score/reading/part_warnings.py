"""What is said of parts that may not be what they seem: keyswitches, and one instrument on many channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from symbolic_embed.score.instruments import pitch_name
from symbolic_embed.score.score import Notes, ScoreWarning, Track

LEAST_CHANNELS = 3  # one programme on two channels is two hands
SECOND_VOICE = 0.05  # of a string's notes may overlap the next


def part_warnings(tracks: Sequence[Track]) -> list[ScoreWarning]:
    """All of them, one a part with keyswitches and one a chunk whose channels may be one instrument's."""
    return [*_keyswitches(tracks), *_many_channels(tracks)]


def _keyswitches(tracks: Sequence[Track]) -> Iterator[ScoreWarning]:
    for number, track in enumerate(tracks):
        if not len(track.keyswitches):
            continue
        lowest, highest = (pitch_name(int(find(track.keyswitches.pitch))) for find in (np.min, np.max))
        keys = lowest if lowest == highest else f"{lowest} to {highest}"
        count = len(track.keyswitches)
        notes = f"{count} note{'s' if count > 1 else ''} on {keys}"
        yield ScoreWarning("keyswitches", f"track {number}: {notes}, kept as they are and not taken for music")


def _many_channels(tracks: Sequence[Track]) -> Iterator[ScoreWarning]:
    """Chunks all of whose pitched parts have one programme, each a single voice: a guitar with a channel a string."""
    if len({track.chunk for track in tracks}) == len(tracks):
        return
    for chunk, of_chunk in groupby(tracks, key=lambda track: track.chunk):
        alike = [track for track in of_chunk if not track.is_drum]
        if len(alike) < LEAST_CHANNELS or len({(track.port, track.program) for track in alike}) > 1:
            continue
        if not any(track.members for track in alike) and all(_is_single_voice(track.notes) for track in alike):
            channels = ", ".join(str(track.channel + 1) for track in alike)
            text = (
                f"chunk {chunk}: channels {channels} have one programme and one voice each; if they are the strings of "
                "one instrument, `join_channels` takes them for one part"
            )
            yield ScoreWarning("many-channels", text)


def _is_single_voice(notes: Notes) -> bool:
    """Whether the notes come one at a time."""
    overlap = notes.onset_ticks[1:] < notes.offset_ticks[:-1]
    return len(overlap) == 0 or bool(overlap.mean() < SECOND_VOICE)
