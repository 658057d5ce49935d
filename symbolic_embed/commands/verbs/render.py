"""`symbolic-embed render FILE -o WAV`: a piece as sound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import STDIN, Intake, in_use
from symbolic_embed.commands.shared.outputs import deliver, require_free
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.files.names import file_stem
from symbolic_embed.requests import RenderRequest


@dataclass(frozen=True, kw_only=True)
class RenderOptions(options.OneFile):
    """What the command line adds to a RenderRequest."""

    file: Annotated[str, typer.Argument(metavar="FILE", help="A MIDI file; - is stdin.")]
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="WAV|-", help="The file to write; - is stdout.", show_default="FILE's name, here"
        ),
    ] = None
    force: options.Force = False


@taking(RenderRequest, RenderOptions)
def render(request: RenderRequest, given: RenderOptions) -> None:
    """A MIDI file as sound, in a WAV file, by FluidSynth and a sound font (both to be installed).

    It ends where the last note has died away, and its loudest sample lies at -1 dB.
    """
    from symbolic_embed.playing import sound

    output = given.output or ("stdin" if given.file == STDIN else file_stem(Path(given.file).stem)) + ".wav"
    read = in_use([], given.file, request.sound_font)
    require_free(output, force=given.force, in_use=read)
    font = sound.chosen_font(request.sound_font)
    progress = given.progress()
    with Intake(progress, max_bytes=given.max_bytes) as intake:
        events, _ = intake.events(given.file)
    seconds: list[float] = []
    deliver(
        lambda out: seconds.append(sound.render(events, font=font, out=out)), output, force=given.force, in_use=read
    )
    progress.tell(f"{seconds[0]:.1f} seconds, played with {font.name}")
