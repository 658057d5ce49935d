"""What a library knows of a piece: the one source of embedded music under `rank`, `compare`, `find`, `compose --like`,
`vary --from`, `accompany --from` and `embed`.

A piece has features of several kinds, and only those are computed that are needed (`Needs`):

    content       a hash of its notes as they lie in bars: the same for copies under other names
    outline       how many bars, in which metre and tempo, which parts, how long each pitch class sounds
    precedence    which of two pieces is transposed when they are compared (`similarity.transposing`)
    bars          an embedding for each bar, all parts together
    cells         an embedding for each cell, one part's share of a bar
    passages      a vector for every two, four and eight bars (`embedding.passages`)
    harmony       passages of pitch classes (`similarity.harmony`)
    melody        the melody, or the top line (`similarity.melody`)
    rhythm        patterns of what begins when (`similarity.rhythm`)
    tunes         the lines in which a tune may lie (`bars.tunes`)
    bar_notes     the notes of the bars
    cell_notes    the notes of the cells

What was not needed is None. From the notes a piece is embedded again in other keys (`building.in_keys`), which is done
where it is needed and not kept. Features are arrays and refer to nothing else: they can be kept as they are.

Silence says nothing of a piece: bars in which nothing sounds are left out of its bars, unless there are no others, or
`Needs.silence` asks for them. Bars and tracks count from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.bars.tunes import Tunes
from symbolic_embed.embedding.passage_arrays import Passages
from symbolic_embed.similarity.melody import Melody
from symbolic_embed.similarity.rhythm import Rhythm
from symbolic_embed.similarity.transposing import Precedence

Kind = Literal[
    "content",
    "outline",
    "precedence",
    "bars",
    "cells",
    "passages",
    "harmony",
    "melody",
    "rhythm",
    "tunes",
    "bar_notes",
    "cell_notes",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Known = TypeVar("Known")


@dataclass(frozen=True)
class Part:
    """One part of a piece: its track's name, its programme (from 0), its role, one of ROLES."""

    name: str
    program: int
    role: str


@dataclass(frozen=True, eq=False)
class Outline:
    """A piece at a glance. metre: that of most bars, as "3/4"; tempo: quarters a minute where the first note begins;
    pitch_classes: for how many quarters each one sounds, drums apart, float64 (12,)."""

    bars: int
    metre: str
    tempo: float
    parts: tuple[Part, ...]
    pitch_classes: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars in their order. number: int64 (bars,); is_sounding: bool (bars,); versions: float32 (versions, bars, dim),
    embeddings in the first of the TRANSPOSITIONS, mostly in the piece's own key alone."""

    number: NDArray[np.int64]
    is_sounding: NDArray[np.bool_]
    versions: NDArray[np.float32]

    @property
    def vectors(self) -> NDArray[np.float32]:
        """In the piece's own key; float32 (bars, dim)."""
        vectors: NDArray[np.float32] = self.versions[0]
        return vectors


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells in which a note begins, by track, then bar. track, bar, role: int64 (cells,), roles as numbers in ROLES;
    versions: float32 (versions, cells, dim), as those of `Bars`."""

    track: NDArray[np.int64]
    bar: NDArray[np.int64]
    role: NDArray[np.int64]
    versions: NDArray[np.float32]

    @property
    def vectors(self) -> NDArray[np.float32]:
        """In the piece's own key; float32 (cells, dim)."""
        vectors: NDArray[np.float32] = self.versions[0]
        return vectors


@dataclass(frozen=True, eq=False)
class Features:
    """What is known of the piece at `path`, kind by kind. harmony: float32 (passages, parts of bars, 12). bar_notes,
    cell_notes: windows in the order of the bars and of the cells, several of a long one."""

    path: str
    content: str | None = None
    outline: Outline | None = None
    precedence: Precedence | None = None
    bars: Bars | None = None
    cells: Cells | None = None
    passages: Passages | None = None
    harmony: NDArray[np.float32] | None = None
    melody: Melody | None = None
    rhythm: Rhythm | None = None
    tunes: Tunes | None = None
    bar_notes: Windows | None = None
    cell_notes: Windows | None = None

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds that are known."""
        return frozenset(kind for kind in KINDS if getattr(self, kind) is not None)

    def only(self, kinds: frozenset[Kind]) -> Features:
        """The same without any other kind."""
        others: dict[str, Any] = dict.fromkeys(set(KINDS) - kinds)
        return replace(self, **others)


def never(piece: Features) -> bool:
    """Of no piece."""
    return False


def always(piece: Features) -> bool:
    """Of every piece."""
    return True


@dataclass(frozen=True)
class Needs:
    """What is to be known of pieces: which kinds; `silence`: also of bars in which nothing sounds; `in_all_keys`: of
    which pieces the embeddings are needed in all TRANSPOSITIONS; `together`: of passages only those of all parts
    together; `blind`: these with their vectors that are blind to key."""

    kinds: frozenset[Kind]
    silence: bool = False
    in_all_keys: Callable[[Features], bool] = never
    together: bool = False
    blind: bool = False

    @classmethod
    def of(
        cls,
        *kinds: Kind,
        silence: bool = False,
        in_all_keys: Callable[[Features], bool] = never,
        together: bool = False,
        blind: bool = False,
    ) -> Needs:
        return cls(frozenset(kinds), silence, in_all_keys, together, blind)


def known(value: Known | None) -> Known:
    """What is known of one kind. Raises LookupError where it was not among what was needed."""
    if value is None:
        raise LookupError("a kind of features that was not among what was needed; see `Needs`")
    return value
