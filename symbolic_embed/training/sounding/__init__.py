"""Music rendered to sound, for encoders of recordings to learn from.

excerpts   a stretch of a piece, in another key, at another tempo, by other instruments
rooms      what becomes of sound on its way to a recording: rooms, noise, tape speed, overload
recordings many of these, with the embeddings of their bars beside them, made once and kept
"""
