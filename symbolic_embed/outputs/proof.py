"""The proof that nothing else was touched.

An output is laid beside its seed, event by event, from the two event lists alone: nothing that the writing knew is
trusted. Outside the tracks and bars that were asked for every event must be the same, byte for byte, at the same tick
and in the same order; where it is not, the output is refused. Inside, the difference is listed: what of each track was
kept, removed and added, and each changed note with its bar and beat.

    "diff": {
      "asked": ["track 2 bass, bars 5-8"],
      "outside": {"events": 3201, "same": true},
      "tracks": [{"track": 2, "name": "bass", "kept": {"notes": 40, "controllers": 2}, "removed": {"notes": 3},
                  "added": {"notes": 4}, "notes_removed": ["5:2.5 C2 v90 0.5"], ...}],
      "rest": {"kept": {"tempi": 2, "markers": 1}, "removed": {}, "added": {}}
    }

A note reads bar:beat, pitch, velocity, length in quarters; a beat is the metre's unit, in 6/8 an eighth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.errors import OutputError, printable
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import EventList, Track
from symbolic_embed.score.editing.comparing import Asked, unasked_count, untouched_difference
from symbolic_embed.score.editing.in_place import pedals_to_release
from symbolic_embed.score.instruments import pitch_name
from symbolic_embed.score.reading.conductor import KEY_SIGNATURE, MARKER, TEMPO, TIME_SIGNATURE
from symbolic_embed.score.reading.walking import END_OF_TRACK, TRACK_NAME, Event

EVER = 2**62  # a tick after all music
CHANNEL_KINDS = {0x8: "stray offs", 0xA: "pressure", 0xB: "controllers", 0xC: "programmes", 0xD: "pressure"}
CHANNEL_KINDS |= {0xE: "bends"}
META_KINDS = {TEMPO: "tempi", TIME_SIGNATURE: "metres", KEY_SIGNATURE: "keys", MARKER: "markers", TRACK_NAME: "names"}
META_KINDS |= {0x05: "lyrics"} | dict.fromkeys((1, 2, 4, 7), "texts")
NOTES = "notes"


class Where(NamedTuple):
    """Whose events these are: of a channel in a chunk, or with None of the chunk itself (metas, system exclusive)."""

    chunk: int
    channel: int | None


class Change(NamedTuple):
    """The events of one place that are in both lists, in the first alone, in the second alone: how many of each kind,
    and the notes as (onset, duration, pitch, velocity) in ticks."""

    kept: Counter[str]
    removed: Counter[str]
    added: Counter[str]
    notes_removed: list[tuple[int, int, int, int]]
    notes_added: list[tuple[int, int, int, int]]


def asked_cells(seed: Seed, *, tracks: Iterable[int] | None = None, bars: Iterable[int] | None = None) -> list[Asked]:
    """What may change where some tracks and bars (both from 0; None: all) were asked for."""
    barred = seed.barred
    chosen = range(len(barred.score.tracks)) if tracks is None else sorted(tracks)
    runs = [(0, barred.bars)] if bars is None else _runs(bars)
    places = [(first_tick(barred, start), first_tick(barred, end)) for start, end in runs]
    parts = [barred.score.tracks[number] for number in chosen]
    return [Asked(part.chunk, part.channel, start, end) for part in parts for start, end in places]


def asked_after(seed: Seed) -> list[Asked]:
    """What may change where bars after the seed's last were asked for: new notes there, and controllers that bring
    the parts into the state in which they play on, also where a chunk without notes holds a part's pedal."""
    end = int(seed.barred.grid.tick_of(seed.barred.grid.bar_steps[-1:])[0])
    start = _rounded_up_from(seed.barred, end, step=int(seed.barred.grid.bar_steps[-1]))
    parts = [Where(part.chunk, part.channel) for part in seed.barred.score.tracks]
    pedals = [Where(pedal.chunk, pedal.channel) for pedal in pedals_to_release(seed.events, end)]
    return [Asked(*where, start, EVER, new_controls=True) for where in dict.fromkeys([*parts, *pedals])]


def asked_new_parts(seed: Seed, after: EventList) -> list[Asked]:
    """What may change where new parts were asked for: the chunks behind the seed's own."""
    return [Asked(chunk, 0, 0, EVER) for chunk in range(len(seed.events.chunks), len(after.chunks))]


def first_tick(barred: BarredScore, bar: int) -> int:
    """The first tick that counts to a bar (from 0): a note a little before the barline, but nearest to it, belongs to
    the bar. After the last bar there is none that a note of the piece could have."""
    if bar >= barred.bars:
        return EVER
    step = int(barred.grid.bar_steps[bar])
    return 0 if bar == 0 else _rounded_up_from(barred, int(barred.grid.tick_of(np.array([step]))[0]), step=step)


