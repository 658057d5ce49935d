"""The model in use: from music to points, and back.

model       settings to networks
checkpoint  a folder with weights and a card
embedder    windows to embeddings, embeddings to windows
decoding    what windows that are to be decoded must be like
passages    the cells of a piece to vectors for its passages; passage_arrays: these as arrays
batches     many pieces at once
correcting  decoded with care: read back, and written again where it is not what was asked for
anchor      from what was played to a point near which what follows lies
sound       recordings to points among those of their notes, however their beats are counted
sphere      arcs between embeddings
prior_map   embeddings to points that lie as draws of the prior do, and back
units       how much is embedded at a time
precision   in which precision this machine multiplies fastest
"""
