"""A written score is what a DAW expects, and reads back the same, in two readers."""

from dataclasses import replace
from io import BytesIO

import mido
import numpy as np
import pytest
import strategies
from hypothesis import example, given

from symbolic_embed.files.names import ascii_name
from symbolic_embed.score import KeySignature, Marker, Notes, Score, Tempo, TimeSignature, Track, parse, read_bytes
from symbolic_embed.score.writing.layout import cut_overlaps, score_to_events

KICK = Track(Notes.of([0], [1], [36], [90]), channel=9)


def written(score):
    return score_to_events(score).to_bytes()


def shown(events, chunk):
    """The events of a chunk as (tick, hex)."""
    return [(tick, message.hex(" ")) for tick, message in events.chunks[chunk]]


def legal(score):
    """The score as it comes back: overlaps cut, names in ASCII, parts with notes, a tempo and a metre at the start."""
    again = read_bytes(written(score))
    return replace(again, source=score.source)


@given(strategies.scores())
@example(Score(1, (KICK, KICK)))
def test_writing_what_was_read_back_gives_the_same_bytes(score):
    """Unless a drum part was left without notes, since another plays each of them as long or longer: its empty chunk is
    written, and not read, so the next time the chunks after it have other numbers."""
    once = legal(score)
    if len(once.tracks) < len(score.tracks):
        assert sum(track.is_drum for track in score.tracks) > 1
        once = legal(score := once)
    assert written(once) == written(score)
    assert legal(once) == once


@given(strategies.scores())
def test_notes_names_and_programmes_come_back(score):
    again = legal(score)
    written_parts = {track.chunk - 1: track for track in again.tracks}
    for index, before in enumerate(score.tracks):
        after = written_parts.get(index)
        if after is None:  # another drum part plays every one of its notes, longer
            assert before.is_drum
            continue
        assert (after.name, after.program, after.is_drum) == (ascii_name(before.name), before.program, before.is_drum)
        places = set(zip(before.notes.onset_ticks.tolist(), before.notes.pitch.tolist(), strict=True))
        kept = set(zip(after.notes.onset_ticks.tolist(), after.notes.pitch.tolist(), strict=True))
        assert kept <= places if before.is_drum else kept == places
    assert (again.key_signatures, again.markers) == (score.key_signatures, score.markers)
    assert set(score.time_signatures) <= set(again.time_signatures)
    assert {warning.kind for warning in again.warnings} <= {"signature-inside-bar"}


@given(strategies.scores(most_tracks=2))
def test_mido_reads_the_same_notes(score):
    file = mido.MidiFile(file=BytesIO(written(score)))
    again = legal(score)
    assert file.ticks_per_beat == score.division
    for track in again.tracks:
        assert mido_rows(file.tracks[track.chunk]) == track.notes.rows().tolist()
    tempi = [message.tempo for message in file.tracks[0] if message.type == "set_tempo"]
    assert tempi == [tempo.microseconds for tempo in again.tempi]


def mido_rows(track):
    """Notes of a track that mido read, in the order of `Notes`."""
    tick, sounding, rows = 0, {}, []
    for message in track:
        tick += message.time
        if message.type == "note_on":
            assert message.note not in sounding
            sounding[message.note] = (tick, message.velocity)
        elif message.type == "note_off":
            onset, velocity = sounding.pop(message.note)
            rows.append([onset, tick - onset, message.note, velocity])
    assert not sounding
    return sorted(rows, key=lambda row: (row[0], row[2]))


SONG = Score(
    480,
    (
        Track(Notes.of([0, 480], [480, 960], [60, 62], [64, 65]), name="Flöte", program=73, channel=0),
        Track(Notes.of([0], [10], [36], [100]), name="ピアノ", channel=9),
    ),
    tempi=(Tempo(0, 400_000), Tempo(5_000, 1)),
    time_signatures=(TimeSignature(0, 6, 8),),
    key_signatures=(KeySignature(0, -3, minor=True),),
    markers=(Marker(480, "A'"),),
)


