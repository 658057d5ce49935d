"""The piano-roll: three planes of 48 steps by 128 pitches, and the same content kept sparse.

Planes: *onset* (a pitched note begins), *sustain* (a pitched note sounds on after its onset, or is held over from
before), *drums* (a drum is struck). Lost: velocities; how long a note sounds after the window's end; and where a note
is struck again while it sounds, the first one's end.

A window has six notes, a bar forty, so the planes are nearly all zeros. `note_bags` therefore gives the network, for
each frame of three steps, the numbers of the vectors that a first dense layer over the planes would add up there: one
for each onset (place in the frame, pitch), one for its length, and a start and a stop of what sounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.grid import WINDOW_STEPS
from symbolic_embed.bars.windows import DRUM, DRUM_LENGTH, HELD, Windows
from symbolic_embed.encodings.note_rows import LENGTHS, length_class

ONSET, SUSTAIN, DRUMS = range(3)
STEPS_PER_FRAME = 3
FRAMES = WINDOW_STEPS // STEPS_PER_FRAME

# How the vectors of a frame are numbered: what a note is, at which of the frame's three steps.
_PITCHED, _DRUM = 0, 3 * 128
_STOP = 6 * 128
_LENGTH = 9 * 128
ONSET_VECTORS = _LENGTH + 3 * len(LENGTHS)
SOUNDING_VECTORS = 128


@dataclass(frozen=True)
class NoteBags:
    """Vector numbers to add up in each frame of each window; int64. `*_offsets` say where each frame's bag begins."""

    onsets: NDArray[np.int64]
    onset_offsets: NDArray[np.int64]
    sounding: NDArray[np.int64]
    sounding_weights: NDArray[np.int64]
    sounding_offsets: NDArray[np.int64]


def encode(windows: Windows) -> NDArray[np.bool_]:
    """The dense planes, bool (windows, 3, 48, 128)."""
    planes = np.zeros((len(windows), 3, WINDOW_STEPS, 128), bool)
    window, drum, held, end = _columns(windows)
    planes[window[drum], DRUMS, windows.onset[drum], windows.pitch[drum]] = True
    struck = ~drum & ~held
    planes[window[struck], ONSET, windows.onset[struck], windows.pitch[struck]] = True
    sounding = ~drum
    first = windows.onset.astype(np.int64) + ~held  # a struck note sounds on from the step after its onset
    count = np.maximum(end - first, 0)[sounding]
    steps = ranges.rows(first[sounding], count)
    planes[np.repeat(window[sounding], count), SUSTAIN, steps, np.repeat(windows.pitch[sounding], count)] = True
    return planes


def decode(planes: NDArray[np.bool_], *, steps: NDArray[np.int64]) -> Windows:
    """Windows of lengths `steps` with the notes the planes show; the inverse of `encode` on what it keeps."""
    planes = np.asarray(planes, bool)
    sustain = planes[:, SUSTAIN]
    before = np.zeros_like(sustain)
    before[:, 1:] = (sustain | planes[:, ONSET])[:, :-1]
    held = sustain & ~before  # sounds without having been struck before: held over, seen at step 0
    rows = []
    for starts, flags in ((planes[:, ONSET], 0), (held, HELD), (planes[:, DRUMS], DRUM)):
        window, step, pitch = np.nonzero(starts)
        length = (
            np.full(len(window), DRUM_LENGTH) if flags == DRUM else _run_length(sustain, window, step, pitch, flags)
        )
        rows.append(np.stack([window, step, np.full(len(window), flags), pitch, length], axis=1))
    return Windows.of_notes(np.concatenate(rows), steps=steps)


def note_bags(windows: Windows) -> NoteBags:
    """The same content as vector numbers, frame by frame; windows * 16 bags."""
    window, drum, held, end = _columns(windows)
    pitch, onset = windows.pitch.astype(np.int64), windows.onset.astype(np.int64)
    frame, step = window * FRAMES + onset // STEPS_PER_FRAME, onset % STEPS_PER_FRAME
    stop_frame, stop_step = window * FRAMES + end // STEPS_PER_FRAME, end % STEPS_PER_FRAME
    struck, pitched = ~drum & ~held, ~drum
    stops = pitched & (end < WINDOW_STEPS)
    length = length_class(windows.length.astype(np.int64))
    onsets, onset_offsets = _bags(
        len(windows),
        (frame[struck], _PITCHED + step[struck] * 128 + pitch[struck]),
        (frame[struck], _LENGTH + step[struck] * len(LENGTHS) + length[struck]),
        (frame[drum], _DRUM + step[drum] * 128 + pitch[drum]),
        (stop_frame[stops], _STOP + stop_step[stops] * 128 + pitch[stops]),
    )
    starts, stopped = np.ones(int(pitched.sum()), np.int64), np.full(int(stops.sum()), -1)
    sounding_frame = np.concatenate([frame[pitched], stop_frame[stops]])
    order = np.argsort(sounding_frame, kind="stable")
    return NoteBags(
        onsets,
        onset_offsets,
        np.concatenate([pitch[pitched], pitch[stops]])[order],
        np.concatenate([starts, stopped])[order],
        np.searchsorted(sounding_frame[order], np.arange(len(windows) * FRAMES)),
    )


def _columns(windows: Windows) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """Of each note: its window, whether it is a drum, whether held over, and the step after its last, up to 48."""
    end = np.minimum(windows.onset.astype(np.int64) + windows.length, WINDOW_STEPS)
    return windows.note_window, windows.is_drum, ~windows.begins, end


def _bags(
    windows: int, *parts: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of (frame, vector number) sorted into bags."""
    frame = np.concatenate([frames for frames, _ in parts])
    order = np.argsort(frame, kind="stable")
    vectors = np.concatenate([numbers for _, numbers in parts])[order]
    return vectors, np.searchsorted(frame[order], np.arange(windows * FRAMES))


def _run_length(
    sustain: NDArray[np.bool_], window: NDArray[np.int64], step: NDArray[np.int64], pitch: NDArray[np.int64], flags: int
) -> NDArray[np.int64]:
    """How many steps each note sounds: its onset, if it has one, and the unbroken sustain after it."""
    silent = np.ones((len(sustain), WINDOW_STEPS + 1, 128), bool)
    silent[:, :-1] = ~sustain
    silences = np.where(silent, np.arange(WINDOW_STEPS + 1)[:, None], WINDOW_STEPS)
    next_silence = np.minimum.accumulate(silences[:, ::-1], axis=1)[:, ::-1]
    first = step + (0 if flags == HELD else 1)
    return next_silence[window, first, pitch] - step
