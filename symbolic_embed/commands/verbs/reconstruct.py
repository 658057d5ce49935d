"""`symbolic-embed reconstruct FILES -o DIR`: what the model keeps."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from symbolic_embed.bars import ROLES, class_name
from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import STDIN, Intake, gathered, in_use
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.roles import require_one_file, telling_roles
from symbolic_embed.corpus.membership import data_sets
from symbolic_embed.files import made_folder, require_folder
from symbolic_embed.files.names import distinct, file_stem
from symbolic_embed.files.targets import target
from symbolic_embed.presenting.tables import aligned
from symbolic_embed.requests import ReconstructRequest

if TYPE_CHECKING:
    from symbolic_embed.encodings.note_counts import NoteCounts

FIGURES = ("precision", "recall", "f1", "f1_with_length")
Sets = Mapping[str, Mapping[str, "NoteCounts"]]  # of each data set, of each role


@dataclass(frozen=True, kw_only=True)
class ReconstructOptions(options.ByModel):
    """What the command line adds to a ReconstructRequest."""

    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Write what comes back as MIDI into this folder."),
    ] = None
    format: Annotated[Literal["table", "json"], typer.Option(help="For people, or for programs.")] = "table"
    force: options.Force = False


@taking(ReconstructRequest, ReconstructOptions)
def reconstruct(request: ReconstructRequest, given: ReconstructOptions) -> None:
    """Files through the model and back, to be heard and measured. Every cell is embedded and decoded; what was written
    is read back, and where it is not what was asked for, written again.

    A note is right where onset (on the grid) and pitch are exact. Precision, recall and F1 are told for each class of
    part. Notes are pooled within a data set (the folder that was named, or a folder below it with a meta.jsonl), and
    the figures are means over data sets.
    """
    found = gathered(given.inputs, names_from=given.files_from)
    require_one_file(request.roles, found)
    read = in_use(found, given.files_from, given.checkpoint)
    targets = _targets([one.path for one in found], given.output) if given.output else {}
    for goal in targets.values():
        target(goal, force=given.force, in_use=read)
    kept = read.also(*targets.values())

    from symbolic_embed.commands.shared.keeping import session_of
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.encodings.note_counts import NoteCounts
    from symbolic_embed.score.writing.verified import write
    from symbolic_embed.verbs.reconstruct import reconstruct_each

    use_threads(1)
    embedder = session_of(given.checkpoint, jobs=options.cores(given.jobs)).embedder
    folders = data_sets([one.path for one in found], named=given.inputs or [])
    sets: defaultdict[str, defaultdict[str, NoteCounts]] = defaultdict(lambda: defaultdict(NoteCounts))
    with (
        made_folder(given.output) if given.output else nullcontext(),
        Intake(
            given.progress(),
            report=given.report,
            max_bytes=given.max_bytes,
            join_channels=request.join_channels,
            in_use=kept,
        ) as intake,
    ):
        pieces = intake.pieces(found, doing="reconstructing", roles=request.roles)
        for path, piece in reconstruct_each(embedder, telling_roles(pieces, found, intake.progress)):
            for role, counts in piece.counts().items():
                sets[folders[path]][role] += counts
            if given.output:
                write(piece.score(), targets[path], force=given.force, in_use=read)
        intake.require_some()
    say(json.dumps(_as_json(sets), indent=2) + "\n" if given.format == "json" else _as_table(sets))
    raise typer.Exit(intake.exit_code)


def _targets(paths: Sequence[str], folder: Path) -> dict[str, Path]:
    """Where each piece is written: named after its file, with a number where several have one name."""
    require_folder(folder)
    stems = ("stdin" if path == STDIN else file_stem(Path(path).stem) for path in paths)
    return {path: folder / f"{name}.mid" for path, name in zip(paths, distinct(stems), strict=True)}


def _as_json(sets: Sets) -> dict[str, Any]:
    """The figures of each role, and of each data set."""

    def figures(counts: NoteCounts) -> dict[str, Any]:
        names = (*FIGURES, "original", "written", "right", "right_with_length")
        return {name: getattr(counts, name) for name in names} | {"cells": counts.windows}

    return {
        "roles": _by_role(sets),
        "sets": {
            name: {class_name(role): figures(of_set[role]) for role in ROLES if role in of_set}
            for name, of_set in sets.items()
        },
    }


def _as_table(sets: Sets) -> str:
    rows = []
    for role, of_role in _by_role(sets).items():
        sizes = (f"{of_role[name]:,}" for name in ("sets", "cells", "notes"))
        rows.append((role, *sizes, *(f"{of_role[name]:.3f}" for name in FIGURES)))
    header = ("class", "sets", "cells", "notes", "precision", "recall", "F1", "F1 with length")
    return "".join(line + "\n" for line in aligned(rows, header=header, right=set(header) - {"class"}))


def _by_role(sets: Sets) -> dict[str, dict[str, Any]]:
    """For each role that was found the means over data sets, and of how many sets, cells and notes."""
    from symbolic_embed.encodings.note_counts import mean_over_sets

    roles = {}
    for role in ROLES:
        counts = [of_set[role] for of_set in sets.values() if role in of_set]
        if counts:
            sizes = {"cells": sum(one.windows for one in counts), "notes": sum(one.original for one in counts)}
            roles[class_name(role)] = {**mean_over_sets(counts), "sets": len(counts), **sizes}
    return roles
