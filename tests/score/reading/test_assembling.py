"""From chunks to a score: parts, programmes, limits. Both ways of reading end here; these files take either."""

import pytest
from midi_bytes import END, NOTE, chunk, header, meta, midi, track

from symbolic_embed.errors import MidiError
from symbolic_embed.score import KeySignature, Marker, ScoreWarning, Tempo, TimeSignature, parse, read_bytes
from symbolic_embed.score.events import quantity
from symbolic_embed.score.reading import reader as reading
from symbolic_embed.score.reading.assembling import merged


def kinds(data):
    return [warning.kind for warning in read_bytes(data).warnings]


def refusal(data):
    with pytest.raises(MidiError) as caught:
        read_bytes(data, source="song.mid")
    with pytest.raises(MidiError):
        parse(data).score()
    return str(caught.value)


def notes_at(*ticks, length=10):
    """Middle C at these ticks."""
    pieces, before = [], 0
    for tick in ticks:
        pieces += [(tick - before).to_bytes(1, "big") + bytes.fromhex(f"90 3c 40 {length:02x} 80 3c 40")]
        before = tick + length
    return b"".join(pieces)


def test_a_part_is_a_chunk_and_a_channel_in_order():
    both = track(meta(3, b"Duo"), "00 91 40 40", "00 90 3c 40", "60 80 3c 40", "00 81 40 40")
    drums = track("00 99 23 40", "60 89 23 40")
    score = read_bytes(midi(drums, track(), both))
    assert [(part.chunk, part.channel, part.name, part.is_drum) for part in score.tracks] == [
        (0, 9, "", True),
        (2, 0, "Duo", False),
        (2, 1, "Duo", False),
    ]


def test_the_first_name_of_a_chunk_is_its_name():
    assert (
        read_bytes(midi(track(meta(3, "Flöte".encode("latin-1")), meta(3, b"other"), NOTE))).tracks[0].name == "Flöte"
    )


def test_the_conductor_may_stand_anywhere():
    one = track(meta(0x58, bytes.fromhex("03 02 18 08")), meta(0x51, bytes.fromhex("061a80"), delta=100))
    two = track(meta(6, b"A"), NOTE, meta(0x59, bytes.fromhex("01 01"), delta=10))
    score = read_bytes(midi(one, two))
    assert score.time_signatures == (TimeSignature(0, 3, 4),)
    assert score.tempi == (Tempo(100, 400_000),)
    assert score.markers == (Marker(0, "A"),)
    assert score.key_signatures == (KeySignature(106, 1, minor=True),)


@pytest.mark.parametrize(
    ("chunks", "program"),
    [
        ([track("00 c0 05", NOTE)], 5),
        ([track("00 c0 05", NOTE, "00 c0 06", NOTE)], 5),
        ([track(NOTE, "00 c0 06", NOTE)], 0),
        ([track("00 c0 21"), track(NOTE)], 33),
        ([track("00 c0 21"), track("00 c0 00", NOTE)], 0),
        ([track("00 c1 21"), track(NOTE)], 0),
        ([track("60 c0 21"), track("60" + NOTE[2:])], 33),
        ([track("61 c0 21"), track("60" + NOTE[2:])], 0),
        ([track("00 c0 21", "10 c0 22"), track("20" + NOTE[2:])], 34),
        ([track(NOTE), track("00 c0 21")], 33),
    ],
)
def test_the_programme_is_the_one_in_force_at_the_first_note(chunks, program):
    for data in (midi(*chunks), midi(*(bytes(meta(1, b"x" * 99) * 2) + body for body in chunks))):  # walked, and plain
        assert [part.program for part in read_bytes(data).tracks] == [program]


def test_notes_without_length_get_a_tick():
    score = read_bytes(midi(track("00 90 3c 40", "00 80 3c 40", "00 90 3e 40", "00 80 3e 40")))
    assert score.tracks[0].notes.duration_ticks.tolist() == [1, 1]
    assert [str(w) for w in score.warnings] == [
        "chunk 0, channel 0: notes without length were given one tick (2 times)"
    ]


def test_notes_that_never_end_are_kept_and_counted():
    score = read_bytes(midi(track("00 90 3c 40", "00 90 40 40", "60 80 3c 40")))
    assert score.tracks[0].notes.duration_ticks.tolist() == [96, 96]
    assert [(w.kind, w.count) for w in score.warnings] == [("hanging-notes", 1)]


def test_heaps_of_one_pitch_are_named():
    assert kinds(midi(track(*["00 90 3c 40"] * 32, "0a 80 3c 40", *["00 80 3c 40"] * 31))) == []
    assert kinds(midi(track(*["00 90 3c 40"] * 33, "0a 80 3c 40", *["00 80 3c 40"] * 32))) == ["heaped-notes"]


def test_signatures_inside_a_bar_are_named_as_far_as_the_music_goes():
    inside = meta(0x58, bytes.fromhex("03 02 18 08"), delta=100)
    assert kinds(midi(track(inside, NOTE))) == ["signature-inside-bar"]
    assert kinds(midi(track(NOTE, inside))) == []


def test_film_time_is_read_with_a_warning_and_has_no_grid():
    score = read_bytes(midi(track(meta(0x51, bytes.fromhex("061a80")), NOTE), division=0xE728))
    assert (score.has_grid, score.division, score.tempi) == (False, 500, (Tempo(0, 500_000),))
    assert [w.kind for w in score.warnings] == ["no-grid"]
    assert score.tracks[0].notes.duration_ticks.tolist() == [96]


