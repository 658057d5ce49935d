"""Any layout into ours: what must be there afterwards, and that nothing that sounds is lost."""

from __future__ import annotations

from collections import Counter

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import NOTE, meta, midi, track
from tidy import NAME

from symbolic_embed.score import Event, EventList, parse
from symbolic_embed.score.checks import findings
from symbolic_embed.score.reading.walking import END_OF_TRACK
from symbolic_embed.score.writing.layout import cut_overlaps, note_events, score_to_events
from symbolic_embed.score.writing.normalising import normalised, normalised_and_losses
from symbolic_embed.score.writing.verified import verified_bytes

# what may still be said of a normalised file: what the music itself asks for, or its player
MEANT = {
    "metre-inside-bar",
    "beside-grid",
    "bank",
    "bank-alone",
    "pedal-down",
    "bend-left",
    "doubled-event",
    "no-notes",
}
MEANT |= {"late-tempo", "silent-end", "long-silence", "odd-metronome", "extreme-tempo", "heaped-notes"}
MEANT |= {
    "ends-otherwise",
    "fades-out",
    "closing-messages",
    "many-programs",
    "odd-meta",
    "odd-sysex",
    "conductor-clash",
}


def hexes(events, chunk):
    return [(event.tick, event.message.hex(" ")) for event in events.chunks[chunk]]


@given(strategies.event_lists(long=False))
def test_any_file_becomes_one_without_faults_of_layout(events):
    after = normalised(events)
    assert {one.kind for one in findings(after)} <= MEANT
    assert parse(verified_bytes(after)) == after
    assert after.division in (480, 960)


@given(strategies.event_lists(long=False))
def test_doing_it_twice_equals_doing_it_once(events):
    once = normalised(events)
    assert normalised(once) == once


@given(strategies.scores(division=480, most_tracks=2))
def test_metres_keys_and_programmes_stay(score):
    before, after = score_to_events(score).score(), normalised(score_to_events(score)).score()
    assert [track.program for track in after.tracks] == [track.program for track in before.tracks]
    assert (after.time_signatures, after.key_signatures) == (before.time_signatures, before.key_signatures)


@given(st.lists(strategies.tracks(division=480), max_size=40))
def test_every_note_stays_in_its_part_or_it_is_said_how_many_do_not(tracks):
    """Forty parts on four channels, each as it was: every pitch of every part once, unless notes of one part overlap
    each other."""
    events = unlaid(tracks)
    after, losses = normalised_and_losses(events)
    before = [(*row, number) for number, part in enumerate(events.score().tracks) for row in part.notes.rows().tolist()]
    kept = [(*row, number) for number, part in enumerate(after.score().tracks) for row in part.notes.rows().tolist()]
    counts = {loss.kind: int(loss.text.split()[0].replace(",", "")) for loss in losses if loss.text[0].isdigit()}
    gone, shorter = counts.get("notes-left-out", 0), counts.get("notes-shortened", 0)
    assert len(kept) == len(before) - gone
    assert (Counter(before) - Counter(kept)).total() == gone + shorter
    if all(not overlaps(part.notes) for part in tracks):
        assert (gone, shorter) == (0, 0)
    assert [track.program for track in after.score().tracks] == [track.program for track in events.score().tracks]
    assert normalised(after) == after


def unlaid(tracks):
    """A file with a chunk for each of these parts, on whatever channels they are."""
    said = [
        (Event(0, bytes((0xC0 | part.channel, part.program))), *note_events(part.notes, part.channel))
        for part in tracks
    ]
    chunks = [(*events, Event(events[-1].tick, END_OF_TRACK)) for events in said]
    return EventList(480, tuple(chunks) or ((Event(0, END_OF_TRACK),),))


def overlaps(notes):
    stay, durations = cut_overlaps(notes.onset_ticks, notes.duration_ticks, notes.pitch)
    return not stay.all() or bool((durations != notes.duration_ticks).any())


