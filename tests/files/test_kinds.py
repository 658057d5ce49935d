"""What music a file holds, by its bytes and then by its name."""

import pytest
from midi_bytes import NOTE, midi, riff, track

from symbolic_embed.files.kinds import kind_of

SONG = midi(track(NOTE))
DOCTYPE = b'<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "partwise.dtd">'


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (SONG, "midi"),
        (riff(SONG), "midi"),
        (b'<?xml version="1.0"?>\n' + DOCTYPE, "musicxml"),
        (b"\xef\xbb\xbf<score-partwise>", "musicxml"),
        ('<?xml version="1.0"?><score-timewise version="4.0">'.encode("utf-16"), "musicxml"),
        ("<score-partwise>".encode("utf-16-be"), "musicxml"),
        (b"PK\x03\x04....mimetypeapplication/vnd.recordare.musicxml", "mxl"),
        (b"PK\x03\x04....META-INF/container.xml", "mxl"),
        (b"PK\x03\x04....mimetypeapplication/epub+zip META-INF/container.xml", None),
        (b"PK\x03\x04....word/document.xml", None),
        (b"X:1\nT:a tune\nK:C\n", "abc"),
        (b"% a book\n\n%%scale 1\nX: 12\n", "abc"),
        (b"!!!COM: Bach\n**kern\t**kern\n", "kern"),
        (b"**kern\n4c\n", "kern"),
        (b"**text\n4c\n", None),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "audio"),
        (b"RIFF\x24\0\0\0AVI LIST", None),
        (b"FORM\0\0\0\x2eAIFFCOMM", "audio"),
        (b"fLaC\0\0\0\x22", "audio"),
        (b"OggS\0\x02", "audio"),
        (b"ID3\x03\0\0\0\0\0\x23", "audio"),
        (b"\xff\xfb\x90\x64", "audio"),  # MPEG 1, layer III, 128 kbit/s, 44.1 kHz
        (b"\xff\xe3\x18\xc4", "audio"),  # MPEG 2.5
        (b"\xff\xfb\xf0\x64", None),  # a bit rate that there is not
        (b"\xff\xfb\x9c\x64", None),  # a rate that there is not
        (b"\xff\xf1\x50\x80", "audio"),  # AAC
        (b"\0\0\0\x20ftypM4A ", "audio"),
        (b"MAX:1 is no field", None),
        (b"<html><body>score-partwise</body></html>", None),
        (b"", None),
    ],
)
def test_content_tells(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.mid", "midi"),
        ("b/A.KAR", "midi"),
        ("a.musicxml", "musicxml"),
        ("a.mxl", "mxl"),
        ("a.ABC", "abc"),
        ("a.krn", "kern"),
        ("a.xml", None),
        ("a.WAV", "audio"),
        ("a.mp3", "audio"),
        ("abc", None),
        (b"caf\xe9.krn", "kern"),
    ],
)
def test_else_the_name_tells(name, kind):
    assert kind_of(b"who knows", name) == kind


def test_content_is_stronger_than_the_name():
    assert kind_of(SONG, "a.abc") == "midi"
    assert kind_of(DOCTYPE, "a.mid") == "musicxml"
    assert kind_of(SONG, "a.wav") == "midi"
    assert kind_of(b"fLaC\0\0\0\x22", "a.mid") == "audio"


def test_text_has_no_zero_bytes():
    assert kind_of(b"Ogawa\0\xff", "scene.abc") is None
    assert kind_of(b"Ogawa\0\xff", "scene.musicxml") == "musicxml"
