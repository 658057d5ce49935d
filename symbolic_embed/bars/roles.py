"""What a part does in the music: drums, bass, melody, or chords.

The four roles are told from the notes and the programme alone: a part on the drum channel is drums; bass is a bass
programme (32 to 39, counted from 0) or a single voice that lies low (median pitch below 48, the C below middle C's
octave); a melody is any other part that nearly always sounds one note at a time (95 % of its onsets); what is left
plays several notes at once: chords. Where somebody has said what a part does, that counts (`with_roles`).

The fourth class of cells has been called piano since the first version, in what `show`, `reconstruct` and `evaluate`
print and in the cards of checkpoints. Programs read what is printed, so there it still is (`class_name`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from symbolic_embed.bars.naming import track_numbers
from symbolic_embed.score.roles import in_roles
from symbolic_embed.score.score import Score, Track

ROLES = ("drums", "bass", "melody", "chords")  # networks know them by their places
CLASS_NAMES = {"chords": "piano"}
BASS_PROGRAMS = range(32, 40)
LOW_PITCH = 48
SINGLE_VOICE_SHARE = 0.95


def role_of(track: Track) -> str:
    """The role of a part with at least one note, one of ROLES."""
    if track.role is not None:
        return track.role
    if track.is_drum:
        return "drums"
    if track.program in BASS_PROGRAMS:
        return "bass"
    _, chord_sizes = np.unique(track.notes.onset_ticks, return_counts=True)
    if np.mean(chord_sizes == 1) < SINGLE_VOICE_SHARE:
        return "chords"
    return "bass" if np.median(track.notes.pitch) < LOW_PITCH else "melody"


def chosen_roles(tracks: Sequence[Track], roles: Iterable[tuple[int | str, str]]) -> dict[int, str]:
    """The roles that were said, by the number of the track. Raises UsageError for a track that is not there."""
    return {number: role for wanted, role in roles for number in track_numbers(wanted, tracks, field="roles")}


def with_roles(score: Score, roles: Iterable[tuple[int | str, str]]) -> Score:
    """The score with what was said of its tracks: those in the role of drums are struck, all others have pitches.
    Raises UsageError for a track that is not there."""
    return in_roles(score, chosen_roles(score.tracks, roles))


def class_name(role: str) -> str:
    """What the class of cells of a role is called where programs read it."""
    return CLASS_NAMES.get(role, role)
