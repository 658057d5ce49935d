"""A phrase for each verb: what is offered where a request was not understood."""

from __future__ import annotations

EXAMPLES = {
    "compose": "8 bars more, calmer, keep the bass",
    "vary": "3 variations, a little different, keep the drums",
    "fill": "fill bars 5 to 8 with drums",
    "blend": "blend a.mid and b.mid in 3 steps",
    "accompany": "add bass and drums",
    "live": "play along with me on bass and drums",
    "groove": "put the groove of a.mid on b.mid",
    "humanise": "humanise the drums a little",
    "rank": "which of these is most like a.mid",
    "find": "which song is this fragment from",
    "next": "what goes on well from a.mid",
    "order": "put these in order",
    "duplicates": "find duplicates",
    "compare": "compare every pair",
    "map": "draw a map of these",
    "embed": "embed these",
    "reconstruct": "reconstruct these",
    "show": "what is in this file",
    "check": "check this file for errors",
    "render": "render this as a wav",
    "play": "play this to me",
    "build_library": "build a library called loops from these",
}
