"""`rank` by what can be heard: when it is meant, and what is compared then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from symbolic_embed.commands.shared.account import Verdict
from symbolic_embed.commands.shared.inputs import STDIN, Intake
from symbolic_embed.commands.shared.opening import Opened
from symbolic_embed.commands.shared.piped import stdin_bytes
from symbolic_embed.errors import InputError, UsageError
from symbolic_embed.files.folders import Found
from symbolic_embed.requests import RankRequest

if TYPE_CHECKING:
    from symbolic_embed.embedding.sound import SoundEmbedder
    from symbolic_embed.library.by_sound import Query, Sounding
    from symbolic_embed.library.showing import Match
    from symbolic_embed.library.stores.library import Library


def is_by_sound(request: RankRequest, work: Opened, queries: Sequence[str], found: Sequence[Found]) -> bool:
    """Whether pieces are compared by what can be heard; what is piped in is not looked at beforehand."""
    from symbolic_embed.library.sounds import compares_sound

    named = [name for name in queries if name != STDIN]
    return compares_sound(request, work.embedder, named, (one.path for one in found))


def ranked(
    request: RankRequest, work: Opened, queries: Sequence[str], found: Sequence[Found]
) -> tuple[list[str], list[list[Match]]]:
    """The queries that could be read, by name, and what is alike to each. Raises InputError where the last of them
    cannot, and none could."""
    from symbolic_embed.library.by_sound import ranked_by_sound
    from symbolic_embed.library.sounds import is_recording

    if request.by is None:
        what = "recordings are searched" if any(is_recording(one.path) for one in found) else "of more than a melody"
        work.intake.progress.tell(f"compared by what can be heard ({what}); --by says otherwise")
    if request.why or request.tracks is not None:
        field = "why" if request.why else "tracks"
        raise UsageError(f"`{field}` with recordings: of what is heard no parts are known; leave it out", field=field)
    read: dict[str, Query] = {}
    for name in queries:
        try:
            read[name] = _query(name, request, work)
        except InputError as error:
            if name == queries[-1] and not read:
                raise
            work.intake.progress.tell(f"rejected: {error}", needed=True)
    return list(read), ranked_by_sound(list(read.values()), _searched(work, found), work.embedder, request)


def _query(name: str, request: RankRequest, work: Opened) -> Query:
    """A query, read and accounted for."""
    from symbolic_embed.library.by_sound import query_of_bars, query_of_recording
    from symbolic_embed.library.sounds import is_sound_file
    from symbolic_embed.listening.spectra import heard

    data = stdin_bytes() if name == STDIN else None
    if not is_sound_file(name if data is None else data):
        piece = work.intake.piece(name, roles=request.roles, data=data)
        return query_of_bars(piece, work.embedder, transpose=request.transpose)
    try:
        spectra = heard(name if data is None else data, source="stdin" if name == STDIN else name)
    except InputError as error:
        work.intake.account.enter(Verdict.rejected(name, error.reason))
        raise
    work.intake.account.enter(Verdict.of(name, (), notes=None, bars=None))
    return query_of_recording(spectra, work.embedder.sound_model, transpose=request.transpose)


def _searched(work: Opened, found: Sequence[Found]) -> Iterator[Sounding]:
    """What is searched: the bars of files, or of the library, and recordings."""
    from symbolic_embed.library.by_sound import sounding
    from symbolic_embed.library.sounds import is_recording
    from symbolic_embed.library.stores.library import Library
    from symbolic_embed.library.within import meant

    model, where = work.embedder.sound_model, work.request.conditions
    recordings = [one for one in found if is_recording(one.path)]
    others = [one for one in found if not is_recording(one.path)]
    if others or not recordings:
        with work.pieces(others, doing="ranking", beside=True) as pieces:
            if isinstance(pieces, Library):
                yield from _kept(pieces, work)
            yield from sounding(meant(pieces, where, work.embedder), work.embedder)
    yield from of_recordings(recordings, work.intake, model)
    if found:
        work.intake.require_some()


def _kept(library: Library, work: Opened) -> Iterator[Sounding]:
    """The recordings that a library keeps; none where conditions are set, of which nothing is known of them."""
    from symbolic_embed.embedding.sound import sound_hash
    from symbolic_embed.library.recordings import KeptRecordings

    if library.folder is not None and work.request.conditions is None:
        yield from KeptRecordings(library.folder, encoder=sound_hash(work.embedder.card)).sounding()


def of_recordings(recordings: Sequence[Found], intake: Intake, model: SoundEmbedder) -> Iterator[Sounding]:
    """Recordings as they are heard; who cannot be is named on stderr."""
    from symbolic_embed.library.by_sound import Sounding
    from symbolic_embed.listening.spectra import heard

    def one_of(path: str) -> Sounding:
        try:
            ways = model.counted(heard(path, source=path))
        except InputError as error:
            intake.account.enter(Verdict.rejected(path, error.reason))
            raise
        intake.account.enter(Verdict.of(path, (), notes=None, bars=None))
        return Sounding(path, ways)

    return (one for _, one in intake.each(recordings, one_of, doing="listening"))
