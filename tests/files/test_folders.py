"""Finding MIDI files in folders that hold anything."""

import os

import pytest
from midi_bytes import NOTE, midi, riff, track

from symbolic_embed.files.beside import name_beside
from symbolic_embed.files.folders import Found, find_midi

SONG = midi(track(NOTE))


@pytest.fixture
def shelf(tmp_path):
    """A folder with files by name, by content, and of other kinds."""
    (tmp_path / "b").mkdir()
    for name in ["a.mid", "b/UPPER.MIDI", "b/song.kar", "b/.hidden.rmi", "c.mid", "new\nline.mid"]:
        (tmp_path / name).write_bytes(SONG)
    (tmp_path / "b/no_extension").write_bytes(SONG)
    (tmp_path / "b/wrapped").write_bytes(riff(SONG))
    (tmp_path / "b/notes.txt").write_text("MTrk is not how a file begins")
    (tmp_path / "b/empty").write_bytes(b"")
    return tmp_path


def names(found, folder):
    return {os.path.relpath(one.path, folder).replace(os.sep, "/"): one.problem for one in found}


def test_files_are_found_by_name_or_content_sorted_by_path(shelf):
    found = find_midi([shelf])
    expected = ["a.mid", "b/.hidden.rmi", "b/UPPER.MIDI", "b/no_extension", "b/song.kar", "b/wrapped", "c.mid"]
    assert list(names(found, shelf)) == [*expected, "new\nline.mid"]
    assert all(one.problem is None for one in found)
    assert all(one.path.startswith(str(shelf)) for one in found)


def test_notation_is_found_as_midi_is(tmp_path):
    score, tune = b'<?xml version="1.0"?><score-partwise version="4.0">', b"X:1\nK:C\nCDEF|\n"
    contents = {
        "a.musicxml": b"",
        "b.MXL": b"",
        "c.abc": b"",
        "d.krn": b"",
        "e.xml": score,
        "f": score,
        "g.txt": tune,
        "h.txt": b"**kern\n4c\n*-\n",
        "page.xml": b"<html/>",
        "words.txt": b"X marks the spot",
        "book.zip": b"PK\x03\x04 of anything",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    expected = ["a.musicxml", "b.MXL", "c.abc", "d.krn", "e.xml", "f", "g.txt", "h.txt"]
    assert list(names(find_midi([tmp_path]), tmp_path)) == expected


def test_what_the_user_names_is_listed_whatever_its_name(shelf):
    text = str(shelf / "b/notes.txt")
    assert find_midi([text]) == [Found(text)]
    assert find_midi(["nowhere.mid"]) == [Found("nowhere.mid", "cannot be opened: no such file or directory")]


def test_arguments_keep_their_order_and_a_path_comes_once(shelf):
    last = str(shelf / "c.mid")
    found = find_midi([last, shelf, shelf])
    assert found[0] == Found(last)
    assert len(found) == len({one.path for one in found}) == 8


def test_bytes_that_are_no_unicode_survive(tmp_path):
    name = os.path.join(os.fsencode(tmp_path), b"bad\xff\xfename.mid")
    try:
        with open(name, "wb") as file:
            file.write(SONG)
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    (found,) = find_midi([tmp_path])
    assert os.fsencode(found.path) == name


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_links_are_followed_to_files_and_never_to_folders(shelf):
    os.symlink("a.mid", shelf / "link.mid")
    os.symlink("..", shelf / "b" / "up")
    os.symlink("..", shelf / "b" / "up.mid")
    os.symlink("nothing", shelf / "broken.mid")
    os.symlink("self.mid", shelf / "self.mid")
    os.symlink("/dev/zero", shelf / "zero.mid")
    os.symlink("nothing", shelf / "broken.txt")
    os.mkfifo(shelf / "pipe.mid")
    os.mkfifo(shelf / "pipe")
    (shelf / "folder.mid").mkdir()
    (shelf / "folder.mid" / "inside.mid").write_bytes(SONG)
    found = names(find_midi([shelf]), shelf)
    assert {name: problem for name, problem in found.items() if problem} == {
        "b/up.mid": "a folder, not a MIDI file",
        "broken.mid": "a link that leads nowhere",
        "self.mid": "a link that leads nowhere",
        "zero.mid": "not a regular file (a pipe or a device)",
        "pipe.mid": "not a regular file (a pipe or a device)",
        "folder.mid": "a folder, not a MIDI file",
    }
    assert {"link.mid", "folder.mid/inside.mid"} <= set(found)
    assert not any("up/" in name for name in found)


def test_a_macs_companions_of_files_are_passed_over(shelf):
    """As they lie in an archive that a Mac has packed, or on a disk that was once in one."""
    apple_double = bytes.fromhex("00 05 16 07 00 02 00 00")
    (shelf / "__MACOSX").mkdir()
    for name in ("__MACOSX/._a.mid", "b/._song.kar", "b/.DS_Store"):
        (shelf / name).write_bytes(apple_double)
    (shelf / "b" / "._music.mid").write_bytes(SONG)
    found = names(find_midi([shelf]), shelf)
    assert len(found) == 9
    assert set(found.values()) == {None}
    assert "b/._music.mid" in found
    named = str(shelf / "__MACOSX" / "._a.mid")
    assert find_midi([named]) == [Found(named)]  # what the user names is listed


def test_a_file_of_ours_that_was_never_finished_is_passed_over(shelf):
    (shelf / os.path.basename(name_beside(shelf / "a.mid"))).write_bytes(SONG)
    assert len(find_midi([shelf])) == 8


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_closed_folder_is_named(shelf):
    (shelf / "b").chmod(0)
    problems = [one.problem for one in find_midi([shelf]) if one.problem]
    (shelf / "b").chmod(0o700)
    assert problems == ["the folder cannot be opened: permission denied"]


def test_a_walk_passes_over_recordings_and_a_named_one_is_listed(tmp_path):
    for name in ("a.wav", "sung"):
        (tmp_path / name).write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")
    (tmp_path / "b.mid").write_bytes(SONG)
    assert list(names(find_midi([tmp_path]), tmp_path)) == ["b.mid"]
    assert find_midi([tmp_path / "a.wav"]) == [Found(str(tmp_path / "a.wav"))]
