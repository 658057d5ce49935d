"""Clock and transport, out and in: a session that follows another, over ports that are simulated."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from live_players import BEAT, Counting, hanging, quarters

from symbolic_embed.live.clock_out import ClockOut
from symbolic_embed.live.events import Event, Linked
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.requests.live import LiveRequest

BAR = 4 * BEAT
START, CONTINUE, STOP, PULSE = b"\xfa", b"\xfb", b"\xfc", b"\xf8"
Messages = list[tuple[float, bytes]]


def session(
    messages: Sequence[tuple[float, bytes]],
    *,
    until: float,
    events: Sequence[tuple[float, Event]] = (),
    **fields: object,
) -> Rehearsal:
    request = LiveRequest(**{"parts": "bass", **fields})
    rehearsal = Rehearsal(request, Counting(), parts=("bass",), lead=0.4, seconds_for=lambda _: 0.05)
    rehearsal.hear(messages)
    for at, event in events:
        rehearsal.add(event, at=at)
    rehearsal.run(until=until)
    return rehearsal


def transport(sent: Sequence[tuple[float, bytes]]) -> Messages:
    return [(due, message) for due, message in sent if message[0] > 0xF0 and message != PULSE]


def pulses(sent: Sequence[tuple[float, bytes]]) -> list[float]:
    return [due for due, message in sent if message == PULSE]


def onsets(sent: Sequence[tuple[float, bytes]]) -> list[float]:
    return [due for due, message in sent if message[0] & 0xF0 == 0x90]


def clock(count: int, *, start: float) -> Messages:
    return [(start + number * BEAT / 24, PULSE) for number in range(count)]


def test_it_starts_with_the_first_note_and_stops_with_the_last_bar() -> None:
    sent = session(quarters(16, start=1.0), until=60.0, clock_out=True, end_after=3).sent
    (started, start), (stopped, stop) = transport(sent)
    assert (started, start, stop) == (1.0, START, STOP)
    assert pulses(sent)[:3] == pytest.approx([1.0, 1.0 + BEAT / 24, 1.0 + BEAT / 12])
    assert stopped == pytest.approx(1.0 + 3 * BAR, abs=0.1)
    assert max(pulses(sent)) <= stopped
    assert len(pulses(sent)) == pytest.approx(24 * 12, abs=4)  # the bar behind the last is over a moment later


def test_nothing_of_a_clock_is_sent_unless_asked_for() -> None:
    sent = session(quarters(8), until=6.0, end_after=2).sent
    assert all(message[0] < 0xF0 for _, message in sent)


def test_song_position_and_continue_land_on_the_right_beat_of_the_right_bar() -> None:
    """Position 70 is 17.5 quarters: in 4/4 the fifth bar, two and a half quarters before the sixth."""
    coming = [(0.5, b"\xf2\x46\x00"), (0.9, CONTINUE), *clock(24 * 12, start=1.0), *quarters(12, start=1.0)]
    rehearsal = session(sorted(coming), until=6.0, sync="midi", clock_out=True)
    assert onsets(rehearsal.sent)[0] == pytest.approx(1.0 + 2.5 * BEAT, abs=0.003)
    assert rehearsal.performance.song_bars + rehearsal.decided[0].answer.bar == 5
    assert [message for _, message in transport(rehearsal.sent)] == [b"\xf2\x46\x00", CONTINUE]
    assert pulses(rehearsal.sent)[0] == pytest.approx(1.0)
    assert pulses(rehearsal.sent)[24] == pytest.approx(1.0 + BEAT, abs=0.003)


def test_a_bar_of_seven_eighths_is_found_in_the_song_too() -> None:
    """Position 28 is 7 quarters: the third bar of 7/8 begins there."""
    coming = [(0.5, b"\xf2\x1c\x00"), (0.9, CONTINUE), *clock(24 * 12, start=1.0), *quarters(12, start=1.0)]
    rehearsal = session(sorted(coming), until=6.0, sync="midi", metre="7/8")
    assert onsets(rehearsal.sent)[0] == pytest.approx(1.0 + 3.5 * BEAT, abs=0.003)
    assert rehearsal.performance.song_bars + rehearsal.decided[0].answer.bar == 3


def test_a_loop_that_jumps_while_it_plays_goes_on_where_it_says() -> None:
    """As Ableton Live does: a song position and Continue, without a stop."""
    again = [(3.0, b"\xf2\x10\x00"), (3.0, CONTINUE), *clock(24 * 8, start=3.01)]
    before = [(0.9, START), *clock(24 * 4, start=1.0)]
    rehearsal = session(sorted([*before, *again, *quarters(16, start=1.0)]), until=5.9, sync="midi", clock_out=True)
    assert [message for _, message in transport(rehearsal.sent)] == [START, STOP, b"\xf2\x10\x00", CONTINUE]
    assert onsets(rehearsal.sent)[-1] == pytest.approx(3.01 + BAR, abs=0.003)
    assert hanging([one for one in rehearsal.sent if one[0] < 3.0 + BAR]) == []


def test_a_note_just_before_the_first_pulse_is_on_the_first_beat() -> None:
    coming = [(0.5, START), (0.99, b"\x90\x40\x50"), *clock(24 * 8, start=1.0), (1.4, b"\x80\x40\x00")]
    rehearsal = session(coming, until=4.0, sync="midi")
    answerer = rehearsal._answerer
    assert isinstance(answerer, Counting)
    assert [(note.step, note.pitch) for note in answerer.asks[0].heard.notes] == [(0, 64)]


def test_what_one_session_sends_another_follows_bar_for_bar() -> None:
    leader = session(quarters(40, start=1.0), until=20.0, clock_out=True, end_after=7)
    follower = session(
        sorted([*leader.sent, *quarters(40, start=1.0)], key=lambda one: one[0]), until=15.0, sync="midi"
    )
    ours, theirs = onsets(leader.sent), onsets(follower.sent)
    assert len(ours) == 6
    assert theirs[: len(ours)] == pytest.approx(ours, abs=0.003)


def test_within_a_link_session_the_clock_goes_on_at_a_sixteenth() -> None:
    """Link is at beat 9.6 of its own, 1.6 of ours; 1.75 is the first sixteenth behind it that can be met."""
    told = [(1.0 + 0.05 * number, Linked(120.0, 9.6 + 0.1 * number)) for number in range(40)]
    rehearsal = session(quarters(4, start=1.0), until=2.5, events=told, sync="link", clock_out=True)
    assert [message for _, message in transport(rehearsal.sent)] == [b"\xf2\x07\x00", CONTINUE]
    assert pulses(rehearsal.sent)[0] == pytest.approx(1.0 + 0.15 * BEAT)


def test_stop_is_passed_on_and_there_are_no_pulses_before_the_next_start() -> None:
    coming = [(0.9, START), *clock(60, start=1.0), (2.3, STOP), *clock(24, start=2.31), (4.0, START)]
    rehearsal = session([*coming, *clock(48, start=4.1)], until=5.0, sync="midi", clock_out=True)
    assert [message for _, message in transport(rehearsal.sent)] == [START, STOP, START]
    assert [due for due in pulses(rehearsal.sent) if 2.34 < due < 4.0] == []
    assert pulses(rehearsal.sent)[-1] > 4.8


def test_a_position_that_no_message_can_say_begins_again() -> None:
    sent: Messages = []
    out = ClockOut(lambda due, message: sent.append((due, message)), is_on=True)
    out.begin(0.0, at=1.0, song=4096.25)
    assert [message for _, message in sent] == [b"\xf2\x01\x00", CONTINUE]
    assert out.next_beat == 0.0
