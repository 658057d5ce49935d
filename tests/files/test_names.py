"""Names: ASCII on one line, and never a path."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.files.names import ascii_name, file_stem


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Strings é", "Strings e"),
        ("Flöte, Große Trommel", "Flote, Grosse Trommel"),
        ("Łódź–Ærø", "Lodz-AEro"),
        ("B♭ clarinet", "Bb clarinet"),
        ("piano\r\nleft\thand", "piano left hand"),
        ("\x1b[2Jpiano\x07", "[2Jpiano"),
        ("\u202edim.exe", "dim.exe"),
        ("ピアノ", ""),
        ("Voice 1 (~!@#)", "Voice 1 (~!@#)"),
    ],
)
def test_accents_go_and_letters_stay(text, plain):
    assert ascii_name(text) == plain


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("Für Elise", "Fur_Elise"),
        ("../../../../pwned", "pwned"),
        ("/etc/cron.d/evil", "etc_cron.d_evil"),
        ("..\\..\\Windows\\System32\\x", "Windows_System32_x"),
        ("CON", "CON_file"),
        ("nul.tar.gz", "nul_file.tar.gz"),
        ("com1", "com1_file"),
        ("console", "console"),
        ("..", "untitled"),
        ("", "untitled"),
        ("-rf", "rf"),
        ("$(touch pwned);`id`", "touch_pwned_id"),
        ("x" * 300, "x" * 80),
        ("ピアノ", "untitled"),
    ],
)
def test_hostile_names_become_harmless_stems(text, stem):
    assert file_stem(text) == stem


@given(st.text(max_size=100) | st.text(alphabet="./\\- _conlpt1", max_size=12))
def test_a_stem_is_a_file_name_anywhere_and_stays_one(text):
    stem = file_stem(text)
    assert stem
    assert len(stem) <= 85
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert stem[0] not in "._-"
    assert stem[-1] not in "._-"
    assert stem.partition(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert file_stem(stem) == stem
    assert ascii_name(ascii_name(text)) == ascii_name(text)


def test_random_bytes_as_a_name_are_harmless_too():
    assert file_stem(random.Random(11).randbytes(64).decode("latin-1")).isascii()
