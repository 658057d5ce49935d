"""New bars alone: they begin at tick 0 and sound as the seed does where it ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from composers import QUARTER, band_seed
from midi_bytes import midi, track

from symbolic_embed.bars import PlacedNotes
from symbolic_embed.outputs.alone import new_bars_alone
from symbolic_embed.outputs.new_notes import with_notes
from symbolic_embed.outputs.seam import at_the_seam
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score import EventList, KeySignature, TimeSignature
from symbolic_embed.score.writing.layout import score_to_events

END = 16 * QUARTER  # of the band


def placed(*rows: tuple[int, int, int, int]) -> PlacedNotes:
    columns = np.array(rows, np.int64).T
    zeros = np.zeros(len(rows), np.int64)
    return PlacedNotes(*columns, zeros + 80, zeros, zeros, zeros - 1)


def alone_of(seed: Seed, *rows: tuple[int, int, int, int]) -> EventList:
    """One new bar of these notes (track, onset, length, pitch) without its seed."""
    seam = at_the_seam(seed, bars=1)
    return new_bars_alone(seam, with_notes(seam.seed, removed=np.zeros(0, np.int64), added=placed(*rows)))


def band_with(**changes) -> Seed:
    score = replace(band_seed().barred.score, **changes)
    return Seed.from_bytes(score_to_events(score).to_bytes(), path="band.mid")


def test_they_begin_at_tick_nought_in_metre_and_key_of_the_end_and_the_tempo_of_the_body():
    keys = (KeySignature(0, 2, minor=False), KeySignature(8 * QUARTER, -3, minor=True))
    seed = band_with(key_signatures=keys)
    alone = alone_of(seed, (0, 192, 12, 60), (3, 204, 3, 36)).score()
    assert alone.tracks[0].notes.onset_ticks.tolist() == [0]
    assert alone.tracks[1].notes.onset_ticks.tolist() == [QUARTER]
    assert [(track.name, track.program) for track in alone.tracks] == [("tune", 73), ("kit", 0)]
    assert [tempo.microseconds for tempo in alone.tempi] == [600_000]
    assert alone.time_signatures == (TimeSignature(0, 4, 4),)
    assert alone.key_signatures == (KeySignature(0, -3, minor=True),)
    assert alone.division == seed.barred.score.division


def test_a_metre_stated_at_the_seam_is_that_of_the_new_bars():
    stated = (*band_seed().barred.score.time_signatures, TimeSignature(END, 3, 4))
    alone = alone_of(band_with(time_signatures=stated), (0, 192, 12, 60))
    assert alone.score().time_signatures == (TimeSignature(0, 3, 4),)


def test_they_are_set_up_as_the_seed_was():
    """A system exclusive message, volume and bank from the conductor's chunk; the programme of the last note; one that
    comes after it is not the part's."""
    conductor = track("00 f0 05 7e 7f 09 01 f7", "0a b0 07 28", "00 b0 00 08")
    part = track(
        "00 ff 03 01 41", "0a c0 05", "00 90 3c 40", "30 80 3c 40", "00 c0 06", "00 90 3c 40", "30 80 3c 40", "00 c0 07"
    )
    seed = Seed.from_bytes(midi(conductor, part, division=96), path="song.mid")
    alone = alone_of(seed, (0, 48, 12, 60))
    first, second = ([event.message.hex(" ") for event in chunk if event.tick == 0] for chunk in alone.chunks)
    assert first[0] == "f0 05 7e 7f 09 01 f7"
    assert second == ["ff 03 01 41", "b0 07 28", "b0 00 08", "c0 06", "90 3c 50"]
    assert {chunk[-1].tick for chunk in alone.chunks} == {384}
