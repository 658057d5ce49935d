"""What `keepable.py` has written, and what it counts there.

Everything is written as a user would have it written, by the verbs, and read again from the bytes of the file. Only
what was copied from the training data is not looked for, since that is `copied.py`'s and takes longer than the writing.
Each kind goes through the pieces by `progress`, and can be asked for by its name in `KINDS` of `keepable.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from keepable_pieces import BARS, Piece, cells_swapped, markov, parts_shuffled, seed_bars_at_random

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.patterns import SIXTEENTH, Stretch, cells, doubling, grooves, sounding
from symbolic_embed.composing.accompanying import new_track
from symbolic_embed.composing.checks import Checks
from symbolic_embed.composing.failures import failures_of_continuation, failures_of_variation
from symbolic_embed.composing.stretches import written_bars
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.errors import NothingNewError
from symbolic_embed.evaluation.written_music import Passage, figures
from symbolic_embed.outputs.reread import cut_again, parts_of_seed
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import AccompanyRequest, ComposeRequest, VaryRequest, WritingRequest
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.accompany import accompany
from symbolic_embed.verbs.compose import compose
from symbolic_embed.verbs.vary import vary

CHANGES = (0.1, 0.3, 0.6)
LENDERS = 12  # pieces that the rival of borrowing has to choose from
RIVALS = {"seed bars at random": seed_bars_at_random, "parts shuffled": parts_shuffled, "Markov": markov}
TAKEN_AWAY = ("bass", "drums")
MISSING = -1.0  # to a classifier; all that is counted is 0 or more
Progress = Callable[[Sequence[Piece]], Iterable[Piece]]


@dataclass(frozen=True, eq=False)
class Finding:
    """What was counted in one result: which kind of result, of which music and piece, by whom; figures by name, None
    where one does not apply; and what a classifier may look at, where it shall."""

    kind: str
    music: str
    piece: int
    who: str
    figures: dict[str, float | None]
    vector: np.ndarray | None = None


def without_fingerprint(trained: TrainedComposer) -> TrainedComposer:
    """The composer, so that what it writes is not compared with what it was trained on."""
    return replace(trained, embedder=replace(trained.embedder, folder=None))


def continuations(
    pieces: Sequence[Piece], trained: TrainedComposer, *, request: ComposeRequest, progress: Progress = iter
) -> Iterator[Finding]:
    """Eight bars after each seed: written, real, and by the rivals."""
    for piece in progress(pieces):
        outputs = written(partial(compose, piece.seed, trained), request, piece)
        made = {} if piece.after is None else {"real": piece.after}
        if outputs:
            again = cut_again(outputs[0].events, piece.seed, more_bars=BARS)
            bars = range(piece.seed.barred.bars, again.bars)
            made["written"] = written_bars(again, piece.seed.barred, bars=bars)
        made |= {who: rival(piece.before, piece.random(0)) for who, rival in RIVALS.items()}
        for who, new in made.items():
            counted = of_continuation(piece.before, new)
            vector = vector_of(piece.before, new, counted)
            yield Finding("continuations", piece.music, piece.number, who, counted, vector)


def variations(
    pieces: Sequence[Piece], trained: TrainedComposer, *, request: VaryRequest, progress: Progress = iter
) -> Iterator[Finding]:
    """Each seed with other notes, at each of CHANGES, and a rival at each."""
    for piece in progress(pieces):
        for change in CHANGES:
            asked = request.model_copy(update={"change": change})
            outputs = written(partial(vary, piece.seed, trained.embedder), asked, piece)
            if outputs:
                again = cut_again(outputs[0].events, piece.seed)
                after = written_bars(again, piece.seed.barred)
                counted = of_variation(piece.before, after)
                counted["change as measured"] = outputs[0].record["measured_change"]
                yield Finding("variations", piece.music, piece.number, f"written {change:g}", counted)
            rival = cells_swapped(piece.before, piece.random(1), share=change)
            yield Finding(
                "variations", piece.music, piece.number, f"swapped {change:g}", of_variation(piece.before, rival)
            )


def accompaniments(
    pieces: Sequence[Piece], trained: TrainedComposer, *, request: AccompanyRequest, progress: Progress = iter
) -> Iterator[Finding]:
    """Bass and drums taken away, as far as there are such and something else, and written again, or borrowed from other
    pieces."""
    for piece in progress(pieces):
        roles = piece.seed.barred.roles
        away = sorted(set(TAKEN_AWAY) & set(roles))
        if not away or set(roles) <= set(TAKEN_AWAY):
            continue
        rest = without_parts(piece.seed, away)
        asked = request.model_copy(update={"parts": tuple(away)})
        yield _accompanied(piece, "real", Stretch.of(piece.seed.barred), roles)
        lenders = [(str(other.number), other.seed.barred) for other in pieces if other is not piece]
        lenders = [(path, barred) for path, barred in lenders if _lends(barred, away)][:LENDERS]
        ways = {"written": None} | ({"borrowed": lenders} if _together_lend(lenders, away) else {})
        for who, music in ways.items():
            outputs = written(partial(accompany, rest, trained, lenders=music), asked, piece)
            if outputs:
                again = cut_again(outputs[0].events, rest)
                yield _accompanied(piece, who, Stretch.of(again), _roles_of(again, rest, away))


def of_continuation(seed: Stretch, new: Stretch) -> dict[str, float | None]:
    """The failures of new bars, and beside them what returns and what is new."""
    returning = cells.cells_that_return(new, before=seed)
    return _failing(failures_of_continuation(seed, new)) | {
        "cells that return": returning,
        "bars of the seed that return": cells.bars_that_return(new, before=seed),
        "new cells": None if returning is None else 1 - returning,
        "doubled parts agree": _agreement(seed, new),
    }


def vector_of(seed: Stretch, new: Stretch, counted: dict[str, float | None]) -> np.ndarray:
    """What a classifier may look at: the figures of `evaluation/written_music.py`, then what was counted."""
    values = [np.nan if value is None else value for value in counted.values()]
    return np.nan_to_num(np.concatenate([_figures(seed, new), np.array(values, float)]), nan=MISSING)


def of_variation(seed: Stretch, varied: Stretch) -> dict[str, float | None]:
    """The failures of a variation, and beside them what stays equal and how alike the drums are."""
    return _failing(failures_of_variation(seed, varied)) | {
        "equal bars that stay equal": cells.pairs_kept(seed, varied),
        "likeness to the drums": grooves.barwise_likeness(seed, varied),
        "doubled parts agree": _agreement(seed, varied),
    }


def of_accompaniment(music: Stretch, roles: Sequence[str], *, beat: int) -> dict[str, float | None]:
    """Of the bars that sound, the share that has a backbeat; of those with a bass at the barline the share in which it
    is the root of what the other parts play; how alike neighbouring bars of the drums are, and which share of them is
    the one before over again. None where that role is not there."""
    is_bass = np.array([role == "bass" for role in roles], bool)[music.part]
    roots, chords = (sounding.bass_roots(music.where(is_bass)), sounding.chord_roots(music.where(~is_bass)))
    both = (roots != sounding.NOTHING) & (chords != sounding.NOTHING)
    bars = sounding.sounding_bars(music).any(axis=0)
    has = grooves.has_backbeat(music, beat=beat)
    return {
        "bars with a backbeat": float(has[bars].mean()) if "drums" in roles else None,
        "drum bars like their neighbours": grooves.neighbour_likeness(music),
        "drum bars as the one before": grooves.equal_neighbours(music),
        "bass on the root at barlines": float((roots == chords)[both].mean()) if both.any() else None,
    }


def without_parts(seed: Seed, roles: Sequence[str]) -> Seed:
    """A seed without its parts in these roles."""
    score, own = seed.barred.score, seed.barred.roles
    tracks = tuple(track for track, role in zip(score.tracks, own, strict=True) if role not in roles)
    return Seed.from_bytes(score_to_events(replace(score, tracks=tracks)).to_bytes(), path=seed.path)


def beat_of(barred: BarredScore) -> int:
    """The length of a beat in sixteenths, in the metre of the first bar: in 6/8, 9/8, 12/8 of three of its units."""
    return grooves.beat_sixteenths(barred.metre.signatures[0])


def _accompanied(piece: Piece, who: str, music: Stretch, roles: Sequence[str]) -> Finding:
    counted = of_accompaniment(music, roles, beat=beat_of(piece.seed.barred))
    return Finding("accompaniments", piece.music, piece.number, who, counted)


def written(write: Callable[..., list[Output]], request: WritingRequest, piece: Piece) -> list[Output]:
    """What a verb writes with the piece's own random seed; nothing where all it drew is the seed again."""
    try:
        return write(request.model_copy(update={"random_seed": piece.number}))
    except NothingNewError:
        return []


