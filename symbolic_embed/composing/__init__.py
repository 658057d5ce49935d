"""Writing music: continuing a piece, varying it.

trained      the composer of a checkpoint, in use
hearing      a piece as the composer hears it: cells, whole bars, what others have written
continuing   new bars after a piece
varying      other notes in chosen cells, as far away as asked
expressing   velocity and micro-timing for new notes, from the seed
files        where written music goes: names, sidecars, nothing overwritten
"""
