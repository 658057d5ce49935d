"""`symbolic-embed play FILE`: a piece on the machine's loudspeakers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.requests import PlayRequest


@dataclass(frozen=True, kw_only=True)
class PlayOptions(options.OneFile):
    """What the command line adds to a PlayRequest."""

    file: Annotated[str, typer.Argument(metavar="FILE", help="A MIDI file; - is stdin.")]


@taking(PlayRequest, PlayOptions)
def play(request: PlayRequest, given: PlayOptions) -> None:
    """Play a MIDI file to its end, by FluidSynth and a sound font (both to be installed). Ctrl-C stops."""
    from symbolic_embed.playing import sound

    font = sound.chosen_font(request.sound_font)
    with Intake(given.progress(), max_bytes=given.max_bytes) as intake:
        events, _ = intake.events(given.file)
    sound.play(events, font=font, driver=request.driver)