def proved(output: Output, seed: Seed, *, asked: Sequence[Asked]) -> Output:
    """The same output with the proof in its record. Raises OutputError where anything else was touched."""
    strange = untouched_difference(seed.events, output.events, parts_and_ranges=asked)
    if strange:
        raise OutputError(
            f"{output.name}: {len(strange)} events changed that nobody asked to change, the first: {strange[0]}; "
            "nothing was written; this is a fault of the program, please report it with the seed"
        )
    return replace(output, record={**output.record, "diff": difference(seed, output.events, asked=asked)})


def difference(seed: Seed, after: EventList, *, asked: Sequence[Asked]) -> dict[str, Any]:
    """What the head of this page shows, once nothing else differs."""
    numbers = {Where(track.chunk, track.channel): number for number, track in enumerate(seed.barred.score.tracks)}
    changes = _changes(seed.events, after)
    unnamed: list[Change] = []
    tracks = []
    for where in sorted(changes, key=lambda where: (numbers.get(where, EVER), where.chunk, where.channel or -1)):
        change = changes[where]
        if where.channel is None:
            unnamed.append(change)
            continue
        number = numbers.get(where)
        name = seed.barred.score.tracks[number].name if number is not None else _name_of(after, where.chunk)
        tracks.append(
            {"track": number, "name": name, "chunk": where.chunk, "channel": where.channel}
            | {"kept": dict(change.kept), "removed": dict(change.removed), "added": dict(change.added)}
            | {"notes_removed": [_in_words(note, seed.barred) for note in change.notes_removed]}
            | {"notes_added": [_in_words(note, seed.barred) for note in change.notes_added]}
        )
    sides = ("kept", "removed", "added")
    rest = {side: dict(sum((getattr(change, side) for change in unnamed), Counter())) for side in sides}
    return {
        "asked": _asked_in_words(seed, asked),
        "outside": {"events": unasked_count(seed.events, parts_and_ranges=asked), "same": True},
        "tracks": tracks,
        "rest": rest,
    }


def diff_text(diff: Mapping[str, Any], *, seed: str, output: str) -> str:
    """The difference for people, as the tools of programmers show one: - is gone, + is new."""
    lines = [f"--- {seed}", f"+++ {output}"]
    for track in diff["tracks"]:
        label = "new track" if track["track"] is None else f"track {track['track']}"
        counts = "; ".join(f"{what}: {_counted(track[what])}" for what in ("kept", "removed", "added") if track[what])
        lines.append(f"@@ {label} {printable(track['name'])}".rstrip() + f" @@ {counts}")
        marked = [("-", note) for note in track["notes_removed"]] + [("+", note) for note in track["notes_added"]]
        lines += [f"{sign} {note}" for sign, note in sorted(marked, key=lambda one: _place(one[1]))]
    lines += [f"@@ tempo, metre, names and the like @@ {what}: {_counted(n)}" for what, n in diff["rest"].items() if n]
    lines.append(f"= asked for: {'; '.join(map(printable, diff['asked'])) or 'nothing'}")
    lines.append(f"= outside of that all {diff['outside']['events']:,} events are the same, byte for byte, at the same")
    lines.append("= ticks and in the same order (compared, not assumed)")
    return "\n".join(lines) + "\n"


def _changes(before: EventList, after: EventList) -> dict[Where, Change]:
    """The difference at each place of two event lists."""
    old, new = _inventory(before), _inventory(after)
    changes = {}
    for where in sorted({*old, *new}, key=lambda where: (where.chunk, -1 if where.channel is None else where.channel)):
        first, second = old.get(where, Counter()), new.get(where, Counter())
        sides = {"kept": first & second, "removed": first - second, "added": second - first}
        counts = {side: _by_kind(found) for side, found in sides.items()}
        notes = {
            side: sorted(note for kind, note in found.elements() if kind == NOTES) for side, found in sides.items()
        }
        changes[where] = Change(**counts, notes_removed=notes["removed"], notes_added=notes["added"])
    return changes