def losses_in(*bodies, **header):
    return {loss.kind: str(loss) for loss in normalised_and_losses(parse(midi(*bodies, **header))).losses}


def test_seventy_parts_keep_all_their_notes_on_five_ports():
    parts = [track(f"00 c0 {n:02x} 00 90 3c 40 60 80 3c 40") for n in range(70)]
    after, losses = normalised_and_losses(parse(midi(*parts)))
    assert after.score().note_count == 70
    lines = [(part.port, part.channel) for part in after.score().tracks]
    assert len(set(lines)) == 70
    assert max(lines) == (4, 10)  # four times fifteen, and ten: 0 to 8, and 10
    assert [str(loss) for loss in losses] == [
        "the parts need 5 ports of sixteen channels: programs that know no ports play them on one"
    ]


def test_fifteen_parts_on_two_ports_come_to_one():
    parts = [track(meta(0x21, bytes((n % 2,))), f"00 c0 {n:02x} 00 90 3c 40 60 80 3c 40") for n in range(15)]
    after, losses = normalised_and_losses(parse(midi(*parts)))
    assert ([max(ports) for ports in after.ports], losses) == ([0] * 16, ())
    assert sorted(part.channel for part in after.score().tracks) == [*range(9), *range(10, 16)]


def test_two_kits_stay_two_and_one_kit_on_several_tracks_one():
    def hit(pitch, *before):
        return track(*before, f"00 99 {pitch} 40 60 89 {pitch} 40")

    def ports(*bodies):
        return [max(ports) for ports in normalised(parse(midi(*bodies))).ports[1:]]

    assert ports(hit("24"), hit("26")) == [0, 0]
    assert ports(hit("24"), hit("24")) == [0, 1]  # one would silence the other
    assert ports(hit("24"), hit("26", meta(0x21, b"\x01"))) == [0, 1]


def test_system_exclusive_messages_reach_every_port():
    reset = "00 f0 05 7e 7f 09 01 f7"
    parts = [track(*[reset] * (n == 0), f"00 c0 {n:02x} 00 90 3c 40 60 80 3c 40") for n in range(16)]
    after = normalised(parse(midi(*parts)))
    reached = [n for n, chunk in enumerate(after.chunks) if any(event.message[0] == 0xF0 for event in chunk)]
    assert reached == [0, 16]
    assert normalised(after) == after


def test_an_mpe_zone_stays_one_chunk_as_it_was_played():
    zone = ["00 b0 65 00", "00 b0 64 06", "00 b0 06 02", "00 c0 05", "00 b0 07 50"]
    played = ["00 e1 00 50", "00 91 3c 40", "00 e2 00 30", "00 92 3c 41", "60 81 3c 22", "00 82 3c 00"]
    other = track(NAME, "00 c1 09", "00 91 30 40", "60 81 30 40")
    after, losses = normalised_and_losses(parse(midi(track(meta(0x03, b"lead"), *zone, *played), other)))
    assert losses == ()
    messages = [message.hex(" ") for _, message in after.chunks[1]]
    assert messages == ["ff 03 04 6c 65 61 64", *(event[3:] for event in [*zone, *played]), "ff 2f 00"]
    assert {message[0] & 0x0F for _, message in after.chunks[2] if message[0] < 0xF0} == {3}  # free of the zone
    assert normalised(after) == after


def test_how_fast_keys_are_let_go_stays():
    after = normalised(parse(midi(track(NAME, "00 c0 00", "00 90 3c 40 60 80 3c 22 00 90 3e 40 60 90 3e 00"))))
    assert [message.hex(" ") for _, message in after.chunks[1] if message[0] == 0x80] == ["80 3c 22", "80 3e 40"]


