"""What is in a piece, at a glance: parts, bars, metre, tempo, key, markers, warnings.

Bars are counted from 1, a pick-up being bar 1; parts from 0, among those with notes, as every command names them;
channels from 1, as musicians do. The metre is the one the bars follow: where the file names none it is 4/4, and marked
as assumed. Events after the last bar of music have no bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from symbolic_embed.bars import BarredScore, class_name
from symbolic_embed.bars.keys import KeyEstimate, estimate_key
from symbolic_embed.errors import printable
from symbolic_embed.presenting.tables import aligned
from symbolic_embed.score.clock import duration_seconds
from symbolic_embed.score.instruments import drum_name, instrument_name, pitch_name
from symbolic_embed.score.metre import BESIDE
from symbolic_embed.score.score import Track

MOST_CHANGES = 8  # in a line of the text; the JSON has all


@dataclass(frozen=True)
class Part:
    """One part. `channel` counts from 1, `program` and `port` from 0, `lowest` and `highest` are pitches (0 to 127).
    `members`: other channels that belong to it, from 1."""

    number: int
    name: str
    program: int
    instrument: str
    channel: int
    role: str
    notes: int
    lowest: int
    highest: int
    chunk: int
    port: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """Something that holds from a place on: `value` says what. `bar` is None after the last bar."""

    bar: int | None
    tick: int
    value: str | float


@dataclass(frozen=True)
class Overview:
    """A piece at a glance. `metre_assumed`: the file does not say the metre of its beginning."""

    path: str
    division: int
    bars: int
    notes: int
    seconds: float
    tracks: tuple[Part, ...]
    metre: tuple[Change, ...]
    metre_assumed: bool
    tempo: tuple[Change, ...]
    key: tuple[Change, ...]
    estimated_key: KeyEstimate | None
    markers: tuple[Change, ...]
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return asdict(self)


def overview(barred: BarredScore, *, path: str) -> Overview:
    """What is in a piece that was cut into bars; it need not have a single note."""
    score = barred.score
    metre = [
        Change(bar + 1, int(barred.metre.barline_ticks[bar]), str(signature))
        for bar, signature in enumerate(barred.metre.signatures)
        if bar == 0 or signature is not barred.metre.signatures[bar - 1]
    ]
    return Overview(
        path=path,
        division=score.division,
        bars=barred.bars if score.note_count else 0,
        notes=score.note_count,
        seconds=round(duration_seconds(score), 3),
        tracks=tuple(_part(track, n, barred.roles[n]) for n, track in enumerate(score.tracks)),
        metre=tuple(metre),
        metre_assumed=not any(signature.tick < BESIDE * score.division for signature in score.time_signatures),
        tempo=_placed(barred, [(tempo.tick, round(tempo.per_minute, 3)) for tempo in score.tempi]),
        key=_placed(barred, [(key.tick, str(key)) for key in score.key_signatures]),
        estimated_key=estimate_key(score),
        markers=_placed(barred, [(marker.tick, marker.text) for marker in score.markers]),
        warnings=tuple(f"{warning.kind}: {warning}" for warning in score.warnings),
    )


def as_text(seen: Overview) -> str:
    """The overview for people, in lines."""
    minutes, seconds = divmod(round(seen.seconds), 60)
    parts, bars = _counted(len(seen.tracks), "part"), _counted(seen.bars, "bar")
    length = f"{minutes}:{seconds:02d} minutes, {seen.division} ticks a quarter"
    lines = [printable(seen.path), f"{parts}, {bars}, {_counted(seen.notes, 'note')}, {length}"]
    estimate = seen.estimated_key
    facts = {
        "metre": _changes(seen.metre) + (" (assumed: the file names none at its beginning)" * seen.metre_assumed),
        "tempo": _changes(seen.tempo, unit=" quarters a minute")
        or "120 quarters a minute (assumed: the file names none)",
        "key": _changes(seen.key) or "not named",
        "sounds": f"like {estimate.name} (correlation {estimate.correlation:.2f})" if estimate else "without a key",
        "marks": _changes(seen.markers),
    }
    lines += [f"  {name:<8}{printable(text)}" for name, text in facts.items() if text]
    if seen.tracks:
        lines += ["", *("  " + line for line in _part_table(seen.tracks))]
    if seen.warnings:
        lines += ["", *(f"  warning {printable(warning)}" for warning in seen.warnings)]
    return "\n".join(lines) + "\n"


def _part(track: Track, number: int, role: str) -> Part:
    return Part(
        number=number,
        name=track.name,
        program=track.program,
        instrument=instrument_name(track.program, is_drum=track.is_drum),
        channel=track.channel + 1,
        role=class_name(role),
        notes=len(track.notes),
        lowest=int(track.notes.pitch.min()),
        highest=int(track.notes.pitch.max()),
        chunk=track.chunk,
        port=track.port,
        members=tuple(channel + 1 for channel in track.members),
    )


def _placed(barred: BarredScore, values: Sequence[tuple[int, str | float]]) -> tuple[Change, ...]:
    """What is said at ticks, with the bars they lie in; what is said before the first barline counts to bar 1."""
    bars = barred.metre.bar_at(np.array([tick for tick, _ in values], np.int64)).tolist()
    return tuple(
        Change(max(bar, 0) + 1 if bar < barred.bars else None, tick, value)
        for bar, (tick, value) in zip(bars, values, strict=True)
    )


def _part_table(parts: Sequence[Part]) -> list[str]:
    """A line a part; with ports only where there are several."""
    columns: dict[str, list[object]] = {
        "#": [part.number for part in parts],
        "name": [printable(part.name) for part in parts],
        "instrument": [part.instrument for part in parts],
        "port": [part.port for part in parts],
        "channel": [f"{part.channel}+{len(part.members)}" if part.members else part.channel for part in parts],
        "role": [part.role for part in parts],
        "notes": [f"{part.notes:,}" for part in parts],
        "range": [_range(part) for part in parts],
    }
    if not any(columns["port"]):
        del columns["port"]
    rows = list(zip(*columns.values(), strict=True))
    return aligned(rows, header=list(columns), right={"#", "port", "channel", "notes"})


def _range(part: Part) -> str:
    name = drum_name if part.role == "drums" else pitch_name
    return name(part.lowest) if part.lowest == part.highest else f"{name(part.lowest)} to {name(part.highest)}"


def _changes(changes: Sequence[Change], *, unit: str = "") -> str:
    """Changes on one line: 3/4; 4/4 from bar 9. What is said again is left out."""
    changes = [change for n, change in enumerate(changes) if n == 0 or change.value != changes[n - 1].value]
    texts = []
    for number, change in enumerate(changes[:MOST_CHANGES]):
        value = f"{change.value:g}" if isinstance(change.value, float) else change.value
        since = f" from bar {change.bar}" if change.bar else " after the last bar"
        texts.append(f"{value}{unit if number == 0 else ''}{since if number or change.bar != 1 else ''}")
    more = len(changes) - MOST_CHANGES
    return "; ".join(texts) + (f"; and {_counted(more, 'more change')}" if more > 0 else "")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")
