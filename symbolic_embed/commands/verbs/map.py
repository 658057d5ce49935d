"""`symbolic-embed map FILES -o map.html`: a collection as a picture."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import STDIN, Intake, in_use
from symbolic_embed.commands.shared.opening import opened
from symbolic_embed.commands.shared.outputs import deliver, require_free, say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.searching import Collected
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.files.folders import Found
from symbolic_embed.presenting.tables import aligned
from symbolic_embed.requests import BlendRequest, MapRequest

if TYPE_CHECKING:
    from symbolic_embed.commands.shared.map_blend import Ends
    from symbolic_embed.commands.shared.progress import Progress
    from symbolic_embed.library.map import Map
    from symbolic_embed.presenting.map_page import Blended
    from symbolic_embed.presenting.page_pieces import Excerpts

PICTURES = (".html", ".png", ".svg")

Format = Annotated[Literal["table", "json"], typer.Option(help="For people (table), or for programs.")]


@dataclass(frozen=True, kw_only=True)
class MapOptions(Collected):
    """What the command line adds to a MapRequest."""

    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="HTML|PNG|SVG", help="Where the map goes.")
    ] = None
    blend: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Also write the blend of two files, and show what lies between them."),
    ] = None
    blend_into: Annotated[Path, typer.Option(metavar="DIR", help="Where the blend goes.")] = Path("blend")
    format: Format = "table"
    force: options.Force = False

    @property
    def is_page(self) -> bool:
        return self.output is not None and self.output.suffix.lower() == ".html"


@taking(MapRequest, MapOptions)
def map(request: MapRequest, given: MapOptions) -> None:
    """A collection as a map: every piece a point, near to those that it is like.

    An HTML map is one file that asks for nothing else: zoom and pan, search, hide groups, click a point to see and
    hear the piece. What is thin is marked, and printed: pieces that are like no other, and gaps, the largest empty
    places between pieces, with those around them. --blend writes the blend of two files and shows it on its way
    from one to the other; of any two pieces the page has the command.
    """
    _require_picture(given)
    found = given.collected()
    sources = [*(one.path for one in found), given.files_from, given.checkpoint, given.library, *(given.blend or ())]
    read = in_use([], *sources)
    if given.output:
        require_free(given.output, force=given.force, in_use=read)

    from symbolic_embed.library.map import mapped, noticing
    from symbolic_embed.library.stores import Store
    from symbolic_embed.outputs.seed_file import save_outputs
    from symbolic_embed.presenting.page_pieces import Excerpts

    progress = given.progress()
    ends = _ends(given, request, progress)
    excerpts = Excerpts(bars=request.heard if given.is_page else 0)
    with (
        opened(request, given, in_use=read.also(given.output)) as work,
        work.pieces(found, doing="mapping") as pieces,
    ):
        intake, embedder = work.intake, work.embedder
        if isinstance(pieces, Store):
            drawn = mapped(pieces, embedder, request)
            work.require_meant(pieces, drawn.points)
            _read_excerpts(drawn, excerpts, intake)
        else:
            drawn = mapped(noticing(pieces, excerpts.add) if excerpts.bars else pieces, embedder, request)
    outputs = ends.blended(embedder, progress) if ends else []
    blended = ends.on(drawn, outputs, embedder) if ends and outputs else None
    content = _content(drawn, excerpts, request, given, blended)
    if outputs:
        also = {given.output: content} if given.output else {}
        save_outputs(
            outputs,
            given.blend_into,
            force=given.force,
            also=also,
            in_use=[one for one in sources if one is not None and str(one) != STDIN],
        )
    elif given.output:
        deliver(lambda out: out.write(content), given.output, force=given.force, in_use=read)
    say(json.dumps(drawn.as_dict()) + "\n" if given.format == "json" else _table(drawn))
    if given.is_page and (left := excerpts.said(asked=request.heard)):
        progress.tell(left)
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)


def _require_picture(given: MapOptions) -> None:
    """Raises UsageError for an output that is no picture, and a blend of which nobody would see anything."""
    if given.output and given.output.suffix.lower() not in PICTURES:
        raise UsageError(f"`output` {given.output}: a map is a {', '.join(PICTURES)} file", field="output")


def _ends(given: MapOptions, request: MapRequest, progress: Progress) -> Ends | None:
    """The files of a blend that was asked for, where there is a place for it."""
    if given.blend is None:
        return None
    from symbolic_embed.commands.shared.map_blend import Ends

    shared = {name: getattr(request, name) for name in ("random_seed", "join_channels")}
    asked = BlendRequest(**shared)
    ends = Ends.read(given.blend, asked, folder=given.blend_into, progress=progress, max_bytes=given.max_bytes)
    ends.require_place(force=given.force, progress=progress)
    return ends


def _read_excerpts(drawn: Map, excerpts: Excerpts, intake: Intake) -> None:
    """Keeps for the page the beginnings of a library's files; who is gone, or cannot be read, is seen as a point
    alone."""
    if not excerpts.bars:
        return
    there = [Found(point.path) for point in drawn.points if os.path.isfile(point.path)]
    for path, barred in intake.pieces(there, doing="reading"):
        excerpts.add(path, barred)


def _content(drawn: Map, excerpts: Excerpts, request: MapRequest, given: MapOptions, blended: Blended | None) -> bytes:
    """What the file of the map holds."""
    if given.output is None:
        return b""
    title = ", ".join(given.inputs or [given.library or given.files_from or ""])
    if given.is_page:
        from symbolic_embed.presenting.map_page import map_page

        return map_page(drawn, excerpts, request, title=title, blended=blended).encode()
    from symbolic_embed.presenting.map_picture import map_picture

    format = given.output.suffix[1:].lower()
    return map_picture(drawn, title=title, way=blended.way if blended else None, format=format)


def _table(drawn: Map) -> str:
    """What is thin, for people: the odd ones, and the gaps with the pieces around them."""
    odd = [drawn.points[number] for number in drawn.odd]
    rows: list[tuple[object, ...]] = [("odd", f"{point.distance:.4f}", printable(point.path)) for point in odd]
    for number, gap in enumerate(drawn.gaps, start=1):
        rows += [(f"gap {number}", f"{gap.radius:.4f}", printable(drawn.points[one].path)) for one in gap.around]
    return "".join(line + "\n" for line in aligned(rows, header=("", "distance", "path"), right={"distance"}))
