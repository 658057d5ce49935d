"""What the composing verbs share: reading a seed, choosing tracks and bars of it, saving what came out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.inputs import STDIN, Intake, gathered, stdin_bytes
from symbolic_embed.commands.progress import Progress
from symbolic_embed.composing.files import Output, Seed, save_outputs
from symbolic_embed.composing.proof import diff_text
from symbolic_embed.errors import OutputExistsError, UsageError, printable
from symbolic_embed.score import file_bytes
from symbolic_embed.score.placing import place

if TYPE_CHECKING:
    from symbolic_embed.composing.retrieving import OwnCells
    from symbolic_embed.embedder import Embedder


def read_seed(name: str, *, progress: Progress) -> Seed:
    """The seed that the user named; what is odd about it is told on stderr. Raises MidiError, NoNotesError."""
    seed = Seed.from_bytes(
        stdin_bytes() if name == STDIN else file_bytes(name), path="stdin" if name == STDIN else name
    )
    for warning in seed.barred.score.warnings:
        progress.tell(f"warning: {printable(name)}: {printable(str(warning))}")
    return seed


def own_music(folder: Path, intake: Intake) -> Iterator[tuple[str, BarredScore]]:
    """All music of a folder, (path, piece). Raises SymbolicEmbedError where there is none."""
    yield from intake.pieces(gathered([str(folder)], names_from=None), doing="reading")
    intake.require_some()


def own_cells(folder: Path, seed: Seed, embedder: Embedder, *, progress: Progress) -> tuple[OwnCells, int]:
    """The cells of all music in a folder, and the exit code: 3 where files of it were rejected, each named."""
    from symbolic_embed.composing.retrieving import OwnCells

    with Intake(progress) as intake:
        found = OwnCells.gathered(embedder, own_music(folder, intake), seed=seed.barred)
    return found, intake.exit_code


def most_like(fragment: Seed, folder: Path, embedder: Embedder, *, progress: Progress) -> tuple[Seed, int]:
    """The piece of a folder that a fragment is most like, as a seed, and the exit code: 3 where files were rejected."""
    from symbolic_embed.composing.seeking import seek

    with Intake(progress) as intake:
        places = seek(embedder, fragment.barred, own_music(folder, intake))
    best = places[0]
    where = f"bar {best.bar + 1}, fragment moved by {best.semitones:+d} semitones, distance {best.distance:.3f}"
    progress.tell(f"going on from {printable(best.path)} ({where})")
    return read_seed(best.path, progress=progress), intake.exit_code


def chosen_tracks(text: str | None, seed: Seed) -> frozenset[int] | None:
    """The numbers of the tracks in "0,2" or "bass,Piano"; None for all. Raises UsageError for one that is not there."""
    if text is None:
        return None
    names = [track.name for track in seed.barred.score.tracks]
    chosen: set[int] = set()
    for word in (word.strip() for word in text.split(",")):
        by_name = {number for number, name in enumerate(names) if name.casefold() == word.casefold()}
        if word.isdecimal() and int(word) < len(names):
            chosen.add(int(word))
        elif by_name:
            chosen |= by_name
        else:
            known = ", ".join(f"{number} {printable(name)}".strip() for number, name in enumerate(names))
            raise UsageError(f"--tracks {printable(text)}: no track {printable(word)!r}; there are: {known}")
    return frozenset(chosen)


def chosen_bars(text: str | None, seed: Seed) -> frozenset[int] | None:
    """The bars (from 0) in "5-8,12" (from 1); None for all. Raises UsageError for what is not there."""
    if text is None:
        return None
    bars: set[int] = set()
    for word in (word.strip() for word in text.split(",")):
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", word, re.ASCII)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= seed.barred.bars:
            raise UsageError(f"--bars {printable(text)}: {printable(word)!r} is not within bars 1-{seed.barred.bars}")
        bars |= set(range(first - 1, last))
    return frozenset(bars)


def save(
    outputs: Sequence[Output], folder: Path, *, plot: bool, force: bool, diff: bool = False, seed: Seed | None = None
) -> None:
    """Writes the outputs, with pictures and differences if asked, and prints their paths. Where there is a seed, one
    more picture shows it and all outputs, one above the other."""
    pictures = [folder / f"{output.name}.png" for output in outputs] if plot else []
    together = [folder / f"{outputs[0].name}__changes.png"] if plot and seed and outputs else []
    for picture in (*pictures, *together):
        if picture.exists() and not force:
            raise OutputExistsError(picture)
    texts = [{".diff": difference_of(output)} for output in outputs] if diff else ()
    for path in save_outputs(outputs, folder, force=force, beside=texts):
        typer.echo(printable(str(path)))
    if plot:
        from symbolic_embed.presenting.piano_roll import save_picture

        for output, picture in zip(outputs, pictures, strict=True):
            save_picture(output.events.score(), picture, force=force)
    if together:
        from symbolic_embed.presenting.side_by_side import side_by_side

        variants = [(output.name, cut(output.events.score())) for output in outputs]
        place(side_by_side(seed.barred, variants, title=printable(seed.stem)), together[0], force=force)


def difference_of(output: Output) -> bytes:
    """What the file NAME.diff says."""
    seed = Path(output.record["seed"]["path"]).name
    return diff_text(output.record["diff"], seed=printable(seed), output=f"{output.name}.mid").encode()
