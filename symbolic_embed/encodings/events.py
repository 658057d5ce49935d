"""Events: a window as a sequence of tokens in the REMI vocabulary (Huang and Yang 2020), as MidiTok defines it.

A window is written Bar, then for each onset its Position, and for each note its Pitch (or PitchDrum) and Duration:

    Bar_None Position_0 Pitch_60 Duration_0.6.12 Pitch_64 Duration_0.6.12 Position_24 PitchDrum_36 Duration_0.3.12

Lost: velocities, notes held over from before, lengths of drum notes, lengths beyond eight quarters. The vocabulary is
MidiTok's, whose own writer takes 0.6 ms a window; `encode` writes a whole batch at once, and a test holds it to
what MidiTok writes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.grid import STEPS_PER_QUARTER, WINDOW_STEPS
from symbolic_embed.bars.windows import DRUM, DRUM_LENGTH, Windows

if TYPE_CHECKING:
    from miditok import REMI

LONGEST_QUARTERS = 8
LONGEST_STEPS = LONGEST_QUARTERS * STEPS_PER_QUARTER
PADDING = 0


@cache
def tokenizer() -> REMI:
    """MidiTok's REMI with our grid: twelve steps a quarter, no velocities, all 128 drum pitches.

    MidiTok takes three seconds to load, so it is loaded here and not above.
    """
    from miditok import REMI, TokenizerConfig

    config = TokenizerConfig(
        pitch_range=(0, 127),
        drums_pitch_range=(0, 127),
        beat_res={(0, LONGEST_QUARTERS): STEPS_PER_QUARTER},
        num_velocities=1,
        use_velocities=False,
        use_programs=False,
        use_time_signatures=False,
        use_pitchdrum_tokens=True,
        special_tokens=["PAD"],
        encode_ids_split="no",
    )
    return REMI(config)


@cache
def _numbers() -> dict[str, NDArray[np.int64]]:
    """The token numbers of each kind, indexed by step, pitch or length (from 1)."""
    vocabulary = tokenizer().vocab
    durations = [divmod(steps, STEPS_PER_QUARTER) for steps in range(1, LONGEST_STEPS + 1)]
    names = {
        "position": [f"Position_{step}" for step in range(WINDOW_STEPS)],
        "pitch": [f"Pitch_{pitch}" for pitch in range(128)],
        "drum": [f"PitchDrum_{pitch}" for pitch in range(128)],
        "duration": [f"Duration_{quarters}.{steps}.{STEPS_PER_QUARTER}" for quarters, steps in durations],
    }
    return {kind: np.array([vocabulary[name] for name in of_kind]) for kind, of_kind in names.items()}


def vocabulary_size() -> int:
    """How many tokens there are."""
    return len(tokenizer().vocab)


def encode(windows: Windows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tokens, int64 (windows, longest), padded with PADDING, and how many each window has, int64 (windows,)."""
    numbers = _numbers()
    begins = windows.begins
    window, onset = windows.note_window[begins], windows.onset[begins].astype(np.int64)
    drum, pitch = windows.is_drum[begins], windows.pitch[begins]
    length = np.minimum(np.where(drum, DRUM_LENGTH, windows.length[begins]), LONGEST_STEPS)
    position = window * WINDOW_STEPS + onset
    new_position = np.append(True, position[1:] != position[:-1])[: len(position)]
    taken = np.cumsum(2 + new_position)  # tokens written when each note is done
    counts = 1 + np.bincount(window, 2 + new_position, minlength=len(windows)).astype(np.int64)
    before = ranges.offsets(counts - 1)[window]
    end = taken - before  # the column of the note's Duration, Bar being column 0
    tokens = np.full((len(windows), int(counts.max(initial=1))), PADDING, np.int64)
    tokens[:, 0] = tokenizer().vocab["Bar_None"]
    tokens[window[new_position], end[new_position] - 2] = numbers["position"][onset[new_position]]
    tokens[window, end - 1] = np.where(drum, numbers["drum"][pitch], numbers["pitch"][pitch])
    tokens[window, end] = numbers["duration"][length - 1]
    return tokens, counts


def decode(tokens: NDArray[np.int64], counts: NDArray[np.int64], *, steps: NDArray[np.int64]) -> Windows:
    """Windows of lengths `steps` with the notes the tokens name; the inverse of `encode` on what it keeps."""
    meaning = {
        int(number): (kind, index) for kind, of_kind in _numbers().items() for index, number in enumerate(of_kind)
    }
    rows = []
    for window, (sequence, count) in enumerate(zip(tokens, counts, strict=True)):
        onset = pitch = flags = 0
        for token in sequence[1:count].tolist():
            kind, index = meaning[token]
            if kind == "position":
                onset = index
            elif kind == "duration":
                rows.append((window, onset, flags, pitch, index + 1))
            else:
                pitch, flags = index, DRUM if kind == "drum" else 0
    return Windows.of_notes(np.array(rows, np.int64).reshape(-1, 5), steps=steps)
