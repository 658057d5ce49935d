"""Sessions without ports: what is asked, what is sent, and when."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_players import BEAT, Counting, hanging, quarters

from symbolic_embed.live.asking import Answer, Ask
from symbolic_embed.live.events import KEYS, Event, Incoming, Key, Port
from symbolic_embed.live.performance import HORIZON, Ahead
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.live.replay import Replay
from symbolic_embed.live.sessions import Recording, lines_of
from symbolic_embed.requests.live import LiveRequest

LEAD = 0.4
BAR = 4 * BEAT


def rehearsed(
    messages: Sequence[tuple[float, bytes]],
    *,
    until: float = 30.0,
    seconds: float = 0.1,
    events: Sequence[tuple[float, Event]] = (),
    **fields: object,
) -> tuple[Rehearsal, Counting]:
    """A session to its end, with an answerer that takes so long."""
    answerer = Counting()
    rehearsal = Rehearsal(
        LiveRequest(**{"parts": "bass", **fields}), answerer, parts=("bass",), lead=LEAD, seconds_for=lambda _: seconds
    )
    rehearsal.hear(messages)
    for at, event in events:
        rehearsal.add(event, at=at)
    rehearsal.run(until=until)
    return rehearsal, answerer


def onsets(sent: Sequence[tuple[float, bytes]]) -> list[tuple[float, int]]:
    return [(round(due, 6), message[1]) for due, message in sent if message[0] & 0xF0 == 0x90]


def test_each_bar_is_answered_on_its_barline() -> None:
    rehearsal, _ = rehearsed(quarters(12, start=1.0), until=6.9)
    assert onsets(rehearsal.sent) == [(1 + BAR, 37), (1 + 2 * BAR, 38)]
    assert [one.left for one in rehearsal.decided] == [pytest.approx(LEAD - 0.1)] * 2


def test_the_first_bar_may_be_asked_for_earlier_than_the_others() -> None:
    asked: list[tuple[float, int]] = []
    rehearsal, _ = rehearsed([], until=-1.0)
    performance = rehearsal.performance
    performance.ahead = Ahead(LEAD, first=2 * LEAD)
    performance.cycle._send = lambda request: isinstance(request, Ask) and asked.append((performance.now, request.bar))
    rehearsal.hear(quarters(12, start=1.0))
    rehearsal.run(until=6.0)
    assert asked == [(pytest.approx(1 + BAR - 2 * LEAD), 1), (pytest.approx(1 + 2 * BAR - LEAD), 2)]


def test_a_bar_is_heard_as_far_as_it_was_played_and_then_whole() -> None:
    notes = [*quarters(4, start=1.0), (1 + BAR - 0.25, b"\x90\x48\x50"), (1 + BAR - 0.1, b"\x80\x48\x00")]
    _, answerer = rehearsed(notes, until=4.0)
    assert [note.pitch for note in answerer.asks[0].heard.notes] == [60, 60, 60, 60]
    assert [note.pitch for note in answerer.played[0].heard.notes] == [60, 60, 60, 60, 72]


def test_a_late_answer_is_dropped_and_the_last_bar_comes_again() -> None:
    answerer = Counting()
    slow = {3: 1.0}
    rehearsal = Rehearsal(
        LiveRequest(parts="bass"),
        answerer,
        parts=("bass",),
        lead=LEAD,
        seconds_for=lambda answer: slow.get(answer.bar, 0.1),
    )
    rehearsal.hear(quarters(20, start=0.0))
    rehearsal.run(until=10.0)
    assert onsets(rehearsal.sent) == [(2, 37), (4, 38), (6, 38), (8, 40), (10, 41)]
    assert [one.answer.by for one in rehearsal.decided][:4] == ["decoder", "decoder", "pattern", "decoder"]
    assert rehearsal.performance.cycle.deadline.late == 1


def test_before_there_is_a_last_bar_a_plain_one_stands_in() -> None:
    rehearsal, _ = rehearsed(quarters(4, start=0.0, pitch=64), until=3.9, seconds=5.0)
    assert onsets(rehearsal.sent) == [(BAR, 40)]  # the E that was heard
    assert rehearsal.decided[0].answer.by == "plain"


def test_it_plays_through_a_rest_of_a_bar_closes_after_two_and_comes_back() -> None:
    rehearsal, answerer = rehearsed([*quarters(8), *quarters(4, start=20.0)], until=25.0)
    bys = [one.answer.by for one in rehearsal.decided]
    assert bys[:4] == ["decoder", "decoder", "decoder", "closing"]
    assert bys[4:9] == ["rest"] * 5
    assert "decoder" in bys[9:]
    assert [ask.bar for ask in answerer.asks if ask.wish.closes] == [4]


def test_trades_go_by_turns() -> None:
    rehearsal, answerer = rehearsed(quarters(8), until=16.5, trade=2)
    assert [ask.bar for ask in answerer.asks] == [2, 3, 6, 7]
    assert [one.answer.by for one in rehearsal.decided][:8] == 1 * ["rest"] + 2 * ["decoder"] + 2 * ["rest"] + 2 * [
        "decoder"
    ] + ["rest"]


def test_it_is_as_loud_as_the_player() -> None:
    loud = [(at, message[:2] + bytes((110,)) if message[0] == 0x90 else message) for at, message in quarters(8)]
    soft = [(at, message[:2] + bytes((30,)) if message[0] == 0x90 else message) for at, message in quarters(8)]
    velocities = [
        next(message[2] for _, message in rehearsed(notes, until=5.0)[0].sent if message[0] & 0xF0 == 0x90)
        for notes in (loud, soft)
    ]
    assert velocities == [116, 36]


def test_a_session_of_so_many_bars_ends_with_a_last_bar() -> None:
    rehearsal, _ = rehearsed(quarters(40), until=60.0, end_after=4)
    assert rehearsal.performance.is_over
    assert [one.answer.by for one in rehearsal.decided] == ["decoder", "decoder", "closing", "rest"]
    assert hanging(rehearsal.sent) == []


def test_what_sounds_is_sent_a_moment_before_and_never_behind_its_time() -> None:
    answerer = Counting()
    rehearsal = Rehearsal(LiveRequest(parts="bass"), answerer, parts=("bass",), lead=LEAD)
    early = []
    rehearsal.performance.outlets.__dict__["send"] = lambda due, _: early.append(due - rehearsal.performance.now)
    rehearsal.hear(quarters(16))
    rehearsal.run(until=12.0)
    assert early
    assert all(0 <= seconds <= HORIZON + 1e-9 for seconds in early)


def test_an_offset_makes_all_come_earlier() -> None:
    rehearsal, _ = rehearsed(quarters(8), until=3.0, offset_ms=100)
    assert onsets(rehearsal.sent) == [(BAR - 0.1, 37)]


def test_the_clock_that_is_sent_has_24_pulses_a_quarter() -> None:
    rehearsal, _ = rehearsed(quarters(8), until=4.0, clock_out=True)
    pulses = [due for due, message in rehearsal.sent if message == b"\xf8"]
    assert pulses[24] == pytest.approx(BEAT)
    assert rehearsal.sent[0][1] == b"\xfa"


def pulses(count: int, *, start: float, beat: float = BEAT) -> list[tuple[float, bytes]]:
    return [(start + number * beat / 24, b"\xf8") for number in range(count)]


def test_midi_clock_says_where_the_bars_are() -> None:
    clock = [(0.9, b"\xfa"), *pulses(24 * 12, start=1.0, beat=0.6)]
    notes = [(at, message) for at, message in quarters(8, start=1.0, beat=0.6)]
    rehearsal, _ = rehearsed(sorted([*clock, *notes]), until=6.5, sync="midi")
    [(at, pitch), *_] = onsets(rehearsal.sent)
    assert pitch == 37
    assert at == pytest.approx(1.0 + 4 * 0.6, abs=0.003)


def test_stop_ends_what_sounds_and_a_song_position_begins_in_the_middle_of_a_bar() -> None:
    clock = [(0.9, b"\xfa"), *pulses(24 * 9, start=1.0), (5.6, b"\xfc")]
    again = [(6.0, b"\xf2\x08\x00"), (6.1, b"\xfb"), *pulses(24 * 12, start=6.2)]  # two quarters into a bar
    notes = [*quarters(8, start=1.0), *quarters(8, start=6.2)]
    rehearsal, _ = rehearsed(sorted([*clock, *again, *notes]), until=9.0, sync="midi")
    assert hanging([one for one in rehearsal.sent if one[0] < 6]) == []
    assert next(at for at, _ in onsets(rehearsal.sent) if at > 6) == pytest.approx(6.2 + 2 * BEAT, abs=0.01)


def test_new_asks_again_for_the_same_bar_and_hold_keeps_the_last() -> None:
    events = [(1.65, Key("new")), (4.5, Key("hold"))]
    rehearsal, answerer = rehearsed(quarters(16), until=9.0, seconds=0.05, events=events)
    assert [(ask.bar, ask.draw) for ask in answerer.asks][:3] == [(1, 0), (1, 1), (2, 0)]
    assert answerer.asks[1].wish.perturb > 0
    assert [pitch for _, pitch in onsets(rehearsal.sent)][:4] == [37, 38, 38, 38]


def test_taps_change_the_tempo() -> None:
    events = [(2.0 + 0.4 * number, Key("tap")) for number in range(4)]
    rehearsal, _ = rehearsed(quarters(16), until=6.0, events=events)
    assert rehearsal.performance.conductor.tempo == pytest.approx(150)


def replayed(rehearsal: Rehearsal, text: str) -> object:
    """The difference of a session and its replay."""
    again: list[tuple[float, bytes]] = []
    replay = Replay(
        rehearsal.performance.request,
        parts=("bass",),
        ahead=Ahead(LEAD),
        begin=[Counting],
        send=lambda due, message: again.append((due, message)),
    )
    lines = lines_of(io.StringIO(text), source="text")
    next(lines)
    difference = replay.run(lines)
    assert again == rehearsal.sent or difference
    return difference


def happenings() -> st.SearchStrategy[list[tuple[float, Event]]]:
    notes = st.tuples(st.sampled_from([0x80, 0x90, 0x99]), st.integers(50, 70), st.integers(0, 127)).map(bytes)
    floods = st.tuples(st.just(0xB0), st.sampled_from([1, 64, 123]), st.integers(0, 127)).map(bytes)
    real_time = st.sampled_from([b"\xf8", b"\xfa", b"\xfb", b"\xfc", b"\xf2\x08\x00"])
    junk = st.binary(max_size=4)
    bytes_in = st.one_of(notes, notes, floods, junk, real_time).map(lambda message: Incoming(message, 0.0))
    keys = st.sampled_from(KEYS).map(Key)
    ports = st.tuples(st.booleans(), st.booleans()).map(lambda pair: Port(*pair))
    return st.lists(st.tuples(st.floats(0, 1.5), st.one_of(bytes_in, bytes_in, keys, ports)), max_size=40)


@settings(max_examples=150, deadline=None)
@given(happenings(), st.floats(0.01, 3.0), st.sampled_from(["internal", "midi"]), st.sampled_from([None, 1, 2]))
def test_whatever_happens_nothing_hangs_and_each_bar_is_decided_once(
    happened: list[tuple[float, Event]], seconds: float, sync: str, trade: int | None
) -> None:
    request = LiveRequest(parts="bass", sync=sync, trade=trade, clock_out=True)
    rehearsal = Rehearsal(request, Counting(), parts=("bass",), lead=LEAD, seconds_for=lambda _: seconds)
    at = 0.0
    for later, event in [*happened, (0.1, Key("panic")), (0.0, Key("quit"))]:
        at += later
        rehearsal.add(event._replace(came=at) if isinstance(event, Incoming) else event, at=at)
    rehearsal.run(until=at + 60.0)
    rehearsal.performance.silence()
    assert hanging(rehearsal.sent) == []
    own = [answer for answer, _ in rehearsal.decided if isinstance(answer, Answer)]
    assert len({answer.bar for answer in own}) == len(own)


@settings(max_examples=100, deadline=None)
@given(happenings(), st.floats(0.01, 3.0), st.sampled_from(["internal", "midi"]))
def test_a_session_replays_to_the_same_bytes(happened: list[tuple[float, Event]], seconds: float, sync: str) -> None:
    request = LiveRequest(parts="bass", sync=sync, clock_out=True)
    rehearsal = Rehearsal(request, Counting(), parts=("bass",), lead=LEAD, seconds_for=lambda _: seconds)
    stream = io.StringIO()
    rehearsal.recording = Recording(stream, {})
    at = 0.0
    for later, event in [(0.0, Incoming(b"\x90\x3c\x50", 0.0)), *happened]:
        at += later
        rehearsal.add(event._replace(came=at) if isinstance(event, Incoming) else event, at=at)
    rehearsal.run(until=at + 20.0)
    assert replayed(rehearsal, stream.getvalue()) is None


def test_a_session_that_is_broken_off_while_a_note_sounds_replays() -> None:
    rehearsal, _ = rehearsed([], until=-1.0)
    stream = io.StringIO()
    rehearsal.recording = Recording(stream, {})
    rehearsal.hear(quarters(8))
    rehearsal.run(until=BAR + 0.2)
    assert rehearsal.sent[-1][1][0] == 0x81
    assert replayed(rehearsal, stream.getvalue()) is None


def test_what_was_late_and_left_out_is_not_counted_as_played_again() -> None:
    rehearsal, _ = rehearsed([], until=-1.0)
    stream = io.StringIO()
    rehearsal.recording = Recording(stream, {})
    rehearsal.hear(quarters(8))
    rehearsal.run(until=9.0)
    *lines, end = stream.getvalue().splitlines(keepends=True)
    end = json.dumps(json.loads(end) | {"sent": {"numbers_left_out": [1, 3]}})
    replay = Replay(rehearsal.performance.request, parts=("bass",), ahead=Ahead(LEAD), begin=[Counting])
    assert replay.run(list(lines_of([*lines, end], source="text"))[1:]) is None
    assert replay.count == len(rehearsal.sent) - 2


def test_a_replay_names_the_first_message_that_is_another() -> None:
    rehearsal, _ = rehearsed([], until=-1.0)
    stream = io.StringIO()
    rehearsal.recording = Recording(stream, {})
    rehearsal.hear(quarters(8))
    rehearsal.run(until=9.0)
    text = stream.getvalue()
    assert '"out":"9125' in text
    difference = replayed(rehearsal, text.replace('"out":"9125', '"out":"9126', 1))
    assert difference is not None
    assert difference.number == 1  # type: ignore[attr-defined]
