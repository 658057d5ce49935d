"""Chords from the command line: a text, or a file of text or music."""

from __future__ import annotations

import pytest
from looping_music import pop

from symbolic_embed.commands.shared.chord_text import chord_text
from symbolic_embed.errors import UsageError
from symbolic_embed.score.writing.layout import score_to_events


def test_what_is_no_file_is_what_it_says():
    for given in ("keep", "Am F C G", "Am/G | N.C.", "no/such/file.txt"):
        assert chord_text(given) == given


def test_a_file_is_its_text_or_the_chords_of_its_bars(tmp_path):
    (tmp_path / "chords.txt").write_text("Am F\nC G x2\n")
    assert chord_text(str(tmp_path / "chords.txt")) == "Am F\nC G x2\n"
    (tmp_path / "song.mid").write_bytes(score_to_events(pop(turns=1).score).to_bytes())
    assert chord_text(str(tmp_path / "song.mid")) == "Am | F | C | G |"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x80", b"C " * 60_000])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    path = tmp_path / "chords.bin"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="holds neither chords as text nor music") as refusal:
        chord_text(str(path))
    assert refusal.value.field == "chords"
