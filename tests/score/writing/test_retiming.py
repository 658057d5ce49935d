"""A performance with the bars of its music: other ticks, the same seconds."""

import numpy as np
import pytest
from performed_music import performance, slowing

from symbolic_embed.score import Event, EventList
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.score.writing.retiming import BeatTimes, retimed


def times(events: EventList) -> list[np.ndarray]:
    """When the events of each chunk are, in seconds, but for tempo and metre."""
    score = events.score()
    ticks = [
        [tick for tick, message in chunk if message[:2] not in (b"\xff\x51", b"\xff\x58")] for chunk in events.chunks
    ]
    return [seconds(np.array(of_chunk), tempi=score.tempi, division=score.division) for of_chunk in ticks]


@pytest.mark.parametrize("start", [0.0, 0.2, 1.5, 4.0])
@pytest.mark.parametrize(("quarters", "metre", "per_bar"), [(1.0, (4, 4), 4), (1.5, (6, 8), 2)])
def test_every_event_keeps_its_second_and_bars_begin_where_they_are(start, quarters, metre, per_bar):
    beats = slowing(33, start=start)
    events = score_to_events(performance(beats))
    after = retimed(events, BeatTimes(beats, quarters, metre, np.arange(1, 33, per_bar)))
    for old, new in zip(times(events), times(after), strict=True):
        assert np.abs(old - new).max() < 0.001
    score = after.score()
    assert score.note_count == events.score().note_count
    last = score.time_signatures[-1]
    assert (last.numerator, last.denominator) == metre
    ticks = np.arange(last.tick, score.end_tick, round(per_bar * quarters * score.division))
    barlines = seconds(ticks, tempi=score.tempi, division=score.division)
    assert barlines[barlines > beats[0]] == pytest.approx(beats[1:-1:per_bar], abs=0.001)


def test_a_note_of_one_tick_is_still_a_note():
    """At a tick of half a millisecond, in beats of more than a second."""
    beats = slowing(17, first=45, last=42)
    short = performance(beats)
    events = score_to_events(short)
    (chunk,) = [number for number, chunk in enumerate(events.chunks) if any(m[0] == 0x90 for _, m in chunk)]
    *body, end = events.chunks[chunk]
    last = end.tick
    body += [Event(last, bytes([0x90, 100, 64])), Event(last + 1, bytes([0x80, 100, 64]))]
    chunks = [*events.chunks]
    chunks[chunk] = (*body, Event(last + 1, end.message))
    events = EventList(events.division, tuple(chunks))
    after = retimed(events, BeatTimes(beats, 1.0, (4, 4), np.arange(0, 17, 4)))
    assert after.score().note_count == short.note_count + 1
