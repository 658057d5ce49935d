"""Why a piece is where it was ranked, in plain words: how alike, in which key, which bars lie along which, in what it
is most alike and in what least."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_embed.errors import printable
from symbolic_embed.library.showing import Match
from symbolic_embed.similarity.lying_along import Along

PARTS = ("harmony", "melody", "passages", "bars", "rhythm")  # of the likeness, as `Why` has them


def in_words(rank: int, match: Match) -> str:
    """A few lines on a match that was ranked with `why`, the first with its rank and path."""
    lines = [f"{rank}  {printable(match.path)}: {called(match)}; {moved(match)}"]
    if match.why and match.why.along is not None:
        lines.append(f"   {stretches(match.why.along) or 'no bars lie along each other'}")
    measured = {name: getattr(match.why, name) for name in PARTS}
    said = sorted((distance, name) for name, distance in measured.items() if distance is not None)
    (near, nearest), (far, farthest) = said[0], said[-1]
    if near < far:
        lines.append(f"   most alike in {nearest} ({near:.2f}), least in {farthest} ({far:.2f})")
    return "\n".join(lines) + "\n"


def called(match: Match) -> str:
    """What the distance means, where that can be said, and the distance."""
    return f"{match.likeness or 'by this part alone'}, distance {match.distance:.3f}"


def moved(match: Match) -> str:
    """How the query is transposed."""
    semitones = abs(match.transposition)
    if not semitones:
        return "the query in its own key"
    return f"the query {semitones} semitone{'s' * (semitones > 1)} {'up' if match.transposition > 0 else 'down'}"


def stretches(along: Sequence[Along]) -> str:
    """bars 1-8 lie along bars 17-24 (0.02), bars 9-16 along bars 25-32 (0.10); nothing where none do."""
    texts = [f"{_bars(one.query_bar, one.query_last_bar)} along {_bars(one.bar, one.last_bar)}" for one in along]
    texts = [f"{text} ({one.distance:.2f})" for text, one in zip(texts, along, strict=True)]
    return ", ".join(texts).replace(" along ", " lie along " if along[0].query_last_bar > along[0].query_bar
                                    else " lies along ", 1) if along else ""  # fmt: skip


def _bars(first: int, last: int) -> str:
    return f"bar {first}" if first == last else f"bars {first}-{last}"
