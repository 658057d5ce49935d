"""A session with a composer, of random weights: our parts beside a player, and the same again."""

from __future__ import annotations

import io

import pytest
from composers import deciding, tiny_composer
from live_players import hanging, quarters

from symbolic_embed.live.answering import Answering
from symbolic_embed.live.asking import Ask, Played, Wish
from symbolic_embed.live.notes import HeardBar, Note
from symbolic_embed.live.performance import Ahead
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.live.replay import Replay
from symbolic_embed.live.sessions import Recording, lines_of
from symbolic_embed.requests.live import LiveRequest

OWN = tuple(Note(0, 12 * beat, 12, 40 + 5 * (beat % 2), 70) for beat in range(4))


def heard(number: int, *, pitch: int = 60) -> HeardBar:
    tones = enumerate((0, 4, 7))
    return HeardBar(number, tuple(Note(0, 12 * place, 12, pitch + tone, 80) for place, tone in tones))


def answered(
    *, wish: Wish | None = None, draw: int = 0, bars: int = 3, returns: bool | None = None, **fields: object
) -> tuple[Note, ...]:
    """The notes of the bar behind some bars, of a composer that always or never has something return, or as it is."""
    request = LiveRequest(**fields)
    parts = request.parts if request.trade is None else request.parts[:1]
    answering = Answering(deciding(tiny_composer(), returns=returns), request, parts=parts)
    for number in range(bars):
        assert answering.take(Played(heard(number), OWN)) is None
    answer = answering.take(Ask(bars + 1, heard(bars), OWN, wish or Wish(), draw))
    assert answer is not None
    assert answer.bar == bars + 1
    return answer.notes


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8", "7/8", "5/4"])
def test_a_session_with_two_parts_plays_and_replays_to_the_same_notes(metre: str) -> None:
    request, trained = LiveRequest(metre=metre), tiny_composer()
    rehearsal = Rehearsal(request, Answering(trained, request, parts=request.parts), parts=request.parts, lead=0.4)
    stream = io.StringIO()
    rehearsal.recording = Recording(stream, {})
    rehearsal.hear(quarters(24))
    rehearsal.run(until=20.0)
    again: list[tuple[float, bytes]] = []
    replay = Replay(
        request,
        parts=request.parts,
        ahead=Ahead(0.4),
        begin=[lambda: Answering(trained, request, parts=request.parts)],
        send=lambda due, message: again.append((due, message)),
    )
    lines = lines_of(io.StringIO(stream.getvalue()), source="text")
    next(lines)
    assert replay.run(lines) is None
    assert again == rehearsal.sent
    assert {message[0] & 15 for _, message in rehearsal.sent} == {1, 9}
    assert hanging(rehearsal.sent) == []


def test_the_same_question_gets_the_same_answer_and_another_draw_another() -> None:
    assert answered() == answered()
    assert answered(draw=1) != answered()
    assert answered(random_seed=1) != answered()


def test_both_parts_play_and_their_notes_lie_in_the_bar() -> None:
    notes = answered()
    assert {note.part for note in notes} == {0, 1}
    assert all(0 <= note.step < 48 and note.length >= 1 for note in notes)


def test_a_last_bar_holds_the_tonic() -> None:
    notes = answered(wish=Wish(closes=True))
    bass = [note for note in notes if note.part == 0]
    assert [(note.step, note.length) for note in bass] == [(0, 48)]
    assert bass[0].pitch % 12 == 0


def test_denser_has_more_notes_and_higher_lies_higher() -> None:
    usual, dense, sparse = (answered(wish=Wish(density=times), parts="melody") for times in (1.01, 4.0, 0.5))
    assert len(sparse) < len(dense)
    assert usual
    low, high = (answered(wish=Wish(higher=by), parts="melody") for by in (-7, 7))
    assert max(note.pitch for note in low) <= 81
    assert min(note.pitch for note in high) >= 67


def test_a_trade_stays_where_the_player_plays() -> None:
    notes = answered(trade=2, parts="melody")
    assert notes
    assert all(58 <= note.pitch <= 70 for note in notes)


def test_what_was_perturbed_is_other_music() -> None:
    assert answered(wish=Wish(perturb=0.5)) != answered()


def test_what_returns_is_not_perturbed_and_in_another_idea_nothing_returns() -> None:
    far, own = Wish(perturb=0.5), {"parts": "bass", "random_seed": 1}  # with this one the plan has a bar come back
    back = answered(returns=True, **own)
    assert [note._replace(velocity=70) for note in back] == list(OWN)
    assert answered(wish=far, returns=True, **own) == back
    assert answered(wish=far, returns=False, **own) != answered(returns=False, **own)
    assert answered(draw=1, returns=True, **own) != back


def test_hours_take_no_more_memory() -> None:
    answering = Answering(tiny_composer(), LiveRequest(), parts=("bass", "drums"))
    for number in range(300):
        answering.take(Played(heard(number), (Note(0, 0, 12, 40, 70),)))
    ensemble = answering._ensemble
    assert ensemble is not None
    assert len(ensemble.sheet.cells[0]) <= 2 * 128
    assert len(ensemble.memory.numbers) <= 128
    assert len(ensemble.so_far) == 2
