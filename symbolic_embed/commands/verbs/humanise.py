"""`humanise`: a file played as people play."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.requests import HumaniseRequest


@dataclass(frozen=True, kw_only=True)
class HumaniseOptions(options.WritingFiles):
    """What the command line adds to a HumaniseRequest."""

    seed_file: Annotated[str, typer.Argument(metavar="SEED", help="A MIDI file to play; - is stdin.")]
    output: options.Output = Path("humanise")


@taking(HumaniseRequest, HumaniseOptions)
def humanise(request: HumaniseRequest, given: HumaniseOptions) -> None:
    """Play a MIDI file as people play: drums as drummers do, other parts more gently; only onsets, ends and velocities
    of notes move, all else stays, event for event.

    What is played already is named, and stays as it is without --played.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.seeds import read_seed
    from symbolic_embed.outputs.names import humanised_name
    from symbolic_embed.verbs.humanise import humanise as humanised

    progress = given.progress()
    seed = read_seed(given.seed_file, request, progress=progress, max_bytes=given.max_bytes)
    closing = Closing.of(given, request)
    closing.look_before(
        [humanised_name(seed, amount=request.amount, style=request.style, random_seed=request.random_seed)]
    )
    output = humanised(seed, request)
    closing.tell_warnings(output, seed)
    closing.write([output], seed)
