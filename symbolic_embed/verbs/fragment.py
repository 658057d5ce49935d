"""The fragment that a seed was found by: somebody plays two bars, and goes on from the piece that they are most like.

The nearest piece of a folder is only near if the folder holds the piece, or one like it. How far is far? The distance
is a share of that of two random embeddings (`similarity.placement`). 720 fragments of two and four bars were cut from
the sixteen samples, half of them of all parts and half of one of several, transposed, and looked for among the samples
with the bundled model. The distances of the piece a fragment is from, and of the nearest other piece:

                                                its own piece         the nearest other
                                             median  95th percentile  5th percentile  median
    all parts, as they are                     0.00       0.00             0.41        0.71
    with a fifth of the notes missing          0.32       0.47             0.54        0.74
    and a fifth of the others wrong            0.43       0.59             0.59        0.76
    one part, as it is                         0.00       0.00             0.00        0.74
    with a fifth of the notes missing          0.30       0.55             0.43        0.74
    and a fifth of the others wrong            0.46       0.67             0.46        0.77

Beyond FAR are 4 % of the fragments whose piece is there, and would be 80 % if it were not: a bass that stays on one
note for two bars is in many pieces.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from symbolic_embed.errors import printable
from symbolic_embed.library.laying import Place

FAR = 0.62


@dataclass(frozen=True)
class Fragment:
    """A fragment (its path and SHA-256), and the place where it fits best."""

    path: str
    sha256: str
    place: Place

    def record(self) -> dict[str, Any]:
        """What the records of outputs say of it; bars count from 1."""
        return {"fragment": self.path, "sha256": self.sha256} | asdict(self.place)

    def warnings(self) -> list[str]:
        """A line where the piece is hardly like the fragment; else nothing."""
        if self.place.distance <= FAR:
            return []
        return [
            f"{printable(self.place.path)} is hardly like {printable(self.path)}: distance {self.place.distance:.2f}, "
            "and two random bars are 1 apart; is the piece that it is from in the folder?"
        ]