def test_a_programme_chosen_behind_the_first_note_at_its_tick_is_not_its():
    late = track(NAME, "00 c0 05", "00 90 3c 40", "00 c0 09", "60 80 3c 40")
    after = normalised(parse(midi(late)))
    assert after.score().tracks[0].program == 5
    assert hexes(after, 1)[1:4] == [(0, "c0 05"), (0, "90 3c 40"), (0, "c0 09")]
    assert normalised(after) == after


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ([NOTE, "00 b5 07 64 00 c5 01"], "messages", "2 messages left out, on channels where nothing plays"),
        ([NOTE, "00 b0 07 ff"], "illegal", "1 message with data above 127 left out"),
        ([NOTE, meta(0x51, b"\7\xa1\x20")], "tempo", "1 tempo change after the last note left out"),
        (["00 90 3c 40", NOTE, "00 80 3c 40"], "notes", "1 note left out, of one pitch at one tick on one channel"),
        (["00 90 3c 40 30", "90 3c 40 30 80 3c 40 30 80 3c 40"], "shortened", "1 note shortened, each to where its"),
        ([meta(3, "Бас".encode()), NOTE], "names", "1 name written in ASCII or after the instrument, 'Бас' the first"),
    ],
)
def test_what_has_no_place_is_named_and_counted(body, kind, text):
    ((found, told),) = losses_in(track(*body)).items()
    assert kind in found
    assert told.startswith(text)


def test_names_of_tracks_without_notes_are_counted():
    assert losses_in(track(NOTE), track(meta(3, b"copied by"))) == {
        "names-left-out": "1 name left out, of tracks without notes"
    }


def test_notes_between_two_ticks_are_counted():
    assert losses_in(track("01 90 3c 40 60 80 3c 40"), division=7) == {
        "ticks-rounded": "1 note moved by less than a tick, to ticks of 960 a quarter"
    }
    assert losses_in(track("02 90 3c 40 60 80 3c 40"), division=960) == {}


def test_a_file_of_format_0_is_split_by_channel_and_keeps_its_title():
    one = track(meta(0x03, b"Song"), "00 c0 05", "00 c1 20", NOTE, "00 91 28 40", "60 81 28 40", meta(0x05, b"la"))
    after = normalised(parse(midi(one, format=0)))
    assert after.format == 1
    assert [part.name for part in after.score().tracks] == ["Song 1", "Song 2"]
    assert hexes(after, 0)[0] == (0, "ff 03 04 53 6f 6e 67")
    assert hexes(after, 2)[1:3] == [(0, "c1 20"), (96, "91 28 40")]
    assert (192, "ff 05 02 6c 61") in hexes(after, 1)


def test_two_hands_on_one_channel_both_get_the_pedal():
    right = track(meta(0x03, b"right"), "00 c0 03", "00 b0 40 7f", NOTE, "00 b0 40 00")
    left = track(meta(0x03, b"left"), "00 90 30 40", "60 80 30 40")
    after = normalised(parse(midi(right, left)))
    assert [(part.channel, part.program) for part in after.score().tracks] == [(0, 3), (1, 3)]
    assert [event for event in hexes(after, 2) if event[1].startswith("b1")] == [(0, "b1 40 7f"), (96, "b1 40 00")]


def test_bank_and_programme_come_to_the_beginning_in_their_order():
    late = track(meta(0x03, b"a"), "00 c0 01", "30 b0 00 08", "00 b0 07 64", "00 c0 05", NOTE, "00 c0 09")
    after = normalised(parse(midi(late)))
    assert hexes(after, 1)[1:5] == [(0, "b0 00 08"), (0, "c0 05"), (48, "b0 07 64"), (48, "90 3c 40")]
    assert (144, "c0 09") in hexes(after, 1)


def test_tempo_and_metre_come_into_the_first_track_and_a_tempo_after_the_end_goes():
    part = track(meta(0x03, b"a"), "00 c0 00", meta(0x51, b"\x06\x1a\x80"), NOTE, meta(0x51, b"\x07\xa1\x20", delta=96))
    after = normalised(parse(midi(part)))
    assert hexes(after, 0) == [(0, "ff 58 04 04 02 18 08"), (0, "ff 51 03 06 1a 80"), (96, "ff 2f 00")]


