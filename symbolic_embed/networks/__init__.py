"""Plain torch. No files, no music, only tensors.

encoder          frames of a window to an embedding (`bfloat16`: a finished one in half precision)
decoder          an embedding to notes, note by note (`grammar`: which are legal; `writing`: a finished one, writing)
copying          what it may copy (`following`: all notes at once; `voting`: note by note, while it writes)
composer         what was played to what comes next, as an embedding
passages         cells of some bars to a vector for every passage of two, four and eight bars
sound            frames of a recording to an embedding, and what of an embedding can be heard
anchor           what was played to a point near which the next embedding lies among many
discriminator    is this a draw from the prior?
adjacency        are these two bars neighbours?
standardisation  points on the sphere with the coordinates of the prior
blocks           what encoder and decoder are built from
"""
