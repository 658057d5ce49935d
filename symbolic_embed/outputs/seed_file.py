"""Where written music goes: a seed, and the outputs that are made from it.

Outputs are named after the seed and never overwrite anything; beside `NAME.mid` lies `NAME.json`, which says how it was
made and from what.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.bars.beats import UNSAID, Said
from symbolic_embed.bars.roles import chosen_roles
from symbolic_embed.errors import NoNotesError, UsageError
from symbolic_embed.files import FileSet, InUse
from symbolic_embed.files.names import file_stem
from symbolic_embed.notation import parse
from symbolic_embed.outputs.earlier import beside_in, companions
from symbolic_embed.requests import WritingRequest
from symbolic_embed.requests.roles import RolesRequest
from symbolic_embed.score import EventList
from symbolic_embed.score.editing.comparing import Asked
from symbolic_embed.score.writing.verified import verified_bytes


@dataclass(frozen=True, eq=False)
class Seed:
    """A piece to write from: its events, to be edited, and its bars; of a performance, what was said of its beats."""

    path: str
    sha256: str
    events: EventList
    barred: BarredScore
    said: Said = UNSAID

    @property
    def stem(self) -> str:
        """What outputs are named after."""
        return file_stem(Path(self.path).stem)

    @classmethod
    def from_bytes(cls, data: bytes, *, path: str, join_channels: bool = False) -> Seed:
        """`join_channels`: channels of one chunk and programme are one part (`score.reading.parts`). Raises
        MidiError, or NoNotesError where there is nothing to write from."""
        events = parse(data, source=path, join_channels=join_channels)
        score = events.score()
        if not score.note_count:
            raise NoNotesError(path)
        return cls(path, hashlib.sha256(data).hexdigest(), events, cut(score))

    def with_roles(self, roles: Iterable[tuple[int | str, str]]) -> Seed:
        """The seed with what was said of its tracks (`bars.roles`). Raises UsageError for one that is not there."""
        tracks = self.barred.score.tracks
        said = {
            (tracks[number].chunk, tracks[number].channel): role for number, role in chosen_roles(tracks, roles).items()
        }
        if said.items() <= self.events.roles.items():
            return self
        events = replace(self.events, roles={**self.events.roles, **said})
        return replace(self, events=events, barred=cut(events.score(), self.said))

    def as_said(self, request: RolesRequest) -> Seed:
        """The seed with what a request says of it: what its tracks do, and of a performance its tempo and metre. Raises
        UsageError for a track that is not there, and for beats that are said of a seed with bars of its own."""
        said = self.with_roles(request.roles)
        if not isinstance(request, WritingRequest):
            return said
        return said.with_beats(tempo=request.played_tempo, metre=request.played_metre)

    def with_beats(self, *, tempo: float | None, metre: str | None) -> Seed:
        """The seed, a performance, with what was said of its tempo (beats a minute) and metre ("3/4"); as it is where
        nothing was. Raises UsageError where it has bars of its own."""
        if tempo is None and metre is None:
            return self
        field = "played_tempo" if metre is None else "played_metre"
        if not self.barred.follows_beats:
            raise UsageError(f"`{field}`: {self.path} has bars of its own; leave it out", field=field)
        numerator, denominator = map(int, metre.split("/")) if metre else (0, 0)
        said = Said(tempo, (numerator, denominator) if metre else None)
        return self if said == self.said else replace(self, said=said, barred=cut(self.events.score(), said))


@dataclass(frozen=True, eq=False)
class Output:
    """A file to be written: its name without ending, its events, and what the sidecar says of it. Once it is proved
    (`proof.py`): what of the seed might change, and the events it was compared with where those are not the seed's."""

    name: str
    events: EventList
    record: Mapping[str, Any]
    asked: tuple[Asked, ...] | None = None
    moved: EventList | None = None


def contents_of(output: Output, *, beside: Mapping[str, bytes] = MappingProxyType({})) -> dict[str, bytes]:
    """The files of an output by the endings of their names: the MIDI file, its record, and what else is written
    `beside`. Raises OutputError for what cannot be said in MIDI."""
    record = (json.dumps({**output.record, **beside_in(beside)}, indent=2) + "\n").encode()
    return {".mid": verified_bytes(output.events), ".json": record, **beside}


def save_outputs(
    outputs: Sequence[Output],
    folder: str | os.PathLike[str],
    *,
    force: bool = False,
    beside: Sequence[Mapping[str, bytes]] = (),
    also: Mapping[Path, bytes] = MappingProxyType({}),
    in_use: Iterable[str | os.PathLike[str]] = (),
) -> list[Path]:
    """Writes each output and its sidecar, all together or nothing; the paths of the MIDI files.

    beside: what else is written for each output, by the ending of its name; also: files of all outputs together, by
    their paths; in_use: files, or folders of them, that must not be replaced, as the seeds must not. The folder is
    made. With `force`, what was written with an earlier output of a name, is as it was, and is not written again, goes.
    Raises OutputExistsError where a file of one of the names is there already, OutputError where one cannot be written.
    """
    folder = Path(folder)
    seeds = [output.record[seed]["path"] for output in outputs for seed in ("seed", "target") if seed in output.record]
    with FileSet(force=force, in_use=InUse([*in_use, *seeds])) as files:
        for output, more in zip(outputs, beside or [{}] * len(outputs), strict=True):
            contents = contents_of(output, beside=more)
            for ending, content in contents.items():
                files.add(folder / f"{output.name}{ending}", content)
            for earlier in companions(folder, output.name, apart_from=contents):
                files.take_away(earlier)
        for path, content in also.items():
            files.add(path, content)
    return [folder / f"{output.name}.mid" for output in outputs]
