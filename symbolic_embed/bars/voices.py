"""One voice or several."""

from __future__ import annotations

from symbolic_embed.bars.cutting import BarredScore

SECOND_VOICE = 0.05  # of a part's notes may overlap the next before it counts as several voices


def is_single_voice(barred: BarredScore, part: int) -> bool:
    """Whether a part sounds one note at a time in the seed: it then does so in what follows."""
    notes = barred.score.tracks[part].notes
    overlap = notes.onset_ticks[1:] < notes.offset_ticks[:-1] - barred.score.division // 8  # legato is no second voice
    return not barred.score.tracks[part].is_drum and bool(overlap.mean() < SECOND_VOICE if len(overlap) else True)
