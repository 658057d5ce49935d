"""What counts as a clip in a watched folder."""

import os

import pytest

from symbolic_embed.watching.snapshot import Stamp, clips_in, stamp_at


def test_music_by_name_counts_and_nothing_else(tmp_path):
    for name in ("b.MID", "a.mid", "c.musicxml", "notes.txt", ".hidden.mid", "._a.mid", "d.mid.part"):
        (tmp_path / name).write_bytes(b"1234")
    (tmp_path / "folder.mid").mkdir()
    os.mkfifo(tmp_path / "pipe.mid")
    os.symlink("a.mid", tmp_path / "link.mid")
    os.symlink("nowhere", tmp_path / "gone.mid")
    assert list(clips_in(str(tmp_path))) == ["a.mid", "b.MID", "c.musicxml", "link.mid"]


def test_a_stamp_tells_a_change(tmp_path):
    clip = tmp_path / "a.mid"
    clip.write_bytes(b"1234")
    os.utime(clip, ns=(0, 5_000_000_000))
    assert clips_in(str(tmp_path)) == {"a.mid": Stamp(4, 5_000_000_000)}
    os.utime(clip, ns=(0, 6_000_000_000))
    assert stamp_at(str(clip)) == Stamp(4, 6_000_000_000)
    assert stamp_at(str(tmp_path / "b.mid")) is None


def test_a_folder_that_is_gone_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        clips_in(str(tmp_path / "gone"))
