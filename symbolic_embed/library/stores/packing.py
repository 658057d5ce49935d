"""Features of a piece as bytes, section by section, so that a library reads no more of it than is asked for.

A section is a kind of features, but for passages, of which there are two: `passages` is what is compared of a whole
piece, those of all parts together, and `parts` those of single parts. What turns with the key is kept of the former as
it is, of the latter in half precision; the vectors that are blind to it are rows of a channel, and kept there. All else
comes back to the last bit: `rank` over a library promises the digits of `rank` over the files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.bars.tunes import Tunes
from symbolic_embed.embedding.passage_arrays import TOGETHER, Passages
from symbolic_embed.library.channels import Rows
from symbolic_embed.library.features import Bars, Cells, Features, Kind, Outline, Part, known
from symbolic_embed.library.stores.buffers import joined, kept_once, narrow, parted, repeated, wide
from symbolic_embed.similarity.melody import Melody
from symbolic_embed.similarity.rhythm import Rhythm

Section = str
Arrays = list[NDArray[Any]]

_WINDOW_NOTES = ("onset", "pitch", "length", "flags")
_TUNE_COLUMNS = ("track", "counts", "onset_steps", "pitch", "bar")
_WINDOW_COLUMNS = ("offsets", "track", "bar", "part_of_bar", "steps")


@dataclass(frozen=True)
class _Packing:
    """How one section becomes arrays, and these what it was."""

    kind: Kind
    pack: Callable[[Any], Arrays]
    unpack: Callable[[Arrays], Any]


def packed(piece: Features) -> dict[Section, bytes]:
    """All that is known of a piece, in the order in which it is kept: what `rank` reads is one stretch."""
    return {
        section: joined(packing.pack(known(getattr(piece, packing.kind))))
        for section, packing in _SECTIONS.items()
        if packing.kind in piece.kinds
    }


def sections_of(kinds: frozenset[Kind], *, together: bool) -> tuple[Section, ...]:
    """The sections that some kinds are made of; `together`: without passages of single parts."""
    left_out = {"parts"} if together else set()
    return tuple(name for name, packing in _SECTIONS.items() if packing.kind in kinds and name not in left_out)


def unpacked(path: str, sections: Mapping[Section, memoryview], rows: Rows | None) -> Features:
    """A piece from some of its sections; and, where `parts` is one of them, the rows of the channel of passages.
    Without these its passages are those of all parts together alone, and without vectors that are blind to key."""
    found: dict[str, Any] = {
        name: _SECTIONS[name].unpack(parted(content)) for name, content in sections.items() if name != "parts"
    }
    if rows is not None and "parts" in sections:
        found["passages"] = _all_passages(found["passages"], parted(sections["parts"]), rows)
    return Features(path, **found)


def _pack_together(passages: Passages) -> Arrays:
    chosen = passages.where(passages.track == TOGETHER)
    return [narrow(chosen.bar), narrow(chosen.bars), *kept_once(chosen.turning)]


def _unpack_together(arrays: Arrays) -> Passages:
    bar, bars, *turning = arrays
    track = np.full(len(bar), TOGETHER, np.int64)
    return Passages(track, wide(bar), wide(bars), repeated(*turning), np.zeros((len(bar), 0), np.float32))


def _pack_parts(passages: Passages) -> Arrays:
    return kept_once(passages.turning[passages.track != TOGETHER].astype(np.float16))


def _all_passages(together: Passages, parts: Arrays, rows: Rows) -> Passages:
    turning = np.empty((len(rows), *together.turning.shape[1:]), np.float32)
    turning[rows.track == TOGETHER] = together.turning
    turning[rows.track != TOGETHER] = repeated(*parts)
    return Passages(rows.track, rows.bar, rows.bars, turning, rows.vectors)


def _pack_outline(outline: Outline) -> Arrays:
    parts = [[part.name, part.program, part.role] for part in outline.parts]
    return [_text(json.dumps([outline.bars, outline.metre, outline.tempo, parts])), outline.pitch_classes]


def _unpack_outline(arrays: Arrays) -> Outline:
    bars, metre, tempo, parts = json.loads(arrays[0].tobytes())
    return Outline(bars, metre, tempo, tuple(Part(*part) for part in parts), arrays[1])


def _pack_bars(bars: Bars) -> Arrays:
    return [narrow(bars.number), bars.is_sounding, *_versions(bars.versions)]


def _unpack_bars(arrays: Arrays) -> Bars:
    number, is_sounding, *versions = arrays
    return Bars(wide(number), is_sounding, _of_versions(*versions))


def _pack_cells(cells: Cells) -> Arrays:
    return [narrow(cells.track), narrow(cells.bar), narrow(cells.role), *_versions(cells.versions)]


def _unpack_cells(arrays: Arrays) -> Cells:
    track, bar, role, *versions = arrays
    return Cells(wide(track), wide(bar), wide(role), _of_versions(*versions))


def _pack_windows(windows: Windows) -> Arrays:
    notes = [getattr(windows, name) for name in _WINDOW_NOTES]
    return [*notes, *(narrow(getattr(windows, name)) for name in _WINDOW_COLUMNS)]


def _unpack_windows(arrays: Arrays) -> Windows:
    notes = len(_WINDOW_NOTES)
    return Windows(*arrays[:notes], *map(wide, arrays[notes:]))


def _pack_tunes(lines: Tunes) -> Arrays:
    return [narrow(getattr(lines, name)) for name in _TUNE_COLUMNS]


def _pack_harmony(passages: NDArray[np.float32]) -> Arrays:
    return [np.array(passages.shape, np.int64), *kept_once(passages.reshape(-1, passages.shape[-1]))]


def _of_shape(arrays: Arrays) -> NDArray[Any]:
    shape, *rows = arrays
    return repeated(*rows).reshape(shape)


def _versions(versions: NDArray[np.float32]) -> Arrays:
    count, rows, dim = versions.shape
    return [np.array(versions.shape, np.int64), *kept_once(versions.reshape(count * rows, dim))]


def _of_versions(*arrays: NDArray[Any]) -> NDArray[np.float32]:
    return _of_shape(list(arrays))


def _text(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("ascii"), np.uint8)


_SECTIONS: Mapping[Section, _Packing] = {
    "content": _Packing("content", lambda text: [_text(text)], lambda arrays: arrays[0].tobytes().decode("ascii")),
    "outline": _Packing("outline", _pack_outline, _unpack_outline),
    "precedence": _Packing(
        "precedence",
        lambda pair: [np.array([pair[0]], np.int64), np.frombuffer(pair[1], np.uint8)],
        lambda arrays: (int(arrays[0][0]), arrays[1].tobytes()),
    ),
    "harmony": _Packing("harmony", _pack_harmony, _of_shape),
    "melody": _Packing("melody", lambda line: [*map(narrow, line)], lambda arrays: Melody(*map(wide, arrays))),
    "bars": _Packing("bars", _pack_bars, _unpack_bars),
    "passages": _Packing("passages", _pack_together, _unpack_together),
    "rhythm": _Packing(
        "rhythm",
        lambda patterns: [*kept_once(patterns.pitched), *kept_once(patterns.drums)],
        lambda arrays: Rhythm(repeated(*arrays[:2]), repeated(*arrays[2:])),
    ),
    "tunes": _Packing("tunes", _pack_tunes, lambda arrays: Tunes(*map(wide, arrays))),
    "cells": _Packing("cells", _pack_cells, _unpack_cells),
    "parts": _Packing("passages", _pack_parts, lambda arrays: arrays),
    "bar_notes": _Packing("bar_notes", _pack_windows, _unpack_windows),
    "cell_notes": _Packing("cell_notes", _pack_windows, _unpack_windows),
}
