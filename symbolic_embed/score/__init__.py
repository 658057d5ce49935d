"""MIDI in and out: guarded reading, the score in memory, writing for DAWs, editing in place.

    read(path), read_bytes(data)   a file as a `Score`: what a musician works with, in ticks
    parse(data)                    a file as an `EventList`: everything it says, to be written again

The pages in the order a file passes them: `guard` (bytes to chunks), `walking` (a chunk to events), `pairing` (events
to notes), `conductor` and `clock` (tempo, metre, key), `assembling` (chunks to a score); `plain` is the short cut for
chunks that need none of this care, `plainness` says which. `meter` draws the barlines. On the way out: `writing` (a
score of ours to events), `channels` and `names` for it, `editing` (a file changed in place), `comparing` (the proof
that nothing else changed), `placing` (onto the disk). `folders` finds the files, `instruments` names what
plays, `checks` finds what goes wrong in DAWs.
"""

from symbolic_embed.score.events import Event, EventList, parse
from symbolic_embed.score.guard import MAX_BYTES, file_bytes
from symbolic_embed.score.reading import read, read_bytes
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
