"""The state that a file ends in, where most of its notes had another: a remark each, and none where it is meant."""

import pytest
from midi_bytes import meta, midi, track
from tidy import NAME, SETUP, findings_of, part

from symbolic_embed.score import parse
from symbolic_embed.score.checks import findings

TUNE = ["00 90 3c 40 83 60 80 3c 40"] * 9  # nine quarters, to tick 4320; each but the last is one in eight or more
MASTER = "f0 07 7f 7f 04 01 00 {} f7"
PLACE = "bar 3 beat 2, track 0 Flute"


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("b0 07 00", "remark fades-out"),
        ("b0 0b 20", "remark fades-out"),  # expression 32: 25 of 100
        ("b0 01 7f", "remark ends-otherwise"),
        ("b0 0a 00", "remark ends-otherwise"),
        ("b0 43 7f", "remark ends-otherwise"),
        ("c0 05", "remark ends-otherwise"),
    ],
)
def test_what_a_part_ends_with_and_did_not_play_with_is_a_remark(last, expected):
    assert findings_of(part(*TUNE, f"00 {last}")) == [f"{expected} | {PLACE}"]
    assert findings_of(part(f"00 {last}", *TUNE)) == []  # it is how the part plays


@pytest.mark.parametrize("last", ["b0 07 32", "b0 0b 40", "b0 01 10", "b0 0a 50"])
def test_a_little_less_is_no_fade_and_a_little_more_no_other_state(last):
    assert findings_of(part(*TUNE, f"00 {last}")) == []


def test_both_values_are_told_and_what_becomes_of_new_bars():
    (fade,) = findings(parse(midi(track(*SETUP), part("00 b0 07 50", *TUNE, "00 b0 07 04"))))
    assert fade.text == "the volume of channel 1 ends at 4, most notes have 80"
    assert fade.way_out == ("fine as an ending; new bars begin in the state of most notes, unless `seam` says keep")
    (chosen,) = findings(parse(midi(track(*SETUP), part("00 c0 49", *TUNE, "00 c0 00"))))
    assert chosen.text == (
        "channel 1 ends with programme 0 (Acoustic Grand Piano), most notes have programme 73 (Flute)"
    )


def test_a_fade_on_one_port_is_not_heard_on_another():
    other = track(NAME, meta(0x21, b"\x01"), "00 c0 00", *TUNE, "00 b0 07 00")
    assert findings_of(part(*TUNE, "00 b0 07 64"), other) == ["remark fades-out | bar 3 beat 2, track 1 Flute"]


def test_the_master_volume_fades_all_parts():
    fading = (*SETUP, bytes.fromhex("a1 60" + MASTER.format("00")))
    assert findings_of(part(*TUNE), conductor=fading) == ["remark fades-out | bar 3 beat 2, chunk 0"]
    back = (*fading, bytes.fromhex("00" + MASTER.format("7f")))
    assert findings_of(part(*TUNE), conductor=back) == []


def test_a_ritardando_is_a_remark_and_a_slow_second_half_is_not():
    def slower_at(delta):
        return (*SETUP, meta(0x51, b"\x0f\x42\x40", delta=delta))  # 60 a minute, where 120 were

    assert findings_of(part(*TUNE), conductor=slower_at(8 * 480)) == ["remark ends-otherwise | bar 3 beat 1, chunk 0"]
    assert findings_of(part(*TUNE), conductor=slower_at(5 * 480)) == []


def test_messages_that_close_a_piece_are_named_once():
    (closing,) = findings(parse(midi(track(*SETUP), part(*TUNE, "00 b0 7b 00", "00 b0 79 00"))))
    assert (closing.level, closing.kind) == ("remark", "closing-messages")
    assert closing.text == "the file ends with all notes off, all controllers reset (1 channel)"
    assert findings_of(part("00 b0 79 00", *TUNE)) == []
