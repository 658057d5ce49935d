"""What closes a file moves behind new bars; all else stays where it stands."""

from __future__ import annotations

from midi_bytes import midi, track

from symbolic_embed.outputs.closing import closing_events, moved_behind
from symbolic_embed.score import EventList, parse
from symbolic_embed.score.sounding.parameters import CONTROLLER, Parameter

BAR = ["00 90 3c 40", "60 80 3c 40"]  # to tick 96
SEAM, END = 96, 196
LOOP = "ff 06 07 6c 6f 6f 70 45 6e 64"  # loopEnd


def moved(*events: str, kept=None, tempo=500_000) -> list[str]:
    """The first chunk with its closing events behind a seam at 96 and new bars up to 196, without the notes."""
    song = parse(midi(track(*BAR, *events)))
    return shown(_moved(song, kept={} if kept is None else kept, tempo=tempo))


def _moved(song: EventList, *, kept, tempo) -> EventList:
    closing = closing_events(song, song.score(), seam=SEAM, kept=kept, tempo=tempo)
    return moved_behind(song, closing, seam=SEAM, end=END)


def shown(events: EventList) -> list[str]:
    return [f"{tick} {m.hex(' ')}" for tick, m in events.chunks[0] if m[0] & 0xF0 not in (0x80, 0x90)]


def test_what_ends_notes_and_resets_moves_as_far_as_it_stood_behind_the_seam():
    assert moved("00 b0 7b 00", "05 b0 79 00", "00 f0 05 7e 7f 09 01 f7") == [
        "196 b0 7b 00",
        "201 b0 79 00",
        "201 f0 05 7e 7f 09 01 f7",
        "201 ff 2f 00",
    ]


def test_a_dial_that_is_turned_to_where_it_stands_stays_and_one_turned_away_moves_with_all_its_turns():
    assert moved("00 b0 07 64", "05 e0 00 40") == ["96 b0 07 64", "101 e0 00 40", "196 ff 2f 00"]
    assert moved("00 b0 07 0a", "05 b0 07 64") == ["196 b0 07 0a", "201 b0 07 64", "201 ff 2f 00"]
    kept = {(0, Parameter(CONTROLLER, 7)): 10}
    assert moved("00 b0 07 0a", kept=kept) == ["96 b0 07 0a", "196 ff 2f 00"]


def test_a_tempo_behind_the_music_moves_unless_it_is_that_of_the_new_bars():
    assert moved("00 ff 51 03 0f 42 40") == ["196 ff 51 03 0f 42 40", "196 ff 2f 00"]
    assert moved("00 ff 51 03 07 a1 20") == ["96 ff 51 03 07 a1 20", "196 ff 2f 00"]


def test_ends_of_loops_move_also_a_little_before_the_barline_and_those_inside_stay():
    assert moved(f"00 {LOOP}", "00 b0 75 7f") == [f"196 {LOOP}", "196 b0 75 7f", "196 ff 2f 00"]
    inside = parse(midi(track(f"00 {LOOP}", "08 90 3c 40", "30 b0 75 7f", "28 80 3c 40")))
    assert shown(_moved(inside, kept={}, tempo=500_000)) == [f"0 {LOOP}", "196 b0 75 7f", "196 ff 2f 00"]


def test_controller_111_ends_a_loop_only_where_110_begins_one():
    kept = {(0, Parameter(CONTROLLER, 111)): 0}
    assert moved("00 b0 6f 00", kept=kept)[0] == "96 b0 6f 00"
    song = parse(midi(track("00 b0 6e 00", *BAR, "00 b0 6f 00")))
    assert "196 b0 6f 00" in shown(_moved(song, kept=kept, tempo=500_000))


def test_metre_key_words_and_markers_stay():
    events = ["00 ff 58 04 03 02 18 08", "00 ff 59 02 01 00", "00 ff 05 01 61", "00 ff 06 01 42"]
    assert moved(*events)[:-1] == [f"96 {event[3:]}" for event in events]


def test_where_the_endings_state_is_kept_dials_and_tempi_stay():
    song = parse(midi(track(*BAR, "00 b0 07 0a", "00 ff 51 03 0f 42 40", "00 b0 7b 00")))
    assert shown(_moved(song, kept=None, tempo=None)) == [
        "96 b0 07 0a",
        "96 ff 51 03 0f 42 40",
        "196 b0 7b 00",
        "196 ff 2f 00",
    ]


def test_the_end_of_a_clip_goes_to_the_end_of_the_new_bars_and_one_before_the_seam_stays():
    assert moved() == ["196 ff 2f 00"]
    early = parse(midi(track("00 90 3c 40", "50 80 3c 40")))
    assert shown(_moved(early, kept={}, tempo=500_000)) == ["80 ff 2f 00"]
    late = parse(midi(track(*BAR, end=bytes.fromhex("85 00 ff 2f 00"))))
    assert shown(_moved(late, kept={}, tempo=500_000)) == ["736 ff 2f 00"]
