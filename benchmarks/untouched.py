"""Untouched means untouched: files full of other events, varied and continued.

    python benchmarks/untouched.py --music FOLDER [--files 200] [--split test]

Files of two parts or more are drawn from FOLDER (of data sets with a meta.jsonl each: from one split). Each is given
controllers, pedals, pitch bends, aftertouch, system exclusive messages, markers and lyrics at random ticks, varied in a
random part and stretch of bars, and continued by two bars. Then mido, which shares no code with the writing, reads seed
and result: whatever was not asked for must be the same messages at the same ticks in the same order.
"""

from __future__ import annotations

import argparse
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np

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
            before, after = unasked(seed.events, asked), unasked(output.events, asked)
            if what == "compose":  # at a seam parts are brought back to how they sounded; what closes the file moves
                after -= Counter({one: n for one, n in (after - before).items() if one[2] >= seam and is_dial(one[3])})
                moved = sum(output.record["seam"]["moved_behind"].values())
                lost = [one for one in (before - after).elements() if one[2] >= seam]
                counts["events moved behind"] += moved
                before -= Counter(lost[:moved])
            counts["events compared"] += sum(before.values())
            different = sum(((before - after) + (after - before)).values())
            counts["events that differ"] += different
            if different:
                print(f"{seed.path}: {what}: {list(((before - after) + (after - before)).elements())[:3]}")
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


def unasked(events: EventList, asked: list[tuple[int, int, int, int]]) -> Counter:
    """Every message that mido reads, as (track, place in order among the others of its tick, tick, message), without
    ends of tracks and without the notes that begin where something was asked for."""
    kept: Counter = Counter()
    for number, track in enumerate(mido.MidiFile(file=io.BytesIO(events.to_bytes())).tracks):
        tick, place, before = 0, 0, -1
        free: Counter = Counter()
        for message in track:
            tick += message.time
            if is_asked(message, number, tick, asked, free) or message.type == "end_of_track":
                continue
            place = place + 1 if tick == before else 0
            before = tick
            kept[number, place, tick, str(message.copy(time=0))] += 1
    return kept


def is_dial(message: str) -> bool:
    """Whether a message, as mido says it, turns a dial of a channel or of the whole instrument."""
    return (
        message.removeprefix("MetaMessage(")
        .strip("'")
        .startswith(("control_change", "program_change", "pitchwheel", "aftertouch", "sysex", "set_tempo"))
    )


def is_asked(message: mido.Message, number: int, tick: int, asked: list, free: Counter) -> bool:
    """Whether a message is the on or off of a note that was asked for; `free` holds those that sound."""
    if message.type not in ("note_on", "note_off"):
        return False
    key = (message.channel, message.note)
    if message.type == "note_on" and message.velocity:
        ours = any((number, message.channel) == one[:2] and one[2] <= tick < one[3] for one in asked)
        free[key] += ours
        return ours
    was_asked = free[key] > 0
    free[key] -= was_asked
    return was_asked


def first_tick_after(seed: Seed) -> int:
    """Where the first new bar begins, half a step early: notes may anticipate it."""
    return int(seed.barred.grid.tick_of(seed.barred.grid.bar_steps[-1:])[0]) - seed.barred.score.division // 24


def changed_notes(diff: dict) -> int:
    return sum(len(track["notes_removed"]) + len(track["notes_added"]) for track in diff["tracks"])


if __name__ == "__main__":
    main()
