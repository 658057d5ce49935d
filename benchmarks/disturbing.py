"""A MIDI file disturbed in one way, as `real_files.py` says, by mido, which shares no code with this package."""

from __future__ import annotations

import io

import mido
import numpy as np

from symbolic_embed.bars import cut
from symbolic_embed.score import read_bytes

KINDS = ("fade", "ritardando", "reset", "bend", "late", "port")


def disturbed(data: bytes, kind: str) -> bytes:
    """A file in one of KINDS."""
    barred = cut(read_bytes(data))
    end = int(barred.metre.barline_ticks[-1])
    file = mido.MidiFile(file=io.BytesIO(data))
    beat = file.ticks_per_beat
    tracks = [absolute(track) for track in file.tracks]
    for number, track in enumerate(tracks):
        channels = sorted({message.channel for _, message in track if message.type == "note_on"})
        for channel in channels:
            track += _ending(kind, channel, end, beat, int(barred.metre.barline_ticks[0]))
        if kind == "late" and channels:
            offs = [n for n, (_, message) in enumerate(track) if is_off(message)]
            last = max(offs, key=lambda n: track[n][0])
            track[last] = (max(track[last][0], end + beat // 3), track[last][1])
        if kind == "port" and channels:
            track.insert(0, (0, mido.MetaMessage("midi_port", port=number % 2)))
    if kind == "ritardando":
        begin, length = int(barred.metre.barline_ticks[-2]), int(np.diff(barred.metre.barline_ticks)[-1])
        quarter = [tempo.microseconds for tempo in barred.score.tempi if tempo.tick <= begin][-1:] or [500_000]
        for step in range(8):
            slower = min(int(quarter[0] / (1 - 0.6 * (step + 1) / 8)), 2**24 - 1)
            tracks[0].append((begin + step * length // 8, mido.MetaMessage("set_tempo", tempo=slower)))
    if kind == "reset":
        tracks[0].append((end + 10, mido.Message("sysex", data=[0x7E, 0x7F, 9, 1])))
    return written(file, tracks)


def _ending(kind: str, channel: int, end: int, beat: int, begin: int) -> list[tuple[int, mido.Message]]:
    """What a channel is told at the end."""
    if kind == "fade":
        start = end - (end - begin) // 4
        ticks = np.linspace(start, end - 1, 25).astype(int).tolist()
        return [
            (tick, mido.Message("control_change", channel=channel, control=7, value=round(100 * (1 - n / 24))))
            for n, tick in enumerate(ticks)
        ]
    if kind == "bend" and channel != 9:
        return [(end - beat + n, mido.Message("pitchwheel", channel=channel, pitch=-4096 * (n + 1))) for n in (0, 1)]
    if kind == "reset":
        closing = [(123, 0), (121, 0), (7, 30)]
        controls = [mido.Message("control_change", channel=channel, control=c, value=v) for c, v in closing]
        return [
            (end, mido.Message("program_change", channel=channel, program=0)),
            *((end + 5, one) for one in controls),
        ]
    return []


def absolute(track: mido.MidiTrack) -> list[tuple[int, mido.Message]]:
    """The messages of a track but its end, each with its tick."""
    now, found = 0, []
    for message in track:
        now += message.time
        if message.type != "end_of_track":
            found.append((now, message))
    return found


def written(file: mido.MidiFile, tracks: list[list[tuple[int, mido.Message]]]) -> bytes:
    out = mido.MidiFile(type=file.type, ticks_per_beat=file.ticks_per_beat)
    for track in tracks:
        now, messages = 0, mido.MidiTrack()
        for tick, message in sorted(track, key=lambda one: one[0]):
            messages.append(message.copy(time=tick - now))
            now = tick
        out.tracks.append(messages)
    buffer = io.BytesIO()
    out.save(file=buffer)
    return buffer.getvalue()


def is_off(message: mido.Message) -> bool:
    return message.type == "note_off" or (message.type == "note_on" and message.velocity == 0)
