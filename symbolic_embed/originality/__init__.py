"""What was copied: runs of notes and bars that the training data or the seed hold as well.

fingerprint     which runs of notes the training data holds, in a file from which none can be read
fuse_filter     a set of hashes in few bits
kept_bars       hashes of some of its bars
fingerprinting  both made from a corpus
shared_runs     which runs two pieces share, exactly
nearness        which bar of the seed a written one is nearest to
provenance      all of it, for one output
redrawing       a limit on it: what shares more is drawn again
"""