def _inventory(events: EventList) -> dict[Where, Counter[tuple[str, tuple]]]:
    """All that stands in a list, as (kind, what), by place; a note is one thing, whatever its events look like."""
    found: dict[Where, Counter[tuple[str, tuple]]] = {}
    for index, chunk in enumerate(events.chunks):
        of_notes: set[int] = set()
        for channel, notes in events.notes()[index].items():
            of_notes.update(notes.on_events.tolist(), notes.off_events.tolist())
            rows = zip(*(column.tolist() for column in notes[:4]), strict=True)
            found[Where(index, channel)] = Counter((NOTES, row) for row in rows)
        for number, event in enumerate(chunk):
            if number not in of_notes and event.message != END_OF_TRACK:
                where = Where(index, event.message[0] & 0x0F if event.message[0] < 0xF0 else None)
                found.setdefault(where, Counter())[(_kind(event), tuple(event))] += 1
    return found


def _kind(event: Event) -> str:
    status = event.message[0]
    if status == 0xFF:
        return META_KINDS.get(event.message[1], "other metas")
    if status in (0xF0, 0xF7):
        return "system exclusive"
    return CHANNEL_KINDS.get(status >> 4, "stray offs" if status < 0xF0 else "system messages")


def _by_kind(found: Counter[tuple[str, tuple]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (kind, _), count in sorted(found.items(), key=lambda one: one[0][0]):
        counts[kind] += count
    return counts


def _name_of(events: EventList, chunk: int) -> str:
    return next((part.track.name for part in events.parts() if part.track.chunk == chunk), "")


def _in_words(note: tuple[int, int, int, int], barred: BarredScore) -> str:
    """5:2.5 C2 v90 0.5, as the head of this page explains."""
    onset, duration, pitch, velocity = note
    bar, beat = bar_and_beat(barred, onset)
    return f"{bar}:{beat:g} {pitch_name(pitch)} v{velocity} {round(duration / barred.score.division, 2):g}"


def bar_and_beat(barred: BarredScore, tick: int) -> tuple[int, float]:
    """The bar (from 1) and beat (from 1, in the metre's unit) nearest to a tick; bars as long as the last one follow
    the last."""
    grid = barred.grid
    step, end = int(grid.step_of(np.array([tick]))[0]), int(grid.bar_steps[-1])
    bar = int(grid.bar_of(np.array([step]))[0])
    into = step - int(grid.bar_steps[bar])
    if step >= end:
        beyond, into = divmod(step - end, int(grid.bar_length(grid.bars - 1)))
        bar = grid.bars + beyond
    signatures = barred.metre.signatures
    beats_per_step = signatures[min(bar, len(signatures) - 1)].denominator / 48
    return bar + 1, round(1 + into * beats_per_step, 2)


def _place(note: str) -> tuple[float, ...]:
    return tuple(map(float, note.split(" ")[0].split(":")))


def _asked_in_words(seed: Seed, asked: Sequence[Asked]) -> list[str]:
    numbers = {Where(track.chunk, track.channel): number for number, track in enumerate(seed.barred.score.tracks)}
    words = []
    for where, places in groupby(asked, key=lambda one: Where(one.chunk, one.channel)):
        is_new = where.chunk >= len(seed.events.chunks)
        label = _label(numbers.get(where), seed.barred.score.tracks, where, is_new=is_new)
        bars = ", ".join(_bars_in_words(seed.barred, place) for place in places)
        words.append(f"{label}, {bars}")
    return words


def _label(number: int | None, tracks: Sequence[Track], where: Where, *, is_new: bool) -> str:
    if number is not None:
        return f"track {number} {tracks[number].name}".rstrip()
    if where.channel is None:
        return "tempo, metre, key and markers"
    return f"a new track (chunk {where.chunk})" if is_new else f"channel {where.channel + 1} in chunk {where.chunk}"


def _bars_in_words(barred: BarredScore, asked: Asked) -> str:
    first = bar_and_beat(barred, asked.start_tick)[0]
    if first > barred.bars:
        return f"from bar {first} on"
    last = barred.bars if asked.end_tick == EVER else bar_and_beat(barred, asked.end_tick)[0] - 1
    return f"bar {first}" if first == last else f"bars {first}-{last}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in counts.items())


def _runs(bars: Iterable[int]) -> list[tuple[int, int]]:
    """Bars as stretches from the first to the one after the last."""
    stretches = (list(run) for _, run in groupby(enumerate(sorted(bars)), key=lambda one: one[1] - one[0]))
    return [(run[0][1], run[-1][1] + 1) for run in stretches]


def _rounded_up_from(barred: BarredScore, tick: int, *, step: int) -> int:
    """The first tick that is nearest to a step, or to one after it; `tick` is where the step lies."""
    reach = int(np.ceil(barred.grid.ticks_per_step.max())) + 1
    near = np.arange(max(tick - reach, 0), tick + 1)
    return int(near[np.argmax(barred.grid.step_of(near) >= step)])
