"""`symbolic-embed play FILE`: a piece on the machine's loudspeakers."""

from __future__ import annotations

from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.score import MAX_BYTES


def play(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A MIDI file; - is stdin.")],
    sound_font: options.SoundFont = None,
    driver: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="FluidSynth's audio driver: alsa, pulseaudio, coreaudio, dsound ..."),
    ] = None,
    max_bytes: options.MaxBytes = MAX_BYTES,
    seed: options.Seed = 0,
) -> None:
    """Play a MIDI file to its end, by FluidSynth and a sound font (both to be installed). Ctrl-C stops."""
    from symbolic_embed.presenting import sound

    font = sound.chosen_font(sound_font)
    with Intake(Progress(), max_bytes=max_bytes) as intake:
        events, _ = intake.events(file)
    sound.play(events, font=font, driver=driver)
