"""What an ensemble remembers and is told, in each of its variations."""

from __future__ import annotations

import numpy as np
from composers import band_seed, deciding, opened, tiny_composer
from ensembles import GIVEN, cell, ensemble_of, of_one_part, writer, written_after

from symbolic_embed.composing import ensemble as ensemble_module
from symbolic_embed.composing import memory as memory_module
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.history import SeedHistory
from symbolic_embed.encodings.note_rows import FIRST_DRUM
from symbolic_embed.encodings.patterns.past import NOWHERE
from symbolic_embed.networks.choosing import Choice


def test_given_parts_that_play_what_they_played_before_say_which_window_this_one_is_like():
    """C and E, then D and F, then C and E again, whatever the plan would have drawn."""
    trained = tiny_composer()
    trained.plan.nothing.bias.fill_(1000.0)
    ensemble = ensemble_of(writer(), trained=trained, variations=2, beside=("chords",))
    one, other = of_one_part(GIVEN), of_one_part(GIVEN + np.array([0, 3, 0, 0]))
    memory = ensemble.memory
    for window, played in enumerate((one, other)):
        ensemble.write_window(start=48 * window, steps=48, choice=Choice(), given=played)
    assert memory.next_plan(Choice(), steps=48, given=one.cells).sources.tolist() == [1, 1]
    assert memory.next_plan(Choice(), steps=48, given=other.cells).sources.tolist() == [2, 2]
    new = of_one_part(np.array([[6, 90, 3, 0]]))
    assert memory.next_plan(Choice(), steps=48, given=new.cells).sources.tolist() == [NOWHERE, NOWHERE]
    assert memory.next_plan(Choice(), steps=48).sources.tolist() == [NOWHERE, NOWHERE]


def test_what_is_known_of_a_window_is_its_plan():
    """Bars that return by a form: their source, their chord (a C held over, under an E) and who plays are told, not
    drawn."""
    ensemble = ensemble_of(writer(), writer("bass", track=1))
    tune, bass = cell([0, 64, 48]), cell([0, 48, 96])
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=[[tune, bass]])
    plans, known = [], ensemble.memory.known_plan
    ensemble.memory.known_plan = lambda *args, **rest: plans.append(known(*args, **rest)) or plans[-1]
    ensemble.write_window(start=48, steps=48, choice=Choice(), played=[[tune, cell()]])
    (plan,) = plans
    assert plan.sources.tolist() == [1]
    assert plan.chords.tolist() == ensemble.memory.past.chords[:, 2].tolist() == [1]  # C major
    assert plan.plays.tolist() == [[True, False]]


def test_drums_that_return_are_the_same_cell_however_long_their_notes_were():
    ensemble = ensemble_of(writer("drums"))
    for window, length in enumerate((2, 40)):
        played = [[cell([0, FIRST_DRUM + 36, length])]]
        ensemble.write_window(start=48 * window, steps=48, choice=Choice(), played=played)
    assert ensemble.memory.past.same[0, 0, 2, 1]


def test_memory_is_bounded_and_what_is_forgotten_does_not_return(monkeypatch):
    """A piece longer than there is room for: every source lies among what is remembered, and returns as it was."""
    remembered, room = 6, 12
    for module in (memory_module, ensemble_module):
        monkeypatch.setattr(module, "REMEMBERED", remembered)
        monkeypatch.setattr(module, "ROOM", room)
    trained = deciding(tiny_composer(), returns=True, plays=True)
    trained.plan.nothing.bias.fill_(-1000.0)
    ensemble = ensemble_of(writer(single=True), trained=trained)
    lines = [cell([6 * (number % 8), 40 + number, 6]) for number in range(room + 3)]
    for number, line in enumerate(lines):
        ensemble.write_window(start=48 * number, steps=48, choice=Choice(), played=[[line]])
    memory, past = ensemble.memory, ensemble.memory.past
    sizes = (past.length, memory.bars.shape[1], memory.cells.shape[2], memory.plan_state.keys.shape[1])
    assert sizes == (remembered + 4,) * 4
    assert past.rolls.shape[2] == room
    assert ensemble.states[0].keys.shape[1] <= room
    assert memory.numbers == list(range(room + 3 - past.length, room + 3))
    for number in range(len(lines), len(lines) + 4):
        known = list(memory.numbers)
        plan = memory.next_plan(Choice(1.0, 1.0, np.random.default_rng(number)), steps=48)
        ensemble.write_window(start=48 * number, steps=48, choice=Choice(1.0, 1.0, np.random.default_rng(number)))
        ((found,),) = ensemble.sheet.played_in(number)
        assert found.tolist() == ensemble.sheet.cell(0, 0, known[int(plan.sources[0])]).tolist()


def test_variations_that_are_chosen_go_on_as_they_would_have():
    """What was written stands, and what follows, the likeliest note by note, is what follows beside all the others."""
    barred = band_seed(bars=4).barred
    ensemble = written_after(barred, tiny_composer(), variations=4, choice=Choice(1.0, 1.0, np.random.default_rng(3)))
    chosen = ensemble.rows(np.array([2, 0]))
    assert (chosen.variations, chosen.windows, chosen.sheet.windows) == (2, 1, ensemble.sheet.windows)
    for going_on in (chosen, ensemble):
        going_on.write_window(start=48 * (barred.bars + 1), steps=48, choice=Choice())
    for window in range(2):
        mine, every = (
            [[notes.tolist() for notes in cells] for cells in one.sheet.played_in(window)] for one in (chosen, ensemble)
        )
        assert mine == [every[2], every[0]]
        assert mine[0] != mine[1]


def test_variations_that_are_played_alike_are_told_alike_and_do_not_hear_each_other():
    """One of three has played something else: the other two are as they are alone."""
    trained = opened(deciding(tiny_composer(), plays=True))
    barred = band_seed().barred
    order = writing_order(barred.roles)
    together = Ensemble.after(trained, barred, order=order, variations=3)
    alone = Ensemble.after(trained, barred, order=order, variations=1)
    same = SeedHistory(barred, order=order)
    usual = [same.cell(turn, 1) for turn in range(4)]
    odd = [cell([0, 60, 48]), cell(), cell(), cell()]
    together.write_window(start=192, steps=48, choice=Choice(), played=[usual, odd, usual])
    alone.write_window(start=192, steps=48, choice=Choice(), played=[usual])
    together.write_window(start=240, steps=48, choice=Choice())
    alone.write_window(start=240, steps=48, choice=Choice())
    first, other, last = together.sheet.played_in(1)
    (expected,) = alone.sheet.played_in(1)
    for one in (first, last):
        assert [notes.tolist() for notes in one] == [notes.tolist() for notes in expected]
    assert [notes.tolist() for notes in other] != [notes.tolist() for notes in expected]
