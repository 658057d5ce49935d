"""Random music for property tests: what a MIDI file may hold, and what a musician would call odd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from symbolic_embed.bars import Windows, bar_windows, cell_windows, cut
from symbolic_embed.score import Event, EventList, KeySignature, Marker, Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.reading.walking import END_OF_TRACK

OTHERS = ("duration_ticks", "pitch", "velocity")

divisions = st.one_of(st.sampled_from([1, 2, 24, 96, 120, 480, 960, 32767]), st.integers(1, 32767))
numerators = st.one_of(st.sampled_from([2, 3, 4, 6]), st.integers(1, 17))
denominators = st.sampled_from([1, 2, 4, 4, 4, 8, 8, 16, 32, 64, 128])


def ticks(division: int, *, quarters: int) -> st.SearchStrategy[int]:
    """Ticks within so many quarters: on steps of the grid, near them, and anywhere."""
    on_grid = st.integers(0, quarters * 12).map(lambda step: step * division // 12)
    near = st.builds(lambda tick, off: max(0, tick + off), on_grid, st.integers(-division // 20, division // 20))
    return st.one_of(on_grid, near, st.integers(0, quarters * division))


@st.composite
def notes(draw: st.DrawFn, *, division: int, quarters: int = 24, most: int = 12) -> Notes:
    """One note or more, some of them doubled, overlapping, or held for bars."""
    rows = st.tuples(
        ticks(division, quarters=quarters),
        st.one_of(st.integers(1, 2 * division), st.sampled_from([1, division, 9 * division])),
        st.one_of(st.sampled_from([36, 60, 64, 67]), st.integers(0, 127)),
        st.integers(1, 127),
    )
    return Notes.of(*zip(*draw(st.lists(rows, min_size=1, max_size=most)), strict=True))


@st.composite
def tracks(draw: st.DrawFn, *, division: int, quarters: int = 24) -> Track:
    """A part: a tune or drums, of any programme."""
    channel = draw(st.sampled_from([0, 1, 9, 15]))
    programs = st.sampled_from([0, 33, 56, 127])
    part = draw(notes(division=division, quarters=quarters))
    return Track(part, name=draw(st.sampled_from(["", "Bass", "Flöte"])), program=draw(programs), channel=channel)


@st.composite
def time_signatures(draw: st.DrawFn, *, division: int, quarters: int = 24) -> tuple[TimeSignature, ...]:
    """Signatures anywhere: late first ones, inside bars, after the end; one a tick, in order."""
    places = draw(st.lists(ticks(division, quarters=quarters), max_size=4, unique=True))
    return tuple(TimeSignature(tick, draw(numerators), draw(denominators)) for tick in sorted(places))


@st.composite
def scores(draw: st.DrawFn, *, quarters: int = 24, most_tracks: int = 3, division: int | None = None) -> Score:
    """Any score: any division, metres and parts, a note at least in each part."""
    division = division or draw(divisions)
    parts = draw(st.lists(tracks(division=division, quarters=quarters), max_size=most_tracks))
    places = ticks(division, quarters=quarters)
    tempi = {tick: Tempo(tick, draw(st.integers(10_000, 16_777_215))) for tick in draw(st.lists(places, max_size=2))}
    keys = [KeySignature(draw(places), draw(st.integers(-7, 7)), draw(st.booleans()))] if draw(st.booleans()) else []
    return Score(
        division=division,
        tracks=tuple(parts),
        tempi=tuple(tempi[tick] for tick in sorted(tempi)),
        time_signatures=draw(time_signatures(division=division, quarters=quarters)),
        key_signatures=tuple(keys),
        markers=(Marker(0, "verse"),) if draw(st.booleans()) else (),
    )


def _message(statuses: list[int], *data: st.SearchStrategy[int]) -> st.SearchStrategy[bytes]:
    return st.tuples(st.sampled_from(statuses), *data).map(bytes)


def _with_length(head: st.SearchStrategy[bytes], data: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """A meta or system exclusive message; up to 127 bytes of data."""
    return st.builds(lambda begin, inside: begin + bytes([len(inside)]) + inside, head, data)


_low = st.integers(0, 127)
_few_pitches = st.sampled_from([60, 60, 64, 0, 127])
_note_messages = _message([0x80, 0x90, 0x90, 0x81, 0x91, 0x99], _few_pitches, st.sampled_from([0, 64, 127]))
_other_messages = st.one_of(
    _message([0xB0, 0xB1, 0xB9, 0xE0, 0xA0], _low, _low),
    _message([0xC0, 0xC1, 0xC9, 0xD0], _low),
)
_drum_messages = st.one_of(
    _message([0xB0, 0xB1, 0xB9], st.just(0), st.sampled_from([0, 120, 121, 126, 127])),
    _message([0xC0, 0xC1, 0xC9], _low),
    st.sampled_from(
        [
            bytes.fromhex(message)
            for message in (
                "f0 05 7e 7f 09 01 f7",
                "f0 0a 41 10 42 12 40 00 7f 00 41 f7",
                "f0 0a 41 10 42 12 40 11 15 01 19 f7",
                "f0 0a 41 10 42 12 40 10 15 00 1b f7",
                "f0 08 43 10 4c 08 01 07 01 f7",
                "f7 09 f0 43 10 4c 08 09 07 00 f7",
                "ff 21 01 01",
            )
        ]
    ),
)
_meta_messages = st.one_of(
    _with_length(st.sampled_from([b"\xff\x51"]), st.binary(min_size=3, max_size=3)),
    _with_length(st.just(b"\xff\x58"), st.tuples(st.integers(0, 9), st.integers(0, 9), _low, _low).map(bytes)),
    _with_length(st.just(b"\xff\x59"), st.tuples(st.integers(0, 255), st.integers(0, 2)).map(bytes)),
    _with_length(st.sampled_from([b"\xff\x01", b"\xff\x03", b"\xff\x06", b"\xff\x7f"]), st.binary(max_size=12)),
    _with_length(st.sampled_from([b"\xff\x03", b"\xff\x05", b"\xff\x06"]), st.text(max_size=5).map(str.encode)),
)
_odd_messages = st.one_of(
    _with_length(st.just(b"\xff\x51") | st.just(b"\xff\x58") | st.just(b"\xff\x20"), st.binary(max_size=5)),
    _with_length(st.just(b"\xf0") | st.just(b"\xf7"), st.binary(max_size=5)),
    st.sampled_from([b"\xf8", b"\xfe", b"\xf1\x05", b"\xf2\x01\x02", b"\xf6"]),
    _message([0xB0, 0xC0, 0xE0], st.integers(128, 255), _low).map(lambda m: m[:2] if m[0] == 0xC0 else m),
)
_long_waits = st.sampled_from([127, 128, 0x2000, 0x3FFF, 0x4000, 0x1FFFFF, 0x200000])
_short_waits = st.one_of(st.just(0), st.integers(0, 200))


@st.composite
def event_chunks(draw: st.DrawFn, *, odd: bool = True, long: bool = True, most: int = 25) -> tuple[Event, ...]:
    """The events of one track chunk: mostly notes, and anything a file may hold; with `odd`, what it should not; with
    `long`, waits that come to days."""
    waits = _short_waits | _long_waits if long else _short_waits
    kinds = [_note_messages, _note_messages, _note_messages, _other_messages, _drum_messages, _meta_messages]
    said = draw(st.lists(st.tuples(waits, st.one_of(*kinds, *([_odd_messages] if odd else []))), max_size=most))
    tick, events = 0, []
    for wait, message in [*said, (draw(waits), END_OF_TRACK)]:
        tick += wait
        events.append(Event(tick, message))
    return tuple(events)


@st.composite
def event_lists(draw: st.DrawFn, *, odd: bool = True, long: bool = True) -> EventList:
    """Any file's events, in one chunk to three."""
    chunks = draw(st.lists(event_chunks(odd=odd, long=long), min_size=1, max_size=3))
    return EventList(draw(divisions) if long else 480, tuple(chunks), format=1)


