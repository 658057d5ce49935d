"""The seam: where a seed ends and new bars begin, and what is done there.

*Where.* Bars are cut on a grid, so a note that a player strikes a little before a barline belongs to the bar after it:
a bar begins with the first tick that is nearest to its first step (`first_tick`). The seam is the barline after the
seed's last bar (`seam_tick`); no new note begins before it (`from_the_seam`).

*How it sounds* (`at_the_seam`). At the seam every part is brought into the state that it had in the body of the seed
(`body.py`), and so is the tempo; notes that never end end there. What closes the file moves behind the new bars
(`closing.py`). Where the state of the ending is asked for (`keep`), only that last is done, and of it only what speaks
to channels as a whole, system exclusive messages and the ends of loops. Metre and key hold as the seed leaves them.

*What may change* (`asked`). Notes from the seam on, in the seed's own parts; controllers, tempi and system exclusive
messages may be added there, none may go but those that moved. Nothing before the seam changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, PlacedNotes
from symbolic_embed.outputs.body import Dial, body_tempo, dials
from symbolic_embed.outputs.closing import Closing, closing_events, moved_behind
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import Event, EventList, Tempo
from symbolic_embed.score.editing.comparing import Asked
from symbolic_embed.score.editing.in_place import add_events
from symbolic_embed.score.reading.conductor import TEMPO
from symbolic_embed.score.reading.pairing import NEVER
from symbolic_embed.score.sounding.device import master_volume
from symbolic_embed.score.sounding.history import EVERYONE, histories
from symbolic_embed.score.sounding.parameters import setting_messages, value_in_words
from symbolic_embed.score.writing.layout import RELEASE_VELOCITY, conductor_event

EVER = 2**62  # a tick after all music

Mode = Literal["body", "keep"]


@dataclass(frozen=True, eq=False)
class Seam:
    """A seed that is ready for new bars.

    tick, end_tick   where the new bars begin and end
    seed             the seed, its parts and tempo in the state in which they play on
    moved            the seed's own events, nothing new among them, those that close the file behind the new bars
    asked            what may differ from `moved` in an output
    dials, tempo     every dial that the seed turned, and the tempo, each as the seed leaves it and as it plays on
    closing          what moved
    """

    tick: int
    end_tick: int
    seed: Seed
    moved: EventList
    asked: tuple[Asked, ...]
    dials: tuple[Dial, ...]
    tempo: tuple[int, int]
    closing: tuple[Closing, ...]

    def record(self) -> dict[str, Any]:
        """What was restored and moved, for the sidecar."""
        left, plays_on = self.tempo
        slowed = [{"what": "tempo", "from": _per_minute(left), "to": _per_minute(plays_on)}] if left != plays_on else []
        counts: dict[str, int] = {}
        for event in self.closing:
            counts[event.what] = counts.get(event.what, 0) + 1
        return {
            "tick": self.tick,
            "restored": slowed + [_in_words(dial, self.seed) for dial in self.dials if dial.left != dial.body],
            "moved_behind": counts,
        }


def seam_tick(barred: BarredScore) -> int:
    """The barline after the last bar."""
    return _tick_of(barred, int(barred.grid.bar_steps[-1]))


def first_tick(barred: BarredScore, bar: int) -> int:
    """The first tick that counts to a bar (from 0). After the last bar there is none that a note of the piece could
    have: EVER."""
    if bar >= barred.bars:
        return EVER
    return 0 if bar == 0 else _first_nearest(barred, int(barred.grid.bar_steps[bar]))


def first_new_tick(output: Output, seed: Seed) -> int:
    """The barline with which that begins which is new in an output; 0 in new bars alone."""
    settings = output.record["settings"]
    bar = seed.barred.bars if output.record["command"] == "compose" else int(np.min(settings.get("bars") or 1)) - 1
    return 0 if settings.get("alone") else _tick_of(seed.barred, int(seed.barred.grid.bar_steps[bar]))


def from_the_seam(played: PlacedNotes, barred: BarredScore) -> PlacedNotes:
    """The notes with none before the seam: one at its step that a player would strike a little early is on time."""
    at_seam = played.onset_steps == barred.grid.bar_steps[-1]
    return replace(played, onset_residue=np.where(at_seam, np.maximum(played.onset_residue, 0), played.onset_residue))


def bars_behind(steps: NDArray[np.int64], barred: BarredScore) -> int:
    """How many bars behind the last one notes reach that begin at `steps`."""
    grid = barred.grid
    beyond = int(steps.max(initial=-1)) - int(grid.bar_steps[-1])
    return 0 if beyond < 0 else beyond // grid.next_bar_steps + 1


def at_the_seam(seed: Seed, *, bars: int, mode: Mode = "body") -> Seam:
    """The seed ready for `bars` more bars; `mode` says in which state its parts play on: as in the body, or as its end
    leaves them."""
    grid, score = seed.barred.grid, seed.barred.score
    tick = seam_tick(seed.barred)
    end_tick = _tick_of(seed.barred, int(grid.bar_steps[-1]) + bars * grid.next_bar_steps)
    if not bars:
        left, _ = body_tempo(score, until=tick)
        return Seam(tick, tick, seed, seed.events, tuple(_asked(seed, tick, [])), (), (left, left), ())
    keeps = mode == "keep"
    members = {place for part in score.tracks for place in part.addresses if part.members}
    found = [
        dial._replace(body=dial.left) if keeps else dial for dial in dials(seed.events, until=tick, members=members)
    ]
    left, plays_on = body_tempo(score, until=tick)
    tempo = (left, left if keeps else plays_on)
    state = {(dial.address, dial.parameter): dial.body for dial in found}
    closing = closing_events(
        seed.events, score, seam=tick, kept=None if keeps else state, tempo=None if keeps else plays_on
    )
    moved = moved_behind(seed.events, closing, seam=tick, end=end_tick)
    if not keeps:  # what the seed itself brings back at the seam is there
        there = {key: held[-1].value for key, held in histories(moved, until=tick + 1, also=members).items()}
        found = [dial._replace(left=there.get((dial.address, dial.parameter), dial.left)) for dial in found]
        tempo = (plays_on, plays_on) if Tempo(tick, plays_on) in score.tempi else tempo
    new = [*_restoring(seed, found, tick), *_ending(seed, tick)]
    if tempo[0] != tempo[1]:
        new.append(_New(_last_chunk(seed.events, _is_tempo), 0, conductor_event(Tempo(tick, tempo[1]))))
    ready = moved
    for chunk, port in dict.fromkeys((one.chunk, one.port) for one in new):
        here = [one.event for one in new if (one.chunk, one.port) == (chunk, port)]
        ready = add_events(ready, here, chunk=chunk, port=port)
    asked = _asked(seed, tick, new)
    return Seam(tick, end_tick, replace(seed, events=ready), moved, tuple(asked), tuple(found), tempo, tuple(closing))


class _New(NamedTuple):
    """An event to be added: in which chunk, on which port."""

    chunk: int
    port: int
    event: Event


def _restoring(seed: Seed, found: list[Dial], tick: int) -> list[_New]:
    """The events that turn dials back at the seam, in each chunk with notes of the address: in the first, so that they
    come before every new note; in the others, as some players (FluidSynth) play a few ticks of one after another."""
    chunks: dict[int, set[int]] = {}
    for part in seed.barred.score.tracks:
        for address in part.addresses:
            chunks.setdefault(address, set()).add(part.chunk)
    events = []
    for dial in found:
        if dial.left == dial.body:
            continue
        if dial.address == EVERYONE and isinstance(dial.body, bytes):
            events.append(
                _New(
                    _last_chunk(seed.events, lambda message: master_volume(message) is not None),
                    0,
                    Event(tick, dial.body),
                )
            )
        elif dial.address in chunks:
            port, channel = divmod(dial.address, 16)
            messages = setting_messages(dial.parameter, dial.body, channel=channel)
            there = sorted(chunks[dial.address])
            events += [_New(chunk, port, Event(tick, message)) for chunk in there for message in messages]
    return events


def _ending(seed: Seed, tick: int) -> list[_New]:
    """Note-offs for notes that never end: where end-of-track ended them, at the seam at the latest."""
    events = []
    for number, chunk in enumerate(seed.events.chunks):
        at = min(chunk[-1].tick, tick)
        for address, notes in seed.events.notes()[number].items():
            port, channel = divmod(address, 16)
            hanging = notes.pitch[notes.off_events == NEVER].tolist()
            offs = [Event(at, bytes((0x80 | channel, pitch, RELEASE_VELOCITY))) for pitch in hanging]
            events += [_New(number, port, off) for off in offs]
    return events


def _asked(seed: Seed, tick: int, new: list[_New]) -> list[Asked]:
    """What may change: notes and controllers of each part from the seam on, and in the chunks where they were added
    tempi and system exclusive messages, and the ends of notes that never ended."""
    asked = [one for part in seed.barred.score.tracks for one in Asked.of(part, tick, EVER, new_controls=True)]
    whole = sorted({chunk for chunk, _, event in new if event.message[0] >= 0xF0})
    asked += [Asked(chunk, None, tick, EVER, new_controls=True) for chunk in whole]
    early = {(chunk, event.message[0] & 0x0F, event.tick, port) for chunk, port, event in new if event.tick < tick}
    return asked + [
        Asked(chunk, channel, at, tick, new_controls=True, port=port) for chunk, channel, at, port in sorted(early)
    ]


def _in_words(dial: Dial, seed: Seed) -> dict[str, Any]:
    """A dial that was turned back, for the record: which tracks it is of, what it is, from where to where."""
    tracks = [number for number, part in enumerate(seed.barred.score.tracks) if dial.address in part.addresses]
    values = [
        master_volume(value) if isinstance(value, bytes) else value_in_words(dial.parameter, value)
        for value in (dial.left, dial.body)
    ]
    return {"tracks": tracks, "what": str(dial.parameter), "from": values[0], "to": values[1]}


def _per_minute(microseconds: int) -> float:
    return round(60e6 / microseconds, 2)


def _is_tempo(message: bytes) -> bool:
    return message[0] == 0xFF and message[1] == TEMPO


def _last_chunk(events: EventList, is_one: Callable[[bytes], bool]) -> int:
    """The chunk with the last event of a kind; the first chunk where there is none."""
    found = [(tick, number) for number, chunk in enumerate(events.chunks) for tick, message in chunk if is_one(message)]
    return max(found, default=(0, 0))[1]


def _tick_of(barred: BarredScore, step: int) -> int:
    return int(barred.grid.tick_of(np.array([step]))[0])


def _first_nearest(barred: BarredScore, step: int) -> int:
    """The first tick that is nearest to a step, or to one after it."""
    tick, reach = _tick_of(barred, step), int(np.ceil(barred.grid.ticks_per_step.max())) + 1
    near = np.arange(max(tick - reach, 0), tick + 1)
    return int(near[np.argmax(barred.grid.step_of(near) >= step)])
