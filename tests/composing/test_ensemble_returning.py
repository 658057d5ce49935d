"""What returns in an ensemble: bars of the seed, what was written, doublings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, deciding, quiet_composer, tiny_composer
from ensembles import GIVEN, cell, ensemble_of, of_one_part, sources_drawn, writer, written_after

from symbolic_embed.bars import cut
from symbolic_embed.bars.patterns.doubling import Doubling
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.controls import NO_WISHES, Wishes
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.guidance import Guidance
from symbolic_embed.composing.history import SeedHistory
from symbolic_embed.encodings.patterns.past import NOWHERE
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.score import Notes


@pytest.mark.parametrize("window", [1, 3])
def test_a_bar_of_the_seed_returns_as_it_was_in_every_part_and_variation(monkeypatch, window):
    """Note for note, also with a chord that is held for two bars and more, whose class of lengths is another number."""
    score = band_seed(bars=4).barred.score
    keys = score.tracks[1]
    ticks, lengths = keys.notes.onset_ticks, keys.notes.duration_ticks.copy()
    lengths[ticks == 1920 * 3] = 4130
    keys = replace(keys, notes=Notes.of(ticks, lengths, keys.notes.pitch, keys.notes.velocity))
    barred = cut(replace(score, tracks=(score.tracks[0], keys, *score.tracks[2:])))
    sources_drawn(monkeypatch, window + 1)
    ensemble = written_after(barred, deciding(tiny_composer(), returns=True, plays=True), variations=2)
    history = SeedHistory(barred, order=writing_order(barred.roles))
    for cells in ensemble.sheet.played_in(0):
        for turn, notes in enumerate(cells):
            assert notes.tolist() == history.cell(turn, window).tolist()
            assert len(notes)
    assert window != 3 or history.cell(0, 3)[0, 2] == 103


def test_what_was_written_returns_too(monkeypatch):
    barred = band_seed(bars=4).barred
    trained = deciding(tiny_composer(), returns=False, plays=True)
    ensemble = written_after(barred, trained, choice=Choice(1.0, 1.0, np.random.default_rng(1)))
    deciding(trained, returns=True)
    sources_drawn(monkeypatch, 5)
    ensemble.write_window(start=240, steps=48, choice=Choice())
    first, second = ensemble.sheet.played_in(0)[0], ensemble.sheet.played_in(1)[0]
    assert [notes.tolist() for notes in first] == [notes.tolist() for notes in second]
    past = ensemble.memory.past
    assert past.sources[0, 6] == 5
    assert past.same[0, :, 6, 5].all()


def test_a_window_of_another_length_is_never_the_source():
    """The scores speak for every earlier window, and yet one of 3/4 is like none of 4/4."""
    trained = deciding(tiny_composer(), returns=True, plays=True)
    trained.plan.nothing.bias.fill_(-1000.0)
    barred = band_seed(bars=4).barred
    ensemble = Ensemble.after(trained, barred, order=writing_order(barred.roles), variations=3)
    choice = Choice(1.0, 1.0, np.random.default_rng(1))
    assert (ensemble.memory.next_plan(choice, steps=48).sources >= 0).all()
    assert (ensemble.memory.next_plan(choice, steps=36).sources == NOWHERE).all()


@pytest.mark.parametrize("fewest", [2, 4])
def test_what_returns_has_as_many_notes_as_are_asked_for(fewest):
    """The cell that would return has two. The given part plays the same again, so that is the source."""
    trained = deciding(tiny_composer(), returns=True, plays=True)
    ensemble = ensemble_of(writer(fewest=fewest), trained=trained, beside=("chords",))
    few = cell([0, 60, 12], [24, 62, 12])
    ensemble.write_window(start=0, steps=48, choice=Choice(), given=of_one_part(GIVEN), played=[[few]])
    ensemble.write_window(start=48, steps=48, choice=Choice(), given=of_one_part(GIVEN))
    ((found,),) = ensemble.sheet.played_in(1)
    assert len(found) >= fewest
    assert (found.tolist() == few.tolist()) == (fewest == 2)


def test_parts_rest_where_the_plan_says_so_and_play_a_note_at_least_where_it_does_not():
    """The decoder would rather end at once."""
    barred = band_seed().barred
    resting = written_after(barred, quiet_composer())
    assert [len(notes) for notes in resting.sheet.played_in(0)[0]] == [0, 0, 0, 0]
    playing = written_after(barred, deciding(quiet_composer(), plays=True))
    assert [len(notes) for notes in playing.sheet.played_in(0)[0]] == [1, 1, 1, 1]


@pytest.mark.parametrize("semitones", [-12, 0, 24])
def test_a_part_that_doubles_plays_what_its_leader_plays(semitones):
    """An octave lower, or as high; what would leave its range stays where it is."""
    leader = writer()
    follower = replace(writer(track=1), doubles=Doubling(0, 1, 1.0, semitones))
    ensemble = ensemble_of(leader, follower, trained=deciding(tiny_composer(), plays=True), variations=2)
    ensemble.write_window(start=0, steps=48, choice=Choice(1.0, 1.0, np.random.default_rng(3)))
    for first, second in ensemble.sheet.played_in(0):
        assert len(first)
        expected = first[:, 1] + semitones
        inside = (expected >= 0) & (expected < 128)
        assert second[:, 1].tolist() == np.where(inside, expected, first[:, 1]).tolist()
        assert second[:, [0, 2]].tolist() == first[:, [0, 2]].tolist()


def test_parts_of_a_seed_that_double_each_other_go_on_doubling():
    """The keys an octave below the tune, note for note: they are written first, and the tune follows them."""
    score = band_seed(bars=6).barred.score
    tune, keys = score.tracks[:2]
    low = Notes.of(
        tune.notes.onset_ticks, tune.notes.duration_ticks, tune.notes.pitch.astype(int) - 12, tune.notes.velocity
    )
    barred = cut(replace(score, tracks=(tune, replace(keys, notes=low), *score.tracks[2:])))
    trained = deciding(tiny_composer(), returns=False, plays=True)
    ensemble = written_after(barred, trained, windows=2, choice=Choice(1.0, 1.0, np.random.default_rng(3)))
    doubling = [turn for turn, of_turn in enumerate(ensemble.writers) if of_turn.doubles is not None]
    assert len(doubling) == 1
    (follower,) = doubling
    leader, second, _, semitones = ensemble.writers[follower].doubles
    assert second == follower
    assert abs(semitones) == 12
    for window in range(2):
        (cells,) = ensemble.sheet.played_in(window)
        moved = cells[leader][:, 1] + semitones
        allowed = ensemble.writers[follower].pitches[np.clip(moved, 0, 127)]
        assert cells[follower][:, 1].tolist() == np.where(allowed, moved, cells[leader][:, 1]).tolist()


def test_a_part_that_is_asked_for_something_of_its_own_doubles_no_longer():
    follower = replace(writer(track=1), doubles=Doubling(0, 1, 1.0, 0))
    trained = deciding(tiny_composer(), returns=False, plays=True)
    cells = []
    for wishes in ((), (NO_WISHES, Wishes(polyphony=3.0))):
        ensemble = ensemble_of(writer(), follower, trained=trained).guided(Guidance(wishes=wishes))
        ensemble.write_window(start=0, steps=48, choice=Choice(1.0, 1.0, np.random.default_rng(3)))
        cells.append([cell.tolist() for cell in ensemble.sheet.played_in(0)[0]])
    (leading, following), (again, other) = cells
    assert following == leading == again
    assert other != leading
