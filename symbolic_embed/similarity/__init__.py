"""How alike bars are, and pieces: distances between embeddings, and what is made of them.

    likeness          the settings: which metric, which coordinates, transposed or not
    late_interaction  from distances of bars to a distance of pieces
    pieces            the bars of a piece as points, also in eleven other keys
    ranking           one query against many pieces, or their bars
    comparing         every pair of pieces

Distances of pieces other than late interaction (n-grams, alignments of bars) are to stand beside it, as pages of their
own that answer the same question: a query piece, some other pieces, a distance for each.
"""
