"""`symbolic-embed hum RECORDING -o DIR`: a tune that was sung, hummed or played, as MIDI."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.account import Verdict
from symbolic_embed.commands.shared.inputs import STDIN, Intake, all_named, in_use
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.errors import InputError, UsageError, printable
from symbolic_embed.files import require_folder
from symbolic_embed.files.folders import Found, named_file
from symbolic_embed.files.names import distinct
from symbolic_embed.files.targets import target
from symbolic_embed.requests import HumRequest

if TYPE_CHECKING:
    from symbolic_embed.verbs.hum import Hummed


@dataclass(frozen=True, kw_only=True)
class HumOptions(options.Elsewhere):
    """What the command line adds to a HumRequest."""

    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RECORDINGS...", help="WAV, FLAC, Ogg, MP3 or AIFF files; - is stdin.", show_default=False
        ),
    ] = None
    output: options.Output = Path("hum")
    files_from: options.FilesFrom = None
    report: options.Report = None
    microphone: Annotated[
        bool, typer.Option("--microphone", help="Record now, and keep the recording beside the MIDI.")
    ] = False
    seconds: Annotated[
        float | None,
        typer.Option(min=1, max=600, help="Record for so long.", show_default="until it has been quiet"),
    ] = None
    plot: Annotated[bool, typer.Option("--plot", help="Also draw the pitch and the notes (PNG).")] = False
    force: options.Force = False
    seed: options.Seed = 0


@taking(HumRequest, HumOptions)
def hum(request: HumRequest, given: HumOptions) -> None:
    """A recording of one voice or one instrument as MIDI: its notes, in tune, with beats and bars where there are any.

    It sounds as it was sung: what is at 3.2 seconds of the recording is at 3.2 seconds of the MIDI. NAME.json keeps of
    each note when it began and ended, how high it was exactly, and how sure that is. Other commands take recordings
    as they take MIDI, and hear them so.
    """
    found = _found(given)
    paths = [one.path for one in found]
    others = [path for path in paths if path != STDIN]
    read = in_use([one for one in found if not one.problem], given.files_from)
    names = dict(zip(paths, distinct(map(_stem, paths)), strict=True))
    require_folder(given.output)
    for name in names.values():
        for ending in (".mid", ".json", *([".png"] if given.plot else [])):
            target(given.output / f"{name}{ending}", force=given.force, in_use=read)

    from symbolic_embed.outputs.seed_file import save_outputs

    with Intake(given.progress(), report=given.report, in_use=read) as intake:
        for path, hummed in intake.each(found, lambda path: _heard(path, request, intake), doing="listening"):
            beside = [_picture(hummed, path)] if given.plot else ()
            output = hummed.named(names[path])
            for written in save_outputs([output], given.output, force=given.force, beside=beside, in_use=others):
                typer.echo(printable(str(written)))
        intake.require_some()
    raise typer.Exit(intake.exit_code)


def _found(given: HumOptions) -> list[Found]:
    """The recordings that were named, or the one that is made now."""
    if not given.microphone:
        if given.seconds is not None:
            raise UsageError("`seconds` says how long to record: `microphone` is needed", field="seconds")
        named = all_named(given.inputs, names_from=given.files_from)
        return [Found(name) if name == STDIN else _named(name) for name in dict.fromkeys(named)]
    if given.inputs or given.files_from:
        raise UsageError("`microphone` records; name no files with it", field="microphone")
    from symbolic_embed.commands.shared.recording import record_into

    return [Found(str(record_into(given.output, seconds=given.seconds, progress=given.progress())))]


def _named(path: str) -> Found:
    """A recording that was named; of a folder, why it is none."""
    if os.path.isdir(path):
        return Found(path, "is a folder; name the recordings in it")
    return named_file(path)


def _heard(path: str, request: HumRequest, intake: Intake) -> Hummed:
    """The melody of one recording. Raises InputError, once it is accounted for."""
    from symbolic_embed.commands.shared.piped import stdin_bytes
    from symbolic_embed.verbs.hum import hum as hummed

    try:
        heard = hummed(stdin_bytes() if path == STDIN else path, request, source="stdin" if path == STDIN else path)
    except InputError as refusal:
        intake.account.enter(Verdict.rejected(path, refusal.reason))
        raise
    warnings = heard.heard.warnings
    intake.account.enter(Verdict.of(path, warnings, notes=len(heard.heard.notes), bars=None), warnings)
    return heard


def _picture(hummed: Hummed, path: str) -> dict[str, bytes]:
    from symbolic_embed.presenting.pitch_picture import pitch_picture

    return {".png": pitch_picture(hummed.heard, title=os.path.basename(path))}


def _stem(path: str) -> str:
    from symbolic_embed.files.names import file_stem

    return "stdin" if path == STDIN else file_stem(Path(path).stem)
