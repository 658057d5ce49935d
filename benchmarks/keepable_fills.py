"""Fills, as `keepable.py` counts them: bars in the middle of a piece are emptied, in all parts or in one, and filled.

    real           what stood there
    written        filled, by the verb
    continued      as many takes written after what lies before alone, ranked by their failures alone
    bars copied    the bars before it over again

Failures are counted against the bars around. How unlikely the music behind is, for the composer that has heard what
lies before it and the filling, is beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from keepable_counts import Finding, Progress, of_continuation, vector_of, written
from keepable_pieces import Piece

from symbolic_embed.bars import BarredScore
from symbolic_embed.composing.filling import fill_gap
from symbolic_embed.composing.gaps import gaps
from symbolic_embed.composing.joining import nats_behind
from symbolic_embed.composing.stretches import written_bars
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.outputs.reread import cut_again
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import FillRequest
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.fill import fill

GAP = 4  # bars
LEAST_BARS = 12  # of a piece in which something is filled


def fills(
    pieces: Sequence[Piece],
    trained: TrainedComposer,
    *,
    request: FillRequest,
    of_one_part: bool = False,
    progress: Progress = iter,
) -> Iterator[Finding]:
    """The bars in the middle of each piece that has LEAST_BARS, filled in all parts or in one of them."""
    kind = "fills of one part" if of_one_part else "fills"
    for piece in progress(pieces):
        whole = piece.whole.barred
        first = whole.bars // 2 - GAP // 2
        bars = range(first, first + GAP)
        parts = [int(piece.random(2).integers(len(whole.roles)))] if of_one_part else list(range(len(whole.roles)))
        seed = emptied(piece.whole, bars=bars, parts=parts)
        if whole.bars < LEAST_BARS or [len(whole.roles), whole.bars] != [len(seed.barred.roles), seed.barred.bars]:
            continue  # too short, or a part plays nowhere else
        asked = request.model_copy(update={"bars": tuple(bars), "tracks": tuple(parts), "random_seed": piece.number})
        (gap,) = gaps(seed.barred, bars=bars, tracks=parts)
        outputs = written(partial(fill, seed, trained), asked, piece)
        alone = replace(gap, behind=gap.behind[:0])
        (continued,) = fill_gap(trained, alone, asked, random=np.random.default_rng(piece.number))
        there = notes_of(whole, bars, parts)
        before = notes_of(whole, range(first - GAP, first), parts)
        moved = int(whole.grid.bar_steps[first] - whole.grid.bar_steps[first - GAP])
        copied = replace(before, onset_steps=before.onset_steps + moved)
        fillings = {"real": there, "continued": continued.added, "bars copied": copied}
        nats = nats_behind(trained, gap, list(fillings.values())) or [None] * len(fillings)
        behind = dict(zip(fillings, nats, strict=True))
        new = {who: gap.filled(added) for who, added in fillings.items()}
        if outputs:
            new["written"] = written_bars(cut_again(outputs[0].events, seed), seed.barred, bars=bars)
            behind["written"] = outputs[0].record["stretches"][0]["take"]["nats_behind"]
        for who, stretch in new.items():
            counted = of_continuation(gap.around(), stretch)
            vector = vector_of(gap.around(), stretch, counted)
            yield Finding(kind, piece.music, piece.number, who, counted | _joined(behind, who), vector)


def emptied(seed: Seed, *, bars: range, parts: Sequence[int]) -> Seed:
    """A seed without the notes that begin in some bars of some parts."""
    barred, tracks = seed.barred, list(seed.barred.score.tracks)
    for part in parts:
        going = barred.notes.source[_inside(barred, bars, [part])]
        notes = tracks[part].notes
        tracks[part] = replace(tracks[part], notes=notes.where(np.setdiff1d(np.arange(len(notes)), going)))
    return Seed.from_bytes(score_to_events(replace(barred.score, tracks=tuple(tracks))).to_bytes(), path=seed.path)


def notes_of(barred: BarredScore, bars: range, parts: Sequence[int]) -> WrittenNotes:
    """The notes that begin in some bars of some parts."""
    notes = barred.notes.where(_inside(barred, bars, parts))
    return WrittenNotes(notes.track, notes.onset_steps, notes.length_steps, notes.pitch)


def _inside(barred: BarredScore, bars: range, parts: Sequence[int]) -> np.ndarray:
    return np.isin(barred.note_bar, bars) & np.isin(barred.notes.track, parts)


def _joined(behind: dict[str, float | None], who: str) -> dict[str, float | None]:
    """How unlikely the music behind a filling is, and whether it is less so than after continuing alone."""
    own, alone = behind[who], behind["continued"]
    likelier = None if own is None or alone is None or who == "continued" else float(own < alone)
    return {"nats a note behind": own, "behind likelier than continued": likelier}
