"""`symbolic-embed check FILES`: what in a MIDI file goes wrong in DAWs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.account import Verdict
from symbolic_embed.commands.shared.inputs import REJECTED, STDIN, Intake, gathered, in_use
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.errors import InputError, printable
from symbolic_embed.library.sounds import is_sound_file
from symbolic_embed.requests import CheckRequest
from symbolic_embed.score import EventList
from symbolic_embed.score.checks import FAULT, REMARK, Finding, findings, grouped


@dataclass(frozen=True, kw_only=True)
class CheckOptions(options.ManyFiles):
    """What the command line adds to a CheckRequest."""

    strict: Annotated[bool, typer.Option("--strict", help="End with 3 where a file has a fault.")] = False
    format: Annotated[Literal["text", "json"], typer.Option(help="For people, or for programs.")] = "text"


@taking(CheckRequest, CheckOptions)
def check(request: CheckRequest, given: CheckOptions) -> None:
    """What in MIDI files goes wrong in DAWs: hanging notes, overlaps, a tempo in an odd place, pedals left down.

    A line a finding: file, level, place, what it is, a way out. A fault sounds or shows wrong in some program; a remark
    is a convention not kept, or may be meant. Findings are what was asked for, so the exit code is 0 with them as well;
    with --strict a file with a fault counts as rejected: 3. `vary FILE --strength 0 --normalise` writes a file anew as
    it should be.
    """
    found = gathered(given.inputs, names_from=given.files_from)
    checked: list[tuple[str, list[Finding]]] = []
    with Intake(
        given.progress(),
        report=given.report,
        needs_notes=False,
        is_quiet=True,
        max_bytes=given.max_bytes,
        in_use=in_use(found, given.files_from),
    ) as intake:
        for path, events in intake.each(found, lambda path: _events(path, intake), doing="checking"):
            all_found = [one for one in findings(events) if not request.faults or one.level == FAULT]
            shown = all_found if request.each else grouped(all_found)
            checked.append((path, shown))
            if given.format == "text":
                say("".join(f"{printable(path)}: {one.level}: {printable(str(one))}\n" for one in shown))
        intake.require_some()
    if given.format == "json":
        say(json.dumps([{"path": path, "findings": _as_dicts(shown)} for path, shown in checked], indent=2) + "\n")
    else:
        intake.progress.tell(_in_sum(checked))
    is_faulty = any(one.level == FAULT for _, shown in checked for one in shown)
    raise typer.Exit(REJECTED if given.strict and is_faulty else intake.exit_code)


def _events(path: str, intake: Intake) -> EventList:
    """Everything a file says. Raises InputError, once it is accounted for; a recording says nothing."""
    if path != STDIN and is_sound_file(path):
        refusal = InputError(path, "a recording, and no MIDI; `hum` writes its melody as MIDI, which can be checked")
        intake.account.enter(Verdict.rejected(path, refusal.reason))
        raise refusal
    return intake.events(path)[0]


def _as_dicts(found: Sequence[Finding]) -> list[dict[str, Any]]:
    return [asdict(one) for one in found]


def _in_sum(checked: Sequence[tuple[str, Sequence[Finding]]]) -> str:
    """4 files: 2 without a finding, 3 faults, 12 remarks"""
    counts = {
        level: sum(one.count for _, shown in checked for one in shown if one.level == level)
        for level in (FAULT, REMARK)
    }
    clean = sum(not shown for _, shown in checked)
    files, faults, remarks = len(checked), counts[FAULT], counts[REMARK]
    found = f"{_counted(faults, 'fault')}, {_counted(remarks, 'remark')}"
    return f"{_counted(files, 'file')}: {clean} without a finding, {found}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + "s" * (count != 1)
