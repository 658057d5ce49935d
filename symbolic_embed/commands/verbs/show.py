"""`symbolic-embed show FILES`: what MIDI files hold, in words, as a table, as JSON, as a picture."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake, gathered, in_use
from symbolic_embed.commands.shared.listing import listed
from symbolic_embed.commands.shared.outputs import deliver, require_free, say
from symbolic_embed.commands.shared.parameters import in_options, taking
from symbolic_embed.commands.shared.roles import require_one_file
from symbolic_embed.errors import UsageError
from symbolic_embed.files import InUse
from symbolic_embed.requests import ShowRequest
from symbolic_embed.requests.where import WhereRequest

if TYPE_CHECKING:
    from symbolic_embed.bars import BarredScore

PICTURES = (".png", ".svg")
WITH_NOTES = ("json", "jsonl")
COLUMNS = ("path", "bars", "metre", "tempo", "key", "tracks", "notes", "drums")

Format = Literal["text", "table", "json", "jsonl"]


@dataclass(frozen=True, kw_only=True)
class ShowOptions(options.ManyFiles):
    """What the command line adds to a ShowRequest."""

    plot: Annotated[
        Path | None, typer.Option(metavar="PNG|SVG", help="Also draw it, as a piano-roll, into this file.")
    ] = None
    format: Annotated[
        Format | None,
        typer.Option(help="For people, or for programs.", show_default="text for one file, else table"),
    ] = None
    where: Annotated[str | None, typer.Option(metavar="CONDITIONS", help="Only files of which all of this holds.")] = (
        None
    )
    force: options.Force = False

    @property
    def one(self) -> str | None:
        """The one file that was named; None for several, and for a folder."""
        named = self.inputs or []
        is_one = len(named) == 1 and self.files_from is None and not os.path.isdir(named[0])
        return named[0] if is_one else None


@taking(ShowRequest, ShowOptions)
def show(request: ShowRequest, given: ShowOptions) -> None:
    """What MIDI files hold: parts as the other commands number them, bars, metre, tempo, key and warnings.

    A file without notes is shown as well. Warnings name what was repaired or read in a way its author may not have
    meant. Of several files, or a folder, a line each: metre is that of most bars, tempo that of the first note, key the
    first that is named, else the likeliest. --format jsonl gives all of each, a line of JSON a file; with --notes
    also each note, as [onset, length, pitch, velocity] in ticks, the ticks of the barlines, the chords of each bar, and
    the scale.
    """
    if given.plot and given.plot.suffix.lower() not in PICTURES:
        raise UsageError(f"`plot` {given.plot}: a picture is a {' or '.join(PICTURES)} file", field="plot")
    one = given.one if given.where is None else None
    format = given.format or ("table" if one is None else "text")
    if request.notes and format not in WITH_NOTES:
        raise UsageError(
            f"`notes` are listed for programs: `format` is json or jsonl then, not {format}", field="notes"
        )
    if one is None:
        _several(request, given)
    else:
        _one(request, given, one)


def _one(request: ShowRequest, given: ShowOptions, file: str) -> None:
    """A file whose fault, if it has one, is the command's."""
    read = in_use([], file)
    if given.plot:
        require_free(given.plot, force=given.force, in_use=read)
    with _intake(request, given, read.also(given.plot)) as intake:
        barred = intake.piece(file, roles=request.roles)
    say(_shown([(file, barred)], given.format or "text", is_one=True, notes=request.notes))
    if given.plot:
        from symbolic_embed.presenting.piano_roll import picture

        content = picture(barred, title=file, format=given.plot.suffix[1:].lower())
        deliver(lambda out: out.write(content), given.plot, force=given.force, in_use=read)


def _several(request: ShowRequest, given: ShowOptions) -> None:
    """Files each of which may be rejected."""
    if given.plot:
        raise UsageError("`plot` draws one file; name one, and not a folder", field="plot")
    where = WhereRequest(where=given.where, join_channels=request.join_channels).conditions
    found = gathered(given.inputs, names_from=given.files_from)
    require_one_file(request.roles, found)
    with _intake(request, given, in_use(found, given.files_from)) as intake:
        pieces = intake.pieces(found, doing="reading", roles=request.roles, where=where)
        if given.format == "jsonl":
            for path, barred in pieces:
                say(_shown([(path, barred)], "jsonl", notes=request.notes))
        else:
            say(_shown(pieces, given.format or "table", notes=request.notes))
        intake.require_some()
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)


def _intake(request: ShowRequest, given: ShowOptions, read: InUse) -> Intake:
    return Intake(
        given.progress(),
        report=given.report,
        needs_notes=False,
        is_quiet=True,
        max_bytes=given.max_bytes,
        join_channels=request.join_channels,
        in_use=read,
    )


def _shown(
    pieces: Iterable[tuple[str, BarredScore]], format: Format, *, is_one: bool = False, notes: bool = False
) -> str:
    """Pieces in one of the formats; `is_one`: JSON is an object, not an array; `notes`: with every note, a line of JSON
    then, since each would else be six."""
    from symbolic_embed.presenting.clip import clip
    from symbolic_embed.presenting.overview import as_text, overview

    if format == "table":
        rows = [_row(path, barred) for path, barred in pieces]
        return listed(rows, COLUMNS, "table") if rows else ""
    seen = [clip(barred, path=path) if notes else overview(barred, path=path) for path, barred in pieces]
    if format == "text":
        return "\n".join(in_options(as_text(one)) for one in seen)
    dicts = [one.as_dict() for one in seen]
    if format == "jsonl":
        return "".join(json.dumps(one) + "\n" for one in dicts)
    return json.dumps(dicts[0] if is_one else dicts, indent=None if notes else 2) + "\n"


def _row(path: str, barred: BarredScore) -> dict[str, Any]:
    """A piece in a line."""
    from symbolic_embed.library.facts import main_key, main_metre, opening_tempo

    score = barred.score
    return {
        "path": path,
        "bars": barred.bars if score.note_count else 0,
        "metre": main_metre(barred),
        "tempo": f"{opening_tempo(barred):.5g}",
        "key": main_key(barred),
        "tracks": len(score.tracks),
        "notes": score.note_count,
        "drums": "yes" if "drums" in barred.roles else "no",
    }
