"""Candidates: which pieces of a library are worth measuring.

A question in a channel (`channels`) is answered by the rows nearest to it. So each part of the likeness is guessed of
each piece that is found: how near its nearest row comes to what is asked, in the mean over all that is asked, and where
of a piece none was found, no nearer than the last that was. The guesses are joined as the parts are
(`similarity.joint`); of the first NARROWED times as many pieces as are wanted harmony and melody are then measured,
which is quick and tells most, and the pieces come in the order of that. Of a query that has neither (drums alone), and
is measured quickly itself, these pieces come all. Pieces of which no row was found do not come at all.

What is guessed is measured exactly afterwards: the digits are those of `rank` over the files, and only which pieces are
measured is a guess. `benchmarks/libraries/recall.py` says how good it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.channels import Channel, harmony_mean, learnt_mean, melody_vectors, of_length_one
from symbolic_embed.library.features import Features, Kind, known
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.within import Within
from symbolic_embed.similarity.joint import PARTS, Comparable, PartName, Parts
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.transposing import TRANSPOSITIONS

GUESSED: Mapping[PartName, tuple[float, float]] = {  # what a distance is in the mean, by how far the vectors are apart
    "passages": (0.629, 0.319),
    "harmony": (0.417, 0.612),
    "melody": (0.1, 0.8),
}
CHANNEL_OF: Mapping[PartName, Channel] = {"passages": "learnt", "harmony": "harmony", "melody": "melody"}
ANSWERS = 4_000  # rows to each question
MEASURED: tuple[PartName, ...] = ("harmony", "melody")
NARROWED = 20  # times as many pieces as are wanted, of which these are measured
STRETCHES = 16  # of a melody that are asked for

Question = NDArray[np.float32]  # (versions, rows, dim): rows that are looked for, one version of all of them


@dataclass(frozen=True, eq=False)
class Guess:
    """How near some pieces come to a question: their numbers, sorted, int64 (pieces,), and the mean similarity of
    their nearest rows, float32 (pieces,); beyond: what no other piece exceeds."""

    piece: NDArray[np.int64]
    similarity: NDArray[np.float32]
    beyond: float

    def of(self, pieces: NDArray[np.int64]) -> NDArray[np.float32]:
        """The same of other pieces, (pieces,)."""
        if not len(self.piece):
            return np.full(len(pieces), self.beyond, np.float32)
        place = np.minimum(np.searchsorted(self.piece, pieces), len(self.piece) - 1)
        return np.where(self.piece[place] == pieces, self.similarity[place], np.float32(self.beyond))


def channels_serve(names: Sequence[PartName], likeness: Likeness) -> bool:
    """Whether pieces that are near by what counts can be found by what is near in channels."""
    counts_bars = likeness.parts == "bars" or "bars" in dict(likeness.weights)
    return bool(names) and not counts_bars and set(names) <= GUESSED.keys()


def candidates(
    queries: Sequence[Features], likeness: Likeness, within: Within, names: Sequence[PartName], *, count: int
) -> list[list[int]]:
    """For each query the numbers of `count` pieces (NARROWED times as many for drums alone), or of fewer, that may be
    near to it by some parts of the likeness, all of which have a channel; the likeliest first."""
    among = within.numbers if within.left_out else None
    asked = [questions_of(query, names, transpose=likeness.transpose) for query in queries]
    guesses: list[dict[PartName, Guess]] = [{} for _ in queries]
    for name in names:
        of_name = [(number, some[name]) for number, some in enumerate(asked) if name in some]
        found = guessed(within.library, CHANNEL_OF[name], [question for _, question in of_name], among=among)
        for (number, _), guess in zip(of_name, found, strict=True):
            guesses[number][name] = guess
    return [
        _narrowed(_Guessed.of(guess, within, names), query, within, likeness, count=count).pieces.tolist()
        for guess, query in zip(guesses, queries, strict=True)
    ]


def _narrowed(guessed: _Guessed, query: Features, within: Within, likeness: Likeness, *, count: int) -> _Guessed:
    """The nearest `count`, after what is guessed worst was measured of the nearer ones; or, where that counts and the
    query has nothing of it, all of these."""
    likely = guessed.best(NARROWED * count, likeness)
    counted = [name for name in MEASURED if name in likely.parts]
    names = [name for name in counted if not np.isnan(likely.parts[name]).all()]
    if names:
        likely = likely.measured(names, query, within, likeness)
    return likely.best(count, likeness) if names or not counted else likely


@dataclass(frozen=True, eq=False)
class _Guessed:
    """What is guessed of some pieces, int64 (pieces,): what each part says, float64 (pieces,)."""

    pieces: NDArray[np.int64]
    parts: Mapping[PartName, NDArray[np.float64]]

    @classmethod
    def of(cls, guesses: Mapping[PartName, Guess], within: Within, names: Sequence[PartName]) -> _Guessed:
        found = np.concatenate([np.zeros(0, np.int64), *(guess.piece for guess in guesses.values())])
        pieces = np.intersect1d(found, within.numbers)
        return cls(pieces, {name: _guessed_distances(guesses.get(name), pieces, name) for name in names})

    def best(self, count: int, likeness: Likeness) -> _Guessed:
        """The nearest, in order."""
        parts = {name: part[None] for name, part in self.parts.items()}
        distances = Parts(np.ones((1, len(self.pieces))), parts).distances(likeness)[0]
        chosen = np.argsort(distances, kind="stable")[:count]
        return _Guessed(self.pieces[chosen], {name: part[chosen] for name, part in self.parts.items()})

    def measured(self, names: Collection[PartName], query: Features, within: Within, likeness: Likeness) -> _Guessed:
        """The same with some parts measured, each in the key in which it says the least."""
        kinds: frozenset[Kind] = frozenset(names)
        others = [_only(names, piece) for piece in within.library.read(self.pieces.tolist(), kinds)]
        mine = replace(_only(names, query), keys=len(TRANSPOSITIONS) if likeness.transpose else 1)
        said = {name: np.atleast_2d(PARTS[name].measured(mine, others, likeness.transpose)) for name in names}
        nearest = {name: np.fmin.reduce(part, axis=0) for name, part in said.items()}
        return _Guessed(self.pieces, {**self.parts, **nearest})


def _only(names: Collection[PartName], piece: Features) -> Comparable:
    """Some parts of a piece, as they are compared."""
    some: dict[str, Any] = {name: known(getattr(piece, name)) for name in names}
    return Comparable(np.zeros((1, 0, 0), np.float32), **some)


def _guessed_distances(guess: Guess | None, pieces: NDArray[np.int64], name: PartName) -> NDArray[np.float64]:
    """What a part will say of some pieces; NaN where the query has nothing of it."""
    if guess is None:
        return np.full(len(pieces), np.nan)
    slope, least = GUESSED[name]
    apart = np.sqrt(np.maximum(2 - 2 * guess.of(pieces).astype(np.float64), 0))
    return np.maximum(least + slope * apart, 0.01)


def questions_of(query: Features, names: Collection[PartName], *, transpose: bool) -> dict[PartName, Question]:
    """What is asked by some parts of a query, where they say something."""
    questions: dict[PartName, Question] = {}
    if "passages" in names:
        questions["passages"] = _asked(learnt_mean(known(query.passages)))[None]
    if "harmony" in names:
        mean = harmony_mean(known(query.harmony)).reshape(-1, 12, 12)  # of one piece, or of none
        keys = TRANSPOSITIONS if transpose else TRANSPOSITIONS[:1]
        turned = [np.roll(mean, (key, key), axis=(1, 2)).reshape(len(mean), 144) for key in keys]
        questions["harmony"] = np.stack([_asked(one) for one in turned])
    if "melody" in names:
        questions["melody"] = _spread(melody_vectors(known(query.melody)), STRETCHES)[None]
    return {name: question for name, question in questions.items() if question.shape[1]}


def _asked(mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """A mean as a question: what a row has beyond it does not count."""
    return np.pad(of_length_one(mean), ((0, 0), (0, 1)))


def guessed(
    library: Library, channel: Channel, questions: Sequence[Question], *, among: NDArray[np.int64] | None
) -> list[Guess]:
    """How near the pieces of a library come to each of some questions in a channel, which are asked at once; with
    `among` only these pieces (numbers, sorted)."""
    if not questions:
        return []
    counts = [question.shape[0] * question.shape[1] for question in questions]
    rows = np.concatenate([question.reshape(-1, question.shape[2]) for question in questions])
    found = library.nearest(channel, rows, count=ANSWERS, among=among)
    ends = np.cumsum(counts)
    return [
        _guess(found.piece[end - count : end], found.similarity[end - count : end], versions=len(question))
        for question, count, end in zip(questions, counts, ends.tolist(), strict=True)
    ]


def _guess(piece: NDArray[np.int64], similarity: NDArray[np.float32], *, versions: int) -> Guess:
    """From the pieces of the rows nearest to each row of a question (rows of all versions, answers)."""
    there = piece >= 0
    pieces, column = np.unique(piece[there], return_inverse=True)
    last = np.where(there, similarity, np.float32(1)).min(axis=1)
    last = np.where(there.all(axis=1), last, np.float32(-1))  # all rows are among the answers
    nearest = np.repeat(last[:, None], len(pieces), axis=1)
    row = np.broadcast_to(np.arange(len(there))[:, None], there.shape)[there]
    np.maximum.at(nearest, (row, column), similarity[there])
    means = nearest.reshape(versions, -1, len(pieces)).mean(axis=1)
    return Guess(pieces, means.max(axis=0), float(last.reshape(versions, -1).mean(axis=1).max()))


def _spread(rows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """So many rows, spread evenly."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, count).astype(int))] if len(rows) > count else rows
