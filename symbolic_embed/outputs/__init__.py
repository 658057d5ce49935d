"""Notes into the user's own file.

written_notes  new notes as steps
seed_file      a seed edited in place, and where outputs are saved
expression     velocity and micro-timing for new notes, from the seed
changes        what differs between a piece and cells written for it
proof          that nothing else was touched
names          what outputs are called, and how their records begin
"""
