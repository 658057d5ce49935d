"""Checks of the state that a file ends in, where that is not the state in which it played.

A fade that ends at volume 4, a wheel left up, a programme chosen behind the last note, a ritardando: the piece sounds
as it was meant, and whatever is put behind it does not. None of it is a fault. What counts is how most notes of a part
sound, and whether its last state is one that hardly any of them had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.checks.finding import REMARK, Examined, Finding, Position
from symbolic_embed.score.instruments import PROGRAMS
from symbolic_embed.score.lines import Sent
from symbolic_embed.score.reading.ports import channel_in_words
from symbolic_embed.score.score import DRUM_CHANNEL

VOLUME, EXPRESSION, RESET_ALL = 7, 11, 121
LOUDEST, USUAL_VOLUME = 127, 100
FADED = 0.4  # of the usual volume, 16 dB below it: General MIDI squares it
FEW = 1 / 8  # of a part's notes sound so: it is no state that the part plays in
FEW_FADED = 1 / 4
NONE = -1  # no programme yet
STATES = {1: ("the modulation wheel", 0), 10: ("the pan", 64), 65: ("portamento", 0), 67: ("the soft pedal", 0)}
RESET_BY_ALL = {1, 65, 67}  # as RP-015 has it, which leaves volume and pan alone
APART, ALIKE = 24, 8  # of 127
TEMPO_APART = 1.25
CLOSING = {120: "all sound off", 121: "all controllers reset", 123: "all notes off"}
NEW_BARS = "fine as an ending; new bars begin in the state of most notes, unless `seam` says keep"


class Change(NamedTuple):
    """From `tick` on, as `chunk` says, a value."""

    tick: int
    chunk: int
    value: float


@dataclass(frozen=True)
class Course:
    """A value over time: `at_first`, until the first of the changes, which are in time."""

    at_first: float
    changes: Sequence[Change]

    def at(self, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        """The value in force at each tick."""
        values = np.array([self.at_first, *(change.value for change in self.changes)])
        begins = np.array([change.tick for change in self.changes], np.int64)
        return values[np.searchsorted(begins, ticks, side="right")]

    @property
    def last(self) -> float:
        return self.changes[-1].value if self.changes else self.at_first

    def place(self, channel: int | None = None) -> Position:
        """Where the last value comes into force."""
        return Position(self.changes[-1].tick, self.changes[-1].chunk, channel)


def ending_findings(file: Examined) -> Iterator[Finding]:
    """All findings about the state at the end, part by part, then of the whole."""
    for channel, sent in file.sent.items():
        onsets = file.onsets_on(channel)
        if len(onsets):
            yield from _fade(file, channel, _levels(sent), onsets)
            yield from _controllers(file, channel, sent, onsets)
            yield from _programme(file, channel, sent, onsets)
    if file.score.note_count:
        yield from _master_volume(file)
        yield from _tempo(file)
        yield from _closing(file)


def _fade(file: Examined, channel: int, level: Course, onsets: NDArray[np.int64]) -> Iterator[Finding]:
    """A part whose volume ends far below that of most of its notes."""
    usual = _fades_from(level, onsets)
    if usual is not None:
        text = f"the volume of {channel_in_words(channel)} ends at {level.last:.0f}, most notes have {usual:.0f}"
        yield file.finding(REMARK, "fades-out", text, NEW_BARS, level.place(channel))


def _fades_from(level: Course, onsets: NDArray[np.int64]) -> float | None:
    """The volume of most notes, where the last one is far below it."""
    heard = level.at(onsets)
    usual = float(np.median(heard))
    is_faded = level.last < FADED * usual and (heard <= 1.5 * level.last).mean() < FEW_FADED
    return usual if is_faded else None


def _levels(sent: Iterable[Sent]) -> Course:
    """Volume times expression, 0 to 127."""
    changes, volume, expression = [], USUAL_VOLUME, LOUDEST
    for tick, chunk, message in sent:
        controller = message[1] if message[0] & 0xF0 == 0xB0 else None
        if controller == VOLUME:
            volume = message[2]
        elif controller == EXPRESSION:
            expression = message[2]
        elif controller == RESET_ALL:
            expression = LOUDEST
        else:
            continue
        changes.append(Change(tick, chunk, volume * expression / LOUDEST))
    return Course(USUAL_VOLUME, changes)


def _master_volume(file: Examined) -> Iterator[Finding]:
    """The same of the universal system exclusive message, which speaks for all parts."""
    said = [
        Change(tick, chunk, message[7])
        for chunk, events in enumerate(file.events.chunks)
        for tick, message in events
        if message[0] == 0xF0 and len(message) > 7 and message[2] == 0x7F and message[4:6] == b"\x04\x01"
    ]
    level = Course(LOUDEST, sorted(said))
    onsets = np.concatenate([track.notes.onset_ticks for track in file.score.tracks])
    usual = _fades_from(level, onsets)
    if usual is not None:
        text = f"the master volume ends at {level.last:.0f}, most notes have {usual:.0f}"
        yield file.finding(REMARK, "fades-out", text, NEW_BARS, level.place())


def _controllers(file: Examined, channel: int, sent: Sequence[Sent], onsets: NDArray[np.int64]) -> Iterator[Finding]:
    """Controllers that end where hardly any note of the part had them."""
    for controller, (name, at_first) in STATES.items():
        course = Course(at_first, [*_settings(sent, controller, at_first)])
        heard = course.at(onsets)
        usual = float(np.median(heard))
        if abs(course.last - usual) >= APART and (abs(heard - course.last) <= ALIKE).mean() < FEW:
            text = f"{name} of {channel_in_words(channel)} ends at {course.last:.0f}, most notes have {usual:.0f}"
            yield file.finding(REMARK, "ends-otherwise", text, NEW_BARS, course.place(channel))


def _settings(sent: Iterable[Sent], controller: int, at_first: int) -> Iterator[Change]:
    """What a controller is set to, by itself and by a reset of all."""
    for tick, chunk, message in sent:
        if message[0] & 0xF0 == 0xB0 and message[1] == controller:
            yield Change(tick, chunk, message[2])
        elif message[0] & 0xF0 == 0xB0 and message[1] == RESET_ALL and controller in RESET_BY_ALL:
            yield Change(tick, chunk, at_first)


def _programme(file: Examined, channel: int, sent: Sequence[Sent], onsets: NDArray[np.int64]) -> Iterator[Finding]:
    """A programme chosen at the end, in which hardly any note sounds."""
    chosen = [
        Change(tick, chunk, message[1])
        for tick, chunk, message in sent
        if message[0] & 0xF0 == 0xC0 and message[1] < 0x80
    ]
    course = Course(NONE, chosen)
    heard = course.at(onsets)
    if (heard == NONE).all() or (heard == course.last).mean() >= FEW:
        return
    usual = int(np.bincount(heard[heard != NONE].astype(np.int64)).argmax())
    ending, most = _instrument(int(course.last), channel), _instrument(usual, channel)
    text = f"{channel_in_words(channel)} ends with {ending}, most notes have {most}"
    yield file.finding(REMARK, "ends-otherwise", text, NEW_BARS, course.place(channel))


def _instrument(program: int, channel: int) -> str:
    kind = "kit" if channel % 16 == DRUM_CHANNEL else PROGRAMS[program]
    return f"programme {program} ({kind})"


def _tempo(file: Examined) -> Iterator[Finding]:
    """A tempo far from that of most notes, as a ritardando leaves it. One after the last note is told elsewhere."""
    score = file.score
    if not score.has_grid or not score.tempi or score.tempi[-1].tick >= score.end_tick:
        return
    pace = Course(120, [Change(tempo.tick, 0, tempo.per_minute) for tempo in score.tempi])
    heard = pace.at(np.concatenate([track.notes.onset_ticks for track in score.tracks]))
    usual = float(np.median(heard))
    ratio = np.maximum(heard / pace.last, pace.last / heard)
    if max(usual / pace.last, pace.last / usual) > TEMPO_APART and (ratio < 1.1).mean() < FEW:
        text = f"the tempo ends at {pace.last:.4g} quarters a minute, most notes have {usual:.4g}"
        yield file.finding(REMARK, "ends-otherwise", text, NEW_BARS, pace.place())


def _closing(file: Examined) -> Iterator[Finding]:
    """Messages that close a piece: sent behind the last note, they end whatever is put there."""
    closing = [
        event
        for sent in file.sent.values()
        for event in sent
        if event.message[0] & 0xF0 == 0xB0 and event.message[1] in CLOSING and event.tick >= file.score.end_tick
    ]
    if closing:
        first = min(closing)
        names = dict.fromkeys(CLOSING[event.message[1]] for event in closing)
        channels = len({address for address, sent in file.sent.items() for event in sent if event in closing})
        text = f"the file ends with {', '.join(names)} ({channels} channel{'s' * (channels > 1)})"
        way_out = "fine as an ending: keep them the last, behind what is added"
        yield file.finding(REMARK, "closing-messages", text, way_out, Position(first.tick, first.chunk))
