"""Where written bars come from: the longest runs of notes they share with the training data and with the seed.

A run is notes in a row on the top line of a part, blind to key: the same intervals in the same rhythm. Against the seed
it is found exactly, with the bar it stands in. Against the training data a fingerprint (`fingerprint.py`) answers for
every RUN notes whether they stand somewhere in it; as many in a row as are found make the run. So a copy is never
missed, but the run may be put together from several pieces, and a few notes of it may be chance: below SURE notes
nothing is said. Which piece it was the runs cannot tell. Drums have no line and are not looked at.

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

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.originality.fingerprint import RUN, Fingerprint, Lines, load_fingerprint, longest_runs, top_lines
from symbolic_embed.originality.kept_bars import KeptBars
from symbolic_embed.originality.nearness import nearest_bars
from symbolic_embed.outputs.seed_file import Output, Seed

SURE = RUN + 4  # notes: five runs in a row are found by chance about once in 27,000 places
REDRAWS = 8
CONTEXT = 64  # notes before and after a new one that are looked at


@dataclass(frozen=True, eq=False)
class Copied:
    """Of every note of some lines that is new, int64 (notes,): its bar (from 0), the longest run through it that the
    training data holds, the longest that the seed holds, and the seed's bar (from 0) in which that one ends; 0 and -1
    where there is none. `training` is None without a fingerprint."""

    bar: np.ndarray
    training: np.ndarray | None
    seed: np.ndarray
    seed_bar: np.ndarray

    @property
    def longest(self) -> int:
        """The longest run that the training data holds; 0 without a fingerprint."""
        return 0 if self.training is None else int(self.training.max(initial=0))


def copied(output: Output, seed: Seed, fingerprint: Fingerprint | None) -> Copied:
    """What the new notes of an output share with the training data and with its seed."""
    after = cut(output.events.score())
    moved = int(output.record.get("then", {}).get("transposed", 0))
    is_new = _new_notes(after, seed, alone=bool(output.record["settings"].get("alone")), moved=moved)
    lines = _lines(after)
    new = is_new[_places_of(lines, after)]
    in_seed, ends = _runs_in(_lines(seed.barred), lines, near=new)
    training = longest_runs(lines, fingerprint)[new] if fingerprint else None
    bars_there = seed.barred.grid.bar_of(np.append(_lines(seed.barred).step, 0))  # the last stands for -1, none
    return Copied(
        after.grid.bar_of(lines.step)[new], training, in_seed[new], np.where(ends < 0, -1, bars_there[ends])[new]
    )


def with_origins(
    write: Callable[[int], list[Output]], seed: Seed, embedder: Embedder, *, most: int | None, random_seed: int
) -> list[Output]:
    """What `write` makes from a random seed, with its provenance by the fingerprint in the embedder's checkpoint;
    drawn again as `within_limit` does. Raises CheckpointError where the fingerprint's file is missing or damaged."""
    known = load_fingerprint(embedder.folder, embedder.card) if embedder.folder else None
    outputs = within_limit(write, seed, known, most=most, random_seed=random_seed)
    return [with_provenance(output, seed, embedder, known) for output in outputs]


def with_provenance(output: Output, seed: Seed, embedder: Embedder, fingerprint: Fingerprint | None) -> Output:
    """The same output with what is known of its origin in its record: of each written bar the longest runs, and the
    seed's nearest bar."""
    found = copied(output, seed, fingerprint)
    bars = np.unique(found.bar)
    vectors = embedder.embed_bars(cut(output.events.score()))[bars]
    nearest = nearest_bars(vectors, embedder.embed_bars(seed.barred))
    known = fingerprint.bars if fingerprint else None
    in_training = _nearest_in_training(vectors, known) if known else [{}] * len(bars)
    rows: list[dict[str, Any]] = []
    for place, bar in enumerate(bars):
        here = found.bar == bar
        best = int(np.argmax(np.where(here, found.seed, -1)))
        row = {"bar": int(bar) + 1, "nearest_seed_bar": int(nearest[0][place]) + 1}
        row |= {"distance": round(float(nearest[1][place]), 3), "notes_as_in_seed": int(found.seed[best])}
        if found.seed[best]:
            row["in_seed_bar"] = int(found.seed_bar[best]) + 1
        if found.training is not None:
            row["notes_as_in_training"] = _said(int(found.training[here].max()))
        rows.append(row | in_training[place])
    about: dict[str, Any] = {"longest_as_in_seed": int(found.seed.max(initial=0)), "bars": rows}
    if known:
        about = {"training_bars": {"kept": len(known), "of": known.of, "distance_off_by": known.error}, **about}
    if fingerprint:
        about = {"longest_as_in_training": _said(found.longest), "fingerprint": _described(fingerprint), **about}
    return replace(output, record={**output.record, "provenance": about})


