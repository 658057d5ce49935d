"""From pieces to their features, in a stream: what the notes say by themselves at once, embeddings several pieces a
batch (`embedding.batches`). However many pieces there are, memory holds a few pools of them.

    featured   pieces, or a store, to features: what every question begins with
    build      pieces into a store
    in_keys    windows embedded in some transpositions: the one place where music is embedded for the library
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, BarredScore, Windows, bar_windows, cell_windows
from symbolic_embed.bars.keys import pitch_class_durations
from symbolic_embed.embedding.batches import embed_each
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.passages import PassageCells, Passages
from symbolic_embed.errors import CheckpointError, SymbolicEmbedError
from symbolic_embed.library.facts import main_metre, opening_tempo
from symbolic_embed.library.features import Bars, Cells, Features, Needs, Outline, Part, known
from symbolic_embed.library.stores import Store
from symbolic_embed.library.stores.library import Library
from symbolic_embed.similarity import harmony
from symbolic_embed.similarity.melody import melody
from symbolic_embed.similarity.rhythm import rhythm
from symbolic_embed.similarity.transposing import TRANSPOSITIONS, precedence

Pieces = Iterable[tuple[str, BarredScore]] | Store
Owner = TypeVar("Owner")
Rows = TypeVar("Rows", Bars | None, Cells | None)

_NONE = np.zeros(0, np.uint8)
NOTHING = Windows(_NONE, _NONE, _NONE, _NONE, np.zeros(1, np.int64), *np.zeros((4, 0), np.int64))


def featured(pieces: Pieces, embedder: Embedder, needs: Needs) -> Iterator[Features]:
    """The features of `pieces`, (path, score) or a store of them, in their order. Raises CheckpointError for a store of
    another checkpoint, SymbolicEmbedError for one that lacks a kind that is needed."""
    if isinstance(pieces, Store):
        _require(pieces, embedder, needs)
        kept = pieces.each(needs.kinds, together=needs.together) if isinstance(pieces, Library) else pieces
        return completed(kept, embedder, needs)
    return completed((unembedded(path, barred, needs) for path, barred in pieces), embedder, needs)


def count_of(pieces: Pieces) -> int | None:
    """How many pieces there are, where that can be known beforehand."""
    return len(pieces) if isinstance(pieces, Sized) else None


def build(pieces: Pieces, embedder: Embedder, store: Store) -> None:
    """Adds `pieces` to a store, with all that it holds of each. Raises CheckpointError where the store belongs to
    another checkpoint."""
    _require_same_model(store, embedder)
    for piece in featured(pieces, embedder, Needs(store.kinds)):
        store.add(piece)


def unembedded(path: str, barred: BarredScore, needs: Needs) -> Features:
    """What the notes of a piece say by themselves. Its bars and cells, where they are needed, are numbered, come with
    their notes, and have no version yet."""
    piece, kinds = Features(path), needs.kinds
    if kinds & {"bars", "bar_notes", "precedence"}:
        windows, is_sounding = _bars(barred)
        sounding = windows
        if not is_sounding.all():
            sounding = windows.where(np.flatnonzero(is_sounding[windows.bar]))
        notes = windows if needs.silence else sounding
        number = notes.bar[notes.part_of_bar == 0]
        bars = Bars(number, is_sounding[number], _no_versions(len(number)))
        piece = replace(piece, bars=bars, bar_notes=notes)
        if "precedence" in kinds:
            piece = replace(piece, precedence=precedence(sounding))
    if kinds & {"cells", "cell_notes", "passages"}:
        notes = cell_windows(barred)
        track, bar = (column[notes.part_of_bar == 0] for column in (notes.track, notes.bar))
        roles = np.array([ROLES.index(role) for role in barred.roles], np.int64)
        piece = replace(piece, cells=Cells(track, bar, roles[track], _no_versions(len(track))), cell_notes=notes)
    return replace(
        piece,
        content=_content(barred) if "content" in kinds else None,
        outline=_outline(barred) if "outline" in kinds else None,
        harmony=harmony.passages(barred) if "harmony" in kinds else None,
        melody=melody(barred) if "melody" in kinds else None,
        rhythm=rhythm(barred) if "rhythm" in kinds else None,
    )


def completed(pieces: Iterable[Features], embedder: Embedder, needs: Needs) -> Iterator[Features]:
    """Each piece with all versions of its bars and cells that are needed, and without what is not."""

    def music() -> Iterator[tuple[Features, Windows | None, Sequence[int]]]:
        for piece in pieces:
            keys = TRANSPOSITIONS if needs.in_all_keys(piece) else TRANSPOSITIONS[:1]
            of_bars = keys[len(known(piece.bars).versions) :] if "bars" in needs.kinds else ()
            of_cells: Sequence[int] = ()
            if "cells" in needs.kinds:
                of_cells = keys[len(known(piece.cells).versions) :]
            elif "passages" in needs.kinds and piece.passages is None:
                of_cells = TRANSPOSITIONS[:1]
            yield piece, piece.bar_notes, of_bars
            yield piece, piece.cell_notes, of_cells

    versions = in_keys(embedder, music())
    for (piece, bars), (_, cells) in zip(versions, versions, strict=True):
        piece = replace(piece, bars=_more(piece.bars, bars), cells=_more(piece.cells, cells))
        if "passages" in needs.kinds and piece.passages is None:
            piece = replace(piece, passages=passages_of(known(piece.cells), embedder, parts=not needs.together))
        yield piece.only(needs.kinds)


def passages_of(cells: Cells, embedder: Embedder, *, parts: bool = True) -> Passages:
    """The passages of a piece, from its cells in its own key; without `parts` those of all together alone. Raises
    CheckpointError where the embedder's checkpoint has no passage encoder."""
    bars = int(cells.bar.max(initial=-1)) + 1
    played = PassageCells(cells.vectors, cells.track, cells.bar, cells.role, bars)
    return embedder.passage_model.passages(played, parts=parts)


