"""Checks of how a file is laid out: tracks and channels, names, and where tempo, metre, key and markers stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.checks.finding import FAULT, REMARK, Examined, Finding, Position
from symbolic_embed.score.lines import Sent
from symbolic_embed.score.metre import bar_length_ticks
from symbolic_embed.score.reading.conductor import (
    CONDUCTOR_TYPES,
    KEY_SIGNATURE,
    MARKER,
    TEMPO,
    TIME_SIGNATURE,
    inside_bars,
)
from symbolic_embed.score.reading.ports import channel_in_words
from symbolic_embed.score.reading.walking import TRACK_NAME, Event, message_payload
from symbolic_embed.score.score import DRUM_CHANNEL, Track

FINEST_DIVISION = 960
MELODIC_CHANNELS = 15  # of a port
SILENT_BARS = 4
WORDS = {TEMPO: "tempo", TIME_SIGNATURE: "metre", KEY_SIGNATURE: "key", MARKER: "marker"}


def layout_findings(file: Examined) -> Iterator[Finding]:
    """All findings about the file as a whole and about its conductor's events."""
    yield from _header(file)
    yield from _tracks(file)
    yield from _names(file)
    yield from _channels(file)
    yield from _conductor_places(file)
    yield from _conductor_times(file)
    yield from _ends(file)


def _header(file: Examined) -> Iterator[Finding]:
    division = file.events.timebase.division
    if file.events.timebase.is_clock:
        text = f"time is counted as film time ({file.events.timebase}): there are no beats"
        yield Finding(REMARK, "film-time", text, "export it with ticks a quarter")
    elif division > FINEST_DIVISION:
        text = f"{division} ticks a quarter, where some programs take {FINEST_DIVISION} at most"
        yield Finding(REMARK, "fine-division", text, "export it with 480 or 960")
    if file.events.format == 2:
        text = "format 2, independent sequences, which few programs read"
        yield Finding(FAULT, "format-2", text, "export it as format 1")


def _tracks(file: Examined) -> Iterator[Finding]:
    """Chunks with several parts."""
    for chunk in sorted({chunk for chunk, _ in file.numbers}):
        parts = [track for track in file.score.tracks if track.chunk == chunk]
        tick = min(int(track.notes.onset_ticks[0]) for track in parts)
        if len(parts) > 1 and not all(track.address in file.managers for track in parts):
            channels = ", ".join(channel_in_words(part.address).removeprefix("channel ") for part in parts)
            text = f"{len(parts)} parts (channels {channels}) in one track"
            way_out = "many programs show one: split it by channel"
            if file.events.format == 0:
                way_out = "so it is in format 0, and most programs split it: export it as format 1 where one does not"
            elif len({(track.program, track.is_drum) for track in parts}) == 1:
                way_out = "fine where they are one instrument, as the strings of a guitar; else split it by channel"
            yield file.finding(REMARK, "several-parts", text, way_out, Position(tick, chunk))


def _names(file: Examined) -> Iterator[Finding]:
    """Tracks without a name, or with one that some programs cannot show."""
    for chunk in sorted({chunk for chunk, _ in file.numbers}):
        track = next(track for track in file.score.tracks if track.chunk == chunk)
        position = Position(int(track.notes.onset_ticks[0]), chunk, track.address)
        name = track.name.strip()
        if not name:
            yield file.finding(REMARK, "no-name", "the track has no name", "name it", position)
        elif not name.isprintable() and name.replace("\n", " ").replace("\r", " ").replace("\t", " ").isprintable():
            text = f"the name {name!r} has more than one line"
            yield file.finding(REMARK, "odd-name", text, "some programs show the first line alone", position)
        elif not name.isascii() or not name.isprintable():
            yield file.finding(REMARK, "odd-name", *_beyond_ascii(name, file.events.chunks[chunk]), position)


def _beyond_ascii(name: str, events: Sequence[Event]) -> tuple[str, str]:
    """What is said of a name with letters beyond ASCII, and what can be done."""
    raw = next(message_payload(message) for _, message in events if message[:2] == bytes((0xFF, TRACK_NAME)))
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        text = f"the name {name!r} is not in UTF-8, so programs guess its letters"
        return text, "save it anew with a program that writes UTF-8"
    text = f"the name {name!r} has letters beyond ASCII, in UTF-8"
    return text, "fine in programs that read UTF-8; older ones show other letters in their place"


