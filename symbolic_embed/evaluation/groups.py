"""Do pieces that belong together find each other? Mean average precision over labelled groups.

Each piece that has companions (variations of a theme, settings of a tune, editions of a work, arrangements of a song)
asks, all other pieces of the test answer; the average precision of one query is the mean, over its companions, of the
precision down to the place where they are found. Measured by the distance of `compare` and `rank`, by that part of it
which is late interaction of bar embeddings, and by the vectors of passages alone: with the files as they are, and with
every file transposed at random, where it may look in all twelve keys. The rivals do likewise: the chroma histogram of
the whole piece in the best of twelve rotations, and n-grams and the local alignment of top lines, which are the same in
every key.

Every set whose files have groups is a test of its own, but for those of GROUP_TESTS, where more is known of what its
groups are. Where a test has labels in the validation split only, it is made there, whatever split was asked for, and
says so. Files of no split take part in any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, bar_windows, cut
from symbolic_embed.bars.lines import pitched_notes, struck_highest, top_line
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError
from symbolic_embed.evaluation import rivals
from symbolic_embed.evaluation.blind_passages import blind_distances, blind_vectors, mean_distances
from symbolic_embed.evaluation.local_alignment import alignment_distances
from symbolic_embed.evaluation.rows import Row, error_over_groups
from symbolic_embed.library.matrix import distances
from symbolic_embed.notation import read
from symbolic_embed.score import Notes, Score
from symbolic_embed.similarity.likeness import Likeness

TRANSPOSITIONS = np.arange(-5, 7)  # semitones


class LabelledFile(Protocol):
    """A file of a data set, as far as it matters here: an entry of a collection, a piece of a prepared corpus."""

    @property
    def path(self) -> Path | str: ...

    @property
    def set_name(self) -> str: ...

    @property
    def split(self) -> str | None: ...

    @property
    def group(self) -> str | None: ...


@dataclass(frozen=True)
class GroupTest:
    """Which data sets are asked, and which of their groups count (those whose name begins so). Files of other groups
    take part where they are `distractors`."""

    name: str
    sets: tuple[str, ...]
    begins: str = ""
    distractors: bool = False


GROUP_TESTS = (
    GroupTest("variations (tavern_beethoven)", ("tavern_beethoven",)),
    GroupTest("tune settings", ("cre_irish", "nottingham"), begins="tune-"),
    GroupTest("tune settings among all", ("cre_irish", "nottingham"), begins="tune-", distractors=True),
    GroupTest("arrangements (mma_openewld)", ("mma_openewld",)),
    GroupTest("editions (chopin_first_editions)", ("chopin_first_editions",)),
)


def group_tests(files: Sequence[LabelledFile]) -> list[GroupTest]:
    """The tests that the labels of these files allow."""
    sets = {file.set_name for file in files if file.group}
    known = [test for test in GROUP_TESTS if sets & set(test.sets)]
    others = sorted(sets - {name for test in GROUP_TESTS for name in test.sets})
    return [*known, *(GroupTest(name, (name,)) for name in others)]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Pieces as files, and the group of each, "" for a distractor; `split` is where they come from."""

    files: tuple[LabelledFile, ...]
    groups: NDArray[np.str_]
    split: str


def labelled(test: GroupTest, files: Sequence[LabelledFile], *, split: str) -> Labelled | None:
    """The pieces of a test: of `split`, or of the validation split where that has no two of one group; None where there
    are none."""
    for chosen in dict.fromkeys((split, "valid")):
        members = [file for file in files if file.set_name in test.sets and file.split in (None, chosen)]
        counted = Counter(file.group for file in members if (file.group or "").startswith(test.begins))
        names = [file.group if file.group and counted[file.group] > 1 else "" for file in members]
        kept = [number for number, name in enumerate(names) if name or test.distractors]
        if any(names):
            return Labelled(tuple(members[n] for n in kept), np.array([names[n] for n in kept]), chosen)
    return None