def in_keys(
    embedder: Embedder, music: Iterable[tuple[Owner, Windows | None, Sequence[int]]]
) -> Iterator[tuple[Owner, NDArray[np.float32]]]:
    """For each (owner, windows, intervals) of `music`, in order: the owner, and the windows' rows embedded as they are
    when moved by each of the intervals, in semitones; float32 (intervals, rows, dim). The windows of a long bar are one
    row. Without intervals the windows may be None."""

    def moved() -> Iterator[tuple[tuple[Owner, NDArray[np.int64], int, bool], Windows]]:
        for owner, windows, intervals in music:
            versions = [_moved(known(windows), semitones) for semitones in intervals] or [NOTHING]
            first = np.flatnonzero(versions[0].part_of_bar == 0)
            for number, version in enumerate(versions, start=1):
                yield (owner, first, len(intervals), number == len(versions)), version

    versions: list[NDArray[np.float32]] = []
    for (owner, first, count, is_last), vectors in embed_each(embedder, moved()):
        versions.append(embedder.of_bars(vectors, first))
        if is_last:
            yield owner, np.stack(versions)[:count]
            versions = []


def _moved(windows: Windows, semitones: int) -> Windows:
    return windows.transposed(semitones) if semitones else windows


def _more(rows: Rows, versions: NDArray[np.float32]) -> Rows:
    """Bars or cells with further versions after those that they have."""
    if rows is None or not len(versions):
        return rows
    return replace(rows, versions=np.concatenate([rows.versions, versions]) if len(rows.versions) else versions)


def _no_versions(count: int) -> NDArray[np.float32]:
    return np.zeros((0, count, 0), np.float32)


def _bars(barred: BarredScore) -> tuple[Windows, NDArray[np.bool_]]:
    """All bars as windows; and in which of them something sounds, or all of them where nothing does, bool (bars,)."""
    windows = bar_windows(barred)
    is_sounding = np.bincount(windows.bar, windows.note_counts, minlength=barred.bars) > 0
    return windows, is_sounding | (not is_sounding.any())


def _content(barred: BarredScore) -> str:
    """SHA-256 of the notes as they lie in bars, part by part, and of which parts are drums."""
    notes = barred.notes
    columns = (barred.grid.bar_steps, barred.part_is_drum, notes.track, notes.onset_steps, notes.length_steps)
    return hashlib.sha256(b"".join(column.astype("<i8").tobytes() for column in (*columns, notes.pitch))).hexdigest()


def _outline(barred: BarredScore) -> Outline:
    score = barred.score
    return Outline(
        bars=barred.bars,
        metre=main_metre(barred),
        tempo=opening_tempo(barred),
        parts=tuple(
            Part(track.name, track.program, role) for track, role in zip(score.tracks, barred.roles, strict=True)
        ),
        pitch_classes=pitch_class_durations(score),
    )


def _require(store: Store, embedder: Embedder, needs: Needs) -> None:
    _require_same_model(store, embedder)
    missing = needs.kinds - store.kinds
    if missing or needs.silence:
        lacking = ", ".join(sorted(missing)) or "silent bars"
        raise SymbolicEmbedError(f"the library holds no {lacking}, which this needs; build it again with them")


def _require_same_model(store: Store, embedder: Embedder) -> None:
    if store.checkpoint != embedder.hash:
        raise CheckpointError(
            f"the library was built with checkpoint {store.checkpoint[:12]}, this is {embedder.hash[:12]}; "
            "give that checkpoint, or build the library again with this one"
        )