def within_limit(
    write: Callable[[int], list[Output]],
    seed: Seed,
    fingerprint: Fingerprint | None,
    *,
    most: int | None,
    random_seed: int,
) -> list[Output]:
    """What `write` makes from a random seed, each output that shares a run of more than `most` notes with the training
    data drawn again, up to REDRAWS times; then the one that shares least. A redrawn output carries the random seed that
    makes it. Raises UsageError where there is nothing to compare with."""
    outputs = write(random_seed)
    if most is None:
        return outputs
    if fingerprint is None:
        raise UsageError(
            "`max_copied`: the checkpoint has no fingerprint of its data; `train fingerprint` adds one",
            field="max_copied",
        )
    longest = [copied(output, seed, fingerprint).longest for output in outputs]
    for attempt in range(1, REDRAWS + 1):
        if max(longest, default=0) <= most:
            break
        fresh = write(int(np.random.SeedSequence([random_seed, attempt]).generate_state(1)[0]))
        for place, output in enumerate(fresh):
            shared = copied(output, seed, fingerprint).longest if longest[place] > most else longest[place]
            if shared < longest[place]:
                outputs[place], longest[place] = output, shared
    return [replace(o, record={**o.record, "max_copied": most}) for o in outputs]


def _lines(barred: BarredScore) -> Lines:
    """The top lines of all parts but drums."""
    notes = barred.notes.where(~barred.note_is_drum)
    return top_lines(notes.track, notes.onset_steps, notes.pitch)


def _places_of(lines: Lines, barred: BarredScore) -> np.ndarray:
    """For each note of the lines its index in `barred.notes`."""
    notes = barred.notes
    last = notes.onset_steps.max(initial=0) + 1
    keys = (notes.track * last + notes.onset_steps) * 128 + notes.pitch
    order = np.argsort(keys, kind="stable")
    return order[np.searchsorted(keys[order], (lines.part * last + lines.step) * 128 + lines.pitch)]


def _new_notes(after: BarredScore, seed: Seed, *, alone: bool, moved: int) -> np.ndarray:
    """Which notes of a piece its seed, moved by some semitones, does not have at the same tick in the same part; bool
    (notes,). Drums are not looked at."""
    if alone:
        return np.ones(len(after.notes), bool)
    old = {
        (track.chunk, track.channel, tick, pitch + moved)
        for track in seed.barred.score.tracks
        for tick, pitch in zip(track.notes.onset_ticks.tolist(), track.notes.pitch.tolist(), strict=True)
    }
    tracks = after.score.tracks
    columns = zip(after.notes.track.tolist(), after.notes.source.tolist(), after.notes.pitch.tolist(), strict=True)
    return np.array(
        [
            (tracks[t].chunk, tracks[t].channel, int(tracks[t].notes.onset_ticks[source]), pitch) not in old
            for t, source, pitch in columns
        ],
        bool,
    )


def _runs_in(known: Lines, lines: Lines, *, near: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The longest run through each note of `lines` that stands in `known`, in notes, and the index of its last note
    there (-1: none); int64 (notes,). Only near the chosen notes (bool) is looked for them; 0 elsewhere.

    Longest common substrings, by dynamic programming over the moves from note to note, one row for each move.
    """
    longest, ends = np.zeros(len(lines.part), np.int64), np.full(len(lines.part), -1)
    theirs, ours = _moves(known), _moves(lines)
    reach = np.convolve(near, np.ones(2 * CONTEXT + 1), "same")[: len(near)] > 0 if len(near) else near
    row = np.zeros(len(theirs) + 1, np.int64)
    for place, move in enumerate(ours if len(theirs) else []):
        row[1:] = np.where((theirs == move) & (move >= 0) & reach[place], row[:-1] + 1, 0)
        row[0] = 0
        end = int(row.argmax())
        covered = slice(place + 1 - int(row[end]), place + 2)
        if row[end]:
            better = longest[covered] < row[end] + 1
            longest[covered][better], ends[covered][better] = row[end] + 1, end
    return longest, ends


def _moves(lines: Lines) -> np.ndarray:
    """Interval and time from each note to the next as one number, -1 from one part to another; int64 (notes - 1,)."""
    if len(lines.part) < 2:
        return np.zeros(0, np.int64)
    moves = (np.diff(lines.pitch) + 128) * 2**32 + np.diff(lines.step)
    return np.where(np.diff(lines.part) == 0, moves, -1)


def _nearest_in_training(new: np.ndarray, known: KeptBars) -> list[dict[str, Any]]:
    """The kept training bar that seems nearest to each new one, and its distance as estimated."""
    bars, distances = known.nearest(new)
    return [
        {"nearest_training_bar": {**known.place(bar), "distance": round(float(distance), 1)}}
        for bar, distance in zip(bars, distances, strict=True)
    ]


def _said(length: int) -> int | None:
    """A length in notes, None where it is too short to mean anything."""
    return length if length >= SURE else None


def _described(fingerprint: Fingerprint) -> dict[str, Any]:
    chance = {"notes_in_a_run": RUN, "found_by_chance": round(fingerprint.chance, 4), "told_from": SURE}
    return {**chance, "runs": fingerprint.runs, "source": fingerprint.source}