def average_precisions(
    distance: NDArray[np.floating], groups: NDArray[np.str_], *, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """For each query with companions its average precision, and which row of `distance` (pieces, pieces) it is. Equal
    distances come in an order drawn once from the seed, since files of one group stand side by side; pieces without a
    group ("") ask nothing."""
    by_chance = np.random.default_rng(seed).permutation(len(distance))
    precisions, queries = [], []
    for query, row in enumerate(distance):
        order = by_chance[np.argsort(row[by_chance], kind="stable")]
        companions = groups[order[order != query]] == groups[query]
        if groups[query] and companions.any():
            ranks = np.flatnonzero(companions) + 1
            precisions.append((np.arange(1, len(ranks) + 1) / ranks).mean())
            queries.append(query)
    return np.array(precisions, np.float64), np.array(queries, np.int64)


def group_rows(
    embedder: Embedder, files: Sequence[LabelledFile], *, test: GroupTest, split: str, transposed: bool, seed: int = 0
) -> Iterator[Row]:
    """The rows of one test, with the files as they are or each `transposed` at random; none where no set has it."""
    members = labelled(test, files, split=split)
    if members is None:
        return
    pieces, groups = _pieces(members, random=np.random.default_rng(seed) if transposed else None)
    name = f"groups: {test.name}" + (", transposed at random" if transposed else "")
    name += f" (from {members.split}, not {split})" if members.split != split else ""
    whole, bars = Likeness(transpose=transposed), Likeness(transpose=transposed, parts="bars")
    contenders: dict[str, NDArray[np.float32] | NDArray[np.float64]] = {
        "model": distances(pieces, embedder, whole)[1],
        "model, late interaction alone": distances(pieces, embedder, bars)[1],
        **_by_passages(pieces, embedder, whole),
        "chroma": chroma_distances([barred for _, barred in pieces], rotated=transposed),
        "n-grams": gram_distances([barred for _, barred in pieces]),
        "alignment": alignment_distances([top_line(pitched_notes(barred)).pitch for _, barred in pieces]),
    }
    for who, distance in contenders.items():
        precision, queries = average_precisions(distance, groups, seed=seed)
        error = error_over_groups(precision, groups[queries])
        yield Row(name, who, "MAP", float(precision.mean()), len(queries), error)


def _by_passages(
    pieces: Sequence[tuple[str, BarredScore]], embedder: Embedder, likeness: Likeness
) -> dict[str, NDArray[np.float32]]:
    """By the vectors of the passage encoder alone, where the checkpoint has one: those that turn with the key; those
    that are blind to it; and one mean of these for each piece."""
    if not embedder.has_passages:
        return {}
    blind = blind_vectors(pieces, embedder)
    return {
        "model, passages alone": distances(pieces, embedder, likeness.model_copy(update={"parts": "passages"}))[1],
        "model, blind passages": blind_distances(blind),
        "model, mean of blind passages": mean_distances(blind),
    }


def chroma_distances(pieces: Sequence[BarredScore], *, rotated: bool) -> NDArray[np.float32]:
    """The distance of the chroma histograms of every two pieces, `rotated`: in the best of twelve keys; (n, n)."""
    sums = np.stack([rivals.chroma(bar_windows(piece)).sum(axis=0) for piece in pieces])
    vectors = rivals.of_length_one(sums)
    in_each_key = [np.roll(vectors, semitones, axis=1) for semitones in range(12 if rotated else 1)]
    nearest: NDArray[np.float32] = np.stack([1 - vectors @ other.T for other in in_each_key]).min(axis=0)
    return nearest


def gram_distances(pieces: Sequence[BarredScore]) -> NDArray[np.float32]:
    """One minus the cosine of the n-grams of every two pieces, of the top lines of their parts; (n, n)."""
    documents = [[gram for line in _part_lines(piece) for gram in rivals.grams(*line)] for piece in pieces]
    vectors = rivals.GramWeights.of(documents).vectors(documents)
    cosines: NDArray[np.float32] = (vectors @ vectors.T).toarray()
    return 1 - cosines


def at_random(score: Score, random: np.random.Generator) -> Score:
    """All pitched parts moved by one interval between a fourth down and a tritone up; what would leave 0 to 127 moves
    by an octave more."""
    interval = int(random.choice(TRANSPOSITIONS))
    return replace(
        score,
        tracks=tuple(
            track if track.is_drum else replace(track, notes=_moved(track.notes, interval)) for track in score.tracks
        ),
    )


def _moved(notes: Notes, interval: int) -> Notes:
    pitch = notes.pitch.astype(np.int64) + interval
    pitch = np.where(pitch > 127, pitch - 12, np.where(pitch < 0, pitch + 12, pitch))
    return Notes.of(notes.onset_ticks, notes.duration_ticks, pitch, notes.velocity)


def _pieces(
    members: Labelled, *, random: np.random.Generator | None
) -> tuple[list[tuple[str, BarredScore]], NDArray[np.str_]]:
    """The files that can be read, each transposed where there is chance, and their groups."""
    pieces, groups = [], []
    for file, group in zip(members.files, members.groups, strict=True):
        try:
            score = read(file.path)
            if score.note_count:
                pieces.append((str(file.path), cut(score if random is None else at_random(score, random))))
                groups.append(group)
        except InputError:  # the corpus was prepared from what could be read; a file may have gone since
            continue
    return pieces, np.array(groups)


def _part_lines(piece: BarredScore) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Onsets (steps) and pitches of the highest notes of each pitched part."""
    for number, track in enumerate(piece.score.tracks):
        if not track.is_drum:
            part = piece.notes.where(piece.notes.track == number)
            highest = struck_highest(part.onset_steps, part.pitch)
            yield part.onset_steps[highest], part.pitch[highest]
