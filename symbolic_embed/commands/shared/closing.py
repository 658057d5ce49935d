"""How the commands that write music end: files, differences, pictures.

Nothing is written over. Names that can be known are looked up before the work; all are once more when it is done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from symbolic_embed.bars import cut
from symbolic_embed.commands.shared.options import Writing
from symbolic_embed.errors import OutputError, OutputExistsError, printable
from symbolic_embed.files.writer import place
from symbolic_embed.outputs.proof_words import diff_text
from symbolic_embed.outputs.seed_file import Output, Seed, save_outputs
from symbolic_embed.requests import ComposeRequest, WritingRequest


@dataclass(frozen=True)
class Closing:
    """What was asked of the results, as `options` has it. `alone`: nothing of the seed is in them."""

    folder: Path
    max_copied: int | None
    plot: bool
    diff: bool
    force: bool
    alone: bool = False

    @classmethod
    def of(cls, given: Writing, request: WritingRequest) -> Closing:
        """What was asked of the results of one request."""
        return cls(
            given.output,
            max_copied=request.max_copied,
            plot=given.plot,
            diff=given.diff,
            force=given.force,
            alone=isinstance(request, ComposeRequest) and request.alone,
        )

    def look_before(self, names: Iterable[str]) -> None:
        """Raises OutputExistsError where a file of one of these outputs is there and is not to be written over,
        OutputError where their folder cannot be one. Under a limit on copying any output may be drawn anew, and then
        has another name: their names are no matter."""
        if self.folder.exists() and not self.folder.is_dir():
            raise OutputError(f"{self.folder}: is no folder, results cannot go into it; name another with -o")
        if self.max_copied is None:
            self._require_free(list(names))

    def look_for_same(self, patterns: Iterable[str], is_same: Callable[[dict], bool]) -> None:
        """The same for names with a place that is not known yet, "*": the one of an output counts whose record
        `is_same` as what is going to be written."""
        found = [path for pattern in patterns for path in sorted(self.folder.glob(f"{pattern}.json"))]
        self.look_before(path.stem for path in found if is_same(_record_in(path)))

    def write(self, outputs: Sequence[Output], seed: Seed) -> None:
        """Saves what a verb has made of a seed, and prints the paths."""
        self._require_free([output.name for output in outputs])
        texts = [{".diff": difference_of(output)} for output in outputs] if self.diff else ()
        for path in save_outputs(outputs, self.folder, force=self.force, beside=texts):
            typer.echo(printable(str(path)))
        if self.plot and outputs:
            self._draw(outputs, seed)

    def _require_free(self, names: Sequence[str]) -> None:
        taken = [] if self.force else [path for path in self._files(names) if path.exists()]
        if taken:
            raise OutputExistsError(taken[0])

    def _files(self, names: Sequence[str]) -> Iterator[Path]:
        """All files of outputs of these names."""
        endings = (".mid", ".json", *[".diff"] * self.diff, *[".png"] * self.plot)
        yield from (self.folder / f"{name}{ending}" for name in names for ending in endings)
        if self.plot and names and not self.alone:
            yield self._changes(names[0])

    def _changes(self, first: str) -> Path:
        """The picture of all outputs beside the seed."""
        return self.folder / f"{first}__changes.png"

    def _draw(self, outputs: Sequence[Output], seed: Seed) -> None:
        """Each output as a picture; where there is something of the seed in them, one more shows it and all of them,
        one above the other."""
        from symbolic_embed.presenting.piano_roll import save_picture

        for output in outputs:
            save_picture(output.events.score(), self.folder / f"{output.name}.png", force=self.force)
        if not self.alone:
            from symbolic_embed.presenting.side_by_side import side_by_side

            variants = [(output.name, cut(output.events.score())) for output in outputs]
            together = side_by_side(seed.barred, variants, title=printable(seed.stem))
            place(together, self._changes(outputs[0].name), force=self.force)


def difference_of(output: Output) -> bytes:
    """What the file NAME.diff says."""
    seed = Path(output.record["seed"]["path"]).name
    return diff_text(output.record["diff"], seed=printable(seed), output=f"{output.name}.mid").encode()


def _record_in(path: Path) -> dict:
    """A record that was written beside an output; empty where the file holds something else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
