"""What can be said of a piece in a word, and asked for: its metre, tempo, key, parts. The words are those of `show`,
and of `requests.where`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from symbolic_embed.bars import ROLES, BarredScore, class_name
from symbolic_embed.bars.keys import estimate_key
from symbolic_embed.requests.where import Fact, Where
from symbolic_embed.score.clock import duration_seconds
from symbolic_embed.score.instruments import instrument_name
from symbolic_embed.score.metre import BESIDE

Pieces = Iterable[tuple[str, BarredScore]]
UNNAMED_TEMPO = 120.0


def main_metre(barred: BarredScore) -> str:
    """The metre of most bars, as "3/4"."""
    metres = Counter((signature.numerator, signature.denominator) for signature in barred.metre.signatures)
    numerator, denominator = metres.most_common(1)[0][0]
    return f"{numerator}/{denominator}"


def opening_tempo(barred: BarredScore) -> float:
    """Quarters a minute where the first note begins."""
    score = barred.score
    begins = min((int(track.notes.onset_ticks[0]) for track in score.tracks if len(track.notes)), default=0)
    return next((tempo.per_minute for tempo in reversed(score.tempi) if tempo.tick <= begins), UNNAMED_TEMPO)


def main_key(barred: BarredScore) -> str | None:
    """The first key that the file names, else the likeliest; None where nothing has a pitch."""
    if barred.score.key_signatures:
        return str(barred.score.key_signatures[0])
    estimate = estimate_key(barred.score)
    return estimate.name if estimate else None


def names_its_metre(barred: BarredScore) -> bool:
    """Whether the file says the metre of its beginning."""
    score = barred.score
    return any(signature.tick < BESIDE * score.division for signature in score.time_signatures)


def facts_of(path: str, barred: BarredScore) -> Mapping[str, Callable[[], Sequence[Fact]]]:
    """All facts of a piece by field, each counted when it is asked for; a flag that is not has none."""
    score = barred.score

    def has(role: str) -> Callable[[], Sequence[Fact]]:
        return lambda: [one for one in barred.roles if one == role]

    return {
        "path": lambda: [path],
        "bars": lambda: [barred.bars if score.note_count else 0],
        "notes": lambda: [score.note_count],
        "tracks": lambda: [len(score.tracks)],
        "seconds": lambda: [duration_seconds(score)],
        "tempo": lambda: [opening_tempo(barred)],
        "division": lambda: [score.division],
        "metre": lambda: [main_metre(barred)],
        "key": lambda: [key for key in [main_key(barred)] if key],
        "name": lambda: [track.name for track in score.tracks],
        "instrument": lambda: [instrument_name(track.program, is_drum=track.is_drum) for track in score.tracks],
        "program": lambda: [track.program for track in score.tracks if not track.is_drum],
        "role": lambda: [*barred.roles, *map(class_name, barred.roles)],
        "marker": lambda: [marker.text for marker in score.markers],
        "warning": lambda: [f"{warning.kind}: {warning}" for warning in score.warnings],
        "named_key": lambda: [str(key) for key in score.key_signatures],
        "named_metre": lambda: [True] if names_its_metre(barred) else [],
        **{role: has(role) for role in ROLES},
        "piano": has("chords"),
    }


def meant(pieces: Pieces, where: Where | None) -> Iterator[tuple[str, BarredScore]]:
    """Those of the pieces that are meant; all without `where`."""
    for path, barred in pieces:
        if where is None or where.holds(facts_of(path, barred)):
            yield path, barred