@st.composite
def performances(draw: st.DrawFn) -> Score:
    """Notes at clock times that follow no grid: enough of them that beats are estimated; less than a minute."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    division, count = draw(st.integers(48, 32767)), draw(st.integers(100, 160))
    quarters = np.cumsum(random.exponential(draw(st.floats(0.1, 0.4)), count)) + draw(st.floats(0, 3))
    onsets = np.round(quarters * division)
    lengths = random.integers(1, 2 * division + 1, count)
    part = Notes.of(onsets, lengths, random.integers(30, 90, count), random.integers(1, 128, count))
    tempi = (Tempo(0, draw(st.integers(200_000, 900_000))),) if draw(st.booleans()) else ()
    return Score(division, (Track(part),), tempi, has_grid=draw(st.booleans()))


def moved(score: Score, ticks: int) -> Score:
    """The same score with all notes moved by so many ticks, and nothing else."""
    parts = (
        replace(
            track, notes=Notes.of(track.notes.onset_ticks + ticks, *(getattr(track.notes, name) for name in OTHERS))
        )
        for track in score.tracks
    )
    return replace(score, tracks=tuple(parts))


def tune(onset_quarters: Sequence[float], *, division: int = 480, length: float = 0.5, **fields: object) -> Score:
    """A single line up and down the scale, a note at each of the given quarters."""
    onsets = np.round(np.asarray(onset_quarters) * division).astype(int)
    pitches = 60 + np.array([0, 2, 4, 5, 7, 9, 11, 12])[np.arange(len(onsets)) % 8]
    durations = np.full(len(onsets), max(1, round(length * division)))
    return Score(division, (Track(Notes.of(onsets, durations, pitches, np.full(len(onsets), 90))),), **fields)


@st.composite
def windows(draw: st.DrawFn, *, most: int = 6, levels: Sequence[str] = ("cells", "bars")) -> Windows:
    """The windows of a random score, in a random order; at least one."""
    barred = cut(draw(scores(quarters=12)))
    made = (
        cell_windows(barred) if draw(st.sampled_from(levels)) == "cells" and len(barred.notes) else bar_windows(barred)
    )
    return made.where(np.array(draw(st.lists(st.integers(0, len(made) - 1), min_size=1, max_size=most))))


def contents(windows: Windows) -> list[tuple[int, list[tuple[int, ...]]]]:
    """Of each window its length, and its notes as (onset, flags, pitch, length)."""
    columns = (windows.onset, windows.flags, windows.pitch, windows.length)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    return [
        (int(steps), rows[first:last])
        for steps, first, last in zip(windows.steps, windows.offsets[:-1], windows.offsets[1:], strict=True)
    ]


def of_notes(*lists: Sequence[tuple[int, int, int, int]], steps: int = 48) -> Windows:
    """A window for each list of notes (onset, flags, pitch, length), in that order."""
    rows = np.array([note for notes_of_one in lists for note in sorted(notes_of_one)], np.int64).reshape(-1, 4)
    onset, flags, pitch, length = rows.astype(np.uint8).T
    number = np.arange(len(lists))
    offsets = np.concatenate([[0], np.cumsum([len(notes_of_one) for notes_of_one in lists], dtype=np.int64)])
    return Windows(onset, pitch, length, flags, offsets, number * 0, number, number * 0, number * 0 + steps)
