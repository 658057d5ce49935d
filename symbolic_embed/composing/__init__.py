"""Writing music: continuing a piece, varying it, blending two, adding parts.

trained      the composer of a checkpoint, in use
hearing      a piece as the composer hears it: cells, whole bars, what others have written
band         the parts at work: who writes, what each remembers, what comes out
continuing   new bars after a piece
form         which of them return
accompanying new parts beside those that are there
varying      other notes in chosen cells, as far away as asked
dial         how far that is: by distance, or by the share of notes
searching    embeddings that decode to cells so far away
blending     music between two pieces
retrieving   the user's own music as a source of cells, and of a scale for distances
seeking      which piece a short fragment is most like
idiom        what a part can be expected to play: range, kit, voices, harmony
locks        what must stay: melody, chords, rhythm
changes      what differs between a piece and cells written for it
expressing   velocity and micro-timing for new notes, from the seed
nearness     which bar of the seed a written one is nearest to
proof        that nothing else was touched
originality  which runs of notes the seed or the training data hold as well
files        where written music goes: names, sidecars, nothing overwritten
verbs        all of it, each from a seed to outputs in one function; `variants` varies, `between` blends
"""
