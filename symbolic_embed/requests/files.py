"""Requests about one file: what it holds, what is wrong with it, how it sounds."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from symbolic_embed.requests.base import Request
from symbolic_embed.requests.roles import RolesRequest


class ShowRequest(RolesRequest):
    """What a file holds.

    notes   also every note, the barlines, the chords and the scale
    """

    notes: bool = Field(False, description="Also every note, the barlines, the chords and the scale (JSON alone).")


class CheckRequest(Request):
    """What in a file goes wrong in DAWs.

    faults   only what sounds or shows wrong, no remarks
    each     every place, not one finding a kind and track
    """

    faults: bool = Field(False, description="Only what sounds or shows wrong, no remarks.")
    each: bool = Field(False, description="Every place, not one line a kind and track.")


class RenderRequest(Request):
    """A file as sound.

    sound_font   the sound font; None: the best one installed
    """

    sound_font: Path | None = Field(None, description="The sound font.")


class PlayRequest(RenderRequest):
    """A file on the loudspeakers.

    driver   FluidSynth's audio driver; None: its own choice
    """

    driver: str | None = Field(None, description="FluidSynth's audio driver: alsa, pulseaudio, coreaudio, dsound ...")
