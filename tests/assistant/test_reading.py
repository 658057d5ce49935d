"""A clip as an assistant reads it."""

import pytest

from symbolic_embed.assistant import reading


def test_a_clip_is_told_as_music(assistant):
    told = assistant.call("read_clip", clip="band.mid")
    assert (told["clip"], told["name"], told["bars"], told["told_bars"]) == ("clip:1", "band.mid", 4, "1-4")
    assert told["metre"] == [[1, "4/4"]]
    assert told["tempo"] == [[1, 100.0], [4, pytest.approx(92.308)]]
    assert [part["role"] for part in told["parts"]] == ["melody", "chords", "bass", "drums"]
    assert [bar for bar, _ in told["chords"]] == [1, 2, 3, 4]
    tune = told["parts"][0]["notes"]
    assert tune[0] == [1, 0.0, pytest.approx(400 / 480, abs=1e-4), 60, 80]
    assert [note[:2] for note in tune[3:5]] == [[1, 3.0], [2, 0.0]]
    assert [len(part["notes"]) for part in told["parts"]] == [part["note_count"] for part in told["parts"]]


def test_only_what_is_asked_for_is_read(assistant):
    told = assistant.call("read_clip", clip="band.mid", bars="2,4", tracks="bass")
    assert told["told_bars"] == "2,4"
    assert [bar for bar, _ in told["chords"]] == [2, 4]
    assert [note[0] for note in told["parts"][2]["notes"]] == [2, 4]
    assert ["notes" in part for part in told["parts"]] == [False, False, True, False]
    assert "notes" not in assistant.call("read_clip", clip="band.mid", notes=False)["parts"][0]


def test_a_role_that_is_said_counts(assistant):
    told = assistant.call("read_clip", clip="band.mid", roles="tune=bass", notes=False)
    assert told["parts"][0]["role"] == "bass"


def test_a_long_clip_comes_some_bars_at_a_time(assistant, monkeypatch):
    monkeypatch.setattr(reading, "MOST_NOTES", 30)  # a bar has 4 + 3 + 1 + 4
    first = assistant.call("read_clip", clip="band.mid")
    assert (first["told_bars"], first["goes_on_at_bar"]) == ("1-2", 3)
    second = assistant.call("read_clip", clip="band.mid", bars="3-4")
    assert (second["told_bars"], "goes_on_at_bar" in second) == ("3-4", False)
    monkeypatch.setattr(reading, "MOST_NOTES", 3)
    crowded = assistant.call("read_clip", clip="band.mid", bars="2", tracks="tune")
    assert (len(crowded["parts"][0]["notes"]), crowded["parts"][0]["notes_left_out"]) == (3, 1)
    assert crowded["told_bars"] == "2"


def test_of_many_tempi_the_first_are_told(assistant, folder, monkeypatch):
    monkeypatch.setattr(reading, "MOST_CHANGES", 1)
    told = assistant.call("read_clip", clip="band.mid", notes=False)
    assert (told["tempo"], told["tempo_left_out"]) == ([[1, 100.0]], 1)
    assert "metre_left_out" not in told


def test_what_is_not_there_is_said(assistant):
    assert assistant.error("read_clip", clip="band.mid", bars="5") == "`bars` 5: the clip has 4 bars"
    assert assistant.error("read_clip", clip="band.mid", tracks="9").startswith("`tracks`: there is no track '9'")
    assert assistant.error("read_clip", clip="gone.mid").startswith("gone.mid: cannot be opened: no such file")
    assert assistant.error("read_clip", clip="../secret.mid").startswith("`clip` '../secret.mid': lies outside")


def test_a_file_that_is_no_music_is_said_in_a_sentence(assistant, folder):
    (folder / "words.mid").write_bytes(b"once upon a time")
    assert assistant.error("read_clip", clip="words.mid").startswith("words.mid: not MIDI: it begins with 6f 6e")


def test_the_clips_of_the_folder_are_listed(assistant):
    assert assistant.call("list_clips") == {"files": ["band.mid", "songs/a.mid", "songs/b.mid"], "count": 3}
    assert assistant.call("list_clips", matching="SONGS/A")["files"] == ["songs/a.mid"]


def test_a_clip_is_checked(assistant):
    told = assistant.call("check", clip="band.mid")
    assert (told["name"], told["count"], told["findings"]) == ("band.mid", 0, [])
