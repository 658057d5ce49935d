"""The manner of parts: near their line, in harmony, drums as drums."""

from __future__ import annotations

import numpy as np
from repeating_seeds import BASS, HIGH, KIT, RIFF, loop_seed

from symbolic_embed.bars import cell_windows, cut
from symbolic_embed.composing.manner import NEAR, manner_of
from symbolic_embed.encodings.note_rows import FIRST_DRUM, pitch_tokens
from symbolic_embed.score import Notes, Score, TimeSignature, Track


def manner(barred, *, holds=True):
    cells = cell_windows(barred)
    return cells, manner_of(cells, barred, groove_holds=np.full(len(barred.roles), holds))


def chord_and_tune(*tune):
    """A chord of C and E that lasts, below notes of a quarter each."""
    chord = Track(Notes.of([0, 0], [1920, 1920], [48, 52], [80, 80]))
    line = Track(Notes.of([480 * beat for beat in range(len(tune))], [480] * len(tune), tune, [80] * len(tune)))
    return cut(Score(480, (chord, line), time_signatures=(TimeSignature(0, 4, 4),)))


def test_notes_begin_near_those_around_them():
    cells, found = manner(loop_seed().barred)
    riff = int(np.flatnonzero(cells.track == RIFF)[0])
    pitched = found.may_begin[riff, :, :FIRST_DRUM]
    assert np.flatnonzero(pitched[12]).tolist() == list(range(69 - NEAR, 69 + NEAR + 1))  # the A on the second beat
    assert np.flatnonzero(pitched[15]).tolist() == list(range(67 - NEAR, 69 + NEAR + 1))  # between it and the G


def test_over_a_chord_its_semitones_may_not_come():
    _, found = manner(chord_and_tune(72, 67, 67, 69))
    tune = found.may_sound[-1]
    assert not tune[6, [61, 71, 73, 63, 65, 51]].any()
    assert tune[6, [60, 64, 67, 72]].all()


def test_what_a_part_plays_it_may_play_again_though_it_clashes():
    cells, found = manner(chord_and_tune(72, 65, 67, 69))
    assert found.may_sound[-1, 12, 65]  # the F against the E
    assert not found.may_sound[-1, 30, 65]
    own = cells.note_window, cells.onset, pitch_tokens(cells)
    assert found.may_sound[own].all()
    assert found.may_begin[own].all()


def test_alone_a_part_is_free():
    line = Track(Notes.of([0, 480, 960, 1440], [480] * 4, [60, 64, 65, 71], [80] * 4))
    _, found = manner(cut(Score(480, (line,), time_signatures=(TimeSignature(0, 4, 4),))))
    assert found.may_sound.all()


def test_what_comes_in_one_part_does_not_clash_with_what_comes_in_another():
    """Of what no part sounds where several do, two of the loop's parts get nothing that is a semitone apart."""
    cells, found = manner(loop_seed().barred)
    here = [int(np.flatnonzero(cells.track == part)[0]) for part in (RIFF, HIGH, BASS)]
    may = np.zeros((len(here), 48, 12), bool)
    for row, window in enumerate(here):
        np.logical_or.at(may[row].T, np.arange(FIRST_DRUM) % 12, found.may_sound[window, :, :FIRST_DRUM].T)
    own = np.zeros_like(may)
    for row, window in enumerate(here):
        mine = cells.note_window == window
        for onset, length, pitch in zip(cells.onset[mine], cells.length[mine], cells.pitch[mine], strict=True):
            own[row, onset : int(onset) + int(length), pitch % 12] = True
    together = own.any(axis=2).sum(axis=0) > 1  # where one sounds alone it is free
    new = may & ~own.any(axis=0) & together[:, None]
    assert new.any()
    for one in range(len(here)):
        for other in range(one):
            assert not (new[one] & np.roll(new[other], 1, axis=1)).any()
            assert not (new[one] & np.roll(new[other], -1, axis=1)).any()


def kept_keys(*, holds):
    """Key and onset of what the kit keeps in its first bar."""
    cells, found = manner(loop_seed().barred, holds=holds)
    first = int(np.flatnonzero(cells.track == KIT)[0])
    mine = found.kept & (cells.note_window == first)
    return sorted(zip(cells.pitch[mine].tolist(), cells.onset[mine].tolist(), strict=True)), found.may_begin[first]


def test_bass_drum_and_snare_hold_and_no_new_ones_come():
    kept, may_begin = kept_keys(holds=True)
    assert kept == [(36, 0), (36, 24), (38, 12), (38, 36), (49, 0)]
    assert not may_begin[:, FIRST_DRUM + np.array([36, 38, 49, 57])].any()
    assert may_begin[:, FIRST_DRUM + 42].all()


def test_a_groove_that_does_not_hold_keeps_its_first_beat_and_its_crash():
    kept, may_begin = kept_keys(holds=False)
    assert kept == [(36, 0), (49, 0)]
    assert may_begin[:, FIRST_DRUM + np.array([36, 38])].all()


def test_side_sticks_hold_where_they_are_on_the_beats():
    def kit(ticks):
        rows = sorted([(tick, 40, 37, 90) for tick in ticks] + [(tick, 40, 42, 90) for tick in range(0, 1920, 240)])
        track = Track(Notes.of(*zip(*rows, strict=True)), channel=9)
        return manner(cut(Score(480, (track,), time_signatures=(TimeSignature(0, 4, 4),))))

    cells, found = kit([480, 1440])
    assert cells.pitch[found.kept].tolist() == [37, 37]
    _, found = kit([240, 720, 1440])
    assert not found.kept.any()
