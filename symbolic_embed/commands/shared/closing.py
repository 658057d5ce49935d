"""How the commands that write music end: files, differences, sheet music, pictures, a page of all.

Nothing is written over. Names that can be known are looked up before the work; all are once more when it is done. Then
all files of all outputs take their places together.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import typer

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.shared.inputs import STDIN
from symbolic_embed.commands.shared.options import WritingFiles
from symbolic_embed.commands.shared.outputs import STDOUT
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.files import InUse, require_folder, require_free
from symbolic_embed.files.targets import target
from symbolic_embed.notation import musicxml
from symbolic_embed.outputs.earlier import record_in
from symbolic_embed.outputs.names import NOT_WRITTEN, page_name
from symbolic_embed.outputs.normalising import losses_of
from symbolic_embed.outputs.proof_words import diff_text
from symbolic_embed.outputs.seed_file import Output, Seed, save_outputs
from symbolic_embed.requests import ComposeRequest, PlayingRequest, WritingRequest

CHANGES = "__changes.png"  # the picture of all outputs beside the seed bears the name of the first


@dataclass(frozen=True)
class Closing:
    """What was asked of the results, as `options` has it. `page`: where the page of all results goes, if there is to be
    one; `alone`: nothing of the seed is in them; `sources`: what was
    read beside it, files and folders, which the results must not replace."""

    folder: Path
    max_copied: int | None
    plot: bool
    diff: bool
    force: bool
    notation: bool = False
    page: Path | None = None
    alone: bool = False
    sources: tuple[str | Path | None, ...] = ()
    progress: Progress = field(default_factory=Progress)

    @classmethod
    def of(
        cls,
        given: WritingFiles,
        request: WritingRequest | PlayingRequest,
        *,
        sources: Iterable[str | Path | None] = (),
    ) -> Closing:
        """What was asked of the results of one request. Raises UsageError for stdout, which is no folder, and which has
        the paths of the results where a page might go."""
        if str(given.output) == STDOUT:
            raise UsageError("`output` -: results are several files each; name a folder", field="output")
        if given.page is not None and str(given.page) == STDOUT:
            raise UsageError("`page` -: stdout has the paths of the results; name a file", field="page")
        return cls(
            given.output,
            max_copied=request.max_copied if isinstance(request, WritingRequest) else None,
            plot=given.plot,
            diff=given.diff,
            notation=given.notation,
            page=given.page,
            force=given.force,
            alone=isinstance(request, ComposeRequest) and request.alone,
            sources=tuple(sources),
            progress=given.progress(),
        )

    def with_page(self, seed: Seed, command: str, *, random_seed: int) -> Closing:
        """The same with a page of all results, among them where no other place was asked for."""
        place = self.page or self.folder / page_name(seed, command, random_seed=random_seed)
        return replace(self, page=place)

    def look_before(self, names: Iterable[str]) -> None:
        """Raises OutputExistsError where a file of one of these outputs is there and is not to be written over,
        OutputError where it cannot be or their folder cannot be one. Under a limit on copying any output may be drawn
        anew, and then has another name: their names are no matter."""
        require_folder(self.folder)
        self._require_place_for_page()
        if self.max_copied is None:
            self._require_free(list(names))

    def look_for_same(self, patterns: Iterable[str], is_same: Callable[[Mapping[str, Any]], bool]) -> None:
        """The same for names with a place that is not known yet, "*": the one of an output counts whose record
        `is_same` as what is going to be written."""
        paths = [path for pattern in patterns for path in sorted(self.folder.glob(f"{pattern}.json"))]
        records = [(path.stem, record_in(path)) for path in paths]
        self.look_before(name for name, record in records if record is not None and is_same(record))

    def write(self, outputs: Sequence[Output], seed: Seed) -> None:
        """Saves what a verb has made of a seed, and prints the paths."""
        self._require_free([output.name for output in outputs])
        beside, pages = self._beside(outputs, seed), self._pages(outputs, seed)
        in_use = self._read()
        for path in save_outputs(outputs, self.folder, force=self.force, beside=beside, also=pages, in_use=in_use):
            typer.echo(printable(str(path)))
        for page in pages:
            typer.echo(printable(str(page)))
        for loss, several in self._losses(outputs).items():
            name = printable(several[0]) if len(several) == 1 else f"{len(several)} results"
            self.progress.tell(f"warning: {name}: {printable(loss)}")

    def tell_warnings(self, output: Output, seed: Seed) -> None:
        """Tells what a record warns of that was not told when the seed was read."""
        for warning in output.record["warnings"][len(seed.barred.score.warnings) :]:
            self.progress.tell(f"warning: {printable(warning)}")

    def _losses(self, outputs: Sequence[Output]) -> dict[str, list[str]]:
        """What was lost as results were normalised, and of which."""
        losses: dict[str, list[str]] = {}
        for output in outputs:
            for loss in losses_of(output):
                losses.setdefault(loss, []).append(f"{output.name}.mid")
        return losses

    def exit_code(self, outputs: Sequence[Output], *, asked: int, progress: Progress) -> int:
        """Tells what could not be written of the results that were asked for; 3 where something could not, else 0."""
        numbers = [
            output.record["settings"].get("variation", output.record["settings"].get("step")) for output in outputs
        ]
        missing = [number for number in range(1, asked + 1) if number not in numbers]
        for number in missing:
            progress.tell(f"number {number} was not written: all that was drawn for it is the seed again, or a rest")
        rests = [(output.name, part) for output in outputs for part in output.record.get(NOT_WRITTEN, ())]
        for name, part in rests:
            progress.tell(f"{printable(name)}: no {part} was written: all that was drawn for it is a rest")
        return 3 if missing or rests else 0

    def _require_free(self, names: Sequence[str]) -> None:
        in_use = InUse(self._read())
        for path in self._files(names):
            target(path, force=self.force, in_use=in_use)

    def _require_place_for_page(self) -> None:
        """Where a page is asked for: that it may be written, in a folder that is there or is made for the results."""
        if self.page is not None:
            check = target if self.page.parent == self.folder else require_free
            check(self.page, force=self.force, in_use=InUse(self._read()))

    def _read(self) -> list[str | Path]:
        return [source for source in self.sources if source is not None and str(source) != STDIN]

    def _files(self, names: Sequence[str]) -> Iterator[Path]:
        """All files of outputs of these names."""
        asked = {".diff": self.diff, ".musicxml": self.notation, ".png": self.plot}
        endings = (".mid", ".json", *(ending for ending, is_asked in asked.items() if is_asked))
        yield from (self.folder / f"{name}{ending}" for name in names for ending in endings)
        if self.plot and names and not self.alone:
            yield self.folder / f"{names[0]}{CHANGES}"

    def _beside(self, outputs: Sequence[Output], seed: Seed) -> list[dict[str, bytes]]:
        """What is written beside each output and its record, by the ending of its name."""
        beside: list[dict[str, bytes]] = [{".diff": difference_of(one)} if self.diff else {} for one in outputs]
        for more, output in zip(beside, outputs if self.notation else [], strict=False):
            more[".musicxml"] = musicxml(output.events, title=output.name)
        if self.plot and outputs:
            pieces = [(output.name, cut(output.events.score())) for output in outputs]
            for more, picture in zip(beside, self._pictures(pieces, seed), strict=True):
                more |= picture
        return beside

    def _pages(self, outputs: Sequence[Output], seed: Seed) -> dict[Path, bytes]:
        """The page of all results, by its place; nothing where none is asked for."""
        if self.page is None:
            return {}
        from symbolic_embed.presenting.takes_page import takes_page

        page = takes_page(seed, outputs, folder=_address(self.folder, page=self.page))
        return {self.page: page.encode()}

    def _pictures(self, pieces: Sequence[tuple[str, BarredScore]], seed: Seed) -> Iterator[dict[str, bytes]]:
        """Each output as a picture; where there is something of the seed in them, one more shows it and all of them,
        one above the other."""
        from symbolic_embed.presenting.piano_roll import picture
        from symbolic_embed.presenting.side_by_side import side_by_side

        for number, (name, barred) in enumerate(pieces):
            pictures = {".png": picture(barred, title=name)}
            if number == 0 and not self.alone:
                pictures[CHANGES] = side_by_side(seed.barred, pieces, title=printable(seed.stem))
            yield pictures


def _address(folder: Path, *, page: Path) -> str:
    """The address of a folder from a page: relative, so that both may move; absolute where they lie on two drives."""
    try:
        way = os.path.relpath(folder, page.parent)
    except ValueError:
        return Path(os.path.abspath(folder)).as_uri()
    return quote(os.fsencode(Path(way).as_posix()))


def difference_of(output: Output) -> bytes:
    """What the file NAME.diff says."""
    seed = Path(output.record["seed"]["path"]).name
    return diff_text(output.record["diff"], seed=printable(seed), output=f"{output.name}.mid").encode()
