"""The events of one chunk, and what they say as music, found out when it is first asked for.

An edit leaves most chunks of a file as they are, the very objects. So what was found out of a chunk of the seed is
there for everything that is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.reading.assembling import MANY_PROGRAMS
from symbolic_embed.score.reading.conductor import conductor_events
from symbolic_embed.score.reading.drums import drum_messages
from symbolic_embed.score.reading.pairing import PairedNotes, paired_notes, program_changes, programs_at_first_notes
from symbolic_embed.score.reading.parts import WalkedMusic
from symbolic_embed.score.reading.ports import addresses_in_force, ports_in_force
from symbolic_embed.score.reading.text import text_of
from symbolic_embed.score.reading.walking import TRACK_NAME, Event, message_payload
from symbolic_embed.score.reading.zones import zones_of
from symbolic_embed.score.score import ScoreWarning


def is_note_off(message: bytes) -> bool:
    """Whether a message ends a note, or would if one sounded."""
    return message[0] & 0xF0 == 0x80 or (message[0] & 0xF0 == 0x90 and message[2] == 0)


class NoteOffs(NamedTuple):
    """All messages of a chunk that end a note or may do so: which of its events each is, its address, pitch and tick,
    int64 (n,)."""

    event: NDArray[np.int64]
    address: NDArray[np.int64]
    pitch: NDArray[np.int64]
    tick: NDArray[np.int64]


class Chunk(tuple[Event, ...]):
    """The events of a chunk, as a tuple has them."""

    @cached_property
    def ports(self) -> bytes:
        """The port in force for each event (`reading.ports`): with the channel of the event, who it is for."""
        return ports_in_force(self)

    @cached_property
    def addresses(self) -> list[int]:
        """The address that each event is sent to; -1 for those that are sent to none."""
        return addresses_in_force(self)

    @property
    def notes(self) -> Mapping[int, PairedNotes]:
        """Its notes by address, with the indices of their events."""
        return self._paired[0]

    @cached_property
    def note_offs(self) -> NoteOffs:
        """What ends notes, or may do so."""
        rows = [
            (index, address, message[1], tick)
            for index, (address, (tick, message)) in enumerate(zip(self.addresses, self, strict=True))
            if is_note_off(message)
        ]
        return NoteOffs(*np.array(rows, np.int64).reshape(-1, 4).T)

    def music(self, number: int) -> WalkedMusic:
        """What it says as music, as the chunk of that number in its file."""
        if number not in self._musics:
            self._musics[number] = self._said(number)
        return self._musics[number]

    @cached_property
    def _paired(self) -> tuple[dict[int, PairedNotes], int]:
        return paired_notes(self)

    @cached_property
    def _musics(self) -> dict[int, WalkedMusic]:
        return {}

    def _said(self, number: int) -> WalkedMusic:
        zones = zones_of(self)
        heads = {address: zone.master for zone in zones for address in zone.members}
        notes, hanging = self._paired
        changes = program_changes(self)
        warnings = []
        if hanging:
            text = f"chunk {number}: notes that never end were kept to the end of the track"
            warnings.append(ScoreWarning("hanging-notes", text, hanging))
        if len(changes) > MANY_PROGRAMS:
            warnings.append(ScoreWarning("many-programs", f"chunk {number}: {len(changes)} programme changes"))
        names = [message_payload(message) for _, message in self if message[:2] == bytes([0xFF, TRACK_NAME])]
        return WalkedMusic(
            chunk=number,
            name=text_of(names[0]) if names else "",
            notes=notes,
            programs=programs_at_first_notes(self, heads),
            changes=changes,
            conductor=conductor_events(self, chunk=number),
            end_tick=self[-1].tick,
            warnings=tuple(warnings),
            drums=drum_messages(self),
            zones=zones,
        )
