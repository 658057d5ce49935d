"""`ask`: what a request in words means is shown first, and nothing happens that was not understood."""

import os
import sys
from types import SimpleNamespace

import numpy as np
import pieces
import pytest
from command_line import run
from scipy.io import wavfile

from symbolic_embed.commands.verbs.ask import AskOptions
from symbolic_embed.listening.speech import Heard


@pytest.fixture
def riff(here):
    pieces.folder_of(here, {"riff.mid": pieces.piece(1, bars=4)})
    return "riff.mid"


@pytest.fixture
def asked_on_a_terminal(monkeypatch):
    monkeypatch.setattr(AskOptions, "may_be_asked", True)


def test_what_was_understood_is_shown_and_nothing_is_done(riff, here):
    ran = run("ask", "two variations, keep the drums", riff)
    assert ran.code == 0
    assert ran.text == "symbolic-embed vary riff.mid --count 2 --keep drums\n"
    assert os.listdir(here) == [riff]


def test_with_yes_it_is_the_command_itself(riff):
    asked, typed = run("ask", "what is in this file, as json", riff, "--yes"), run("show", riff, "--format", "json")
    assert (asked.code, asked.out) == (typed.code, typed.out)
    assert asked.err_lines[0] == "symbolic-embed show riff.mid --format json"


def test_the_exit_code_is_the_commands(riff):
    assert run("ask", "check gone.mid", "-y").code == run("check", "gone.mid").code == 1


@pytest.mark.parametrize("yes", [[], ["--yes"]])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("make it louder", 'error: not understood: "louder"; nearest: '),
        ("vary the flurb", 'error: not understood: "flurb"; nearest: '),
        ("vary it, calmer", 'error: not understood: "calmer": vary has no such setting; nearest: '),
        ("do not vary it", 'error: not understood: "do not" beside vary; nearest: '),
        ("", "error: not understood: nothing was said; nearest: "),
    ],
)
def test_what_is_not_understood_is_not_done(riff, here, text, line, yes):
    ran = run("ask", text, riff, *yes)
    assert ran.code == 2
    assert ran.out == b""
    assert ran.err.startswith(line)
    assert ran.err.count("\n") == 1
    assert os.listdir(here) == [riff]


def test_programs_get_the_understanding(riff):
    sure = run("ask", "fill bars 5 to 8", riff, "--format", "json").json
    assert (sure["sure"], sure["verb"], sure["request"]) == (True, "fill", {"bars": [4, 5, 6, 7]})
    unsure = run("ask", "xyzzy", riff, "--format", "json", "--yes")
    assert unsure.code == 2
    assert unsure.json["sure"] is False


def test_a_line_of_stdin_is_a_request(riff):
    assert run("ask", "-", riff, stdin=b"noch 4 Takte\nmore\n").text == "symbolic-embed compose riff.mid --bars 4\n"


def test_no_request_at_all(here):
    ran = run("ask")
    assert ran.code == 2
    assert ran.err.startswith("error: no request; say in words")


@pytest.mark.parametrize(("answer", "is_done"), [(b"y\n", True), (b"n\n", False), (b"\n", False)])
def test_on_a_terminal_it_is_asked(riff, asked_on_a_terminal, answer, is_done):
    ran = run("ask", "what is in this file", riff, stdin=answer)
    assert ran.code == 0
    assert "symbolic-embed show riff.mid" in ran.err
    assert "run it? [y/N]" in ran.err
    assert (ran.text == run("show", riff).text) == is_done
    assert (ran.text == "") != is_done


def test_ports_are_handed_to_who_plays_along(here):
    ran = run("ask", "play along with me on drums", "--in", "Keys", "--out", "Synth")
    assert ran.text == "symbolic-embed live --parts drums --in Keys --out Synth\n"
    assert run("ask", "play along with me on drums", "--yes").code == 2  # as `live` without a port


def test_what_is_left_to_the_verb_is_said(here):
    ran = run("ask", "play along with me in D minor")
    assert ran.text == "symbolic-embed live\n"
    assert ran.err == '"in D minor" is not set: live hears the key that is played\n'


def test_a_folder_is_handed_to_what_writes(riff):
    assert run("ask", "vary it", riff, "-o", "out").text == "symbolic-embed vary riff.mid --output out\n"
    refused = run("ask", "what is in it", riff, "-o", "out")
    assert refused.code == 2
    assert refused.err == "error: --output: show has no such place; leave it out\n"


def test_a_library_is_known_by_its_name(riff):
    ran = run("ask", "which in the jazz library is like this", riff, "--library", "sets/jazz")
    assert ran.text == "symbolic-embed rank riff.mid --library sets/jazz\n"


@pytest.fixture
def said(monkeypatch):
    """What is heard in every recording."""

    def hear(text, *, is_recognised=True):
        heard = Heard(text, is_recognised)
        monkeypatch.setattr(
            "symbolic_embed.listening.speech.Recogniser", lambda grammar: SimpleNamespace(heard=lambda _: heard)
        )

    return hear


@pytest.fixture
def recording(here):
    wavfile.write(here / "request.wav", 16_000, np.zeros(1_600, np.int16))
    return "request.wav"


def test_what_is_said_goes_on_as_what_is_written(riff, recording, said):
    said("what is in this file")
    ran = run("ask", recording, riff, "--yes")
    assert ran.err_lines[:2] == ["heard: what is in this file", f"symbolic-embed show {riff}"]
    assert ran.out == run("show", riff).out


def test_what_is_said_writes_nothing_without_a_yes_on_the_terminal(riff, recording, said, here):
    said("two variations")
    ran = run("ask", recording, riff, "--yes")
    assert ran.text == f"symbolic-embed vary {riff} --count 2\n"
    assert sorted(os.listdir(here)) == sorted([riff, recording])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two vary", "error: request.wav: not understood: perhaps 'two vary'; say it again, or write the request\n"),
        ("", "error: request.wav: nothing was said that could be heard; try louder, or write the request\n"),
    ],
)
def test_what_was_not_recognised_is_said(riff, recording, said, text, line):
    said(text, is_recognised=False)
    ran = run("ask", recording, riff, "--yes")
    assert (ran.code, ran.out, ran.err) == (2, b"", line)


def test_a_recording_that_is_none(riff, here):
    (here / "request.wav").write_bytes(b"no")
    ran = run("ask", "request.wav", riff)
    assert ran.code == 1
    assert ran.err.startswith("error: request.wav: not a recording that can be read")


def test_listening_without_the_extra(riff, monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    ran = run("ask", "--listen", riff)
    assert ran.code == 2
    assert ran.err_lines[-1] == "error: a microphone needs sounddevice; install symbolic-embed[speech]"
