"""How likely the music behind a stretch is after what fills it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, opened, tiny_composer
from told import CHOICES, Told, forced_nats, song

from symbolic_embed.bars import cut
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.gaps import gaps
from symbolic_embed.composing.joining import JOINED, nats_behind
from symbolic_embed.composing.part_writer import writers_of
from symbolic_embed.outputs.written_notes import WrittenNotes

TUNE, KEYS, BASS, KIT = range(4)


@pytest.fixture(scope="module")
def trained():
    return opened(tiny_composer())


def standing(gap) -> WrittenNotes:
    """What stands in a stretch."""
    notes = gap.barred.notes.where(gap.removed)
    return WrittenNotes(notes.track, notes.onset_steps, notes.length_steps, notes.pitch)


def test_after_what_stands_there_the_music_behind_is_as_likely_as_it_is_when_all_is_written_from_the_beginning(trained):
    barred = cut(song())
    (gap,) = gaps(barred, bars=[3, 4], tracks=None)
    told = Told(barred, order=list(gap.writing))
    ensemble = Ensemble.before(trained, writers_of(barred, order=gap.writing), variations=1)
    nats = forced_nats(ensemble, told, range(barred.bars))[5 : 5 + JOINED]
    notes = sum(len(of_window["pitch"]) for of_window in nats)
    expected = sum(sum(of_window[name]) for of_window in nats for name in CHOICES) / notes
    assert nats_behind(trained, gap, [standing(gap)] * 2) == pytest.approx([expected] * 2, abs=1e-4)


def test_each_filling_is_judged_by_itself_and_what_stays_is_heard(trained):
    barred = band_seed(bars=6).barred
    (gap,) = gaps(barred, bars=[2, 3], tracks=[TUNE])
    there = standing(gap)
    moved = WrittenNotes(there.track, there.onset_steps, there.length_steps, there.pitch + 1)
    together = nats_behind(trained, gap, [there, moved])
    assert together[0] != pytest.approx(together[1], abs=1e-6)
    apart = [nats_behind(trained, gap, [one])[0] for one in (there, moved)]
    assert together == pytest.approx(apart, abs=1e-4)
    (with_others,) = gaps(barred, bars=[2, 3], tracks=None)
    assert nats_behind(trained, with_others, [standing(with_others)]) != pytest.approx(together[:1], abs=1e-6)


def test_where_the_parts_play_nothing_behind_there_is_nothing_to_judge(trained):
    barred = band_seed().barred
    (gap,) = gaps(barred, bars=[3], tracks=None)
    assert nats_behind(trained, gap, [standing(gap)]) is None
    later = np.flatnonzero((barred.notes.track != BASS) | (barred.note_bar < 2))
    (gap,) = gaps(replace(barred, notes=barred.notes.where(later)), bars=[1], tracks=[BASS])
    assert nats_behind(trained, gap, [standing(gap)]) is None
