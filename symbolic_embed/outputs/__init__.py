"""Notes into the user's own file.

written_notes  new notes as steps
seed_file      a seed, and the outputs that are made from it and saved
new_notes      new notes into the seed's own file, and as parts behind its own
expression     velocity and micro-timing for new notes, from the seed
changes        what differs between a piece and cells written for it
seam           where a seed ends and new bars begin, and how they sound there
body           how the body of a seed sounds, beside how its ending leaves it
closing        events that close a file, behind new bars
alone          new bars without their seed
reread         what was written, read again: what records count and measure
proof          that nothing else was touched
proof_words    how that reads
normalising    the layout that any DAW expects, for those who ask for it
names          what outputs are called, and how their records begin
"""
