"""The ensemble: what each writer is conditioned on, what it may write, what returns, and what comes out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, deciding, opened, quiet_composer, tiny_composer
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.bars.harmony import is_one_chord, sounding_classes
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.composing import ensemble as ensemble_module
from symbolic_embed.composing import memory as memory_module
from symbolic_embed.composing import turns
from symbolic_embed.composing.context import windows_of, writing_order
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.given import Given
from symbolic_embed.composing.history import SeedHistory
from symbolic_embed.composing.part_writer import Doubling, PartWriter
from symbolic_embed.composing.sheet import WINDOWS_HELD, Sheet
from symbolic_embed.composing.turns import CANDIDATES, DRUM_CANDIDATES
from symbolic_embed.encodings.cell_rolls import rolls_of
from symbolic_embed.encodings.note_rows import FIRST_DRUM, PITCH_TOKENS, length_class
from symbolic_embed.encodings.patterns.past import NOWHERE
from symbolic_embed.networks.composer import Context
from symbolic_embed.networks.writing import Choice
from symbolic_embed.score import Notes

GIVEN = np.array([[0, 60, 24, 0], [0, 64, 24, 0]])  # C and E for two quarters
HELD_OVER = np.array([[0, 60, 24, HELD]])  # a C from the window before


def cell(*notes):
    """Notes as (onset, pitch token, length)."""
    return np.array(notes, np.int64).reshape(-1, 3)


def writer(role: str = "melody", *, track: int = 0, fewest: int = 0, single: bool = False) -> PartWriter:
    """A writer who may use any pitch, or any drum."""
    tokens = np.arange(PITCH_TOKENS)
    return PartWriter(track, role, (tokens >= FIRST_DRUM) == (role == "drums"), single, fewest)


def ensemble_of(*writers: PartWriter, trained=None, variations: int = 1, beside: tuple[str, ...] = ()) -> Ensemble:
    return Ensemble.before(trained or tiny_composer(), writers, variations=variations, given=beside)


def of_one_part(rows) -> Given:
    """What one given part plays in a window."""
    begins = rows[rows[:, 3] & HELD == 0]
    classes = np.column_stack([begins[:, :2], length_class(begins[:, 2])])
    return Given((rows,), rolls_of(classes, np.array([len(begins)])))


@pytest.mark.parametrize(("given_rows", "counts"), [(GIVEN, [2, 0, 3]), (HELD_OVER, [0, 0, 0]), (None, [0, 0, 0])])
def test_each_writer_writes_its_fewest_notes_where_others_begin_one_and_elsewhere_may_rest(given_rows, counts):
    """The decoder would rather end at once, always."""
    writers = [writer(fewest=2), writer(track=1), writer("drums", track=2, fewest=3)]
    beside = () if given_rows is None else ("chords",)
    ensemble = ensemble_of(*writers, trained=quiet_composer(), variations=2, beside=beside)
    given = None if given_rows is None else of_one_part(given_rows)
    ensemble.write_window(start=0, steps=48, choice=Choice(), given=given)
    for of_variation in ensemble.sheet.played_in(0):
        assert [len(notes) for notes in of_variation] == counts


def candidates_drawn(monkeypatch, ensemble, **window) -> list[int]:
    """How many candidates each writer draws in a window."""
    really, drawn = type(ensemble.trained.writer).write, []

    def write(self, embeddings, *, grammar, choice, copies=1, **rest):
        drawn.append(copies)
        return really(self, embeddings, grammar=grammar, choice=choice, copies=copies, **rest)

    monkeypatch.setattr(type(ensemble.trained.writer), "write", write)
    ensemble.write_window(start=0, steps=48, choice=Choice(), **window)
    return drawn


def test_several_candidates_are_drawn_of_each_part(monkeypatch):
    parts = [writer(fewest=1), writer("drums", track=1), writer(track=2)]
    ensemble = ensemble_of(*parts, trained=deciding(tiny_composer(), plays=True))
    assert candidates_drawn(monkeypatch, ensemble) == [CANDIDATES, DRUM_CANDIDATES, CANDIDATES]


@pytest.mark.parametrize("new", [True, False])
def test_what_was_not_drawn_to_return_is_new_where_a_candidate_is(monkeypatch, new):
    """Of four candidates the first two are the source over again; or all four are."""
    trained = deciding(tiny_composer(), returns=False, plays=True)
    ensemble = ensemble_of(writer(), trained=trained)
    old, other = [0, 60, 11], [12, 62, 11]  # with classes of lengths
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=[[cell([0, 60, 12])]])
    sources_drawn(monkeypatch, 1)
    drawn = np.array([old, old, other, other] if new else [old] * 4)
    monkeypatch.setattr(type(trained.writer), "write", lambda *_, **__: (drawn, np.ones(4, np.int64)))
    ensemble.write_window(start=48, steps=48, choice=Choice())
    ((found,),) = ensemble.sheet.played_in(1)
    assert found.tolist() == [[12, 62, 12] if new else [0, 60, 12]]


def test_a_writer_is_conditioned_on_what_was_given_and_on_what_those_before_it_have_written(monkeypatch):
    trained = tiny_composer()
    really, contexts = type(trained.composer).forward, []

    def forward(self, context, before):
        contexts.append(Context(*(tensor.clone() for tensor in context)))
        return really(self, context, before)

    monkeypatch.setattr(type(trained.composer), "forward", forward)
    ensemble = ensemble_of(writer(), writer("bass", track=1), trained=trained, beside=("chords",))
    tune, bass = cell([0, 72, 12]), cell([24, 36, 24])
    ensemble.write_window(start=0, steps=48, choice=Choice(), given=of_one_part(GIVEN), played=[[tune, bass]])
    ensemble.write_window(start=48, steps=48, choice=Choice(), played=[[cell(), cell()]])

    def vector(*rows):
        return trained.embedder.embed_few(windows_of([np.concatenate(rows)], steps=np.array([48])))[0]

    tune_rows, bass_rows = rows_of(tune), rows_of(bass)
    first, second, third, _ = contexts
    np.testing.assert_allclose(first.written[0, 0], vector(GIVEN), atol=1e-5)
    np.testing.assert_allclose(second.written[0, 0], vector(GIVEN, tune_rows), atol=1e-5)
    np.testing.assert_allclose(third.last_cell[0, 0], vector(tune_rows), atol=1e-5)
    np.testing.assert_allclose(third.last_bar[0, 0], vector(GIVEN, tune_rows, bass_rows), atol=1e-5)
    assert not third.written.any()


def test_a_note_that_lasts_is_held_in_the_windows_after_its_own():
    ensemble = ensemble_of(writer())
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=[[cell([12, 60, 100], [24, 62, 24])]])
    for window, left in ((1, 64), (2, 16), (3, None)):
        rows = ensemble.sheet._held_over(0, 0, start=48 * window).tolist()
        assert rows == ([] if left is None else [[0, 60, left, HELD]])
        ensemble.write_window(start=48 * window, steps=48, choice=Choice(), played=[[cell()]])


def test_a_drone_is_held_for_some_windows_and_drums_for_none():
    ensemble = ensemble_of(writer(), writer("drums", track=1))
    played = [[cell([0, 60, 48 * 20]), cell([0, FIRST_DRUM + 49, 48 * 20])]]
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=played)
    held = []
    for window in range(1, WINDOWS_HELD + 2):
        held.append(len(ensemble.sheet._held_over(0, 0, start=48 * window)))
        assert len(ensemble.sheet._held_over(0, 1, start=48 * window)) == 0
        ensemble.write_window(start=48 * window, steps=48, choice=Choice(), played=[[cell(), cell()]])
    assert held == [1] * WINDOWS_HELD + [0]


notes = st.tuples(st.integers(0, 1), st.integers(0, 30), st.integers(1, 40), st.integers(60, 62))


@given(st.lists(notes, max_size=12), st.booleans())
def test_lengths_are_cut_as_by_hand(table, first_is_single):
    """Track 0 has one voice or several; each note ends where its pitch, or in one voice anything, begins again."""
    single = {0} if first_is_single else set()
    sheet = Sheet([replace(writer(), track=track, single=track in single) for track in range(2)], variations=1)
    for track, onset, length, pitch in table:  # in any order, each note in a cell of its own
        sheet.add(0, track, cell([0, pitch, length]), start=onset)
    (written,) = sheet.finished(end=36)
    expected = []
    for track, onset, length, pitch in table:
        later = [
            other_onset
            for other_track, other_onset, _, other_pitch in table
            if other_track == track and other_onset > onset and (track in single or other_pitch == pitch)
        ]
        expected.append((track, onset, max(min(onset + length, *later, 36) - onset, 1), pitch))
    columns = (written.track, written.onset_steps, written.length_steps, written.pitch)
    assert sorted(zip(*(column.tolist() for column in columns), strict=True)) == sorted(expected)


def test_drums_come_out_as_pitches():
    (written,) = ensemble_with(cell([0, FIRST_DRUM + 36, 3])).finished(end=48)
    assert (written.track.tolist(), written.pitch.tolist()) == ([5], [36])


def ensemble_with(played):
    ensemble = ensemble_of(writer("drums", track=5))
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=[[played]])
    return ensemble


def test_candidates_make_parts_agree(monkeypatch):
    """More candidates, more agreement, whatever the weights."""
    monkeypatch.setattr("symbolic_embed.networks.writing.MOST_NOTES", 40)
    trained, piece = deciding(tiny_composer(), returns=False, plays=True), band_seed().barred
    order = writing_order(piece.roles)

    def agreement(candidates):
        monkeypatch.setattr(turns, "CANDIDATES", candidates)
        ensemble = Ensemble.after(trained, piece, order=order, variations=1)
        choice = Choice(1.0, 1.0, np.random.default_rng(1))
        shares = []
        for window in range(8):
            ensemble.write_window(start=192 + 48 * window, steps=48, choice=choice)
            chords, bass = (rows_of(c) for c in ensemble.sheet.played_in(window)[0][:2])
            shares.append(shared(chords, bass))
        return np.nanmean(shares)

    assert agreement(16) > agreement(1)


def rows_of(one):
    return np.stack([one[:, 0], one[:, 1] % 128, one[:, 2], np.where(one[:, 1] >= 128, DRUM, 0)], axis=1)


def shared(first, second):
    sounding = [sounding_classes(rows[:, 0], rows[:, 2], rows[:, 1], steps=48) for rows in (first, second)]
    both = sounding[0].any(axis=1) & sounding[1].any(axis=1)
    return is_one_chord((sounding[0] | sounding[1])[both]).mean() if both.any() else np.nan


def sources_drawn(monkeypatch, window: int) -> None:
    """Has every window be said to be like this one, counted from the silence before all."""
    drawn = lambda memory, *asked: np.full(memory.variations, window)  # noqa: E731
    monkeypatch.setattr("symbolic_embed.composing.memory.Memory._drawn_sources", drawn)


def written_after(seed: BarredScore, trained, *, windows: int = 1, variations: int = 1, choice=None) -> Ensemble:
    """An ensemble that has written some windows of 4/4 after a piece."""
    ensemble = Ensemble.after(trained, seed, order=writing_order(seed.roles), variations=variations)
    for window in range(windows):
        ensemble.write_window(start=48 * (seed.bars + window), steps=48, choice=choice or Choice())
    return ensemble


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
    follower = replace(writer(track=1), doubles=Doubling(0, semitones))
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
    leader, semitones = ensemble.writers[follower].doubles
    assert abs(semitones) == 12
    for window in range(2):
        (cells,) = ensemble.sheet.played_in(window)
        moved = cells[leader][:, 1] + semitones
        allowed = ensemble.writers[follower].pitches[np.clip(moved, 0, 127)]
        assert cells[follower][:, 1].tolist() == np.where(allowed, moved, cells[leader][:, 1]).tolist()


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
