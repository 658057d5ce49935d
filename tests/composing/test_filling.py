"""Filling: only what was chosen, beside what stays, and the best of the takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, deciding, opened, tiny_composer

from symbolic_embed.composing import filling, takes
from symbolic_embed.composing.checks import Check, Checks
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.filling import fill_gap
from symbolic_embed.composing.gaps import gaps
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import FillRequest

TUNE, KEYS, BASS, KIT = range(4)


@pytest.fixture(scope="module")
def trained():
    return deciding(tiny_composer(), returns=False, plays=True)


def filled(trained, barred, *, bars=(1, 2), tracks=None, seed: int = 0, **asked):
    """The first stretch, filled as asked."""
    gap = gaps(barred, bars=bars, tracks=tracks)[0]
    request = FillRequest(bars=bars, random_seed=seed, **asked)
    return fill_gap(trained, gap, request, random=np.random.default_rng(seed))


@pytest.mark.parametrize("bars", [(0,), (1, 2), (3,)])
@pytest.mark.parametrize("tracks", [None, [KIT], [TUNE, BASS]])
def test_new_notes_begin_and_end_in_the_stretch_in_the_parts_that_fill_it(trained, bars, tracks):
    barred = band_seed().barred
    (one,) = filled(trained, barred, bars=bars, tracks=tracks)
    assert set(one.added.track) == set(range(4) if tracks is None else tracks)
    assert one.added.onset_steps.min() >= 48 * bars[0]
    assert (one.added.onset_steps + one.added.length_steps).max() <= 48 * (bars[-1] + 1)


def test_the_same_generator_gives_the_same_notes_and_another_others(trained):
    barred = band_seed().barred
    one, again, other = (filled(trained, barred, seed=seed)[0] for seed in (1, 1, 2))
    assert one.added.pitch.tolist() == again.added.pitch.tolist() != other.added.pitch.tolist()
    assert (one.join, one.number) == (again.join, again.number)


def with_pitch(barred, pitch: int, *, track: int, bars):
    """The piece with other pitches of a part in some bars."""
    there = (barred.notes.track == track) & np.isin(barred.note_bar, bars)
    return replace(barred, notes=replace(barred.notes, pitch=np.where(there, pitch, barred.notes.pitch)))


def test_what_stays_is_heard_and_what_goes_is_not():
    trained, barred = deciding(opened(tiny_composer()), returns=False, plays=True), band_seed().barred
    expected = filled(trained, barred, tracks=[TUNE])[0].added.pitch.tolist()
    other = with_pitch(barred, 30, track=BASS, bars=range(4))
    assert filled(trained, other, tracks=[TUNE])[0].added.pitch.tolist() != expected
    gone = with_pitch(barred, 65, track=TUNE, bars=[1, 2])
    assert filled(trained, gone, tracks=[TUNE])[0].added.pitch.tolist() == expected


def test_parts_play_as_they_are_asked_to(trained):
    """The tune's own range is 60 to 71."""
    (one,) = filled(trained, band_seed().barred, range="tune=C6-E6")
    pitch = one.added.pitch[one.added.track == TUNE]
    assert 84 <= pitch.min() <= pitch.max() <= 88


def test_of_the_takes_first_come_those_that_are_new_then_those_with_few_failures_then_those_that_lead_on(
    trained, monkeypatch
):
    """Eight takes: the first is what stood there, the third and the fourth have a failure."""
    nats = {1: 0.1, 2: 4.0, 3: 0.2, 4: 0.3, 5: 2.0, 6: 3.0, 7: 1.0, 8: 5.0}
    failing = {3: 1, 4: 1}
    numbers, again = iter(nats), iter(nats)

    def failures(around, new):
        number = next(numbers)
        return Checks((Check("drone", 9.0, 8.0, True),) * failing.get(number, 0))

    monkeypatch.setattr(filling, "nats_behind", lambda trained, gap, fillings: list(nats.values()))
    monkeypatch.setattr(filling, "failures_of_continuation", failures)
    monkeypatch.setattr(filling.Gap, "is_as_before", lambda gap, added: next(again) == 1)
    best = filled(trained, band_seed().barred, variations=8, takes=8)
    assert [one.number for one in best] == [7, 5, 6, 2, 8, 3, 4, 1]
    assert [one.as_before for one in best] == [False] * 7 + [True]
    assert best[5].record() == {
        "number": 3,
        "of": 8,
        "failures": ["drone"],
        "checks": {"drone": {"measured": 9.0, "bound": 8.0, "fails": True}},
        "as_before": False,
        "nats_behind": 0.2,
    }


@pytest.mark.parametrize(
    ("asked", "drawn"), [({}, 4), ({"variations": 2}, 8), ({"takes": 3}, 3), ({"temperature": 0}, 1)]
)
def test_so_many_takes_are_drawn(trained, asked, drawn):
    kept = filled(trained, band_seed().barred, tracks=[BASS], bars=(1,), **asked)
    assert {one.drawn for one in kept} == {drawn}
    assert len(kept) == asked.get("variations", 1)


def test_with_nothing_behind_nothing_is_told_of_it(trained):
    (one,) = filled(trained, band_seed().barred, bars=(3,))
    assert one.join is None
    assert one.record()["nats_behind"] is None


def test_the_progress_counts_the_windows_of_each_batch(trained, monkeypatch):
    monkeypatch.setattr(takes, "AT_ONCE", 2)
    gap, counted = gaps(band_seed().barred, bars=(1, 2), tracks=[BASS])[0], []
    request = FillRequest(bars="2-3", takes=3)
    fill_gap(trained, gap, request, random=np.random.default_rng(0), progress=lambda w: counted.append(len(w)) or w)
    assert counted == [4]


def test_in_a_long_bar_each_window_is_written(trained):
    (one,) = filled(trained, band_seed(bars=3, numerator=7).barred, bars=(1,), tracks=[KIT])
    onsets = one.added.onset_steps
    assert ((onsets >= 84) & (onsets < 132)).any()
    assert ((onsets >= 132) & (onsets < 168)).any()


def test_the_place_in_the_phrase_is_that_of_the_stretch(trained, monkeypatch):
    """Also at the beginning, where only what lies behind it has been heard."""
    places, really = [], Ensemble.write_window

    def write_window(ensemble, **window):
        places.append(ensemble.memory.place)
        really(ensemble, **window)

    monkeypatch.setattr(Ensemble, "write_window", write_window)
    monkeypatch.setattr(filling, "nats_behind", lambda *_: None)
    filled(trained, band_seed().barred, bars=(0, 1), tracks=[BASS])
    filled(trained, band_seed().barred, bars=(2,), tracks=[BASS])
    assert places == [0, 1, 2]


def test_without_notes_nothing_is_as_before(trained):
    (gap,) = gaps(band_seed().barred, bars=[1], tracks=[BASS])
    assert not gap.is_as_before(WrittenNotes.none())
