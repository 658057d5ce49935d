"""What a piece has played so far, and what of it can be expected again: which earlier bar the next one is like, and
what of that a part may copy. NumPy only; training and writing ask the same."""

PLACES = 8  # windows of a phrase are counted modulo it, from the beginning of the piece
