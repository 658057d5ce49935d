"""`symbolic-embed render FILE -o WAV`: a piece as sound."""

from __future__ import annotations

from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake
from symbolic_embed.commands.shared.outputs import deliver, require_free
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.score import MAX_BYTES


def render(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A MIDI file; - is stdin.")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="WAV|-", help="The file to write; - is stdout.")],
    sound_font: options.SoundFont = None,
    max_bytes: options.MaxBytes = MAX_BYTES,
    seed: options.Seed = 0,
    force: options.Force = False,
) -> None:
    """A MIDI file as sound, in a WAV file, by FluidSynth and a sound font (both to be installed).

    It ends where the last note has died away, and its loudest sample lies at -1 dB.
    """
    from symbolic_embed.presenting import sound

    require_free(output, force=force)
    font = sound.chosen_font(sound_font)
    progress = Progress()
    with Intake(progress, max_bytes=max_bytes) as intake:
        events, _ = intake.events(file)
    seconds: list[float] = []
    deliver(lambda out: seconds.append(sound.render(events, font=font, out=out)), output, force=force)
    progress.tell(f"{seconds[0]:.1f} seconds, played with {font.name}")
