"""One piece from a seed and its number: all that is random in it comes from one generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symbolic_embed.score import Score
from symbolic_embed.training.bands.arranging import Arrangement, arranged
from symbolic_embed.training.bands.ensembles import ENSEMBLES
from symbolic_embed.training.bands.jazz import JAZZ
from symbolic_embed.training.bands.latin import LATIN
from symbolic_embed.training.bands.machines import MACHINES
from symbolic_embed.training.bands.patterns import weighted
from symbolic_embed.training.bands.performing import performed
from symbolic_embed.training.bands.songs import SONGS
from symbolic_embed.training.bands.soul import SOUL
from symbolic_embed.training.bands.styles import Style

STYLES = {style.name: style for style in (*SONGS, *SOUL, *MACHINES, *LATIN, *JAZZ, *ENSEMBLES)}


@dataclass(frozen=True)
class BandPiece:
    """A piece: its style, what was arranged, and the score as it is played."""

    style: Style
    arrangement: Arrangement
    score: Score

    @property
    def form(self) -> str:
        """The sections in order, such as `iAABA`."""
        return "".join(section.name for section in self.arrangement.sections)


def band_piece(seed: int, number: int, *, style: str | None = None) -> BandPiece:
    """Piece `number` of those that `seed` makes, in the named style or in one that is drawn.

    Raises KeyError for a style that is not one of STYLES.
    """
    random = np.random.default_rng([seed, number])
    drawn = weighted(random, {one.name: one.weight for one in STYLES.values()})
    chosen = STYLES[style or drawn]
    arrangement = arranged(random, chosen)
    return BandPiece(chosen, arrangement, performed(random, arrangement, chosen))
