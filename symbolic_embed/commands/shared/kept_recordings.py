"""The recordings of a library on the command line: added, counted, forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from symbolic_embed.errors import CheckpointError, LibraryError
from symbolic_embed.files.folders import Found
from symbolic_embed.library.sounds import is_recording

if TYPE_CHECKING:
    from symbolic_embed.embedding.checkpoint import Checkpoint
    from symbolic_embed.library.indexing import Outcome
    from symbolic_embed.library.stores.library import Library


def without_recordings(found: Sequence[Found]) -> tuple[list[Found], list[Found]]:
    """Files of notes, and recordings."""
    recordings = [one for one in found if is_recording(one.path)]
    return [one for one in found if not is_recording(one.path)], recordings


def require_encoder(checkpoint: Checkpoint, found: Sequence[Found]) -> None:
    """Raises CheckpointError for a checkpoint without an encoder of recordings, where there are any to be added."""
    from symbolic_embed.embedding.sound import sound_hash

    if found and sound_hash(checkpoint.card) is None:
        raise CheckpointError(
            f"{checkpoint.folder}: no encoder of recordings in it, and {len(found):,} recordings were named; "
            "`train embedder --representation chroma` makes a checkpoint that has one"
        )


def recordings_added(
    library: Library, checkpoint: Checkpoint, found: Sequence[Found], told: Callable[[Outcome], object]
) -> int:
    """Adds recordings to a library, and tells what became of each; how many it has then. Raises LibraryError for a
    library that is no folder, where there are any."""
    from symbolic_embed.embedding.sound import SoundEmbedder, sound_hash
    from symbolic_embed.library.recordings import KeptRecordings
    from symbolic_embed.listening.spectra import heard

    if not found:
        return recordings_of(library)
    if library.folder is None:
        raise LibraryError("recordings are kept by a library that is a folder; this one is on a server")
    kept = KeptRecordings(library.folder, encoder=sound_hash(checkpoint.card))
    model = SoundEmbedder.of(checkpoint)
    kept.add(found, lambda path: model.counted(heard(path, source=path)), told)
    return len(kept)


def recordings_removed(library: Library, paths: Sequence[str]) -> int:
    """Forgets recordings; how many there were."""
    from symbolic_embed.library.recordings import KeptRecordings

    return 0 if library.folder is None else KeptRecordings(library.folder).remove(paths)


def recordings_of(library: Library) -> int:
    """How many recordings a library has."""
    from symbolic_embed.library.recordings import KeptRecordings

    return 0 if library.folder is None else len(KeptRecordings(library.folder))
