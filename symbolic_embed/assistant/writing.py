"""Tools that write music: vary, compose, fill, accompany, blend.

What comes back is not a file but a handle, and what is to be known before it is heard: its name, how far it is from the
clip, which bars are new, what might change and that all else stayed. With `save` it lies in the folder, a MIDI file and
its record, as the command line writes them and under the same name. Nothing is overwritten; what is there already, byte
for byte, is not written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from symbolic_embed.assistant.folder import told_to_name_another
from symbolic_embed.assistant.reading import CLIP
from symbolic_embed.assistant.workplace import Workplace
from symbolic_embed.bars import cut
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.seed_file import Output, save_outputs
from symbolic_embed.requests import AccompanyRequest, BlendRequest, ComposeRequest, FillRequest, VaryRequest
from symbolic_embed.settings import Settings

MOST_TOLD, MOST_CHANGES_TOLD = 20, 12
MEASURED = ("measured_change", "measured_strength", "asked_share", "measured_share", "new_parts", "no_choice")

Progress = Callable[[Sequence[int]], Iterable[int]]


class Writes(Settings):
    """Where results go. `output`: a folder in the folder; None: one of the verb's name."""

    output: str | None = Field(None, description="The folder, in the folder of clips, that results are saved in.")
    save: bool = Field(True, description="Save results as MIDI files; else they are kept until the session ends.")


class WritesFromOne(Writes):
    """The same, from one clip."""

    clip: str = Field(description=CLIP)


class WritesFromTwo(Writes):
    """The same, from one clip to another."""

    first: str = Field(description=f"Where to set out from. {CLIP}")
    second: str = Field(description=f"Where to go. {CLIP}")


def vary(place: Workplace, own: WritesFromOne, request: VaryRequest, progress: Progress) -> dict[str, Any]:
    """The clip with other notes. Raises UsageError where nothing would change."""
    from symbolic_embed.verbs.vary import vary as varied

    folder = _folder(place, own, "vary")
    if request.is_still:
        dial = request.dial.field
        raise UsageError(f"`{dial}` 0: nothing would change; ask for more than 0, such as 0.3", field=dial)
    outputs = varied(place.seed(own.clip, request), place.session, request, progress=progress)
    return _told(place, folder, outputs, asked=request.count)


def compose(place: Workplace, own: WritesFromOne, request: ComposeRequest, progress: Progress) -> dict[str, Any]:
    """The clip and new bars after it."""
    from symbolic_embed.verbs.compose import compose as composed

    folder = _folder(place, own, "compose")
    outputs = composed(place.seed(own.clip, request), place.session.composer, request, progress=progress)
    return _told(place, folder, outputs, asked=request.variations)


def fill(place: Workplace, own: WritesFromOne, request: FillRequest, progress: Progress) -> dict[str, Any]:
    """The clip with new music in some bars."""
    from symbolic_embed.verbs.fill import fill as filled

    folder = _folder(place, own, "fill")
    outputs = filled(place.seed(own.clip, request), place.session.composer, request, progress=progress)
    return _told(place, folder, outputs, asked=request.variations)


def accompany(place: Workplace, own: WritesFromOne, request: AccompanyRequest, progress: Progress) -> dict[str, Any]:
    """The clip and new parts beside its own."""
    from symbolic_embed.verbs.accompany import accompany as accompanied

    folder = _folder(place, own, "accompany")
    outputs = accompanied(place.seed(own.clip, request), place.session.composer, request, progress=progress)
    return _told(place, folder, outputs, asked=request.variations)


def blend(place: Workplace, own: WritesFromTwo, request: BlendRequest, progress: Progress) -> dict[str, Any]:
    """Clips on the way from one to another."""
    from symbolic_embed.verbs.blend import blend as blended

    folder = _folder(place, own, "blend")
    first = place.seed(own.first, request, field="first")
    second = place.seed(own.second, request, field="second", is_first=False)
    outputs = blended(first, second, place.session.embedder, request, progress=progress)
    return _told(place, folder, outputs, asked=request.steps)


def _folder(place: Workplace, own: Writes, verb: str) -> Path | None:
    """Where the results of a verb are saved; None where they are not. Raises UsageError, before the work is done."""
    return place.folder.place_for(own.output or verb) if own.save else None


def _told(place: Workplace, folder: Path | None, outputs: Sequence[Output], *, asked: int) -> dict[str, Any]:
    """The results as an assistant is told of them, saved where there is a folder for them."""
    if folder is not None:
        _save(outputs, folder)
    results = [_result(place, output, folder) for output in outputs]
    told: dict[str, Any] = {"results": results[:MOST_TOLD]}
    if len(results) > MOST_TOLD:
        told["more"] = [result["clip"] for result in results[MOST_TOLD:]]
    if len(results) < asked:
        told["missing"] = f"{asked} were asked for; all else that was drawn was the same again, or a rest"
    return told


def _save(outputs: Sequence[Output], folder: Path) -> None:
    """Writes what is not there yet, all or nothing. Raises OutputError where another file has a name of these."""
    new = [output for output in outputs if not _is_there(output, folder / f"{output.name}.mid")]
    with told_to_name_another("another `random_seed` gives another name, another `output` another folder"):
        save_outputs(new, folder)


def _is_there(output: Output, path: Path) -> bool:
    """Whether a file holds the very same music."""
    try:
        return path.read_bytes() == output.events.to_bytes()
    except OSError:
        return False


def _result(place: Workplace, output: Output, folder: Path | None) -> dict[str, Any]:
    record = output.record
    if folder is None:
        clip, saved = place.clips.unsaved(f"{output.name}.mid", output.events.to_bytes()), None
    else:
        clip = place.clips.of_file(str(folder / f"{output.name}.mid"))
        saved = place.called(clip)
    told = {"clip": clip.handle, "name": output.name, "saved": saved, "bars": cut(output.events.score()).bars}
    told |= {name: record[name] for name in MEASURED if record.get(name) not in (None, [], {})}
    if record.get("written_bars"):
        written = [one["bar"] for one in record["written_bars"]]
        told["new_bars"] = f"{written[0]}-{written[-1]}"
    if record.get("not_written"):
        told["came_out_as_rests"] = record["not_written"]
    return {**told, **_stayed(record), **_remarks(record)}


def _stayed(record: Any) -> dict[str, Any]:
    """What might change, and that all else stayed."""
    proof = record.get("diff")
    if not proof:
        return {}
    changed = list(proof["asked"])
    more = [f"and {len(changed) - MOST_CHANGES_TOLD} more"] if len(changed) > MOST_CHANGES_TOLD else []
    outside = proof["outside"]
    return {"could_change": changed[:MOST_CHANGES_TOLD] + more, "all_else_stayed": outside["same"]}


def _remarks(record: Any) -> dict[str, Any]:
    """What a listener may want to know: checks that failed, notes in a row as in the training data, warnings."""
    failures = record.get("take", {}).get("failures")
    copied = record.get("provenance", {}).get("longest_as_in_training")
    told = {"failed_checks": failures, "notes_in_a_row_as_in_training": copied, "warnings": record["warnings"]}
    return {name: value for name, value in told.items() if value}
