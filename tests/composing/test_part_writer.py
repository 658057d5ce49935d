"""Part writers: what a part may play, read off what it plays."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed

from symbolic_embed.bars import cut
from symbolic_embed.composing.part_writer import RANGE_BEYOND, PartWriter
from symbolic_embed.encodings.note_rows import FIRST_DRUM, PITCH_TOKENS
from symbolic_embed.score import Notes, Score, Track

TUNE, KEYS, BASS, KIT = range(4)


def test_a_part_goes_on_as_it_plays():
    piece = band_seed().barred
    writers = [PartWriter.of(piece, part) for part in range(4)]
    assert [writer.role for writer in writers] == ["melody", "chords", "bass", "drums"]
    assert [writer.track for writer in writers] == [TUNE, KEYS, BASS, KIT]
    assert [writer.single for writer in writers] == [True, False, True, False]
    assert {writer.fewest for writer in writers} == {0}
    # the bass plays C2 to G2, the kit a bass drum and a snare
    assert np.flatnonzero(writers[BASS].pitches).tolist() == list(range(36 - RANGE_BEYOND, 43 + RANGE_BEYOND + 1))
    assert np.flatnonzero(writers[KIT].pitches).tolist() == [FIRST_DRUM + 36, FIRST_DRUM + 38]
    assert {len(writer.pitches) for writer in writers} == {PITCH_TOKENS}


@pytest.mark.parametrize(("pitch", "lowest", "highest"), [(1, 0, 1 + RANGE_BEYOND), (126, 126 - RANGE_BEYOND, 127)])
def test_no_range_goes_beyond_the_pitches_there_are_into_the_drums(pitch, lowest, highest):
    piece = cut(Score(480, (Track(Notes.of([0], [480], [pitch], [80])),)))
    allowed = np.flatnonzero(PartWriter.of(piece, 0).pitches)
    assert (allowed.min(), allowed.max()) == (lowest, highest)
