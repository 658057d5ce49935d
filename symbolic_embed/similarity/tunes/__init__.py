"""A tune that somebody sings, looked for in the lines of pieces: in whatever key, tempo and rhythm, with errors.

query      the tune: notes in seconds and semitones
lines      the lines of many pieces, end to end
windows    every few notes, whatever their key and tempo
stretches  where in them the tune may lie, quickly
paths      the tune laid along stretches, note by note
places     how far it is from each piece, and where it lies there
"""
