"""From bytes to music, trusting nothing.

In the order a file passes them: `opening` (a path to bytes), `guard` (bytes to chunks), `timebase` (what a tick is),
`walking` (a chunk to events), `ports` (on which cable), `pairing` (events to notes), `conductor` (tempo, metre, key,
markers), `zones`, `keyswitches` and `parts` (which notes are one part), `assembling` (chunks to a score;
`part_warnings`). `plain` is the short cut for chunks that need none of this care, `plainness` says which those are.
`reader` joins the two ways.
"""
