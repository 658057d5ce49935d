"""How alike bars are, and pieces: distances between embeddings, and what is made of them.

likeness          the settings: which metric, which coordinates, transposed or not
transposing       in which keys two pieces are compared, and which of the two is moved
late_interaction  from distances of bars, or passages, to a distance of pieces
alignment         the best stretch of one line beside a stretch of another
diagonals         the same of one line beside many at once, by the diagonals of the table
melody            how well two top lines align
ungapped          about the same of very many, with no note left out
harmony           passages of its pitch classes
rhythm            patterns of what begins when
lying_along       which bars of two pieces lie along each other
joint             one distance of two pieces from harmony, melody and learnt passages, or by one part alone
heard             how far a recording lies from music whose bars are known
placement         how well a fragment fits at each place of a piece
tunes/            where a tune lies that somebody sings
rough_placement   about the least that it costs to lay a fragment along a piece, quickly
"""
