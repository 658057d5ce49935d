"""Where written bars come from: the longest runs of notes they share with the training data and with the seed.

A run is notes in a row on the top line of a part, blind to key: the same intervals in the same rhythm. Against the seed
it is found exactly (`shared_runs.py`), with the bar it ends in. Against the training data a fingerprint
(`fingerprint.py`) answers for every RUN notes whether they stand somewhere in it; as many in a row as are found make
the run. So a copy is never missed, but the run may be put together from several pieces, and a few notes of it may be
chance: below SURE notes nothing is said. Which piece it was the runs cannot tell. Drums have no line and are not looked
at.

The fingerprint holds hashes of some training bars too (`kept_bars.py`): of each written bar the one that seems
nearest is named, with its estimated distance. It is the nearest of those kept, not of all, which the record says in
numbers ("kept", "of"); half of the distances are off by more than "distance_off_by". A small distance is worth a look,
a large one means only that nothing kept is near.

Only runs count that hold a new note: what was kept of the seed is the seed's.

How long is long? Music that was never seen shares scales, arpeggios and repeated figures with the training data.
Longest runs in notes by the bundled fingerprint (`benchmarks/copied.py`):

                                             n  median  90th percentile  longest
    pieces of the validation split, whole  200      15               50      109
      openhymnal                            18      10               14       18
      openewld_pd                           18      10               14       27
      cre_irish                             19      12               22       33
      freedoom                              19      14               31       67
      polish_scores                         18      14               44       53
      mutopia_pd                            19      15               35       66
      openscore_lieder                      18      17               27       66
      mutopia_ccby                          13      18               37       41
      pop909                                18      18               67       69
      chopin_first_editions                 19      21               51       78
      hauptstimme_orchestra                  8      46               62       66
      openscore_quartets                    13      50               92      109
    eight real bars of test pieces          50      12               20       40
    eight bars written in their place       50      11               16       44

So a run of 20 notes within eight bars is what real music has too; beyond that a look is worth it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows, bar_windows, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.originality.fingerprint import RUN, Fingerprint, Lines, longest_runs, top_lines
from symbolic_embed.originality.kept_bars import KeptBars
from symbolic_embed.originality.nearness import nearest_bars
from symbolic_embed.originality.shared_runs import longest_shared
from symbolic_embed.outputs.seed_file import Output, Seed

SURE = RUN + 4  # notes: five runs in a row are found by chance about once in 27,000 places


@dataclass(frozen=True, eq=False)
class Copied:
    """Of every note of some lines that is new, int64 (notes,): its bar (from 0), the longest run through it that the
    training data holds, the longest that the seed holds, and the seed's bar (from 0) in which that one ends; 0 and -1
    where there is none. `training` is None without a fingerprint."""

    bar: NDArray[np.int64]
    training: NDArray[np.int64] | None
    seed: NDArray[np.int64]
    seed_bar: NDArray[np.int64]

    @property
    def longest(self) -> int:
        """The longest run that the training data holds; 0 without a fingerprint."""
        return 0 if self.training is None else int(self.training.max(initial=0))


def copied(output: Output, seed: Seed, fingerprint: Fingerprint | None) -> Copied:
    """What the new notes of an output share with the training data and with its seed."""
    return _copied(cut(output.events.score()), output, seed, fingerprint)


def with_provenance(
    outputs: Sequence[Output], seed: Seed, embedder: Embedder, fingerprint: Fingerprint | None
) -> list[Output]:
    """The same outputs with what is known of their origin in their records: of each written bar the longest runs, and
    the seed's nearest bar. Bars of all outputs are embedded and compared together."""
    after = [cut(output.events.score()) for output in outputs]
    shared = [_copied(barred, output, seed, fingerprint) for barred, output in zip(after, outputs, strict=True)]
    bars = [np.unique(of_output.bar) for of_output in shared]
    vectors = _embedded(after, bars, embedder)
    nearest = nearest_bars(vectors, embedder.embed_bars(seed.barred))
    known = fingerprint.bars if fingerprint else None
    in_training = _nearest_in_training(vectors, known) if known else [{}] * len(vectors)
    places = iter(zip(*nearest, in_training, strict=True))
    rows = [
        [
            {"bar": bar + 1, "nearest_seed_bar": int(place) + 1, "distance": round(float(distance), 3)}
            | _runs_of_bar(of_output, bar)
            | training
            for bar, (place, distance, training) in zip(of_bars.tolist(), islice(places, len(of_bars)), strict=True)
        ]
        for of_output, of_bars in zip(shared, bars, strict=True)
    ]
    return [
        replace(output, record={**output.record, "provenance": _about(of_output, of_bars, fingerprint)})
        for output, of_output, of_bars in zip(outputs, shared, rows, strict=True)
    ]


