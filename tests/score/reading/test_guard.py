"""The guard: what it repairs, what it refuses, and the words it finds for both."""

import os
import threading

import pytest
from midi_bytes import END, NOTE, chunk, header, midi, riff, track

from symbolic_embed.errors import MidiError
from symbolic_embed.score.reading.guard import Chunk, cut_chunks
from symbolic_embed.score.reading.opening import file_bytes

SONG = midi(track(NOTE))


def kinds(data):
    return [warning.kind for warning in cut_chunks(data).warnings]


def bodies(data):
    return [chunk.body for chunk in cut_chunks(data).chunks]


def refusal(data):
    with pytest.raises(MidiError) as caught:
        cut_chunks(data, source="song.mid")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("song.mid: ")
    return caught.value.reason


def test_a_tidy_file_is_cut_into_its_tracks_without_a_word():
    file = cut_chunks(midi(track(), track(NOTE), division=96))
    assert (file.format, file.timebase.division, file.warnings) == (1, 96, ())
    assert file.chunks == (Chunk(END, 22), Chunk(track(NOTE), 34))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\r\n" + SONG, "junk-before-header"),
        (bytes(256) + SONG, "junk-before-header"),
        (riff(SONG), "riff"),
        (SONG + b"TAG" + bytes(125), "trailing-junk"),
        (SONG + SONG, "second-header"),
        (header(tracks=2) + chunk(track(NOTE)), "track-count"),
        (header(tracks=0) + chunk(track(NOTE)), "track-count"),
        (header() + chunk(track(NOTE), length=0x7FFFFFFF), "chunk-length"),
        (header() + chunk(track(NOTE), length=0xFFFFFFF8), "chunk-length"),
        (header() + chunk(track(NOTE), length=0), "chunk-length"),
        (midi(track(NOTE), format=2), "format"),
        (midi(track(NOTE), format=3), "format"),
    ],
)
def test_a_repair_keeps_the_track_and_is_named(data, kind):
    assert kind in kinds(data)
    assert bodies(data) == [track(NOTE)]


def test_chunks_of_other_names_and_long_headers_are_legal():
    alien = chunk(b"\1\2\3", name=b"XFKM")
    assert kinds(header(length=10) + bytes(4) + alien + chunk(track(NOTE)) + alien) == []


def test_a_filling_byte_and_junk_between_tracks_are_skipped():
    two = header(tracks=2) + chunk(track(NOTE))
    assert kinds(two + b"\0" + chunk(track())) == ["pad-byte"]
    assert kinds(two + b"\xfe\xfe\xfe" + chunk(track())) == ["junk"]
    assert bodies(two + b"\xfe\xfe\xfe" + chunk(track())) == [track(NOTE), track()]


def test_a_riff_wrapper_may_hold_other_chunks_padded_to_even_length():
    other = b"DISP" + (3).to_bytes(4, "little") + b"abc\0"
    wrapped = riff(SONG).replace(b"RMIDdata", b"RMID" + other + b"data") + b"LIST\4\0\0\0INFO"
    assert kinds(wrapped) == ["riff"]
    assert bodies(wrapped) == [track(NOTE)]


def test_two_tracks_in_format_0_become_format_1_in_words():
    file = cut_chunks(midi(track(), track(NOTE), format=0))
    assert [str(warning) for warning in file.warnings] == ["format 0 has one track, this file 2; read as format 1"]


def test_a_hundred_thousand_alien_chunks_are_a_loop_not_a_recursion():
    assert bodies(header() + b"XXXX\0\0\0\0" * 100_000 + chunk(track(NOTE))) == [track(NOTE)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it begins with nothing"),
        (SONG[:13], "ends after 13 bytes, a header has 14"),
        (bytes(257) + SONG, "a MIDI file with 4d 54 68 64 (MThd)"),
        (SONG.replace(b"MThd", b"mthd"), "it begins with 6d 74 68 64"),
        (b"PK\3\4" + SONG, "a ZIP archive; unpack it first"),
        (b"<!DOCTYPE html>", "a page of HTML"),
        (b"RIFF\0\0\0\0WAVE", "a RIFF file of kind b'WAVE', where RMID was needed"),
        (riff(riff(SONG)), "a RIFF file inside a RIFF file"),
        (riff(SONG)[:20], "without MIDI data in it"),
        (header(length=5) + chunk(track(NOTE)), "a header length of 5, where it is 6"),
        (header(length=0xFFFFFFFF) + chunk(track(NOTE)), "a header length of 4294967295"),
        (header(tracks=3), "3 tracks declared and none there"),
        (header() + b"XXXX\xff\xff\xff\xff" + chunk(track(NOTE)), "1 tracks declared and none there"),
        (midi(track(NOTE), division=0), "byte 12: a division of 0 ticks a quarter"),
        (header() + chunk(END) * 65_536, "65,536 tracks, more than the 65,535"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_one_line(data, words):
    assert words in refusal(data)


def test_a_file_without_tracks_that_declares_none_is_empty_and_says_so():
    assert kinds(header(tracks=0)) == ["no-tracks"]


def test_bytes_come_from_a_regular_file_of_bounded_size(tmp_path):
    song = tmp_path / "song.mid"
    song.write_bytes(SONG)
    assert file_bytes(song) == SONG
    assert file_bytes(os.fsencode(song), max_bytes=len(SONG)) == SONG
    with pytest.raises(
        MidiError, match=f"{len(SONG)} bytes, more than the 10 that are read; `max_bytes` raises the limit"
    ):
        file_bytes(song, max_bytes=10)
    with pytest.raises(MidiError, match="is a folder, not a MIDI file"):
        file_bytes(tmp_path)
    with pytest.raises(MidiError, match="cannot be opened: no such file or directory"):
        file_bytes(tmp_path / "nothing.mid")
    with pytest.raises(MidiError, match="cannot be opened"):
        file_bytes("nul\0inside.mid")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.mid")
    refused = []

    def read():
        try:
            file_bytes(tmp_path / "pipe.mid")
        except MidiError as error:
            refused.append(error.reason)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(timeout=5)
    assert refused == ["is not a regular file (a pipe or a device); copy its content into a file first"]


def test_a_name_that_is_no_unicode_is_printed_escaped():
    with pytest.raises(MidiError) as caught:
        cut_chunks(b"", source="bad\udcff\nname.mid")
    assert str(caught.value).startswith(r"bad\udcff\nname.mid: ")
