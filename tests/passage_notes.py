"""Passages of a few notes, by hand and at random, for tests of reworking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import strategies as st

from symbolic_embed.bars import ROLES
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.training.reworking.notes import COLUMNS, PARTS, PassageNotes

DRUMS, BASS, MELODY, CHORDS = range(4)
assert [ROLES[role] for role in (DRUMS, BASS, MELODY, CHORDS)] == ["drums", "bass", "melody", "chords"]
TUNE, PIANO, KIT = 0, 1, 2  # parts
BAND = {TUNE: MELODY, PIANO: CHORDS, KIT: DRUMS}

Note = tuple[int, ...]  # part, bar, onset, pitch, length, and flags where there are any


def passages(
    *several: Sequence[Note], roles: Mapping[int, int] = BAND, steps: Sequence[int] = (48, 48)
) -> PassageNotes:
    """A passage for each of `several`, of bars of so many steps; the notes of KIT are drums."""
    rows = [
        (number, part, bar, onset, pitch, length, *(flags or (DRUM if roles.get(part) == DRUMS else 0,)))
        for number, notes in enumerate(several)
        for part, bar, onset, pitch, length, *flags in notes
    ]
    columns = np.array(rows, np.int64).reshape(-1, len(COLUMNS)).T
    of_parts = np.full((len(several), PARTS), -1)
    of_parts[:, list(roles)] = list(roles.values())
    return PassageNotes(*columns, roles=of_parts, steps=np.tile(np.array(steps), (len(several), 1)))


def rows_of(notes: PassageNotes, passage: int = 0) -> list[Note]:
    """The notes of a passage: part, bar, onset, pitch, length, flags; in order."""
    columns = np.stack([getattr(notes, name) for name in COLUMNS[1:]], axis=1)
    return sorted(map(tuple, columns[notes.passage == passage].tolist()))


def all_of(notes: PassageNotes) -> np.ndarray:
    return np.ones(len(notes.steps), bool)


def none_of(notes: PassageNotes) -> np.ndarray:
    return np.zeros(len(notes.steps), bool)


@st.composite
def some_passages(draw: st.DrawFn, *, count: int = 3, bars: int = 4) -> PassageNotes:
    """Passages of a band, bars of 2/4 to 4/4, in each of which a pitched note begins; some notes are held over."""
    steps = [draw(st.sampled_from([24, 36, 42, 48])) for _ in range(bars)]
    every = []
    for _ in range(count):
        notes = [(draw(st.sampled_from([TUNE, PIANO])), 0, 0, draw(st.integers(0, 127)), 12)]
        for _ in range(draw(st.integers(0, 12))):
            part, bar = draw(st.integers(0, 2)), draw(st.integers(0, bars - 1))
            onset, length = draw(st.integers(0, steps[bar] - 1)), draw(st.integers(1, 100))
            flags = DRUM if part == KIT else 0
            if part != KIT and draw(st.booleans()) and draw(st.booleans()):
                onset, flags = 0, HELD
            notes.append((part, bar, onset, draw(st.integers(0, 127)), length, flags))
        every.append(notes)
    return passages(*every, steps=steps)


def is_sound(notes: PassageNotes) -> bool:
    """Whether notes lie in bars of their passage, pitches between 0 and 127, in parts that have a role."""
    of_part = notes.roles[notes.passage, notes.part]
    return bool(
        ((notes.bar >= 0) & (notes.bar < notes.bars)).all()
        and ((notes.onset >= 0) & (notes.onset < notes.bar_steps)).all()
        and ((notes.pitch >= 0) & (notes.pitch <= 127)).all()
        and (notes.length >= 1).all()
        and (of_part >= 0).all()
        and ((of_part == DRUMS) == ~notes.is_pitched).all()
    )


def same_elsewhere(before: PassageNotes, after: PassageNotes, chosen: np.ndarray) -> bool:
    """Whether all passages that were not chosen are as they were: notes, roles, lengths of bars."""
    return all(
        rows_of(before, passage) == rows_of(after, passage)
        and before.roles[passage].tolist() == after.roles[passage].tolist()
        and before.steps[passage].tolist() == after.steps[passage].tolist()
        for passage in np.flatnonzero(~chosen)
    )
