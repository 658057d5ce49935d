"""MIDI in and out: guarded reading, the score in memory, writing for DAWs, editing in place.

    read(path), read_bytes(data)   a file as a `Score`: what a musician works with, in ticks
    parse(data)                    a file as an `EventList`: everything it says, to be written again

`reading` goes from bytes to music and trusts nothing; `writing` from music of ours to MIDI for DAWs; `editing` changes
a file in place and proves that nothing else changed; `checks` finds what goes wrong in DAWs. `score` is the piece in
memory, `roles` what somebody said its parts do, `events` the complete list of what a file says, chunk by `chunk`,
`metre` draws the barlines, `clock` tells the seconds, `instruments` names what plays.
"""

from symbolic_embed.score.events import EventList, parse
from symbolic_embed.score.reading.opening import MAX_BYTES, file_bytes
from symbolic_embed.score.reading.reader import read, read_bytes
from symbolic_embed.score.reading.walking import Event
from symbolic_embed.score.score import (
    KeySignature,
    Marker,
    Notes,
    Score,
    ScoreWarning,
    Tempo,
    TimeSignature,
    Track,
)

__all__ = [
    "MAX_BYTES",
    "Event",
    "EventList",
    "KeySignature",
    "Marker",
    "Notes",
    "Score",
    "ScoreWarning",
    "Tempo",
    "TimeSignature",
    "Track",
    "file_bytes",
    "parse",
    "read",
    "read_bytes",
]
