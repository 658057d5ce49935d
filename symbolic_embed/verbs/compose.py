"""From a seed to new bars after it, ready to be saved.

Each output's record says how it was made: settings, seed, checkpoint, and for every written bar the numbers that show
how near or far it is. The same seed file, settings and checkpoint give the same outputs, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from symbolic_embed.bars import cut
from symbolic_embed.composing.continuing import continue_piece
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.originality.nearness import nearest_bars
from symbolic_embed.outputs.expression import expressed
from symbolic_embed.outputs.names import continued_name, record_of
from symbolic_embed.outputs.proof import asked_after, proved
from symbolic_embed.outputs.seed_file import Output, Seed, new_bars_alone, with_notes
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.score.editing.in_place import release_pedals


def compose(
    seed: Seed,
    trained: TrainedComposer,
    *,
    bars: int = 8,
    form: str | None = None,
    variations: int = 1,
    temperature: float = 0.9,
    top_p: float = 0.95,
    random_seed: int = 0,
    alone: bool = False,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> list[Output]:
    """`variations` continuations of a seed by `bars` bars, in its own tracks, tempo and metre; `alone` leaves out the
    seed itself."""
    settings = {"bars": bars, "form": form, "temperature": temperature, "top_p": top_p}
    settings |= {"random_seed": random_seed, "alone": alone}
    continuations = continue_piece(
        trained,
        seed.barred,
        bars=bars,
        form=form,
        variations=variations,
        temperature=temperature,
        top_p=top_p,
        seed=random_seed,
        progress=progress,
    )
    return [
        _composed(seed, trained.embedder, notes, settings={**settings, "variation": number}, alone=alone)
        for number, notes in enumerate(continuations, start=1)
    ]


def _composed(seed: Seed, embedder: Embedder, notes: WrittenNotes, *, settings: dict[str, Any], alone: bool) -> Output:
    played = expressed(notes, seed.barred)
    seam = int(seed.barred.grid.tick_of(seed.barred.grid.bar_steps[-1:])[0])
    dry = replace(seed, events=release_pedals(seed.events, seam))
    whole = with_notes(dry, removed=np.zeros(0, np.int64), added=played)
    events = new_bars_alone(seed, played) if alone else whole
    name = continued_name(seed, settings["variation"], random_seed=settings["random_seed"], alone=alone)
    record = record_of("compose", seed, embedder, settings)
    record["written_bars"] = _nearest_seed_bars(seed, embedder, embedder.embed_bars(cut(whole.score())))
    output = Output(name, events, record)
    return output if alone else proved(output, seed, asked=asked_after(seed))


def _nearest_seed_bars(seed: Seed, embedder: Embedder, vectors: np.ndarray) -> list[dict[str, Any]]:
    """For each bar after the seed's last: its number in the whole, the seed's nearest bar, and how far that is."""
    old, new = vectors[: seed.barred.bars], vectors[seed.barred.bars :]
    return [
        {"bar": bar, "nearest_seed_bar": int(nearest) + 1, "distance": round(float(distance), 3)}
        for bar, nearest, distance in zip(range(len(old) + 1, len(vectors) + 1), *nearest_bars(new, old), strict=True)
    ]
