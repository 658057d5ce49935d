"""The words of the proof: how notes, places and differences read.

A note reads bar:beat, pitch, velocity, length in quarters: "5:2.5 C2 v90 0.5". Bars and beats count from 1; a beat is
the metre's unit, in 6/8 an eighth. A difference reads as the tools of programmers show one: - is gone, + is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore
from symbolic_embed.errors import printable
from symbolic_embed.outputs.seam import EVER
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score.editing.comparing import Asked
from symbolic_embed.score.instruments import pitch_name
from symbolic_embed.score.reading.ports import channel_in_words


class NoteTicks(NamedTuple):
    """A note as it stands in a file, in ticks."""

    onset: int
    duration: int
    pitch: int
    velocity: int


def notes_in_words(notes: Sequence[NoteTicks], barred: BarredScore) -> list[str]:
    """5:2.5 C2 v90 0.5, as the head of this page explains; of each note."""
    places = bars_and_beats(barred, [note.onset for note in notes])
    return [
        f"{bar}:{beat:g} {pitch_name(note.pitch)} v{note.velocity} {round(note.duration / barred.score.division, 2):g}"
        for note, (bar, beat) in zip(notes, places, strict=True)
    ]


def bars_and_beats(barred: BarredScore, ticks: Sequence[int]) -> list[tuple[int, float]]:
    """The bar (from 1) and beat (from 1, in the metre's unit) nearest to each tick, also after the last bar."""
    grid, metre = barred.grid, barred.metre
    steps = grid.step_of(np.array(ticks, np.int64))
    bars = grid.bar_of(steps)
    into, beyond = steps - grid.bar_steps[bars], steps - grid.bar_steps[-1]
    places = []
    for bar, step, behind in zip(bars.tolist(), into.tolist(), beyond.tolist(), strict=True):
        if behind >= 0:
            more, step = divmod(behind, grid.next_bar_steps)
            bar = grid.bars + more
        signature = metre.signatures[bar] if bar < len(metre) else metre.following
        beats_per_step = signature.denominator / (4 * STEPS_PER_QUARTER)
        places.append((bar + 1, round(1 + step * beats_per_step, 2)))
    return places


def asked_in_words(seed: Seed, asked: Sequence[Asked]) -> list[str]:
    """What was asked for, a line for each track: "track 2 bass, bars 5-8"."""
    lines = []
    for (chunk, address), of_track in groupby(asked, key=lambda region: (region.chunk, region.address)):
        regions = list(of_track)
        bars = ", ".join(_bars_in_words(seed.barred, region) for region in regions)
        only_new = address is None and all(region.new_controls for region in regions)
        label = "tempo and master volume" if only_new else _label(seed, chunk, address)
        lines.append(f"{label}, {bars}")
    return list(dict.fromkeys(lines))  # of a part on many channels all are asked for


def diff_text(diff: Mapping[str, Any], *, seed: str, output: str) -> str:
    """The difference for people; `seed` and `output` are names of files."""
    lines = [f"--- {seed}", f"+++ {output}"]
    for track in diff["tracks"]:
        label = "new track" if track["track"] is None else f"track {track['track']}"
        counts = "; ".join(f"{what}: {_counted(track[what])}" for what in ("kept", "removed", "added") if track[what])
        lines.append(f"@@ {label} {printable(track['name'])}".rstrip() + f" @@ {counts}")
        marked = [("-", note) for note in track["notes_removed"]] + [("+", note) for note in track["notes_added"]]
        lines += [f"{sign} {note}" for sign, note in sorted(marked, key=lambda line: _place(line[1]))]
    lines += [f"@@ tempo, metre, names and the like @@ {what}: {_counted(n)}" for what, n in diff["rest"].items() if n]
    lines.append(f"= asked for: {'; '.join(map(printable, diff['asked'])) or 'nothing'}")
    lines.append(f"= outside of that all {diff['outside']['events']:,} events are the same, byte for byte, at the same")
    lines.append("= ticks and in the same order (compared, not assumed)")
    return "\n".join(lines) + "\n"


def _label(seed: Seed, chunk: int, address: int | None) -> str:
    """What a place in the file is called."""
    for number, track in enumerate(seed.barred.score.tracks):
        if track.chunk == chunk and address in track.addresses:
            return f"track {number} {track.name}".rstrip()
    if address is None:
        return "tempo, metre, key and markers"
    is_new = chunk >= len(seed.events.chunks)
    return f"a new track (chunk {chunk})" if is_new else f"{channel_in_words(address)} in chunk {chunk}"


def _bars_in_words(barred: BarredScore, asked: Asked) -> str:
    first = bars_and_beats(barred, [asked.start_tick])[0][0]
    if first > barred.bars:
        return f"from bar {first} on"
    last = barred.bars if asked.end_tick == EVER else bars_and_beats(barred, [asked.end_tick])[0][0] - 1
    return f"bar {first}" if first == last else f"bars {first}-{last}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in counts.items())


def _place(note: str) -> tuple[float, ...]:
    """Bar and beat of a note in words."""
    return tuple(map(float, note.split(" ")[0].split(":")))
