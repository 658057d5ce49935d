"""The fragment that a seed was found by: somebody plays two bars, and goes on from the piece that they are most like.

The nearest piece of a folder is only near if the folder holds the piece, or one like it. How far is far? An embedding
lies on a sphere of radius sqrt(dim), so two random ones are about sqrt(2 dim) apart. Fragments of two and four bars
were cut from the sixteen samples, 480 in all, transposed, and looked for among the samples with the bundled model. The
distances as shares of sqrt(2 dim), of the piece a fragment is from, and of the nearest other piece:

                                        its own piece         the nearest other
                                     median  95th percentile  5th percentile  median
    as it is                           0.00       0.00             0.58        0.74
    with a fifth of the notes missing  0.34       0.49             0.61        0.77
    and a fifth of the others wrong    0.44       0.61             0.65        0.79

Beyond FAR are 2 % of the fragments whose piece is there, and would be 94 % if it were not. A single line out of a piece
for many parts is far from it, too: by what sounds at once it is another piece.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from symbolic_embed.errors import printable
from symbolic_embed.library.find import Place

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
