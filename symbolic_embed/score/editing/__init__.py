"""A file changed in place: `in_place` (notes, parts, controllers), `transforming` (key and tempo of the whole),
`comparing` (the proof that nothing else changed).
"""
