"""Where written music goes: a seed, and the outputs that are made from it.

Outputs are named after the seed and never overwrite anything; beside `NAME.mid` lies `NAME.json`, which says how it was
made and from what.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.errors import NoNotesError, OutputError, OutputExistsError
from symbolic_embed.files.names import file_stem
from symbolic_embed.files.writer import place
from symbolic_embed.score import EventList, parse
from symbolic_embed.score.writing.verified import write


@dataclass(frozen=True, eq=False)
class Seed:
    """A piece to write from: its events, to be edited, and its bars."""

    path: str
    sha256: str
    events: EventList
    barred: BarredScore

    @property
    def stem(self) -> str:
        """What outputs are named after."""
        return file_stem(Path(self.path).stem)

    @classmethod
    def from_bytes(cls, data: bytes, *, path: str) -> Seed:
        """Raises MidiError, or NoNotesError where there is nothing to write from."""
        events = parse(data, source=path)
        score = events.score()
        if not score.note_count:
            raise NoNotesError(path)
        return cls(path, hashlib.sha256(data).hexdigest(), events, cut(score))


@dataclass(frozen=True, eq=False)
class Output:
    """A file to be written: its name without ending, its events, and what the sidecar says of it."""

    name: str
    events: EventList
    record: Mapping[str, Any]


def save_outputs(
    outputs: Sequence[Output],
    folder: str | os.PathLike,
    *,
    force: bool = False,
    beside: Sequence[Mapping[str, bytes]] = (),
) -> list[Path]:
    """Writes each output and its sidecar; the paths of the MIDI files. `beside`: what else is written for each output,
    by the ending of its name. Raises OutputExistsError, and then has written nothing, where a file of one of the names
    is there already."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror})") from None
    contents = [
        {".json": (json.dumps(output.record, indent=2) + "\n").encode(), **more}
        for output, more in zip(outputs, beside or [{}] * len(outputs), strict=True)
    ]
    for output, content in zip(outputs, contents, strict=True):
        for taken in (folder / f"{output.name}{ending}" for ending in (".mid", *content)):
            if taken.exists() and not force:
                raise OutputExistsError(taken)
    for output, content in zip(outputs, contents, strict=True):
        write(output.events, folder / f"{output.name}.mid", force=force)
        for ending, data in content.items():
            place(data, folder / f"{output.name}{ending}", force=force)
    return [folder / f"{output.name}.mid" for output in outputs]
