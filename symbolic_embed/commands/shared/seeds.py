"""How the verbs that write music begin: reading a seed, gathering the user's own music."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from symbolic_embed.bars import BarredScore
from symbolic_embed.commands.shared.inputs import STDIN, Intake, gathered
from symbolic_embed.commands.shared.piped import stdin_bytes
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.commands.shared.roles import roles_line
from symbolic_embed.errors import printable
from symbolic_embed.files.folders import Found
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests.roles import RolesRequest
from symbolic_embed.score import MAX_BYTES, file_bytes

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.verbs.fragment import Fragment


def read_seed(
    name: str, request: RolesRequest, *, progress: Progress, max_bytes: int = MAX_BYTES, is_first: bool = True
) -> Seed:
    """The seed that the user named, read as the request says; what is odd about it, and what its tracks were taken for,
    is told on stderr. `is_first`: no other was named before; what a request says of it is said of the first. Raises
    MidiError, NoNotesError, and UsageError for a track that it does not have."""
    data = stdin_bytes(max_bytes=max_bytes) if name == STDIN else file_bytes(name, max_bytes=max_bytes)
    path = "stdin" if name == STDIN else name
    seed = Seed.from_bytes(data, path=path, join_channels=request.join_channels)
    seed = seed.as_said(request) if is_first else seed
    for warning in seed.barred.score.warnings:
        progress.tell(f"warning: {printable(name)}: {printable(str(warning))}")
    progress.tell(roles_line(seed.barred, of="" if is_first else seed.path))
    return seed


def own_music(folder: Path, intake: Intake) -> Iterator[tuple[str, BarredScore]]:
    """All music of a folder, (path, piece). Raises SymbolicEmbedError where there is none."""
    yield from intake.pieces(gathered([str(folder)], names_from=None), doing="reading")
    intake.require_some()


def music_of_library(name: str, intake: Intake) -> Iterator[tuple[str, BarredScore]]:
    """The music of a library's files, (path, piece), read from where they lie. Raises LibraryError where there is none,
    SymbolicEmbedError where no file is there."""
    from symbolic_embed.library.stores.opening import open_library

    with closing(open_library(name)) as library:
        found = [Found(file.path) for file in library.files() if file.piece is not None]
    yield from intake.pieces(found, doing="reading")
    intake.require_some()


def most_like(played: Seed, folder: Path, embedder: Embedder, *, progress: Progress) -> tuple[Seed, Fragment, int]:
    """The piece of a folder that a played fragment is most like, as a seed, read as the fragment was; where it fits
    there; and the exit code: 3 where files were rejected."""
    from symbolic_embed.library.find import find
    from symbolic_embed.requests import FindRequest
    from symbolic_embed.verbs.fragment import Fragment

    request = FindRequest(by=None, top=1, join_channels=played.events.join_channels)
    with Intake(progress, join_channels=request.join_channels) as intake:
        (best,) = find(played.barred, own_music(folder, intake), embedder, request)
    where = f"bar {best.bar}, fragment moved by {best.transposition:+d} semitones, distance {best.distance:.3f}"
    progress.tell(f"going on from {printable(best.path)} ({where})")
    like = Fragment(played.path, played.sha256, best)
    for warning in like.warnings():
        progress.tell(f"warning: {warning}")
    return read_seed(best.path, request, progress=progress, is_first=False), like, intake.exit_code