def test_a_small_song_event_for_event():
    events = score_to_events(SONG)
    assert (events.format, len(events.chunks)) == (1, 3)
    assert shown(events, 0) == [
        (0, "ff 58 04 06 03 24 08"),  # 6/8, a click every three eighths
        (0, "ff 59 02 fd 01"),  # C minor
        (0, "ff 51 03 06 1a 80"),  # 150 a minute; the tempo after the last note is gone
        (480, "ff 06 02 41 27"),
        (1440, "ff 2f 00"),
    ]
    assert shown(events, 1) == [
        (0, "ff 03 05 46 6c 6f 74 65"),  # Flote
        (0, "c0 49"),
        (0, "90 3c 40"),
        (480, "80 3c 40"),  # off before on
        (480, "90 3e 41"),
        (1440, "80 3e 40"),
        (1440, "ff 2f 00"),
    ]
    assert shown(events, 2)[0] == (0, "ff 03 06 70 61 72 74 20 32")  # "part 2": no letter of its name is ASCII
    assert [message[:2] for _, message in shown(events, 2)[1:4]] == ["c9", "99", "89"]


def test_tempo_and_metre_stand_at_tick_0_whatever_the_score_says():
    late = Score(480, SONG.tracks, tempi=(Tempo(480, 400_000),), time_signatures=(TimeSignature(1920, 3, 4),))
    again = read_bytes(written(late))
    assert again.tempi == (Tempo(0, 500_000), Tempo(480, 400_000))
    assert again.time_signatures == (TimeSignature(0, 4, 4), TimeSignature(1920, 3, 4))


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([(0, 10, 60), (5, 10, 60)], [(0, 5, 60), (5, 10, 60)]),
        ([(0, 10, 60), (10, 10, 60)], [(0, 10, 60), (10, 10, 60)]),
        ([(0, 10, 60), (5, 10, 61)], [(0, 10, 60), (5, 10, 61)]),
        ([(0, 10, 60), (0, 20, 60)], [(0, 20, 60)]),
        ([(0, 90, 60), (5, 10, 60), (7, 1, 60)], [(0, 5, 60), (5, 2, 60), (7, 1, 60)]),
        ([], []),
    ],
)
def test_overlaps_of_one_pitch_are_cut(rows, left):
    onsets, durations, pitch = np.array(rows, np.int64).reshape(-1, 3).T
    stay, durations = cut_overlaps(onsets, durations, pitch)
    assert list(zip(onsets[stay].tolist(), durations[stay].tolist(), pitch[stay].tolist(), strict=True)) == left


def test_parts_that_share_a_channel_do_not_end_each_others_notes():
    hat = Track(Notes.of([0], [100], [42], [64]), channel=9)
    again = read_bytes(written(Score(480, (hat, replace(hat, notes=Notes.of([50], [100], [42], [64]))))))
    assert [track.notes.rows()[:, :2].tolist() for track in again.tracks] == [[[0, 50]], [[50, 100]]]


def test_velocity_and_length_are_made_legal():
    notes = Notes.of([0, 10], [0, 5], [60, 62], [0, 200])
    assert read_bytes(written(Score(480, (Track(notes),)))).tracks[0].notes.rows().tolist() == [
        [0, 1, 60, 1],
        [10, 5, 62, 127],
    ]


@pytest.mark.parametrize("rows", [([0], [1], [128], [64]), ([-1], [1], [60], [64])])
def test_a_pitch_or_onset_that_midi_cannot_say_is_a_fault_of_the_composer(rows):
    with pytest.raises(ValueError, match="'Solo' has a pitch above 127 or an onset before tick 0"):
        score_to_events(Score(480, (Track(Notes.of(*rows), name="Solo"),)))


@given(strategies.scores())
def test_no_event_goes_back_and_the_conductor_plays_nothing(score):
    events = score_to_events(score)
    for chunk in events.chunks:
        ticks = [event.tick for event in chunk]
        assert ticks == sorted(ticks)
    assert parse(events.to_bytes()) == events
    assert not any(message[0] & 0xF0 == 0x90 for _, message in events.chunks[0])


def test_a_rest_at_the_end_is_written_and_read():
    once = replace(Score(480, (KICK,)), length_ticks=3840)
    again = legal(once)
    assert again.length_ticks == 3840
    assert {chunk[-1].tick for chunk in score_to_events(once).chunks} == {3840}
