"""Which files are recordings, and when pieces are compared by what can be heard of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from symbolic_embed.errors import InputError
from symbolic_embed.files.kinds import LOOKED_AT, kind_by_name, kind_of
from symbolic_embed.requests import RankRequest

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.listening.recordings import Sound

NOT_ALONE = ("not-alone", "unsteady")  # what is warned of in recordings that are no melody


def is_recording(path: str) -> bool:
    """Whether a file is a recording, by its name: folders of thousands are not opened for it."""
    return kind_by_name(path) == "audio"


def is_sound_file(sound: Sound) -> bool:
    """Whether a file, given by its path or its bytes, is a recording, by its content or else its name."""
    if isinstance(sound, bytes):
        return kind_of(sound) == "audio"
    try:
        with open(sound, "rb") as file:
            return kind_of(file.read(LOOKED_AT), os.fsdecode(sound)) == "audio"
    except OSError:
        return False  # whoever reads it says why it cannot be


def compares_sound(request: RankRequest, embedder: Embedder, queries: Sequence[Sound], searched: Iterable[str]) -> bool:
    """Whether pieces are compared by what can be heard: where somebody asks for it; and where nobody says how, with an
    encoder of recordings at hand, where recordings are searched, or where every query is one and not all are melodies.
    """
    if request.by is not None or request.measures_otherwise or not embedder.has_sound:
        return request.by == "sound"
    if any(map(is_recording, searched)):
        return True
    return bool(queries) and all(map(is_sound_file, queries)) and not all(map(is_melody, queries))


def is_melody(sound: Sound) -> bool:
    """Whether one melody, and nothing else, can be heard in a recording."""
    from symbolic_embed.listening.hearing import hear

    try:
        return all(warning.kind not in NOT_ALONE for warning in hear(sound, source="recording").warnings)
    except InputError:
        return False