def _channels(file: Examined) -> Iterator[Finding]:
    """Parts of different instruments on one channel, of which one is heard with the other's programme. Parts that take
    turns, each after a programme change of its own, are heard as they are meant."""
    first: dict[int, int] = {}
    tracks = file.score.tracks
    for number, track in enumerate(tracks):
        other = first.setdefault(track.address, number)
        is_other = not track.is_drum and track.program != tracks[other].program
        if is_other and (_is_spoilt(file, track) or _is_spoilt(file, tracks[other])):
            text = f"shares {channel_in_words(track.address)} with track {other}, which has another programme"
            position = Position(int(track.notes.onset_ticks[0]), track.chunk, track.address)
            way_out = "one instrument is heard for both: give it a channel of its own"
            if len({one.channel for one in tracks if one.port == track.port} - {DRUM_CHANNEL}) == MELODIC_CHANNELS:
                way_out = "one instrument is heard for both, and no channel is free: give it another port"
            yield file.finding(FAULT, "shared-channel", text, way_out, position)


def _is_spoilt(file: Examined, track: Track) -> bool:
    """Whether a note of a part is heard with a programme that was meant for another part of its channel."""
    players = {chunk for chunk, channel, _ in file.notes if channel == track.address}
    changes = [event for event in file.sent[track.address] if event.message[0] & 0xF0 == 0xC0]
    meant = [event for event in changes if event.chunk == track.chunk or event.chunk not in players]
    onsets = track.notes.onset_ticks
    return bool((_programmes_at(onsets, changes, 0) != _programmes_at(onsets, meant, track.program)).any())


def _programmes_at(ticks: NDArray[np.int64], changes: Sequence[Sent], at_first: int) -> NDArray[np.int64]:
    """The programme that is in force at each tick, (n,)."""
    chosen = np.array([at_first, *(event.message[1] for event in changes)], np.int64)
    return chosen[np.searchsorted([event.tick for event in changes], ticks, side="right")]


def _conductor_places(file: Examined) -> Iterator[Finding]:
    """Tempo, metre, key and markers behind the first chunk, or in one that plays as well."""
    for chunk, events in enumerate(file.events.chunks):
        metas = [(tick, message[1]) for tick, message in events if message[0] == 0xFF]
        for tick, kind in metas if chunk else []:
            if kind not in CONDUCTOR_TYPES:
                continue
            level = FAULT if kind in (TEMPO, TIME_SIGNATURE) else REMARK
            text = f"a {WORDS[kind]} that does not stand in the first track"
            way_out = "some programs do not look for it here: move it to the first"
            yield file.finding(level, f"{WORDS[kind]}-elsewhere", text, way_out, Position(tick, chunk))
    first_plays = any(track.chunk == 0 for track in file.score.tracks)
    if first_plays and file.events.format == 1 and len(file.events.chunks) > 1:
        text = "the first track, which should only conduct, has notes"
        way_out = "some programs lose its name: put an empty track before it"
        yield file.finding(REMARK, "conductor-plays", text, way_out, Position(0, 0))


def _conductor_times(file: Examined) -> Iterator[Finding]:
    """A first tempo or metre that is missing or late, a tempo after the end, a metre inside a bar."""
    score = file.score
    if score.has_grid:
        beginnings = (("tempo", score.tempi[:1], "120"), ("metre", score.time_signatures[:1], "4/4"))
        for word, first, default in beginnings:
            if not first:
                text = f"there is no {word}; {default} is meant"
                yield Finding(REMARK, f"no-{word}", text, f"write one at the beginning, {default} if it is that")
            elif first[0].tick > 0:
                text = f"the first {word} stands here, not at the beginning"
                way_out = f"before it {default} is in force: move it to the beginning if that is not meant"
                yield file.finding(REMARK, f"late-{word}", text, way_out, Position(first[0].tick, 0))
    for tempo in score.tempi[1:] if score.note_count else ():  # the first, if late, was told of
        if tempo.tick < score.end_tick:
            continue
        text, way_out = "a tempo after the last note", "it makes the piece longer in some programs: delete it"
        yield file.finding(REMARK, "tempo-after-end", text, way_out, Position(tempo.tick, 0))
    for signature in inside_bars(score.time_signatures, division=score.division) if score.has_grid else []:
        text = f"the metre {signature} begins inside a bar"
        way_out = "programs move it to a barline or cut the bar: put it where a bar begins, or give that bar a metre"
        yield file.finding(FAULT, "metre-inside-bar", text, way_out, Position(signature.tick, 0))


def _ends(file: Examined) -> Iterator[Finding]:
    """Tracks that end long after the last note of the piece."""
    if not file.score.note_count:
        yield Finding(REMARK, "no-notes", "there are no notes", "was the right file exported?")
        return
    bar = bar_length_ticks(file.metre.signatures[-1], division=file.score.division)
    last = max(chunk[-1].tick for chunk in file.events.chunks)
    if last - file.score.end_tick > SILENT_BARS * bar:
        text = f"{float((last - file.score.end_tick) / bar):.0f} bars of silence after the last note"
        yield file.finding(REMARK, "silent-end", text, "shorten the file", Position(file.score.end_tick, 0))
