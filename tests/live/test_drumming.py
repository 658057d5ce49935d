"""Our drums beside a player: they begin with a clear bar, hold it, leave it as often as drummers do, begin again."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from composers import tiny_composer

from symbolic_embed.composing.drum_form import FOURTH, LAST, OTHERS, SECOND
from symbolic_embed.composing.guidance import FREE
from symbolic_embed.encodings.note_rows import FIRST_DRUM
from symbolic_embed.live.answering import Answering
from symbolic_embed.live.asking import Ask, Played, Wish
from symbolic_embed.live.drumming import LOOSEST, Drumming, Plan, Step
from symbolic_embed.live.following import Following
from symbolic_embed.live.notes import HeardBar, Metre, Note
from symbolic_embed.requests.live import LiveRequest

KICK, SNARE, HAT = 36, 38, 42
FOUR = Metre(4, 4)


def strokes(*pairs: tuple[int, int], part: int = 1) -> tuple[Note, ...]:
    return tuple(Note(part, 3 * place, 3, key, 0) for place, key in pairs)


GROOVE = strokes((0, KICK), (4, SNARE), (8, KICK), (12, SNARE), *((place, HAT) for place in range(0, 16, 2)))


def ask(bar: int, *, own: tuple[Note, ...] = GROOVE, density: float = 1.0, draw: int = 0) -> Ask:
    return Ask(bar, HeardBar(bar - 1, ()), own, Wish(density=density), draw)


def drumming() -> Drumming:
    """Drums that have begun with GROOVE, in bar 1."""
    made = Drumming(1, FOUR, seed=3)
    assert made.plan(ask(1, own=())).step is Step.BEGIN
    return made


def test_a_groove_that_has_begun_is_held_note_for_note() -> None:
    made = drumming()
    plans = {bar: made.plan(ask(bar)) for bar in range(2, 40)}
    held = next(plan for plan in plans.values() if plan.step is Step.HOLD and not plan.crashes)
    (cell,) = made.guidance(FREE, held).loops[1]
    assert [(onset // 3, token - FIRST_DRUM) for onset, token, _ in cell.tolist()] == sorted(
        (note.step // 3, note.pitch) for note in GROOVE
    )


def test_it_is_left_as_often_as_drummers_leave_theirs_and_taken_up_again() -> None:
    left: Counter[int] = Counter()
    shares, sessions = [], 400
    for seed in range(sessions):
        made = Drumming(1, FOUR, seed=seed)
        made.plan(ask(0, own=()))
        anew = [bar for bar in range(1, 8) if made.plan(ask(bar)).step is Step.ANEW]
        left.update(anew)
        shares.append(len(anew) / 7)
    for bar, (often, _) in ((1, SECOND), (2, OTHERS), (3, FOURTH), (7, LAST)):
        expected = np.minimum(often * np.linspace(0, LOOSEST, 1000), 1).mean()
        assert abs(left[bar] / sessions - expected) < 4 * np.sqrt(expected * (1 - expected) / sessions)
    assert np.mean(np.array(shares) == 0) > 0.1
    assert np.mean(np.array(shares) > 0.6) > 0.1
    made = drumming()
    made.plan(ask(2))
    made.played(2, strokes((0, KICK)))
    assert len(made.guidance(FREE, Plan(Step.HOLD)).loops[1][0]) == len(GROOVE)


@pytest.mark.parametrize(("density", "begins"), [(1.1, False), (1.3, True), (0.5, True)])
def test_another_density_begins_another_groove_that_goes_on_for_a_while(density: float, begins: bool) -> None:
    made = drumming()
    assert made.plan(ask(2, density=density)).step is not Step.BEGIN  # it has only just begun
    assert (made.plan(ask(3, density=density)).step is Step.BEGIN) is begins
    assert made.plan(ask(4, density=density)).step is not Step.BEGIN
    made.played(3, strokes((0, KICK), (8, KICK)))
    assert (len(made.guidance(FREE, Plan(Step.HOLD)).loops[1][0]) == 2) is begins


def test_another_idea_begins_another_groove() -> None:
    assert drumming().plan(ask(2, draw=1)).step is Step.BEGIN


def test_drums_begin_with_the_clearest_bar_and_later_with_one_that_is_as_dense_as_asked() -> None:
    sparse = strokes((0, KICK), (4, SNARE), (8, KICK), (12, SNARE))
    others = strokes((2, KICK), (3, SNARE), (6, SNARE), part=1)
    assert Drumming(1, FOUR, seed=0).best([others, sparse, strokes((4, SNARE))], density=1.0) == 1
    made = drumming()
    made.played(1, GROOVE)
    assert made.best([GROOVE, sparse], density=1 / 3) == 1
    assert made.best([GROOVE, sparse], density=1.0) == 0


def test_a_crash_begins_a_section_in_the_place_of_the_hi_hat() -> None:
    made = drumming()
    made.played(1, GROOVE)
    (cell,) = made.guidance(FREE, Plan(Step.HOLD, crashes=True)).loops[1]
    assert {token - FIRST_DRUM for onset, token, _ in cell.tolist() if onset == 0} == {KICK, 49}


@pytest.mark.parametrize("metre", ["4/4", "7/8"])
def test_a_session_holds_its_groove(metre: str) -> None:
    request = LiveRequest(metre=metre, parts=("bass", "drums"), random_seed=1)
    answering, own, bars = Answering(tiny_composer(), request, parts=request.parts), (), []
    for bar in range(12):
        heard = HeardBar(bar, tuple(Note(0, 12 * beat, 12, 60 + beat, 80) for beat in range(3)))
        answer = answering.take(Ask(bar + 1, heard, own, Wish()))
        assert answer is not None
        answering.take(Played(heard, own))
        own = tuple(note._replace(velocity=80) for note in answer.notes)
        bars.append(tuple((note.step, note.pitch) for note in answer.notes if note.part == 1))
    assert bars[0]
    assert Counter(bars)[bars[0]] >= 4


def test_one_bar_of_another_density_is_no_matter_two_are() -> None:
    following = Following()
    for number, notes in enumerate((4, 4, 4, 8, 8)):
        steps = tuple(Note(0, 6 * step, 6, 60, 80) for step in range(notes))
        following = following.after(HeardBar(number, steps))
        assert following.density == (2.0 if number == 4 else 1.0)
