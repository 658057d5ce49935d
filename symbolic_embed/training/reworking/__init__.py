"""Other versions of the same music, of one's own making: what composers and arrangers do to a passage.

notes           passages as notes, many at once
parts           who plays: the lead, parts joined, parts left out
accompaniment   another accompaniment over the same harmony
lead            the same melody, sung otherwise
wholes          another key, octaves, lengths, barlines, wrong notes
versions        all of it, by chance
"""
