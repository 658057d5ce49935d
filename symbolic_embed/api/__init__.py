"""The verbs for Python: requests in, results out::

    import symbolic_embed

    session = symbolic_embed.Session()                       # a model, loaded once
    for match in symbolic_embed.rank("riff.mid", "loops/", checkpoint=session, top=5):
        print(match.distance, match.path)
    results = symbolic_embed.vary("riff.mid", checkpoint=session, change=0.2, count=4)
    symbolic_embed.save_outputs(results, "out")

A seed is a path, the bytes of a file, or an object of symusic, mido, pretty_midi or music21. What is asked for is given
by name, or as one request (`symbolic_embed.requests`); a name nobody knows is answered with the nearest known one.

session   a model that is kept, and accepted by every verb
music     what a seed may be, and how folders are read
result    new music: bytes, record, objects, a picture in a notebook
adding    compose, accompany
filling   fill
changing  vary, blend
playing   groove, humanise
listening hum
asking    rank, compare, find
mapping   map
arranging next, order, duplicates, duplicate_passages
embedding embed, passages, reconstruct
files     show, check, render
libraries build_library, open_library, remove_from_library
collecting a folder as a library that lasts as long as the program
live      play_along, replay_session
understanding  understand
"""

from symbolic_embed.api.adding import accompany, compose
from symbolic_embed.api.arranging import duplicate_passages, duplicates, next, order
from symbolic_embed.api.asking import compare, find, rank
from symbolic_embed.api.changing import blend, vary
from symbolic_embed.api.embedding import embed, passages, reconstruct
from symbolic_embed.api.files import check, render, show
from symbolic_embed.api.filling import fill
from symbolic_embed.api.libraries import build_library, open_library, remove_from_library
from symbolic_embed.api.listening import hum
from symbolic_embed.api.live import play_along, replay_session
from symbolic_embed.api.mapping import map
from symbolic_embed.api.playing import groove, humanise
from symbolic_embed.api.result import Result, save_outputs
from symbolic_embed.api.session import Session, load_checkpoint
from symbolic_embed.api.understanding import understand

__all__ = [
    "Result",
    "Session",
    "accompany",
    "blend",
    "build_library",
    "check",
    "compare",
    "compose",
    "duplicate_passages",
    "duplicates",
    "embed",
    "fill",
    "find",
    "groove",
    "hum",
    "humanise",
    "load_checkpoint",
    "map",
    "next",
    "open_library",
    "order",
    "passages",
    "play_along",
    "rank",
    "reconstruct",
    "remove_from_library",
    "render",
    "replay_session",
    "save_outputs",
    "show",
    "understand",
    "vary",
]
