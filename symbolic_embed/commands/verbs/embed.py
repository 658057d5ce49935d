"""`symbolic-embed embed FILES -o X.npz`: files to arrays."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.account import Verdict
from symbolic_embed.commands.shared.inputs import Intake, gathered, in_use
from symbolic_embed.commands.shared.outputs import STDOUT, deliver, require_free
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.roles import require_one_file, telling_roles
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.files.folders import Found
from symbolic_embed.requests import EmbedRequest

if TYPE_CHECKING:
    from symbolic_embed.library.appending import Earlier


@dataclass(frozen=True, kw_only=True)
class EmbedOptions(options.ByModel):
    """What the command line adds to an EmbedRequest."""

    output: Annotated[
        str, typer.Option("-o", "--output", metavar="X.npz|-", help="The file to write; - is stdout.")
    ] = "embed.npz"
    append: Annotated[
        bool, typer.Option("--append", help="Add to the file what is not in it by its path, and leave what is.")
    ] = False
    force: options.Force = False


@taking(EmbedRequest, EmbedOptions)
def embed(request: EmbedRequest, given: EmbedOptions) -> None:
    """Files to arrays: an embedding for each piece, each bar, each cell, each passage, in one NumPy archive.

    The archive holds paths, piece_embedding (the mean of the bars in which something sounds), bar_embedding, bar_piece,
    bar_number (from 1); with --level cell also cell_embedding, cell_piece, cell_track (from 0, as `show` numbers them),
    cell_bar (from 1). precision says how matrices were multiplied: bfloat16 changes the third digit of an embedding, so
    give --precision float32 where archives of several machines are to be compared. checkpoint is the hash of the model.
    format is 2; an archive without it has shorter embeddings for bars longer than 4/4, see the guide. Files that cannot
    be read, or hold no notes, are named and left out.

    With --level passage there is also all that pieces and fragments are compared by. Passages of 2, 4 and 8 bars:
    passage_vector (passages, 192) is the same in every key, passage_turning (passages, 12 * 16) turns with it, place by
    place; passage_piece, passage_track (-1: all parts together), passage_bar (from 1), passage_bars. Pitch classes in
    the halves of eight bars: harmony (harmonies, 16 * 12), harmony_piece, harmony_bar. Melodies, a row a note:
    melody_pitch, melody_weight, melody_piece. This needs a checkpoint with a passage encoder.

    --precision float16 computes in float32 and keeps vectors in half the bytes. --append adds to an archive of the same
    model, level and precision, which is the old one or the new one at any time.
    """
    found = gathered(given.inputs, names_from=given.files_from)
    require_one_file(request.roles, found)
    _require_one_way(given)
    read = in_use(found, given.files_from, given.checkpoint)
    require_free(given.output, force=given.force or given.append, in_use=read)

    from symbolic_embed.commands.shared.keeping import session_of
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.files.archives import write_npz
    from symbolic_embed.library.appending import Earlier
    from symbolic_embed.library.arrays import embedded

    use_threads(1)
    earlier = Earlier.opened(given.output) if given.append and os.path.exists(given.output) else None
    embedder = session_of(given.checkpoint, jobs=options.cores(given.jobs)).embedder
    precision = request.precision
    if earlier:
        precision = earlier.precision_for(request.precision)
        earlier.require_alike(level=request.level, precision=precision, checkpoint=embedder.hash)

    def write(file: BinaryIO) -> None:
        write_npz(file, arrays)
        if earlier:
            earlier.require_unchanged()

    kept = read.also(given.output)
    with Intake(
        given.progress(),
        report=given.report,
        max_bytes=given.max_bytes,
        join_channels=request.join_channels,
        in_use=kept,
    ) as intake:
        new = _new(found, earlier, intake)
        pieces = intake.pieces(new, doing="embedding", roles=request.roles, where=request.conditions)
        pieces = telling_roles(pieces, found, intake.progress)
        with embedded(
            pieces,
            embedder=embedder,
            level=request.level,
            precision=precision,
            folder=None if given.output == STDOUT else os.path.dirname(given.output) or ".",
            earlier=given.output if earlier and new else None,
        ) as arrays:
            if len(new) == len(found):
                intake.require_some()
            if intake.accepted:
                deliver(write, given.output, force=given.force or earlier is not None, in_use=read)
    if not given.output.lower().endswith((".npz", STDOUT)):
        intake.progress.tell(f"warning: {printable(given.output)} is a NumPy archive (.npz), whatever its name says")
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)


def _require_one_way(given: EmbedOptions) -> None:
    """Raises UsageError where an archive would be added to that is to be overwritten, or is none."""
    if given.append and given.force:
        raise UsageError("`append` adds to the file, `force` overwrites it; leave one out", field="append")
    if given.append and given.output == STDOUT:
        raise UsageError("`append` with `output` -: stdout holds nothing to add to; name a file", field="append")


def _new(found: Sequence[Found], earlier: Earlier | None, intake: Intake) -> Sequence[Found]:
    """The files that are not in the archive yet; tells how many are."""
    new = [one for one in found if earlier is None or one.path not in earlier.paths]
    if earlier and len(new) < len(found):
        place = printable(earlier.path)
        for one in found:
            if one.path in earlier.paths:
                intake.account.enter(Verdict(one.path, "ok", f"in {place} already, left as it is"))
        intake.progress.tell(f"in {place} already, left as they are: {len(found) - len(new):,} of {len(found):,} files")
    return new
