"""Port and channel together name who plays."""

import pytest
import strategies
from hypothesis import given
from midi_bytes import NOTE, meta, midi, track

from symbolic_embed.score import Event, parse, read_bytes
from symbolic_embed.score.checks import findings
from symbolic_embed.score.reading.ports import addresses_in_force, channel_in_words, port_event, ports_in_force

PADDING = meta(1, b"x" * 200)  # a chunk this long is worth the short cut


def port(number, *, delta=0):
    return meta(0x21, bytes([number]), delta=delta)


def parts(data):
    """Port, channel, programme and notes (onset, duration, pitch) of each part; the two ways of reading agree on it."""
    tracks = read_bytes(data).tracks
    assert tracks == parse(data).score().tracks
    return [(t.port, t.channel, t.program, [tuple(row) for row in t.notes.rows()[:, :3].tolist()]) for t in tracks]


@pytest.mark.parametrize(
    ("events", "ports"),
    [
        (["00 90 3c 40", "10 80 3c 40"], [0, 0, 0]),
        ([port(1), "00 c0 05", "00 90 3c 40", "10 80 3c 40"], [1, 1, 1, 1, 1]),
        (["00 c0 05", port(1), "00 90 3c 40", "10 80 3c 40"], [1, 1, 1, 1, 1]),  # a line too late
        (["00 c0 05", port(1, delta=1), "00 90 3c 40", "10 80 3c 40"], [0, 1, 1, 1, 1]),
        ([port(1), "00 90 3c 40", "10 80 3c 40", port(2), "00 90 3c 40", "10 80 3c 40"], [1, 1, 1, 2, 2, 2, 2]),
        ([meta(0x21, b""), "00 90 3c 40", "10 80 3c 40"], [0, 0, 0, 0]),
        ([meta(0x21, b"\xff"), "00 90 3c 40", "10 80 3c 40"], [255, 255, 255, 255]),
    ],
)
def test_the_last_port_named_is_in_force(events, ports):
    (of_chunk,) = parse(midi(track(*events))).ports
    assert list(of_chunk) == ports


def test_an_address_is_port_and_channel():
    events = [port_event(0, 2), Event(0, b"\x93\x3c\x40"), Event(9, b"\xff\x2f\x00")]
    assert addresses_in_force(events) == [-1, 2 * 16 + 3, -1]
    assert [channel_in_words(9), channel_in_words(2 * 16 + 3)] == ["channel 10", "channel 4 of port 2"]


@given(strategies.event_lists(long=False))
def test_without_ports_all_are_0(events):
    chunks = [[event for event in chunk if not event.message.startswith(b"\xff\x21")] for chunk in events.chunks]
    assert all(set(ports_in_force(chunk)) == {0} for chunk in chunks)


@pytest.mark.parametrize("padding", ["", PADDING])
def test_two_instruments_on_one_channel_of_two_ports_are_two(padding):
    flute = track(padding, port(0), "00 c0 49", "00 90 3c 40", "60 80 3c 40")
    strings = track(padding, port(1), "00 c0 30", "30 90 3c 40", "10 80 3c 40")
    assert parts(midi(flute, strings)) == [(0, 0, 0x49, [(0, 96, 60)]), (1, 0, 0x30, [(48, 16, 60)])]


def test_programmes_of_one_port_say_nothing_of_the_other():
    setup = track(port(0), "00 c0 49")
    assert [part[2] for part in parts(midi(setup, track(port(1), NOTE), track(port(0), NOTE)))] == [0, 0x49]


def test_a_chunk_may_play_on_several_ports():
    """As in format 0, where all there is stands in one chunk: of two keys of one number each has its own end."""
    one = track(port(0), "00 90 3c 40", port(1), "10 90 3c 40", port(0), "10 80 3c 40", port(1), "10 80 3c 40")
    assert parts(midi(one, format=0)) == [(0, 0, 0, [(0, 32, 60)]), (1, 0, 0, [(16, 32, 60)])]


def test_ports_of_0_take_the_short_cut(monkeypatch):
    walked = []
    from symbolic_embed.score.reading import reader

    walk_chunk = reader.walk_chunk
    monkeypatch.setattr(
        reader, "walk_chunk", lambda file, index, **most: walked.append(index) or walk_chunk(file, index, **most)
    )
    read_bytes(midi(track(PADDING, port(0), NOTE)))
    assert walked == []
    read_bytes(midi(track(PADDING, port(0), NOTE), track(PADDING, port(1), NOTE)))
    assert walked == [0, 1]


def test_ports_do_not_disturb_each_other():
    """Another programme, the same key at once, an end on the other port: no fault of any."""
    flute = track(port(0), "00 c0 49", "00 90 3c 40", "60 80 3c 40")
    strings = track(port(1), "00 c0 30", "30 90 3c 40", "10 80 3c 40", "00 b0 40 7f", "01 b0 40 00")
    kinds = {finding.kind for finding in findings(parse(midi(flute, strings)))}
    assert not kinds & {"shared-channel", "overlap", "stray-off", "doubled-note", "no-programme", "pedal-down"}
    same = parse(midi(flute, strings.replace(port(1), port(0))))
    assert {"shared-channel", "overlap"} <= {finding.kind for finding in findings(same)}


def test_an_end_on_another_port_ends_nothing():
    stray = track(port(1), NOTE, port(0), "00 90 3c 40", port(1), "10 80 3c 40", port(0), "10 80 3c 40")
    found = [(f.tick, f.track) for f in findings(parse(midi(stray))) if f.kind == "stray-off"]
    assert found == [(96 + 16, 1)]


def test_a_finding_names_the_port():
    left = parse(midi(track(port(1), NOTE, "00 b0 40 7f")))
    (finding,) = [finding for finding in findings(left) if finding.kind == "pedal-down"]
    assert finding.text == "the sustain pedal goes down on channel 1 of port 1 and never comes up"
    assert finding.track == 0
