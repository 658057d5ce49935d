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

How a note and a place read is said in `proof_words.py`; what may change at the seam in `seam.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, zip_longest
from typing import Any, NamedTuple

from symbolic_embed.errors import OutputError
from symbolic_embed.outputs.proof_words import NoteTicks, asked_in_words, notes_in_words
from symbolic_embed.outputs.seam import EVER, first_tick
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import EventList
from symbolic_embed.score.editing.comparing import Asked, Untouched
from symbolic_embed.score.reading.conductor import KEY_SIGNATURE, MARKER, TEMPO, TIME_SIGNATURE
from symbolic_embed.score.reading.walking import END_OF_TRACK, TRACK_NAME, Event

CHANNEL_KINDS = {0x8: "stray offs", 0xA: "pressure", 0xB: "controllers", 0xC: "programmes", 0xD: "pressure"}
CHANNEL_KINDS |= {0xE: "bends"}
META_KINDS = {TEMPO: "tempi", TIME_SIGNATURE: "metres", KEY_SIGNATURE: "keys", MARKER: "markers", TRACK_NAME: "names"}
META_KINDS |= {0x05: "lyrics"} | dict.fromkeys((1, 2, 4, 7), "texts")
NOTES = "notes"

Contents = Counter[tuple[str, tuple[Any, ...]]]  # how often (kind, what) stands somewhere


class Where(NamedTuple):
    """Whose events these are: of an address (port * 16 + channel) in a chunk, or with None of the chunk itself (metas,
    system exclusive)."""

    chunk: int
    address: int | None


class Change(NamedTuple):
    """The events of one place that are in both lists, in the first alone, in the second alone: how many of each kind,
    and the notes."""

    kept: Counter[str]
    removed: Counter[str]
    added: Counter[str]
    notes_removed: list[NoteTicks]
    notes_added: list[NoteTicks]


def asked_cells(seed: Seed, *, tracks: Iterable[int] | None = None, bars: Iterable[int] | None = None) -> list[Asked]:
    """What may change where some tracks and bars (both from 0; None: all) were asked for."""
    barred = seed.barred
    chosen = range(len(barred.score.tracks)) if tracks is None else sorted(tracks)
    runs = [(0, barred.bars)] if bars is None else _runs(bars)
    stretches = [(first_tick(barred, start), first_tick(barred, end)) for start, end in runs]
    parts = [barred.score.tracks[number] for number in chosen]
    return [asked for part in parts for start, end in stretches for asked in Asked.of(part, start, end)]


def asked_new_parts(seed: Seed, after: EventList) -> list[Asked]:
    """What may change where new parts were asked for: the chunks behind the seed's own."""
    return [Asked(chunk, 0, 0, EVER) for chunk in range(len(seed.events.chunks), len(after.chunks))]


def proved(output: Output, seed: Seed, *, asked: Sequence[Asked], moved: EventList | None = None) -> Output:
    """The same output with the proof in its record: that of `Proof`, for one."""
    return Proof(seed, tuple(asked), moved).of(output)


@dataclass(frozen=True, eq=False)
class Proof:
    """What of a seed may change, ready to be laid beside every output that is made of it. `moved` are the seed's events
    with those that close it behind new bars, if outputs are to be compared with them."""

    seed: Seed
    asked: tuple[Asked, ...]
    moved: EventList | None = None

    def of(self, output: Output) -> Output:
        """The same output with the proof in its record. Raises OutputError where anything else was touched."""
        strange = self._compared.difference(output.events)
        if strange:
            raise OutputError(
                f"{output.name}: {len(strange)} events changed that nobody asked to change, the first: {strange[0]}; "
                "nothing was written; this is a fault of the program, please report it with the seed"
            )
        record = {**output.record, "diff": self._difference(output.events)}
        return replace(output, record=record, asked=self.asked, moved=self.moved)

    def _difference(self, after: EventList) -> dict[str, Any]:
        """What the head of this page shows, once nothing else differs."""
        seed, tracks = self.seed, self.seed.barred.score.tracks
        numbers = {Where(track.chunk, track.address): number for number, track in enumerate(tracks)}
        changes = self._changes(after)
        unnamed: list[Change] = []
        of_tracks = []
        for where in sorted(changes, key=lambda where: (numbers.get(where, EVER), where.chunk, where.address or -1)):
            change = changes[where]
            if where.address is None:
                unnamed.append(change)
                continue
            number = numbers.get(where)
            name = tracks[number].name if number is not None else _name_of(after, where.chunk)
            port, channel = divmod(where.address, 16)
            of_tracks.append(
                {"track": number, "name": name, "chunk": where.chunk, "channel": channel}
                | ({"port": port} if port else {})
                | {"kept": dict(change.kept), "removed": dict(change.removed), "added": dict(change.added)}
                | {"notes_removed": notes_in_words(change.notes_removed, seed.barred)}
                | {"notes_added": notes_in_words(change.notes_added, seed.barred)}
            )
        sides = ("kept", "removed", "added")
        rest = {side: dict(sum((getattr(change, side) for change in unnamed), Counter())) for side in sides}
        return {
            "asked": list(self._asked_in_words),
            "outside": {"events": self._stays.count(), "same": True},
            "tracks": of_tracks,
            "rest": rest,
        }

    def _changes(self, after: EventList) -> dict[Where, Change]:
        """The difference at each place of the seed's events and those of an output."""
        changes: dict[Where, Change] = {}
        for index, (old, new) in enumerate(zip_longest(self.seed.events.chunks, after.chunks)):
            before = self._inventories[index] if old else {}
            if old == new:
                changes |= self._all_kept[index]
                continue
            now = _inventory(after, index, self._heads) if new else {}
            for where in sorted({*before, *now}, key=_in_chunk):
                first, second = before.get(where, Counter()), now.get(where, Counter())
                kept, removed, added = first & second, first - second, second - first
                changes[where] = Change(
                    _by_kind(kept), _by_kind(removed), _by_kind(added), _notes(removed), _notes(added)
                )
        return changes

    @cached_property
    def _stays(self) -> Untouched:
        return Untouched(self.seed.events, self.asked)

    @cached_property
    def _compared(self) -> Untouched:
        return self._stays if self.moved is None else Untouched(self.moved, self.asked)

    @cached_property
    def _asked_in_words(self) -> list[str]:
        return asked_in_words(self.seed, self.asked)

    @cached_property
    def _heads(self) -> dict[Where, Where]:
        """The first place of what is one part in several."""
        return {
            Where(track.chunk, address): Where(track.chunk, track.address)
            for track in self.seed.barred.score.tracks
            for address in track.addresses
        }

    @cached_property
    def _inventories(self) -> list[dict[Where, Contents]]:
        """All that stands in each chunk of the seed."""
        return [_inventory(self.seed.events, index, self._heads) for index in range(len(self.seed.events.chunks))]

    @cached_property
    def _all_kept(self) -> list[dict[Where, Change]]:
        """The same, as chunks have it that stay as they are."""
        nothing: Counter[str] = Counter()
        return [
            {
                where: Change(_by_kind(of_seed[where]), nothing, nothing, [], [])
                for where in sorted(of_seed, key=_in_chunk)
            }
            for of_seed in self._inventories
        ]


def _in_chunk(where: Where) -> int:
    return -1 if where.address is None else where.address


def _inventory(events: EventList, index: int, heads: Mapping[Where, Where]) -> dict[Where, Contents]:
    """All that stands in a chunk, as (kind, what), by place; a note is one thing, whatever its events look like."""
    inventory: dict[Where, Contents] = {}
    chunk = events.chunk(index)
    of_notes: set[int] = set()
    for address, notes in chunk.notes.items():
        of_notes.update(notes.on_events.tolist(), notes.off_events.tolist())
        columns = (notes.onset_ticks, notes.duration_ticks, notes.pitch, notes.velocity)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        where = Where(index, address)
        inventory.setdefault(heads.get(where, where), Counter()).update((NOTES, row) for row in rows)
    for number, (event, sent_to) in enumerate(zip(chunk, chunk.addresses, strict=True)):
        if number not in of_notes and event.message != END_OF_TRACK:
            where = Where(index, None if sent_to < 0 else sent_to)
            inventory.setdefault(heads.get(where, where), Counter())[(_kind(event), tuple(event))] += 1
    return inventory


def _kind(event: Event) -> str:
    status = event.message[0]
    if status == 0xFF:
        return META_KINDS.get(event.message[1], "other metas")
    if status in (0xF0, 0xF7):
        return "system exclusive"
    return CHANNEL_KINDS.get(status >> 4, "stray offs" if status < 0xF0 else "system messages")


def _by_kind(contents: Contents) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (kind, _), count in sorted(contents.items(), key=lambda item: item[0][0]):
        counts[kind] += count
    return counts


def _notes(contents: Contents) -> list[NoteTicks]:
    return sorted(NoteTicks(*row) for kind, row in contents.elements() if kind == NOTES)


def _name_of(events: EventList, chunk: int) -> str:
    return next((part.track.name for part in events.parts() if part.track.chunk == chunk), "")


def _runs(bars: Iterable[int]) -> list[tuple[int, int]]:
    """Bars as stretches from the first to the one after the last."""
    stretches = (list(run) for _, run in groupby(enumerate(sorted(bars)), key=lambda pair: pair[1] - pair[0]))
    return [(run[0][1], run[-1][1] + 1) for run in stretches]
