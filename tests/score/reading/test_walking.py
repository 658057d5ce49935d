"""The walker: every event kept, every oddity counted, damage contained. Bytes are hex, delta first."""

import pytest
import strategies
from hypothesis import given
from midi_bytes import END, NOTE, meta, track, with_running_status

from symbolic_embed.score.events import quantity
from symbolic_embed.score.reading.walking import END_OF_TRACK, walk


def told(*events, end=END):
    """The events as (tick, hex), and the kinds of the warnings."""
    found = walk(track(*events, end=end))
    assert found.events[-1].message == END_OF_TRACK
    return [(tick, message.hex(" ")) for tick, message in found.events[:-1]], [w.kind for w in found.warnings]


@given(strategies.event_chunks())
def test_walking_undoes_running_status(events):
    assert walk(with_running_status(events)).events == events


@given(strategies.event_chunks(odd=False, most=8))
def test_a_chunk_cut_anywhere_keeps_the_events_before_the_cut(events):
    body = with_running_status(events)
    for cut in range(len(body)):
        found = walk(body[:cut])
        assert found.events[:-1] == events[: len(found.events) - 1]
        assert {"damaged", "no-end-of-track"} & {warning.kind for warning in found.warnings}


@pytest.mark.parametrize("number", [0, 1, 127, 128, 0x3FFF, 0x4000, 0x1FFFFF, 0x200000, 0xFFFFFFF, 2**28, 2**31 - 1])
def test_a_quantity_says_its_number(number):
    kept = walk(quantity(number) + END[1:], division=32767).events
    assert kept == ((number, END_OF_TRACK),)


def test_deltas_may_be_padded_with_80():
    assert told("80 80 80 0a 90 3c 40") == ([(10, "90 3c 40")], [])


@pytest.mark.parametrize(
    ("events", "kept", "kind"),
    [
        (["00 90 3c 40", "00 ff 01 01 78", "60 3c 00"], 3, "running-status"),
        (["00 90 3c 40", "00 f0 02 01 f7", "60 3c 00"], 3, "running-status"),
        (["00 f8", NOTE], 3, "illegal-status"),
        (["00 f1 05", NOTE], 3, "illegal-status"),
        (["00 f2 01 02", NOTE], 3, "illegal-status"),
        (["00 b0 07 a8", NOTE], 3, "illegal-data"),
        (["00 c0 c8", NOTE], 3, "illegal-data"),
        (["00 e0 ff ff", NOTE], 3, "illegal-data"),
        (["00 ff 80 00", NOTE], 3, "odd-meta"),
        (["00 ff 51 02 07 a1", NOTE], 3, "odd-meta"),
        (["00 ff 20 01 c8", NOTE], 3, "odd-meta"),
        (["00 ff 54 05 ff ff ff ff ff", NOTE], 3, "odd-meta"),
        (["00 f0 04 90 91 92 f7", NOTE], 3, "odd-sysex"),
        (["81 80 80 80 00 90 3c 40"], 1, "illegal-delta"),
        (["ff ff ff 7f 90 3c 40"], 1, "long-silence"),
    ],
)
def test_the_odd_is_kept_and_counted(events, kept, kind):
    events, kinds = told(*events)
    assert len(events) == kept
    assert kind in kinds


@pytest.mark.parametrize(
    "event",
    ["00 f0 05 43 12 00 01 02", "00 f0 00", "00 f7 01 fa", "00 ff 7e 03 61 62 63", "00 d0 ff", "00 ff 21 01 ff"],
)
def test_the_legal_passes_without_a_word(event):
    assert told(event, NOTE)[1] == []


def test_a_real_time_byte_leaves_the_running_status_alone():
    assert told("00 90 3c 40", "00 f8", "60 3c 00") == (
        [(0, "90 3c 40"), (0, "f8"), (96, "90 3c 00")],
        ["illegal-status"],
    )


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("00 3c 40", "3c where a status byte (80 or more) was needed"),
        ("00 90 3c 80", "a note with a pitch or velocity above 127 (3c 80)"),
        ("00 ff 01 8f ff 7f 61", "an event of 262,143 bytes, where"),
        ("00 f0 ff ff ff ff ff 7f", "of more than five bytes"),
        ("8f ff ff ff 7f 90 3c 40", "a waiting time or length of 4,294,967,295, above 2,147,483,647"),
        ("81 80 80 80 80 00 90 3c 40", "of more than five bytes"),
    ],
)
def test_damage_ends_the_chunk_and_is_placed(damage, words):
    before = [] if damage == "00 3c 40" else ["00 ff 01 01 78"]
    found = walk(track(*before, damage), chunk=2, offset=100)
    (warning,) = found.warnings
    assert len(found.events) == len(before) + 1
    assert found.unread == len(track(damage))
    assert warning.kind == "damaged"
    assert warning.text.startswith(f"chunk 2, byte {100 + 5 * len(before)}: ")
    assert words in warning.text


def test_a_megabyte_of_continued_delta_is_no_work():
    found = walk(bytes.fromhex(NOTE) + b"\x81" * 1_000_000)
    assert (len(found.events), found.unread) == (3, 1_000_000)


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        (b"", "no-end-of-track"),
        (END + END, "after-end"),
        (bytes.fromhex("00 ff 2f 03 61 62 63"), "odd-meta"),
        (bytes.fromhex("00 90 3c"), "damaged"),
    ],
)
def test_there_is_one_end_of_track_and_nothing_behind_it(end, kind):
    assert told(NOTE, end=end) == ([(0, "90 3c 40"), (96, "80 3c 40")], [kind])


def test_warnings_count_and_name_the_first_place():
    once, twice = walk(
        track("00 90 3c 40", "00 ff 01 00", "60 3c 00", "00 3c 40", "60 3c 00", "00 f8", "00 f8")
    ).warnings
    assert ((once.kind, once.count), (twice.kind, twice.count)) == (("running-status", 1), ("illegal-status", 2))
    (warning,) = walk(track(NOTE, "00 f8", "00 f8"), chunk=3, offset=22).warnings
    assert str(warning) == "chunk 3, byte 30: a status byte that has no place in a file; kept (2 times)"


def test_a_long_silence_before_the_end_is_nobodys_business():
    assert told(NOTE, end=bytes.fromhex("ff ff ff 7f ff 2f 00"))[1] == []
    assert told(NOTE, meta(1, b"", delta=0xFFFFFFF))[1] == ["long-silence"]


def test_a_walk_ends_after_so_many_events():
    found = walk(track(NOTE, NOTE), most=3)
    assert [event.tick for event in found.events] == [0, 96, 96, 96]
    assert found.warnings[0].text == (
        "chunk 0, byte 12: more than 1,000,000 events in the file; the 8 bytes from there on were not read"
    )