def _copied(after: BarredScore, output: Output, seed: Seed, fingerprint: Fingerprint | None) -> Copied:
    """The same, of an output that has been cut."""
    moved = int(output.record.get("then", {}).get("transposed", 0))
    is_new = _new_notes(after, seed, alone=bool(output.record["settings"].get("alone")), moved=moved)
    lines, seed_lines = _lines(after), _lines(seed.barred)
    new = is_new[_rows_of(lines, after)]
    in_seed, ends = longest_shared(seed_lines, lines, new=new)
    training = longest_runs(lines, fingerprint)[new] if fingerprint else None
    seed_bars = seed.barred.grid.bar_of(np.append(seed_lines.onset_steps, 0))  # the last stands for -1, none
    seed_bar = np.where(ends < 0, -1, seed_bars[ends])
    return Copied(after.grid.bar_of(lines.onset_steps)[new], training, in_seed[new], seed_bar[new])


def _embedded(
    after: Sequence[BarredScore], bars: Sequence[NDArray[np.int64]], embedder: Embedder
) -> NDArray[np.float32]:
    """The embeddings of some bars of several pieces, piece after piece; float32 (bars, dim)."""
    of_pieces = [bar_windows(barred) for barred in after]
    windows = [of_piece.where(np.isin(of_piece.bar, some)) for of_piece, some in zip(of_pieces, bars, strict=True)]
    if not windows:
        return np.zeros((0, embedder.dim), np.float32)
    together = Windows.concatenated(windows)
    return embedder.of_bars(embedder.embed_windows(together), np.flatnonzero(together.part_of_bar == 0))


def _about(shared: Copied, bars: Sequence[dict[str, Any]], fingerprint: Fingerprint | None) -> dict[str, Any]:
    """What a record says of the origin of an output, with its bars."""
    about: dict[str, Any] = {"longest_as_in_seed": int(shared.seed.max(initial=0)), "bars": bars}
    if fingerprint and (known := fingerprint.bars):
        about = {"training_bars": {"kept": len(known), "of": known.of, "distance_off_by": known.error}, **about}
    if fingerprint:
        about = {"longest_as_in_training": _if_sure(shared.longest), "fingerprint": _described(fingerprint), **about}
    return about


def _runs_of_bar(shared: Copied, bar: int) -> dict[str, Any]:
    """The longest runs through the new notes of a bar, as the record has them."""
    here = shared.bar == bar
    best = int(np.argmax(np.where(here, shared.seed, -1)))
    runs: dict[str, Any] = {"notes_as_in_seed": int(shared.seed[best])}
    if shared.seed[best]:
        runs["in_seed_bar"] = int(shared.seed_bar[best]) + 1
    if shared.training is not None:
        runs["notes_as_in_training"] = _if_sure(int(shared.training[here].max()))
    return runs


def _lines(barred: BarredScore) -> Lines:
    """The top lines of all parts but drums."""
    notes = barred.notes.where(~barred.note_is_drum)
    return top_lines(notes.track, notes.onset_steps, notes.pitch)


def _rows_of(lines: Lines, barred: BarredScore) -> NDArray[np.int64]:
    """For each note of the lines its index in `barred.notes`."""
    notes = barred.notes
    most = notes.onset_steps.max(initial=0) + 1
    keys = (notes.track * most + notes.onset_steps) * 128 + notes.pitch
    order = np.argsort(keys, kind="stable")
    rows: NDArray[np.int64] = order[
        np.searchsorted(keys[order], (lines.part * most + lines.onset_steps) * 128 + lines.pitch)
    ]
    return rows


def _new_notes(after: BarredScore, seed: Seed, *, alone: bool, moved: int) -> NDArray[np.bool_]:
    """Which notes of a piece its seed, moved by some semitones, does not have at the same tick in the same part; bool
    (notes,). Drums are not looked at."""
    if alone:
        return np.ones(len(after.notes), bool)
    old = {
        (track.chunk, track.address, tick, pitch + moved)
        for track in seed.barred.score.tracks
        for tick, pitch in zip(track.notes.onset_ticks.tolist(), track.notes.pitch.tolist(), strict=True)
    }
    tracks = after.score.tracks
    columns = zip(after.notes.track.tolist(), after.notes.source.tolist(), after.notes.pitch.tolist(), strict=True)
    return np.array(
        [
            (tracks[number].chunk, tracks[number].address, int(tracks[number].notes.onset_ticks[source]), pitch)
            not in old
            for number, source, pitch in columns
        ],
        bool,
    )


def _nearest_in_training(new: NDArray[np.float32], known: KeptBars) -> list[dict[str, Any]]:
    """The kept training bar that seems nearest to each new one, and its distance as estimated."""
    bars, distances = known.nearest(new)
    return [
        {"nearest_training_bar": {**known.place(int(bar)), "distance": round(float(distance), 1)}}
        for bar, distance in zip(bars, distances, strict=True)
    ]


def _if_sure(length: int) -> int | None:
    """A length in notes, None where it is too short to mean anything."""
    return length if length >= SURE else None


def _described(fingerprint: Fingerprint) -> dict[str, Any]:
    chance = {"notes_in_a_run": RUN, "found_by_chance": round(fingerprint.chance, 4), "told_from": SURE}
    return {**chance, "runs": fingerprint.runs, "source": fingerprint.source}
