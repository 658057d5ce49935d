"""`hum`: recordings as MIDI, each accounted for."""

import json

import numpy as np
import pytest
from command_line import report_of, run
from voices import RATE, even, file_of, sung

from symbolic_embed.errors import SoundError
from symbolic_embed.listening import microphone
from symbolic_embed.listening.microphone import BLOCK
from symbolic_embed.score import read

TUNE = [60, 62, 64, 65, 67, 65, 64, 62]
SAMPLES = sung(even(TUNE, moved=0.2))


@pytest.fixture
def tunes(here):
    """Two recordings of one name, silence, and what is none."""
    (here / "a").mkdir()
    (here / "a/My tune.wav").write_bytes(file_of(SAMPLES))
    (here / "My tune.flac").write_bytes(file_of(SAMPLES, format="FLAC"))
    (here / "silent.wav").write_bytes(file_of(np.zeros(RATE)))
    (here / "text.mp3").write_bytes(b"this is text")
    return here


def test_a_recording_as_midi_with_what_midi_does_not_keep(tunes):
    ran = run("hum", "a/My tune.wav", "-o", "out")
    assert (ran.code, ran.text.splitlines()) == (0, ["out/My_tune.mid"])
    assert read("out/My_tune.mid").tracks[0].notes.pitch.tolist() == TUNE
    record = json.loads((tunes / "out/My_tune.json").read_text())
    assert record["seed"] | {"sha256": ""} == {"path": "a/My tune.wav", "sha256": "", "seconds": 4.95, "heard": True}
    assert record["tuning_cents"] == pytest.approx(20, abs=5)
    assert [note["written"] for note in record["notes"]] == TUNE
    assert [note["onset"] for note in record["notes"]] == pytest.approx(list(0.5 + 0.5 * np.arange(8)), abs=0.05)
    assert [note["pitch"] for note in record["notes"]] == pytest.approx([pitch + 0.2 for pitch in TUNE], abs=0.1)
    assert set(record["versions"]) == {"soundfile", "soxr", "swift-f0"}


def test_each_is_accounted_for_and_names_are_told_apart(tunes):
    ran = run("hum", "a/My tune.wav", "My tune.flac", "silent.wav", "text.mp3", "a", "-o", "out", "--report", "r.jsonl")
    assert (ran.code, ran.text.splitlines()) == (3, ["out/My_tune.mid", "out/My_tune_2.mid"])
    report = report_of(tunes / "r.jsonl")
    assert {path: line["status"] for path, line in report.items()} == {
        "a/My tune.wav": "warned",
        "My tune.flac": "warned",
        "silent.wav": "rejected",
        "text.mp3": "rejected",
        "a": "rejected",
    }
    assert report["silent.wav"]["reason"].startswith("1.0 seconds of silence")
    assert report["a"]["reason"] == "is a folder; name the recordings in it"
    assert read("out/My_tune.mid").tracks[0].notes == read("out/My_tune_2.mid").tracks[0].notes


def test_nothing_is_overwritten_unless_forced(tunes):
    (tunes / "out").mkdir()
    (tunes / "out/My_tune.json").write_bytes(b"mine")
    ran = run("hum", "My tune.flac", "-o", "out")
    assert (ran.code, ran.err) == (
        1,
        "error: out/My_tune.json: exists already, nothing was written; --force overwrites it\n",
    )
    assert run("hum", "My tune.flac", "-o", "out", "--force").code == 0
    assert json.loads((tunes / "out/My_tune.json").read_text())["command"] == "hum"


def test_a_picture_is_the_same_twice(tunes):
    for folder in ("one", "two"):
        assert run("hum", "My tune.flac", "-o", folder, "--plot").code == 0
    picture = (tunes / "one/My_tune.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert (tunes / "two/My_tune.png").read_bytes() == picture
    assert (tunes / "two/My_tune.mid").read_bytes() == (tunes / "one/My_tune.mid").read_bytes()


def test_tempo_and_metre_as_they_are_said(tunes):
    run("hum", "My tune.flac", "-o", "out", "--tempo", 60, "--metre", "3/4")
    score = read("out/My_tune.mid")
    assert {round(tempo.per_minute) for tempo in score.tempi if tempo.tick} <= {60}
    assert (score.time_signatures[-1].numerator, score.time_signatures[-1].denominator) == (3, 4)


def test_it_may_be_piped_in(tunes):
    ran = run("hum", "-", "-o", "out", stdin=(tunes / "My tune.flac").read_bytes())
    assert (ran.code, ran.text) == (0, "out/stdin.mid\n")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (["--begin", 5, "--end", 4], "--begin 5 must lie before --end 4"),
        (["--seconds", 5], "--seconds says how long to record: --microphone is needed"),
        (["--microphone"], "--microphone records; name no files with it"),
        (["--metre", "waltz"], "must be a metre such as 4/4, 3/4 or 6/8"),
        (["--tracker", "ear"], "swift_f0"),
    ],
)
def test_what_cannot_be_meant(tunes, asked, reason):
    ran = run("hum", "My tune.flac", "-o", "out", *asked)
    assert ran.code == 2
    assert reason in ran.err
    assert not (tunes / "out").exists()


def blocks():
    """A room that is quiet, a tune, and a quiet room for as long as somebody listens."""
    chance = np.random.default_rng(0)
    samples = np.concatenate([np.zeros(RATE), SAMPLES, np.zeros(6 * RATE)])
    samples = (samples + chance.normal(0, 1e-4, len(samples))).astype(np.float32)
    yield from samples[: len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK)


def test_what_is_sung_now_is_kept(here, monkeypatch):
    monkeypatch.setattr(microphone, "blocks_now", blocks)
    for number in ("01", "02"):
        ran = run("hum", "--microphone", "-o", "out")
        assert (ran.code, ran.text) == (0, f"out/sung{number}.mid\n")
        assert read(f"out/sung{number}.mid").tracks[0].notes.pitch.tolist() == TUNE
    assert (here / "out/sung01.wav").read_bytes() == (here / "out/sung02.wav").read_bytes()


def test_a_recording_is_kept_also_where_no_melody_is_heard_in_it(here, monkeypatch):
    monkeypatch.setattr(microphone, "blocks_now", blocks)
    ran = run("hum", "--microphone", "--seconds", 1, "-o", "out")
    assert ran.code == 1
    assert [path.name for path in (here / "out").iterdir()] == ["sung01.wav"]


def test_without_a_microphone(here, monkeypatch):
    def refuse():
        raise SoundError("no microphone can be used; record it into a file, and name that")

    monkeypatch.setattr(microphone, "blocks_now", refuse)
    ran = run("hum", "--microphone", "-o", "out")
    assert (ran.code, ran.err) == (1, "error: no microphone can be used; record it into a file, and name that\n")


def test_other_verbs_take_recordings_as_seeds(tunes, composer):
    ran = run("compose", "My tune.flac", "-o", "out", "--bars", 2, "--checkpoint", composer)
    assert ran.code == 0
    assert "warning: My tune.flac: heard as a melody: 8 notes" in ran.err
    [name] = [path.stem for path in (tunes / "out").glob("*.mid")]
    assert name.startswith("My_tune__")
    assert json.loads((tunes / f"out/{name}.json").read_text())["seed"]["heard"] is True
    assert run("show", "My tune.flac").text.splitlines()[1].split()[:2] == ["1", "part,"]
    checked = run("check", "My tune.flac")
    assert checked.code == 1
    assert "a recording, and no MIDI; `hum` writes its melody as MIDI" in checked.err
