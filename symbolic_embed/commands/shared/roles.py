"""What parts were taken for, in a line on stderr: roles: melody 0 "Lead"; bass 1 "Bass"; drums 2 "Kit"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symbolic_embed.bars import BarredScore
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.files.folders import Found
from symbolic_embed.progress import Progress
from symbolic_embed.requests.roles import Roles

LONGEST_NAME = 20
MOST_PARTS = 16  # in the line


def roles_line(barred: BarredScore, *, of: str = "") -> str:
    """The line, with the file it speaks of where there are several."""
    named: dict[str, list[str]] = {}
    for number, (track, role) in enumerate(zip(barred.score.tracks, barred.roles, strict=True)):
        name = printable(track.name.strip())
        name = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 3].rstrip() + "..."
        if number < MOST_PARTS:
            named.setdefault(role, []).append(f'{number} "{name}"' if name else str(number))
    more = len(barred.score.tracks) - MOST_PARTS
    parts = [f"{role} {', '.join(tracks)}" for role, tracks in named.items()]
    parts += [f"and {more} more"] if more > 0 else []
    return f"roles{f' of {printable(of)}' if of else ''}: {'; '.join(parts)}"


def require_one_file(roles: Roles, found: Sequence[Found]) -> None:
    """Raises UsageError where roles are given for several files."""
    if roles and len(found) != 1:
        raise UsageError(f"`roles` speak of the tracks of one file; {len(found):,} were named", field="roles")


def telling_roles(
    pieces: Iterable[tuple[str, BarredScore]], found: Sequence[Found], progress: Progress
) -> Iterator[tuple[str, BarredScore]]:
    """The pieces, with the line of the one that there is; nothing is told of several."""
    for path, barred in pieces:
        if len(found) == 1:
            progress.tell(roles_line(barred))
        yield path, barred
