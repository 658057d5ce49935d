"""What music does in patterns: what lies across bars and between parts.

Loops, doublings, grooves, cycles of chords are no matter of one cell. Here they are counted, each by itself, in a
*stretch*: some bars of a piece, or new ones after it, with their notes on a grid of sixteenths. So a seed and what was
written for it are two stretches, and every count of one can be laid beside that of the other.

stretch     some bars, on a grid of sixteenths
cells       which cells and whole bars return, which are new; which equal cells stay equal
doubling    which parts double which
grooves     how alike drum bars are; where the bass drum falls, and the backbeat
pitches     of each part: its longest run of one pitch, its range, its leaps
sounding    of what sounds at once: where each part sounds, clashes, bass roots, the root of a bar's chord
scales      the scale that fits best, and how much of the music is in it
loops       after how many bars a piece, or a part of it, returns; how long its sections are
chords      the chord and the bass of each half of a bar
measures    density, polyphony, pitch and length of notes

All of it is for testing while music is written, too: each count is a few array operations over all parts at once.
"""

from symbolic_embed.bars.patterns.stretch import SIXTEENTH, NotesOnGrid, Stretch

__all__ = ["SIXTEENTH", "NotesOnGrid", "Stretch"]
