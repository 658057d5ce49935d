"""What a style is: its metre and tempo, who may play, and the patterns that they begin from.

The tables are in `songs`, `soul`, `machines`, `latin`, `jazz` and `ensembles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symbolic_embed.training.bands.patterns import Metre

FOUR, THREE, TWO = Metre(4, 4), Metre(3, 4), Metre(2, 4)
SIX, TWELVE = Metre(6, 8), Metre(12, 8)
FIVE, SEVEN = Metre(5, 4), Metre(7, 8, (2, 2, 3))

SONG_MODES: Mapping[str, float] = {"major": 6, "minor": 4, "mixolydian": 1.2, "dorian": 1}
DARK_MODES: Mapping[str, float] = {"minor": 5, "dorian": 3, "major": 1, "mixolydian": 0.7, "phrygian dominant": 0.5}
ONE_A_BAR: Mapping[float, float] = {1: 1}


@dataclass(frozen=True)
class Style:
    """One style.

    `grooves` are texts for `drumming`, none where there are no drums; `basses` and `comps` patterns for `basses` and
    `comping`; `leads` kinds of melody with weights. `band` says which instruments take a role (bass, comp, comp2, pad,
    arp, lead, counter) and `present` how often a role is there at all where the number of parts leaves room; `core`
    are the roles that always are. `chords_a_bar` weighs 2, 1, .5. `voices` is how many tones a chord has. `swing` is
    none, eighths or sixteenths. `loose` is the share of bars in which a part plays its loop a little differently,
    `human` how often a piece is played by people, `backbeat` where the snare or clap must fall (in twelfths), `four`
    whether the bass drum is on every beat.
    """

    name: str
    metre: Metre
    tempo: tuple[int, int]
    band: Mapping[str, tuple[str, ...]]
    basses: tuple[str, ...]
    comps: tuple[str, ...]
    grooves: tuple[str, ...] = ()
    modes: Mapping[str, float] = field(default_factory=lambda: SONG_MODES)
    cycles: Mapping[str, float] = field(default_factory=lambda: {"song": 1})
    chords_a_bar: Mapping[float, float] = field(default_factory=lambda: {1: 6, 2: 2, 0.5: 1})
    leads: Mapping[str, float] = field(default_factory=lambda: {"song": 3, "riff": 1})
    core: tuple[str, ...] = ("drums", "bass", "comp")
    voices: int = 3
    swing: str = "none"
    loose: tuple[float, float] = (0.15, 0.6)
    human: float = 0.6
    backbeat: tuple[int, ...] = ()
    four: bool = False
    doubles: float = 0.3
    weight: float = 1.0