@pytest.mark.parametrize(("division", "expected"), [(120, 480), (96, 480), (960, 960), (384, 960), (10080, 960)])
def test_ticks_are_480_where_all_fall_on_one(division, expected):
    odd = track(meta(0x03, b"a"), "00 c0 00", "01 90 3c 40", "60 80 3c 40")
    after = normalised(parse(midi(odd, division=division)))
    assert after.division == expected
    onset = int(after.score().tracks[0].notes.onset_ticks[0])
    assert abs(onset / expected - 1 / division) <= 0.5 / expected + 1e-12


def test_film_time_becomes_quarters_of_half_a_second():
    after = normalised(parse(midi(track(NOTE), division=0xE728)))  # 25 frames, 40 ticks: 1000 ticks a second
    score = after.score()
    assert score.has_grid
    seconds = score.tracks[0].notes.duration_ticks[0] / score.division * score.tempi[0].microseconds / 1e6
    assert seconds == pytest.approx(0.096, abs=0.001)


def test_names_are_ascii_and_never_missing():
    parts = [
        track(meta(0x03, name), f"00 c{n} 38", f"00 9{n} 3c 40", f"60 8{n} 3c 40")
        for n, name in enumerate([b"", b"Fl\xf6te"])
    ]
    assert [part.name for part in normalised(parse(midi(*parts))).score().tracks] == ["Trumpet", "Flote"]


def test_messages_for_nobody_are_left_out_and_system_exclusive_ones_are_not():
    part = track(meta(0x03, b"a"), "00 c0 00", "00 b5 07 64", "00 f0 05 7e 7f 09 01 f7", NOTE)
    after = normalised(parse(midi(part)))
    everything = [event for chunk in after.chunks for event in chunk]
    assert Event(0, bytes.fromhex("f0 05 7e 7f 09 01 f7")) in after.chunks[0]
    assert not [event for event in everything if event.message[0] & 0xF0 == 0xB0]


def test_pressure_of_a_key_goes_to_its_own_chunks_part_else_to_all_of_the_channel():
    """A chunk of controllers alone speaks for every part on its channel."""
    two = [track(NOTE, "00 a0 3c 11"), track(NOTE)]
    own = normalised(parse(midi(*two)))
    assert [sum(message[0] & 0xF0 == 0xA0 for _, message in chunk) for chunk in own.chunks] == [0, 1, 0]
    elsewhere = normalised(parse(midi(track(NOTE), track(NOTE), track("00 a0 3c 11"))))
    assert [sum(message[0] & 0xF0 == 0xA0 for _, message in chunk) for chunk in elsewhere.chunks] == [0, 1, 1]


KIT = "00 {0} 24 40 60 {1} 24 40"


@pytest.mark.parametrize(
    ("chunks", "channels"),
    [
        pytest.param([["00 b4 00 7f 00 c4 00", KIT.format("94", "84")]], [9], id="a kit by its bank, alone"),
        pytest.param(
            [[KIT.format("99", "89")], ["00 b4 00 7f 00 c4 08", KIT.format("94", "84")]], [9, 4], id="a second kit"
        ),
        pytest.param(
            [["00 f0 0a 41 10 42 12 40 1a 15 01 10 f7"], [KIT.format("9a", "8a")]], [10], id="a kit by a message"
        ),
        pytest.param([["00 f0 0a 41 10 42 12 40 10 15 00 1b f7"], [KIT.format("99", "89")]], [9], id="a tune there"),
        pytest.param([["00 b9 00 79 00 c9 05", KIT.format("99", "89")]], [0], id="a tune by its bank"),
    ],
)
def test_drums_come_to_the_tenth_channel_where_they_sound_the_same(chunks, channels):
    events = parse(midi(*(track(*chunk) for chunk in chunks)))
    after = normalised(events)
    assert [part.channel for part in after.score().tracks] == channels
    assert [part.is_drum for part in after.score().tracks] == [part.is_drum for part in events.score().tracks]
    assert normalised(after) == after
