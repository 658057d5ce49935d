"""Which parts are drums, where the file says it. Both ways of reading take these files."""

import pytest
from midi_bytes import NOTE, meta, midi, track

from symbolic_embed.score import parse, read_bytes
from symbolic_embed.score.reading.drums import Reset, Rhythm, may_say_drums, settings

GM, GM2 = "00 f0 05 7e 7f 09 01 f7", "00 f0 05 7e 7f 09 03 f7"
GS = "00 f0 0a 41 10 42 12 40 00 7f 00 41 f7"
XG = "00 f0 08 43 10 4c 00 00 7e 00 f7"
PADDING = meta(1, b"x" * 99) * 2  # a chunk this long takes the short cut


def gs_part(block, use, delta=0):
    """Use a block of parts for drums (1, 2), or not (0)."""
    return (
        f"{delta:02x} f0 0a 41 10 42 12 40 1{block:x} 15 {use:02x} {-(0x40 + 0x10 + block + 0x15 + use) & 0x7F:02x} f7"
    )


def xg_part(channel, mode):
    return f"00 f0 08 43 10 4c 08 {channel:02x} 07 {mode:02x} f7"


def bank(channel, number, program=0):
    return f"00 b{channel:x} 00 {number:02x} 00 c{channel:x} {program:02x}"


def note(channel, delta=0):
    return f"{delta:02x} 9{channel:x} 3c 40 60 8{channel:x} 3c 40"


def drums(*chunks):
    """Whether each part is drums, however it is read."""
    data = midi(*(track(PADDING, *chunk) for chunk in chunks))
    short, long = read_bytes(data), parse(data).score()
    assert short == long
    assert short == read_bytes(midi(*(track(*chunk) for chunk in chunks)))
    return [part.is_drum for part in short.tracks]


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        pytest.param([[note(9)], [note(0)]], [True, False], id="the tenth channel"),
        pytest.param([[GM2], [bank(10, 120), note(10)]], [True], id="GM2 bank of drums"),
        pytest.param([[GM2], [bank(9, 121), note(9)]], [False], id="GM2 bank of tunes on the tenth channel"),
        pytest.param([[bank(4, 120), note(4)]], [True], id="a bank without a reset"),
        pytest.param([["00 b4 00 78", note(4)]], [False], id="a bank that no programme follows"),
        pytest.param([["00 c4 00 00 b4 00 78", note(4)]], [False], id="a bank after its programme"),
        pytest.param([["00 b4 07 64 00 00 78 00 c4 00", note(4)]], [True], id="a bank under running status"),
        pytest.param([[bank(4, 120), bank(4, 0), note(4)]], [False], id="another bank afterwards"),
        pytest.param([[bank(4, 120), note(4), bank(4, 0), note(4)]], [True], id="another bank in the middle"),
        pytest.param([[note(4), bank(4, 120), note(4)]], [False], id="a bank after the first note"),
        pytest.param([[bank(4, 120)], [note(4)]], [True], id="a bank in another chunk"),
        pytest.param([[bank(4, 120)], ["00 c4 05", note(4)]], [True], id="a bank there, a programme here"),
        pytest.param([[bank(4, 120)], [bank(4, 0), note(4)]], [False], id="the part's own bank comes last"),
        pytest.param([[XG], [bank(4, 127), note(4)]], [True], id="XG kits"),
        pytest.param([[XG], [bank(4, 126), note(4)]], [True], id="XG effects"),
        pytest.param([[GS], [bank(4, 127), note(4)]], [False], id="another map of GS"),
        pytest.param([[GS, gs_part(10, 1)], [note(10)], [note(0)]], [True, False], id="GS, channel 11"),
        pytest.param([[GS, gs_part(1, 2)], [note(0)]], [True], id="GS, the second drum map, channel 1"),
        pytest.param([[GS, gs_part(0, 0)], [note(9)]], [False], id="GS, a tune on channel 10"),
        pytest.param([[GS, gs_part(10, 1, delta=10)], [note(10, 0)]], [True], id="GS, sent ten ticks later"),
        pytest.param([[note(0)], [note(10), GS, gs_part(11, 1)]], [False, False], id="GS, another channel"),
        pytest.param([[gs_part(10, 1)], [GS], [note(10)]], [False], id="reset afterwards"),
        pytest.param([[gs_part(10, 1), GM], [note(10)]], [False], id="reset to General MIDI afterwards"),
        pytest.param([[GS, gs_part(10, 1), gs_part(10, 0)], [note(10)]], [False], id="taken back"),
        pytest.param([[XG, xg_part(2, 1)], [note(2)]], [True], id="XG part mode"),
        pytest.param([[XG, xg_part(2, 3)], [note(2)]], [True], id="XG part mode, a drum setup"),
        pytest.param([[XG, xg_part(9, 0)], [note(9)]], [False], id="XG part mode, a tune on channel 10"),
        pytest.param([[note(10)], ["60" + gs_part(10, 1)[2:]]], [False], id="when most of it is over"),
        pytest.param([["00 ff 21 01 01", gs_part(10, 1)], [note(10)]], [False], id="on another cable"),
        pytest.param(
            [["00 ff 21 01 01", gs_part(10, 1)], ["00 ff 21 01 01", note(10)]], [True], id="on the second cable"
        ),
    ],
)
def test_what_a_file_says_of_drums_is_obeyed(chunks, expected):
    assert drums(*chunks) == expected


def test_a_message_behind_an_escape_counts_too():
    assert drums(["00 f7 0b f0 41 10 42 12 40 1a 15 01 10 f7"], [note(10)]) == [True]


def test_several_values_in_one_message_are_told_apart():
    """From address 13 on: mono or poly, assign mode, use for rhythm."""
    (said,) = settings(bytes.fromhex("f0 0c 41 10 42 12 40 12 13 01 01 02 17 f7"))
    assert said == Rhythm(1, True)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("f0 05 7e 7f 09 01 f7", [Reset("GM")]),
        ("f0 05 7e 7f 09 03 f7", [Reset("GM2")]),
        ("f0 0a 41 10 42 12 40 00 7f 00 41 f7", [Reset("GS")]),
        ("f0 0a 41 10 42 12 00 00 7f 00 01 f7", [Reset("GS")]),
        ("f0 08 43 10 4c 00 00 7e 00 f7", [Reset("XG")]),
        ("f0 0a 41 10 42 12 40 1f 15 01 0b f7", [Rhythm(15, True)]),
        ("f0 0a 41 10 42 12 40 11 02 09 24 f7", []),
        ("f0 08 7f 7f 04 01 00 40 f7", []),
        ("f0 02 43 f7", []),
        ("f0 01 f7", []),
        ("f0 00", []),
        ("f7 03 01 02 f7", []),
        ("ff 01 00", []),
    ],
)
def test_messages_of_the_standards(message, said):
    assert list(settings(bytes.fromhex(message))) == said


def test_a_chunk_that_says_nothing_is_known_by_its_bytes():
    assert not may_say_drums(track(PADDING, "00 b0 07 78 00 c0 05", NOTE, "78 90 3c 40 60 3c 00 78 3d 40 60 3d 00"))
    assert not may_say_drums(track(PADDING, "00 f0 08 7f 7f 04 01 00 40 40 f7", NOTE))
    assert may_say_drums(track(PADDING, bank(0, 127), NOTE))
