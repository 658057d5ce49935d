"""How drummers play: a small table of what their loudness and timing depend on, and of how they hang together.

A stroke's loudness (velocity) and lateness (quarters), each less its mean over the music, are

    a mean       the sum of what the piece of the kit says, its place in the bar, the same piece struck just before or
                 after, what is struck at once, the style, and the tempo
    a deviation  of a size that the piece and its step in the beat say (lateness in quarters grows with the tempo); it
                 is the sum of four parts, of variances u + w + t + e = 1: one for each piece of the kit in the whole
                 music; one for each place in the bar of each piece, which comes back in every bar; one for time, which
                 all pieces share at a step and of which a share phi is left a step later; one of the stroke's own

The deviations are Gaussian, so the density of a whole performance is known. Values of a table are pulled towards 0
where little was heard. Learnt by `learning.py`; drummers.LICENCE.txt says from whom.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import UsageError
from symbolic_embed.playing.kit import PIECES
from symbolic_embed.playing.strokes import BEAT, Strokes

FILE: Final = Path(__file__).parent / "drummers.safetensors"
ABOUT: Final = "about"
LOUD, LATE = 0, 1  # the two columns of what is foretold
TEMPI: Final = (85.0, 100.0, 115.0, 135.0)  # between classes of tempo
USUAL_TEMPO: Final = 120.0
MIXED: Final = 0.35  # octaves of tempo within which styles are mixed


@dataclass(frozen=True, eq=False)
class Drummers:
    """The table. Float64 but for `styles`; the last axis is loudness, lateness.

    piece (9, 2), place (9, 48, 2), between (9, 12, 4, 2), company (9, 4, 16, 2), style (styles, 9, 12, 2),
    tempo (5, 9, 12, 2): means, as in the head of this module.
    size (9, 12, 2): standard deviations at USUAL_TEMPO; `growth` (2,): the power of the tempo that they grow with.
    shares (2, 4): u, w, t, e of loudness and of lateness; `phi` (2,).
    styles: their names; style_tempo (styles, 2): mean and spread of the logarithm (base 2) of their tempi;
    style_takes (styles,): how often each was heard.
    """

    piece: NDArray[np.float64]
    place: NDArray[np.float64]
    between: NDArray[np.float64]
    company: NDArray[np.float64]
    style: NDArray[np.float64]
    tempo: NDArray[np.float64]
    size: NDArray[np.float64]
    growth: NDArray[np.float64]
    shares: NDArray[np.float64]
    phi: NDArray[np.float64]
    style_tempo: NDArray[np.float64]
    style_takes: NDArray[np.float64]
    styles: tuple[str, ...]

    def mean(self, strokes: Strokes, *, tempo: NDArray[np.float64], style: str | None = None) -> NDArray[np.float64]:
        """What strokes are foretold, (n, 2); `tempo` (n,) in beats a minute. Raises UsageError for a style that nobody
        played."""
        piece, in_beat = strokes.piece, strokes.in_beat
        speed = np.digitize(tempo, TEMPI)
        mixed = np.einsum("ns,snc->nc", self._mixture(tempo, style), self.style[:, piece, in_beat])
        mean: NDArray[np.float64] = (
            self.piece[piece]
            + self._of_place(strokes)
            + self.between[piece, in_beat, strokes.between]
            + self.company[piece, in_beat // 3, strokes.company]
            + mixed
            + self.tempo[speed, piece, in_beat]
        )
        return mean

    def deviation(self, strokes: Strokes, *, tempo: NDArray[np.float64]) -> NDArray[np.float64]:
        """The standard deviations of strokes, (n, 2)."""
        return self.size[strokes.piece, strokes.in_beat] * (tempo[:, None] / USUAL_TEMPO) ** self.growth

    def drawn(self, strokes: Strokes, *, random: np.random.Generator, time: NDArray[np.float64]) -> NDArray[np.float64]:
        """Deviations of strokes, in units of their standard deviations, (n, 2). `time`: what all who play together
        share at the step of each stroke, (n, 2), as `time_of` draws it."""
        u, w, t, e = np.sqrt(self.shares).T
        of_piece = random.standard_normal((len(PIECES), 2))
        keys, key = np.unique(
            strokes.piece * (strokes.bar_step.max(initial=0) + 1) + strokes.bar_step, return_inverse=True
        )
        of_place = random.standard_normal((len(keys), 2))
        own = random.standard_normal((len(strokes), 2))
        drawn: NDArray[np.float64] = u * of_piece[strokes.piece] + w * of_place[key] + t * time + e * own
        return drawn

    def time_of(self, steps: NDArray[np.int64], *, random: np.random.Generator) -> NDArray[np.float64]:
        """A shared deviation at each of some steps (rising, each once), (steps, 2), of variance 1."""
        drawn = random.standard_normal((len(steps), 2))
        left = self.phi ** np.diff(steps, prepend=steps[:1])[:, None]
        for index in range(1, len(steps)):
            drawn[index] = left[index] * drawn[index - 1] + np.sqrt(1 - left[index] ** 2) * drawn[index]
        return drawn

    def _of_place(self, strokes: Strokes) -> NDArray[np.float64]:
        """What the place in the bar says; a beat that is any but the first is the mean of those."""
        others = self.place.reshape(len(PIECES), 4, BEAT, 2)[:, 1:].mean(axis=1)
        of_place: NDArray[np.float64] = np.concatenate([self.place, others], axis=1)[strokes.piece, strokes.place]
        return of_place

    def _mixture(self, tempo: NDArray[np.float64], style: str | None) -> NDArray[np.float64]:
        """How much each style counts for each stroke, (n, styles), rows of sum 1: one, or those played at its tempo."""
        if style is not None:
            if style not in self.styles:
                raise UsageError(f"`style`: nobody played {style!r}; there are {', '.join(self.styles)}", field="style")
            return np.tile(np.array(self.styles) == style, (len(tempo), 1)).astype(np.float64)
        centre, spread = self.style_tempo.T
        spread = np.hypot(spread, MIXED)
        away = (np.log2(tempo)[:, None] - centre) / spread
        weight = self.style_takes * np.exp(-0.5 * np.minimum(away**2, 50.0)) / spread
        mixture: NDArray[np.float64] = weight / weight.sum(axis=1, keepdims=True)
        return mixture

    def to_bytes(self, *, about: dict[str, str]) -> bytes:
        """The table as safetensors, in half precision; `about`: where it is from, for the header, which holds one
        entry, since the order of several is left to chance."""
        from safetensors.numpy import save

        arrays = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "styles"}
        halves = {name: np.ascontiguousarray(values, np.float16) for name, values in arrays.items()}
        return save(halves, metadata={ABOUT: json.dumps({**about, "styles": self.styles})})

    @classmethod
    def from_file(cls, path: Path) -> Drummers:
        """The table that a file holds."""
        from safetensors import safe_open

        with safe_open(path, "numpy") as file:
            arrays = {name: file.get_tensor(name).astype(np.float64) for name in file.keys()}  # noqa: SIM118
            return cls(**arrays, styles=tuple(json.loads(file.metadata()[ABOUT])["styles"]))


@cache
def bundled_drummers() -> Drummers:
    """The table that comes with the program."""
    return Drummers.from_file(FILE)
