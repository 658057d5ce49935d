"""Tools that read: a clip as notes and harmony, what is wrong with it, which clips there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from symbolic_embed.assistant.positions import ROW, Row, rows_of
from symbolic_embed.assistant.workplace import Workplace
from symbolic_embed.bars import BarredScore, cut, with_roles
from symbolic_embed.bars.naming import track_numbers
from symbolic_embed.errors import UsageError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.notation import parse, read_bytes
from symbolic_embed.presenting.clip import Clip as Seen
from symbolic_embed.presenting.clip import clip as seen_clip
from symbolic_embed.presenting.overview import Change
from symbolic_embed.requests import CheckRequest, Request
from symbolic_embed.requests.base import Bars, Tracks
from symbolic_embed.requests.roles import RolesRequest
from symbolic_embed.score.checks import FAULT, findings, grouped
from symbolic_embed.settings import Settings

CLIP = "A handle such as clip:3, or the name of a file in the folder."
MOST_NOTES, MOST_BARS_TOLD = 600, 200
MOST_LISTED, MOST_FINDINGS, MOST_CHANGES, MOST_PARTS = 200, 40, 60, 100


class OfClip(Settings):
    """What every tool of one clip takes."""

    clip: str = Field(description=CLIP)


class ReadRequest(RolesRequest):
    """What is read of a clip. `bars`, `tracks`: which; None: all. `notes`: every note, not only what is said of all."""

    bars: Bars = Field(None, description="Only these bars, counted from 1.")
    tracks: Tracks = Field(None, description="Only the notes of these tracks: numbers from 0, or names.")
    notes: bool = Field(True, description=f"Also the notes, each as {ROW}.")


class ListClips(Settings):
    """Which clips are listed."""

    matching: str | None = Field(None, description="Only names that hold this text, whatever the case.")


def read_clip(place: Workplace, own: OfClip, request: ReadRequest) -> dict[str, Any]:
    """Parts, metre, tempo, key, scale, chords and notes of some bars of a clip: as many whole bars as MOST_NOTES notes
    allow, and from which bar on to read next."""
    clip = place.clips.named(own.clip)
    score = read_bytes(clip.read(), source=clip.name, join_channels=request.join_channels)
    barred = cut(with_roles(score, request.roles))
    seen = seen_clip(barred, path=clip.name)
    bars = _chosen_bars(request, seen.bars, barred)
    tracks = _chosen_tracks(request, barred)
    first_left_out = _first_left_out(barred, bars, tracks, notes=request.notes)
    if first_left_out is not None:
        bars[first_left_out:] = False
    told = {"clip": clip.handle, "name": place.called(clip), **_of_all(seen), **_of_bars(seen, bars)}
    told["parts"] = [
        _part(seen, number, barred.roles[number])
        | (_listed(rows_of(barred, track=number, bars=bars)) if request.notes and number in tracks else {})
        for number in range(min(len(seen.tracks), MOST_PARTS))
    ]
    return told if first_left_out is None else {**told, "goes_on_at_bar": first_left_out + 1}


def list_clips(place: Workplace, own: ListClips, request: Request) -> dict[str, Any]:
    """The files of the folder, by name, and the clips that were not saved."""
    found = [one.path for one in find_midi([place.folder.path]) if one.problem is None]
    names = [place.folder.name_of(path) for path in found]
    wanted = [name for name in names if (own.matching or "").casefold() in name.casefold()]
    told: dict[str, Any] = {"files": wanted[:MOST_LISTED], "count": len(wanted)}
    if unsaved := place.clips.not_saved():
        told["not_saved"] = {clip.handle: clip.name for clip in unsaved[-MOST_LISTED:]}
    return told


def check(place: Workplace, own: OfClip, request: CheckRequest) -> dict[str, Any]:
    """What in a clip goes wrong in DAWs, as `check` says it."""
    clip = place.clips.named(own.clip)
    found = findings(parse(clip.read(), source=clip.name))
    wanted = [one for one in found if not request.faults or one.level == FAULT]
    shown = wanted if request.each else grouped(wanted)
    return {
        "clip": clip.handle,
        "name": place.called(clip),
        "count": len(shown),
        "findings": [{"level": one.level, "kind": one.kind, "text": str(one)} for one in shown[:MOST_FINDINGS]],
    }


def _chosen_bars(request: ReadRequest, count: int, barred: BarredScore) -> NDArray[np.bool_]:
    """Which bars are meant; bool (bars,). Raises UsageError for one that the clip does not have."""
    chosen = np.zeros(max(barred.bars, 1), bool)
    if request.bars is None:
        chosen[:count] = True
        return chosen
    if request.bars[-1] >= count:
        raise UsageError(f"`bars` {request.bars[-1] + 1}: the clip has {count} bars", field="bars")
    chosen[list(request.bars)] = True
    return chosen


def _chosen_tracks(request: ReadRequest, barred: BarredScore) -> set[int]:
    tracks = barred.score.tracks
    if request.tracks is None:
        return set(range(len(tracks)))
    return {number for wanted in request.tracks for number in track_numbers(wanted, tracks, field="tracks")}


def _first_left_out(barred: BarredScore, bars: NDArray[np.bool_], tracks: set[int], *, notes: bool) -> int | None:
    """The first bar, from 0, that an answer has no room for; None where it has for all. There is room for one bar."""
    counted = np.isin(barred.notes.track, sorted(tracks)) & notes
    so_far = np.cumsum(np.bincount(barred.note_bar[counted], minlength=len(bars)) * bars)
    too_many = bars & ((so_far > MOST_NOTES) | (np.cumsum(bars) > MOST_BARS_TOLD))
    too_many[np.flatnonzero(bars)[:1]] = False
    return int(too_many.argmax()) if too_many.any() else None


def _of_all(seen: Seen) -> dict[str, Any]:
    """What is said of the whole clip."""
    key = seen.estimated_key
    return {
        "bars": seen.bars,
        "seconds": seen.seconds,
        "notes": seen.notes,
        "part_count": len(seen.tracks),
        **_changes("metre", seen.metre),
        **_changes("tempo", seen.tempo),
        **_changes("key", seen.key),
        "sounds_like_key": key.name if key else None,
        "scale": {"name": seen.scale.name, "share": seen.scale.share} if seen.scale else None,
        **_changes("markers", seen.markers),
        "warnings": list(seen.warnings[:MOST_CHANGES]),
    }


def _changes(name: str, changes: Sequence[Change]) -> dict[str, Any]:
    """What holds from which bar on, [bar, value], the first of many; how many are left out."""
    told = {name: [[change.bar, change.value] for change in changes[:MOST_CHANGES]]}
    more = len(changes) - MOST_CHANGES
    return {**told, f"{name}_left_out": more} if more > 0 else told


def _of_bars(seen: Seen, bars: NDArray[np.bool_]) -> dict[str, Any]:
    """What is said of the bars that are told."""
    told = [[bar, chords] for bar, chords in seen.chords if bars[bar - 1]]
    return {"told_bars": _in_text(np.flatnonzero(bars) + 1), "chords": told}


def _part(seen: Seen, number: int, role: str) -> dict[str, Any]:
    part = seen.tracks[number]
    return {
        "track": number,
        "name": part.name,
        "instrument": part.instrument,
        "role": role,
        "note_count": part.notes,
        "lowest": part.lowest,
        "highest": part.highest,
    }


def _listed(rows: list[Row]) -> dict[str, Any]:
    """Notes; of a bar that has more than an answer has room for, the first."""
    left_out = {"notes_left_out": len(rows) - MOST_NOTES} if len(rows) > MOST_NOTES else {}
    return {"notes": rows[:MOST_NOTES], **left_out}


def _in_text(bars: NDArray[np.int64]) -> str:
    """Bars from 1 as text: 5-8,12."""
    ends = np.flatnonzero(np.diff(bars) != 1)
    spans = np.split(bars, ends + 1) if len(bars) else []
    return ",".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)
