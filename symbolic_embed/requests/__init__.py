"""What can be asked for: one frozen request for each verb, checked where it is made.

Command line, Python, and whatever else asks build the same request. A bound that is not kept, a name that nobody knows
(answered with the nearest known one), two wishes that exclude each other: each is a UsageError of one line that names
the field. A request holds no paths, no music and no model; those are handed to the verb beside it.

base     what all requests have in common; chosen tracks and bars
roles    what somebody says that parts do
scope    which of a piece's parts and bars
where    which pieces are meant, by metre, tempo, key, parts
weighing how much each part of a likeness counts
per_part values for all parts, or for each its own
controls density, polyphony, range, note length
harmony  chords, a scale, an ending; chord_symbols: chords as musicians write them
writing  compose, accompany, fill
changing vary, blend
asking   rank, compare, find, map, embed, passages, reconstruct
arranging next, order, duplicates
playing  groove, humanise
live     live
watching watch
files    show, check, render, play
libraries build_library
listening hum
"""

from symbolic_embed.requests.arranging import DuplicatesRequest, NextRequest, OrderRequest
from symbolic_embed.requests.asking import (
    CompareRequest,
    EmbedRequest,
    FindRequest,
    MapRequest,
    PassagesRequest,
    RankRequest,
    ReconstructRequest,
)
from symbolic_embed.requests.base import ReadingRequest, Request
from symbolic_embed.requests.changing import BlendRequest, EditingRequest, VaryRequest
from symbolic_embed.requests.files import CheckRequest, PlayRequest, RenderRequest, ShowRequest
from symbolic_embed.requests.libraries import BuildLibraryRequest
from symbolic_embed.requests.listening import HumRequest
from symbolic_embed.requests.live import LiveRequest
from symbolic_embed.requests.playing import GrooveRequest, HumaniseRequest, PlayingRequest
from symbolic_embed.requests.watching import WatchRequest
from symbolic_embed.requests.writing import (
    AccompanyRequest,
    ComposeRequest,
    DrawingRequest,
    FillRequest,
    HumanisedRequest,
    WritingRequest,
)

__all__ = [
    "AccompanyRequest",
    "BlendRequest",
    "BuildLibraryRequest",
    "CheckRequest",
    "CompareRequest",
    "ComposeRequest",
    "DrawingRequest",
    "DuplicatesRequest",
    "EditingRequest",
    "EmbedRequest",
    "FillRequest",
    "FindRequest",
    "GrooveRequest",
    "HumRequest",
    "HumaniseRequest",
    "HumanisedRequest",
    "LiveRequest",
    "MapRequest",
    "NextRequest",
    "OrderRequest",
    "PassagesRequest",
    "PlayRequest",
    "PlayingRequest",
    "RankRequest",
    "ReadingRequest",
    "ReconstructRequest",
    "RenderRequest",
    "Request",
    "ShowRequest",
    "VaryRequest",
    "WatchRequest",
    "WritingRequest",
]