def test_six_hours_by_the_tempo_map_are_the_limit():
    slow = meta(0x51, bytes.fromhex("ff ff ff"))  # 16.8 seconds a quarter: 1,288 quarters are six hours
    assert read_bytes(midi(track(slow, notes_at(*range(0, 1280, 10), length=1)), division=1)).note_count == 128
    words = refusal(midi(track(slow, notes_at(*range(0, 1300, 10), length=1)), division=1))
    assert words == "song.mid: chunk 0: the last note ends after 6.0 hours, more than 6; is a waiting time damaged?"


@pytest.mark.parametrize(("ticks", "fits"), [(2**31 - 97, True), (2**31 - 96, False), (2**32, False)])
def test_ticks_beyond_32_bits_are_refused_even_where_they_wrap_to_small_ones(ticks, fits):
    fast = meta(0x51, bytes.fromhex("00 27 10"))  # 10,000 microseconds a quarter, so that hours are not the limit
    steps = [meta(1, b"", delta=0xFFFFFFF)] * (ticks // 0xFFFFFFF) + [meta(1, b"", delta=ticks % 0xFFFFFFF)]
    data = midi(track(fast, *steps, NOTE), division=32767)
    if fits:
        assert read_bytes(data).end_tick == 2**31 - 1
    else:
        assert "beyond 2,147,483,647; is a waiting time damaged?" in refusal(data)


def test_silence_behind_the_last_note_is_free():
    quiet = midi(track(NOTE, end=bytes.fromhex("ff ff ff 7f ff 2f 00")))
    assert (read_bytes(quiet).end_tick, kinds(quiet)) == (96, [])


def test_half_a_million_notes_are_the_limit():
    body = bytes.fromhex("00 90 3c 40 01 3c 00") + bytes.fromhex("00 3c 40 01 3c 00") * 500_000
    with pytest.raises(MidiError, match="500,001 notes, more than the 500,000 that are read"):
        read_bytes(midi(track(body)))


def test_damage_keeps_what_came_before_if_it_is_music():
    damaged = track(NOTE * 3, "00 90 80 40", NOTE)
    score = read_bytes(midi(track(NOTE), damaged))
    assert [len(part.notes) for part in score.tracks] == [1, 3]
    assert [w.kind for w in score.warnings] == ["damaged"]
    assert score.warnings[0].text.startswith("chunk 1, byte 66: a note with a pitch or velocity above 127 (80 40)")


def test_damage_before_any_music_refuses_the_file():
    words = refusal(midi(track("00 3c 40", NOTE)))
    assert words == (
        "song.mid: chunk 0, byte 22: 3c where a status byte (80 or more) was needed; the 15 bytes from there on were "
        "not read; the 0 of 15 bytes before it hold too little music"
    )
    assert "hold too little music" in refusal(midi(track(NOTE, b"\x81" * 1000)))


def test_a_file_without_notes_is_a_score_without_parts():
    score = read_bytes(header(tracks=2) + chunk(track()) * 2)
    assert (score.tracks, score.end_tick, score.warnings) == ((), 0, ())


def test_the_number_of_events_is_limited_for_the_whole_file(monkeypatch):
    monkeypatch.setattr(reading, "MAX_EVENTS", 7)
    three = track(NOTE)
    assert kinds(midi(three, three)) == []
    assert "damaged" in kinds(midi(three, three, three))


def test_a_programme_after_the_first_note_is_not_the_parts_own_even_at_its_tick():
    """The chunk's own change comes too late; the one in another chunk was in time."""
    late = track("60 90 3c 40", "00 c0 07", "60 80 3c 40")
    assert read_bytes(midi(track("00 c0 05"), late)).tracks[0].program == 5
    assert read_bytes(midi(track(), late)).tracks[0].program == 0


def test_one_warning_a_kind_with_the_text_of_the_first_and_all_counted():
    several = [ScoreWarning("a", "first", 2), ScoreWarning("b", "other"), ScoreWarning("a", "second", 3)]
    assert merged(several) == [ScoreWarning("a", "first", 5), ScoreWarning("b", "other", 1)]
    assert merged([]) == []
    assert several[0].count == 2


PADDING = meta(1, b"." * 100) * 2  # a chunk so long takes the short cut


@pytest.mark.parametrize("padding", [b"", PADDING])
@pytest.mark.parametrize(
    ("chunks", "length"),
    [
        (["1e:part"], 3840),  # a clip of two bars, whose only note is of the first
        (["0:part"], None),
        (["1e:conductor", "0:part"], 3840),
        (["1e:empty", "0:part"], None),  # neither a part nor the conductor
        (["0:conductor", "1e:part", "0:part"], 3840),
        (["1d:conductor", "1e:marker", "0:part"], None),  # it ends with its marker, not with the piece
    ],
)
def test_where_the_file_says_that_it_ends(chunks, length, padding):
    """Ends of tracks, in hex 128 ticks after the 0th; the note ends at tick 96."""
    bodies = []
    for chunk_ in chunks:
        bars, _, kind = chunk_.partition(":")
        wait = int(bars, 16) * 128
        said = {"part": b"", "empty": b"", "conductor": meta(0x51, b"\x07\xa1\x20"), "marker": b""}[kind]
        if kind == "marker":
            said, wait = meta(6, b"End", delta=wait), 0
        note = NOTE if kind == "part" else ""
        bodies.append(track(padding, said, note, end=quantity(max(wait - 96 * bool(note), 0)) + END[1:]))
    data = midi(*bodies)
    assert read_bytes(data).length_ticks == parse(data).score().length_ticks == length
