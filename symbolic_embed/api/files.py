"""One file: what it holds, what is wrong with it, how it sounds."""

from __future__ import annotations

import io
from typing import Any

from symbolic_embed.api.music import Music, events_of
from symbolic_embed.api.session import request_of
from symbolic_embed.bars import cut, with_roles
from symbolic_embed.playing import sound
from symbolic_embed.presenting.clip import clip
from symbolic_embed.presenting.overview import Overview, overview
from symbolic_embed.requests import CheckRequest, RenderRequest, ShowRequest
from symbolic_embed.score.checks import FAULT, Finding, findings, grouped


def show(music: Music, request: ShowRequest | None = None, **fields: Any) -> Overview:
    """What a file holds: parts, bars, metre, tempo, key, warnings. A file without notes is shown as well.

    Parameters
    ----------
    music : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The file.
    request : ShowRequest, optional
        All of what follows in one; then nothing else is given.
    notes : bool, default False
        Also every note, the barlines, the chords of each bar and the scale.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    Overview
        Bars and channels count from 1, parts and programmes from 0; `as_dict()` is what `show --format json` prints.
        With `notes` it is a Clip, which also has note_lists, (onset, length, pitch, velocity) in ticks of the notes of
        each part; bar_ticks; chords, as (1, "Am F"); scale.

    Examples
    --------
    >>> import symbolic_embed
    >>> seen = symbolic_embed.show("datasets/samples/midi/seed_band.mid")
    >>> seen.bars, [part.name for part in seen.tracks]
    (16, ['Flute', 'Electric piano', 'Strings', 'Bass', 'Drums'])
    >>> symbolic_embed.show("datasets/samples/midi/seed_band.mid", notes=True).chords[:2]
    ((1, 'Dm7'), (2, 'G7'))
    """
    request = request_of(ShowRequest, request, fields)
    events = events_of(music, join_channels=request.join_channels)
    barred = cut(with_roles(events.score(), request.roles))
    return clip(barred, path=events.source) if request.notes else overview(barred, path=events.source)


def check(music: Music, request: CheckRequest | None = None, **fields: Any) -> list[Finding]:
    """What in a file goes wrong in DAWs, in the order of the piece.

    Parameters
    ----------
    music : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The file.
    request : CheckRequest, optional
        All of what follows in one; then nothing else is given.
    faults : bool, default False
        Only what sounds or shows wrong, no remarks.
    each : bool, default False
        Every place, not one finding a kind and track.

    Returns
    -------
    list of Finding
        level, kind, text, way_out, and where it is.

    Examples
    --------
    >>> import symbolic_embed
    >>> symbolic_embed.check("datasets/samples/midi/ode_to_joy.mid", faults=True)
    []
    """
    request = request_of(CheckRequest, request, fields)
    wanted = [finding for finding in findings(events_of(music)) if not request.faults or finding.level == FAULT]
    return wanted if request.each else grouped(wanted)


def render(music: Music, request: RenderRequest | None = None, **fields: Any) -> bytes:
    """A file as sound, by FluidSynth and a sound font (both to be installed).

    Parameters
    ----------
    music : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The file.
    request : RenderRequest, optional
        All of what follows in one; then nothing else is given.
    sound_font : path, optional
        The sound font. Default: the best known one of those installed.

    Returns
    -------
    bytes
        A WAV file: stereo, 16 bits, 44.1 kHz.

    Raises
    ------
    SoundError
        FluidSynth, or a sound font, is not there.
    """
    request = request_of(RenderRequest, request, fields)
    out = io.BytesIO()
    sound.render(events_of(music), font=sound.chosen_font(request.sound_font), out=out)
    return out.getvalue()
