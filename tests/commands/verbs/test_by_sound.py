"""`rank --by sound` and libraries with recordings, on the command line."""

from __future__ import annotations

import os
import shutil

import pieces
import pytest
import sounds
import tiny
from command_line import report_of, run

from symbolic_embed.listening.recordings import wav_of
from symbolic_embed.listening.spectra import RATE
from symbolic_embed.score.writing.layout import score_to_events


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return tiny.with_sound(tmp_path_factory.mktemp("model")).folder


@pytest.fixture
def music(here):
    """Three pieces, a recording of each in another folder, and one of silence."""
    scores = {f"midi/{seed}.mid": pieces.piece(seed, bars=4) for seed in range(3)}
    pieces.folder_of(here, scores)
    (here / "takes").mkdir()
    for path, score in scores.items():
        samples = sounds.played(score_to_events(score))
        (here / path.replace("midi", "takes").replace(".mid", ".wav")).write_bytes(wav_of(samples, RATE))
    (here / "takes" / "silence.wav").write_bytes(wav_of(0 * samples, RATE))
    for path in [*here.glob("midi/*"), *here.glob("takes/*")]:
        os.utime(path, (1_000_000_000, 1_000_000_000))
    return here


def ranked(*given, checkpoint):
    return run("rank", *given, "--checkpoint", checkpoint, "--format", "json", "--no-cache")


def test_midi_finds_itself_by_sound_and_a_recording_is_compared_with_midi(music, checkpoint):
    ran = ranked("midi/1.mid", "midi", "--by", "sound", checkpoint=checkpoint)
    assert ran.code == 0
    assert (ran.json[0]["path"], round(ran.json[0]["distance"], 2)) == ("midi/1.mid", 0)
    heard = ranked("takes/1.wav", "midi", "--by", "sound", checkpoint=checkpoint)
    assert heard.code == 0
    assert {row["path"] for row in heard.json} == {"midi/0.mid", "midi/1.mid", "midi/2.mid"}
    assert set(heard.json[0]) >= {"rank", "path", "distance", "transposition", "query_bar", "bar"}


def test_a_folder_of_recordings_is_heard_and_who_is_silent_is_named(music, checkpoint):
    ran = ranked("takes/2.wav", "takes", "--report", "report.jsonl", checkpoint=checkpoint)
    assert ran.code == 3
    assert ran.json[0]["path"] == "takes/2.wav"
    assert len(ran.json) == 3
    assert "rejected: takes/silence.wav: " in ran.err
    assert report_of(music / "report.jsonl")["takes/silence.wav"]["status"] == "rejected"


def test_recordings_beside_midi_are_found_where_they_are_asked_for(music, checkpoint):
    (music / "midi" / "take.wav").write_bytes((music / "takes" / "1.wav").read_bytes())
    without = ranked("midi/1.mid", "midi", "--by", "sound", checkpoint=checkpoint)
    also = ranked("midi/1.mid", "midi", "--by", "sound", "--recordings", checkpoint=checkpoint)
    assert len(without.json) == 3
    assert len(also.json) == 4


def test_a_library_answers_as_the_files_do(music, checkpoint):
    shutil.copy2("midi/1.mid", "midi/twin.mid")
    built = run("library", "build", "lib", "midi", "takes", "--recordings", "--checkpoint", checkpoint, "--jobs", 1)
    assert built.code == 3
    assert built.err.splitlines()[-1] == "lib: 7 files; embedded 6, known 1, rejected 1"
    files = ranked("takes/0.wav", "midi", "takes", "--recordings", "--by", "sound", checkpoint=checkpoint)
    library = ranked("takes/0.wav", "--library", "lib", "--by", "sound", checkpoint=checkpoint)
    ours, theirs = ({row["path"]: row["distance"] for row in ran.json} for ran in (files, library))
    assert ours == theirs
    again = run("library", "build", "lib", "midi", "takes", "--recordings", "--checkpoint", checkpoint, "--jobs", 1)
    assert again.err.splitlines()[-1] == "lib: 7 files; unchanged 7, rejected 1"
    assert '"recordings": 3' in run("library", "info", "lib", "--format", "json").text
    assert run("library", "remove", "lib", "takes").err == "lib: 4 files forgotten\n"
    assert '"recordings": 0' in run("library", "info", "lib", "--format", "json").text


def test_a_folder_of_recordings_alone_makes_a_library(music, checkpoint):
    built = run("library", "build", "lib", "takes", "--checkpoint", checkpoint, "--jobs", 1)
    assert built.err.splitlines()[-1] == "lib: 3 files; embedded 3, rejected 1"
    found = ranked("midi/2.mid", "--library", "lib", "--by", "sound", checkpoint=checkpoint)
    assert len(found.json) == 3


def test_without_an_encoder_of_recordings_nothing_is_done(music, tmp_path_factory):
    other = tiny.with_passages(tmp_path_factory.mktemp("other")).folder
    ran = run("library", "build", "lib", "takes", "--checkpoint", other, "--jobs", 1)
    assert ran.code == 1
    assert "no encoder of recordings in it" in ran.err
    asked = ranked("takes/1.wav", "midi", "--by", "sound", checkpoint=other)
    assert asked.code == 1
    assert "--representation chroma" in asked.err


@pytest.mark.parametrize("more", [("--why",), ("--tracks", "0")])
def test_what_is_heard_has_no_parts_to_tell_of(music, checkpoint, more):
    ran = ranked("takes/1.wav", "midi", "--by", "sound", *more, checkpoint=checkpoint)
    assert ran.code == 2
    assert "of what is heard no parts are known" in ran.err


def test_a_piped_recording_is_heard(music, checkpoint):
    data = (music / "takes" / "1.wav").read_bytes()
    ran = run("rank", "-", "midi", "--by", "sound", "--checkpoint", checkpoint, "--format", "json", stdin=data)
    named = ranked("takes/1.wav", "midi", "--by", "sound", checkpoint=checkpoint)
    assert [row["distance"] for row in ran.json] == [row["distance"] for row in named.json]
