"""A file changed in place: `in_place` (notes, parts, controllers), `members` (new notes where a part has many
channels), `new_channels` (where a new part can play), `moving` (notes struck at another time or with
another force), `transforming` (key and tempo of the whole), `comparing` (the
proof that nothing else changed), `expression` (that notes which stay are bent and pressed as they were).
"""
