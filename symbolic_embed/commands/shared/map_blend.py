"""The blend of two files on a map: written as `blend` writes it, and placed where it lies."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.shared.closing import Closing
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.commands.shared.seeds import read_seed
from symbolic_embed.outputs.names import blended_name
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import BlendRequest

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.library.map import Map
    from symbolic_embed.presenting.map_page import Blended


@dataclass(frozen=True, eq=False)
class Ends:
    """The two files that a blend goes between, and what was asked of it. `folder`: where it goes."""

    first: Seed
    second: Seed
    request: BlendRequest
    folder: Path

    @classmethod
    def read(
        cls, files: tuple[str, str], request: BlendRequest, *, folder: Path, progress: Progress, max_bytes: int
    ) -> Ends:
        """The files, read. Raises InputError."""
        first, second = (
            read_seed(file, request, progress=progress, max_bytes=max_bytes, is_first=False) for file in files
        )
        return cls(first, second, request, folder)

    def require_place(self, *, force: bool, progress: Progress) -> None:
        """Raises OutputExistsError, OutputError where the blend cannot be written."""
        steps, seed = self.request.steps, self.request.random_seed
        closing = Closing(self.folder, max_copied=None, plot=False, diff=False, force=force, progress=progress)
        closing.look_before(
            blended_name(self.first, self.second, number, steps=steps, random_seed=seed)
            for number in range(1, steps + 1)
        )

    def blended(self, embedder: Embedder, progress: Progress) -> list[Output]:
        """What lies between, not yet written."""
        from symbolic_embed.verbs.blend import blend

        return blend(self.first, self.second, embedder, self.request, progress=progress.counting("blending"))

    def on(self, drawn: Map, outputs: Sequence[Output], embedder: Embedder) -> Blended:
        """The blend on a map: its ends where the map has them, and else where they would be."""
        from symbolic_embed.presenting.map_page import Blended
        from symbolic_embed.presenting.map_picture import Way

        steps = [(str(self.folder / f"{output.name}.mid"), cut(output.events.score())) for output in outputs]
        ends = [(seed.path, seed.barred) for seed in (self.first, self.second)]
        first, *between, last = _places([ends[0], *steps, ends[1]], drawn, embedder)
        return Blended(Way((first, *between, last)), tuple(steps))


def _places(pieces: Sequence[tuple[str, BarredScore]], drawn: Map, embedder: Embedder) -> list[tuple[float, float]]:
    """Where pieces lie: where the map has them, and else where they would be."""
    import numpy as np

    from symbolic_embed.library.building import featured
    from symbolic_embed.library.plane import needs_of, vector_of

    vectors = np.stack([vector_of(piece) for piece in featured(pieces, embedder, needs_of(embedder))])
    known = {os.path.normpath(point.path): (point.x, point.y) for point in drawn.points}
    places: list[tuple[float, float]] = [(x, y) for x, y in drawn.plane.place(vectors).tolist()]
    return [known.get(os.path.normpath(path), place) for (path, _), place in zip(pieces, places, strict=True)]
