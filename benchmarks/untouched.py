"""Untouched means untouched: files full of other events, varied and continued.

    python benchmarks/untouched.py --music FOLDER [--files 200] [--split test]

Files of two parts or more are drawn from FOLDER (of data sets with a meta.jsonl each: from one split). Each is given
controllers, pedals, pitch bends, aftertouch, system exclusive messages, markers and lyrics at random ticks, varied in a
random part and stretch of bars, and continued by two bars. Then mido, which shares no code with the writing, reads seed
and result (`untouched_messages.py`): whatever was not asked for must be the same messages at the same ticks in the same
order.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from untouched_messages import differences, unasked

from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.errors import InputError, OutputError, UsageError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.outputs.seam import EVER, first_tick
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import ComposeRequest, VaryRequest
from symbolic_embed.score import Event, EventList, file_bytes
from symbolic_embed.score.writing.layout import meta_event
from symbolic_embed.verbs.compose import compose
from symbolic_embed.verbs.vary import vary

ADDED = 60  # events a file
MOST_BARS = 150
SYSEX = bytes.fromhex("f0 05 7e 7f 09 01 f7")


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--split", default="test")
    parser.add_argument("--checkpoint", type=Path)
    given = parser.parse_args()
    trained = TrainedComposer.load(given.checkpoint)
    counts: Counter[str] = Counter()
    for number, seed in enumerate(seeds(given.music, split=given.split, count=given.files)):
        random = np.random.default_rng([0, number])
        counts["files"] += 1
        counts["parts"] += len(seed.barred.score.tracks)
        track = int(random.integers(len(seed.barred.score.tracks)))
        first, last = np.sort(random.integers(0, seed.barred.bars, 2)).tolist()
        part = seed.barred.score.tracks[track]
        start, end = first_tick(seed.barred, first), first_tick(seed.barred, last + 1)
        seam = first_tick_after(seed)
        for what in ("vary", "compose"):
            try:
                if what == "vary":
                    chosen = {"tracks": frozenset({track}), "bars": frozenset(range(first, last + 1))}
                    (output,) = vary(seed, trained.embedder, VaryRequest(strength=0.4, random_seed=number, **chosen))
                    asked = [(part.chunk, part.channel, start, end)]
                else:
                    (output,) = compose(seed, trained, ComposeRequest(bars=2, random_seed=number))
                    asked = [(one.chunk, one.channel, seam, EVER) for one in seed.barred.score.tracks]
            except UsageError:
                counts[f"{what}: only rests there"] += 1
                continue
            except OutputError as refused:
                counts[f"{what}: refused"] += 1
                print(refused)
                continue
            counts["outputs"] += 1
            counts["notes changed"] += changed_notes(output.record["diff"])
            moved = sum(output.record["seam"]["moved_behind"].values()) if what == "compose" else 0
            before, after = unasked(seed.events, asked), unasked(output.events, asked)
            different = differences(before, after, seam=seam if what == "compose" else EVER, moved=moved)
            counts["events moved behind"] += moved
            counts["events compared"] += len(before) - moved
            counts["events that differ"] += len(different)
            if different:
                print(f"{seed.path}: {what}: {different[:3]}")
    print(dict(counts))


def seeds(music: Path, *, split: str, count: int) -> Iterator[Seed]:
    """`count` seeds of two parts or more, in a fixed random order, with more events in them."""
    labels = {}
    for meta in sorted(music.glob("*/meta.jsonl")):
        for line in map(json.loads, meta.read_text(encoding="utf-8").splitlines()):
            labels[str(meta.parent / line["path"])] = line["split"]
    found = [one.path for one in find_midi([str(music)]) if labels.get(one.path, split) == split]
    np.random.default_rng(0).shuffle(found)
    for path in found:
        try:
            seed = Seed.from_bytes(file_bytes(path), path=path)
        except InputError:
            continue
        if len(seed.barred.score.tracks) < 2 or seed.barred.bars > MOST_BARS:
            continue
        events = crowded(seed.events, np.random.default_rng([1, count]), end=seed.barred.score.end_tick)
        yield Seed.from_bytes(events.to_bytes(), path=path)
        count -= 1
        if count == 0:
            return


def crowded(events: EventList, random: np.random.Generator, *, end: int) -> EventList:
    """The events with ADDED more at random places."""
    chunks = [list(chunk) for chunk in events.chunks]
    for _ in range(ADDED):
        chunk = chunks[random.integers(len(chunks))]
        *body, last = chunk
        channels = [message[0] & 15 for _, message in body if message[0] < 0xF0] or [0]
        event = random_event(random, tick=int(random.integers(end + 1)), channel=channels[-1])
        body.insert(sum(one.tick <= event.tick for one in body), event)
        chunk[:] = [*body, Event(max(last.tick, event.tick), last.message)]
    return replace(events, chunks=tuple(map(tuple, chunks)))


def random_event(random: np.random.Generator, *, tick: int, channel: int) -> Event:
    """A controller, pedal, bend, aftertouch, system exclusive message, marker or lyric."""
    value, other = random.integers(128, size=2).tolist()
    return [
        Event(tick, bytes((0xB0 | channel, int(random.choice([1, 7, 10, 11, 74])), value))),
        Event(tick, bytes((0xB0 | channel, 64, value))),
        Event(tick, bytes((0xE0 | channel, value, other))),
        Event(tick, bytes((0xD0 | channel, value))),
        Event(tick, SYSEX),
        meta_event(tick, 0x06, b"section"),
        meta_event(tick, 0x05, b"la"),
    ][random.integers(7)]


def first_tick_after(seed: Seed) -> int:
    """Where the first new bar begins, half a step early: notes may anticipate it."""
    return int(seed.barred.grid.tick_of(seed.barred.grid.bar_steps[-1:])[0]) - seed.barred.score.division // 24


def changed_notes(diff: dict) -> int:
    return sum(len(track["notes_removed"]) + len(track["notes_added"]) for track in diff["tracks"])


if __name__ == "__main__":
    main()
