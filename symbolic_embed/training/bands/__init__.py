"""Bands of our own: complete pieces of music made of patterns, as training data; synthetic, and marked so.

Recorded music with drums that may train a model is scarce, so what a composer learns of loops, doublings, chord cycles
and grooves is made here: pieces of 16 to 64 bars in many styles and metres, for two to seven parts.

    band_piece(seed, number)    one piece; the same numbers are always the same music

patterns      text in, who plays when out; chance by weights
harmony       keys, chords, cycles of chords, voicings
instruments   who plays, and in what range
sections      what a section stands on, figures laid over it, small changes
drumming, basses, comping, leading            what drums, basses, chords and melodies do
styles        what a style is (the tables: `songs`, `soul`, `machines`, `latin`, `jazz`, `ensembles`)
bands, forms  who plays, who doubles whom; which sections follow
letters       the music of each section's letter
marking       what a section has of its own: changes, fills, crashes, an ending
arranging     all of it, bar by bar
performing    by machine or by people, to a score
pieces        one piece from its numbers
"""

from symbolic_embed.training.bands.pieces import STYLES, BandPiece, band_piece

__all__ = ["STYLES", "BandPiece", "band_piece"]