def _failing(checks: Checks) -> dict[str, float | None]:
    """Whether each check fails, and whether two or more do."""
    failing = {check.name: float(check.fails) if check.applies else None for check in checks.checks}
    return failing | {"two or more": float(len(checks.failures) >= 2)}


def _agreement(seed: Stretch, new: Stretch) -> float | None:
    """How much parts double each other, on average over those that do so in the seed."""
    likeness = doubling.likeness_of_parts(new)
    agreeing = [float(likeness[pair.first, pair.second]) for pair in doubling.doublings(seed)]
    return float(np.mean(agreeing)) if agreeing else None


def _figures(seed: Stretch, new: Stretch) -> np.ndarray:
    """The figures of `evaluation/written_music.py`."""
    return figures(_passage(new), before=_passage(seed))


def _passage(stretch: Stretch) -> Passage:
    columns = (stretch.part, SIXTEENTH * stretch.onset, SIXTEENTH * stretch.length, stretch.pitch)
    bar = SIXTEENTH * int(stretch.bar_starts[1])
    return Passage(np.stack(columns, axis=1), stretch.part_is_drum, stretch.bars, bar)


def _lends(barred: BarredScore, roles: Sequence[str]) -> bool:
    return bool(set(barred.roles) & set(roles)) and len(set(barred.roles)) > 1


def _together_lend(lenders: Sequence[tuple[str, BarredScore]], roles: Sequence[str]) -> bool:
    """Whether some piece has each role beside others."""
    return all(any(role in barred.roles for _, barred in lenders) for role in roles)


def _roles_of(again: BarredScore, rest: Seed, away: Sequence[str]) -> list[str]:
    """What the parts of an accompanied file do: the seed's own as they did, the new ones as they are called."""
    names = {new_track(role).name: role for role in away}
    own = parts_of_seed(again, rest.barred)
    return [
        rest.barred.roles[part] if part >= 0 else names[track.name]
        for part, track in zip(own, again.score.tracks, strict=True)
    ]
