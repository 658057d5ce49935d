"""A score of which somebody has said what its parts do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symbolic_embed.score.reading.kits import kit_warning
from symbolic_embed.score.score import Score


def in_roles(score: Score, roles: Mapping[int, str]) -> Score:
    """The score with parts, by number, in the given roles; what was warned of them as drums, or not, is no matter."""
    if not roles:
        return score
    settled = {
        warning for number in roles for warning in kit_warning(score.tracks[number], number, division=score.division)
    }
    return replace(
        score,
        tracks=tuple(
            track.with_role(roles[number]) if number in roles else track for number, track in enumerate(score.tracks)
        ),
        warnings=tuple(warning for warning in score.warnings if warning not in settled),
    )
