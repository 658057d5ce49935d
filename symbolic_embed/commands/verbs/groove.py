"""`groove`: the timing and loudness of one file on another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.requests import GrooveRequest


@dataclass(frozen=True, kw_only=True)
class GrooveOptions(options.WritingFiles):
    """What the command line adds to a GrooveRequest."""

    source: Annotated[str, typer.Argument(metavar="A", help="The MIDI file whose groove it is; - is stdin.")]
    output: options.Output = Path("groove")
    to: Annotated[str, typer.Option("--to", metavar="B", help="The MIDI file it is laid on; - is stdin.")]
    seed: options.Seed = 0


@taking(GrooveRequest, GrooveOptions)
def groove(request: GrooveRequest, given: GrooveOptions) -> None:
    """Lay timing and loudness of A on B: of B only onsets, ends and velocities of notes move, all else stays, event for
    event. --tracks and --role are of B.

    The groove as it was heard (late and loud, by place in the bar and piece of the kit) stands in NAME.json.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.inputs import only_one_stdin
    from symbolic_embed.commands.shared.seeds import read_seed
    from symbolic_embed.outputs.names import grooved_name
    from symbolic_embed.verbs.groove import groove as grooved

    only_one_stdin(given.source, given.to)
    progress = given.progress()
    source = read_seed(given.source, request, progress=progress, max_bytes=given.max_bytes, is_first=False)
    seed = read_seed(given.to, request, progress=progress, max_bytes=given.max_bytes)
    closing = Closing.of(given, request, sources=[given.source])
    closing.look_before([grooved_name(seed, source, amount=request.amount)])
    output = grooved(source, seed, request)
    closing.tell_warnings(output, seed)
    closing.write([output], seed)
