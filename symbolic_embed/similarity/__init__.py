"""How alike bars are, and pieces: distances between embeddings, and what is made of them.

likeness          the settings: which metric, which coordinates, transposed or not
late_interaction  from distances of bars, or passages, to a distance of pieces
lines             the top line of a piece
alignment         the best stretch of one line beside a stretch of another
melody            how well two top lines align
harmony           passages of its pitch classes
pieces            what of a piece is compared, also in eleven other keys
joint             one distance of two pieces from their bars, harmony and melody
ranking           one query against many pieces, or their bars
comparing         every pair of pieces
"""
