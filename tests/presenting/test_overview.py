"""A piece at a glance: numbers, places, words."""

import json

import pytest
import strategies
from hypothesis import given

from symbolic_embed.bars import cut
from symbolic_embed.presenting.overview import as_text, overview
from symbolic_embed.score import KeySignature, Marker, Notes, Score, ScoreWarning, Tempo, TimeSignature, Track

QUARTER = 480


def part(*quarters, pitch=60, **fields):
    onsets = [quarter * QUARTER for quarter in quarters]
    notes = Notes.of(onsets, [QUARTER] * len(onsets), [pitch] * len(onsets), [80] * len(onsets))
    return Track(notes, **fields)


WALTZ = Score(
    QUARTER,
    (part(0, 1, 4, 9, name="Lead\n", program=73), part(0, 4, pitch=36, name="Kit", channel=9)),
    tempi=(Tempo(0, 500_000), Tempo(4 * QUARTER, 600_000), Tempo(99 * QUARTER, 400_000)),
    time_signatures=(TimeSignature(0, 1, 4), TimeSignature(QUARTER, 3, 4)),
    key_signatures=(KeySignature(0, -3, minor=True),),
    markers=(Marker(4 * QUARTER, "verse"),),
    warnings=(ScoreWarning("hanging-notes", "chunk 1: notes that never end", 2),),
)


def test_bars_count_from_1_and_a_pick_up_is_bar_1():
    seen = overview(cut(WALTZ), path="waltz.mid")
    assert (seen.bars, seen.notes, seen.division) == (4, 6, QUARTER)
    assert [(change.bar, change.value) for change in seen.metre] == [(1, "1/4"), (2, "3/4")]
    assert [(change.bar, change.value) for change in seen.tempo] == [(1, 120.0), (3, 100.0), (None, 150.0)]
    assert [(change.bar, change.value) for change in seen.key] == [(1, "C minor")]
    assert [(change.bar, change.value) for change in seen.markers] == [(3, "verse")]
    assert seen.seconds == pytest.approx(4 * 0.5 + 6 * 0.6)
    assert seen.warnings == ("hanging-notes: chunk 1: notes that never end (2 times)",)


def test_parts_count_from_0_and_channels_from_1():
    lead, kit = overview(cut(WALTZ), path="waltz.mid").tracks
    assert (lead.number, lead.channel, lead.instrument, lead.role, lead.lowest, lead.highest) == (
        0, 1, "Flute", "melody", 60, 60
    )  # fmt: skip
    assert (kit.number, kit.channel, kit.instrument, kit.role, kit.notes) == (1, 10, "Drums", "drums", 2)


def test_ports_and_more_channels_are_named_where_there_are_some():
    wide = part(0, 1, name="Zone", channel=0, members=(1, 2), port=1)
    seen = overview(cut(Score(QUARTER, (*WALTZ.tracks, wide))), path="wide.mid")
    assert [(one.port, one.channel, one.members) for one in seen.tracks] == [(0, 1, ()), (0, 10, ()), (1, 1, (2, 3))]
    table = [line.split() for line in as_text(seen).splitlines()[-4:]]
    assert table[0][3:5] == ["port", "channel"]
    assert table[3][5:8] == ["1", "1+2", "melody"]
    assert "port" not in as_text(overview(cut(WALTZ), path="waltz.mid"))


def test_the_text_says_it_in_lines():
    lines = as_text(overview(cut(WALTZ), path="waltz\r.mid")).splitlines()
    assert lines[:2] == [r"waltz\r.mid", "2 parts, 4 bars, 6 notes, 0:06 minutes, 480 ticks a quarter"]
    assert lines[2:7] == [
        "  metre   1/4; 3/4 from bar 2",
        "  tempo   120 quarters a minute; 100 from bar 3; 150 after the last bar",
        "  key     C minor",
        "  sounds  like C major (correlation 0.60)",
        "  marks   verse from bar 3",
    ]
    assert lines[8:] == [
        "  #  name    instrument  channel  role    notes  range",
        r"  0  Lead\n  Flute             1  melody      4  C4",
        "  1  Kit     Drums            10  drums       2  kick",
        "",
        "  warning hanging-notes: chunk 1: notes that never end (2 times)",
    ]


def test_what_the_file_does_not_say_is_marked_as_assumed():
    text = as_text(overview(cut(Score(QUARTER, (part(0),))), path="x.mid"))
    assert "  metre   4/4 (assumed: the file names none at its beginning)\n" in text
    assert "  tempo   120 quarters a minute (assumed: the file names none)\n" in text
    assert "  key     not named\n" in text


def test_a_piece_without_notes_is_seen_too():
    seen = overview(cut(Score(QUARTER, tempi=(Tempo(0, 500_000),))), path="x.mid")
    assert (seen.bars, seen.notes, seen.seconds, seen.tracks, seen.estimated_key) == (0, 0, 0, (), None)
    assert as_text(seen).splitlines()[1] == "0 parts, 0 bars, 0 notes, 0:00 minutes, 480 ticks a quarter"


def test_many_changes_are_cut_short_and_repeated_ones_left_out():
    tempi = tuple(Tempo(beat * QUARTER, 500_000 + 1000 * (beat // 2)) for beat in range(40))
    text = as_text(overview(cut(Score(QUARTER, (part(*range(40)),), tempi=tempi)), path="x.mid"))
    line = next(line for line in text.splitlines() if line.startswith("  tempo"))
    assert line.count(" from bar ") == 7
    assert line.endswith("; and 12 more changes")


@given(strategies.scores())
def test_any_piece_can_be_shown(score):
    seen = overview(cut(score), path="x.mid")
    assert json.loads(json.dumps(seen.as_dict()))["notes"] == score.note_count
    assert sum(part.notes for part in seen.tracks) == score.note_count
    assert as_text(seen).startswith("x.mid\n")
