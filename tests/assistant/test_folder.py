"""Nothing outside the folder is read or written."""

import os
import re

import pytest

from symbolic_embed.assistant.clips import MOST_UNSAVED, Clips
from symbolic_embed.assistant.folder import WorkFolder
from symbolic_embed.errors import UsageError

OUTSIDE = ("../secret.mid", "/etc/passwd", "songs/../../secret.mid", "a\0b.mid", "\ud800.mid", "", ".", "..")


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leads_out_is_refused(folder, name):
    with pytest.raises(UsageError, match=r"^`clip` .*: lies outside the folder of clips; name a file in it"):
        WorkFolder(".").place(name)


def test_a_link_that_leads_out_is_refused_and_one_inside_followed(folder):
    os.symlink(os.path.abspath("../secret.mid"), "out.mid")
    os.symlink(os.path.abspath(".."), "up")
    os.symlink("band.mid", "in.mid")
    for name in ("out.mid", "up/secret.mid"):
        with pytest.raises(UsageError, match="lies outside"):
            WorkFolder(".").place(name)
    with pytest.raises(UsageError, match="`output` 'up': lies outside"):
        WorkFolder(".").place_for("up")
    assert WorkFolder(".").place("in.mid") == "in.mid"


def test_a_folder_to_write_into_gets_a_clean_name(folder):
    assert WorkFolder(".").place_for("My takes: 1/no. 2").as_posix() == "My_takes_1/no._2"
    for name in ("../up", "/tmp/x"):
        with pytest.raises(UsageError, match="lies outside"):
            WorkFolder(".").place_for(name)


def test_a_folder_that_is_not_there_is_named():
    with pytest.raises(UsageError, match=r"^`folder` nowhere: there is no such folder"):
        WorkFolder("nowhere")


def test_the_whole_disk_is_no_folder_of_clips(monkeypatch):
    monkeypatch.chdir("/")
    for folder in ("/", "."):
        with pytest.raises(UsageError, match=rf"^`folder` {re.escape(folder)}: is the whole disk, which is not for"):
            WorkFolder(folder)


def test_a_file_has_one_handle_and_an_unknown_one_is_refused(folder):
    clips = Clips(WorkFolder("."))
    first = clips.named("band.mid")
    assert clips.named("band.mid") is clips.named(first.handle) is clips.named("./band.mid") is first
    with pytest.raises(UsageError, match=r"^`clip` clip:7: there is no such clip"):
        clips.named("clip:7")


def test_of_clips_that_were_not_saved_the_oldest_are_forgotten(folder):
    clips = Clips(WorkFolder("."))
    made = [clips.unsaved(f"{number}.mid", b"MThd") for number in range(MOST_UNSAVED + 1)]
    assert clips.not_saved() == made[1:]
    with pytest.raises(UsageError, match="is forgotten"):
        clips.named(made[0].handle)
