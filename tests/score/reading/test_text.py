"""Text in the alphabets that files have it in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import NOTE, meta, midi, track

from symbolic_embed.score import parse, read_bytes
from symbolic_embed.score.reading.text import text_of


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Strings", "Strings"),
        ("Flöte ピアノ".encode(), "Flöte ピアノ"),
        ("Ãœberschrift".encode(), "Ãœberschrift"),
        (b"\xef\xbb\xbf" + "Flöte".encode(), "Flöte"),
        ("Flöte".encode("latin-1"), "Flöte"),
        (b"pia\0no\0", "piano"),
        (b"\xed\xa0\x80", "\xed\xa0\x80"),
        (b"\xff\xfe" + "Flöte ピアノ".encode("utf-16-le"), "Flöte ピアノ"),
        (b"\xfe\xff" + "Гитара".encode("utf-16-be"), "Гитара"),
        (b"\xff\xfe\x00", "ÿþ"),
        (b"\xff\xfe\x00\xd8", "ÿþØ"),
        (b"", ""),
    ],
)
def test_text_is_utf8_or_utf16_with_its_mark_or_latin1_without_nul(data, text):
    assert text_of(data) == text


@pytest.mark.parametrize(
    "text",
    ["曲名", "ピアノ", "あ", "琴", "琴1", "第1楽章", "Piano 右手", "Aメロ", "作曲 J.S.Bach", "メロディー", "表",
     "@LJAPN さくら", "ﾋﾟｱﾉ", "ﾍﾞｰｽ", "ﾄﾞﾗﾑ", "ﾄﾗﾝﾍﾟｯﾄ 1", "ﾁｪﾛ"],
)  # fmt: skip
def test_japanese_is_read_as_shift_jis(text):
    assert text_of(text.encode("cp932")) == text


@pytest.mark.parametrize("code", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    "text",
    ["Refrän", "Don’t", "l’amour", "“Intro”", "Verse – 2", "Chorus… end", "ÄÖÜ", "É", "Nº 2", "§ 1", "¿Qué?", "ÉTÉ",
     "Þór", "«Été»", "Straße", "°°", "na;´´", "±", "Übermäßig", "på", "’60s"],
)  # fmt: skip
def test_western_text_stays_latin1(text, code):
    try:
        data = text.encode(code)
    except UnicodeEncodeError:
        pytest.skip("not in this alphabet")
    assert text_of(data) == data.decode("latin-1")


@given(st.binary(max_size=20))
def test_any_bytes_are_some_text(data):
    assert "\0" not in text_of(data)


def test_names_and_markers_of_a_file_are_text_however_it_is_read():
    japanese = track(meta(6, "サビ".encode("cp932")), meta(3, "ピアノ".encode("cp932")), meta(1, b"x" * 99) * 2, NOTE)
    for score in (read_bytes(midi(japanese)), parse(midi(japanese)).score()):
        assert (score.tracks[0].name, score.markers[0].text) == ("ピアノ", "サビ")
    assert parse(midi(japanese)).to_bytes().count("ピアノ".encode("cp932")) == 1
