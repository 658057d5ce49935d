"""`watch`: what appears beside a clip, and how the command ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pieces
import pytest
from command_line import run

import symbolic_embed
from symbolic_embed.watching import settling

ROOT = Path(__file__).parents[3]


@pytest.fixture
def drop(band, monkeypatch):
    """A folder with the clip drop/band.mid, whole at once."""
    monkeypatch.setattr(settling, "SETTLED", 0)
    (band / "drop").mkdir()
    return (band / "band.mid").rename(band / "drop" / "band.mid").parent


def made(drop, folder="band.variants"):
    return {path.name: path.read_bytes() for path in (drop / folder).iterdir() if not path.name.startswith(".")}


def test_what_appears_is_what_vary_writes(drop, composer):
    before = (drop / "band.mid").read_bytes()
    asked = ["--count", "2", "--change", ".5", "--keep", "drums", "--checkpoint", composer]
    ran = run("watch", "drop", "--once", *asked)
    assert (ran.code, ran.text) == (0, "drop/band.variants\n")
    assert ran.err.startswith("band.mid: 2 new clips (")
    run("vary", "drop/band.mid", "-o", "v", *asked)
    assert made(drop) == {path.name: path.read_bytes() for path in Path("v").iterdir()}
    assert (drop / "band.mid").read_bytes() == before


def test_a_second_run_does_nothing_and_another_wish_its_own(drop, composer):
    words = ["watch", "drop", "--once", "--count", "1", "--change", ".5", "--checkpoint", composer]
    run(*words)
    first = made(drop)
    again = run(*words)
    assert (again.code, again.out, again.err) == (0, b"", "")
    assert run(*words, "--seed", "5").text == "drop/band.variants-2\n"
    assert made(drop) == first
    assert all("__s5." in name for name in made(drop, "band.variants-2"))


def test_a_bad_clip_is_named_and_the_others_are_done(drop, composer):
    (drop / "words.mid").write_bytes(b"once upon a time")
    (drop / "empty.mid").write_bytes(b"")
    ran = run("watch", "drop", "--once", "--count", "1", "--checkpoint", composer)
    assert (ran.code, ran.text) == (3, "drop/band.variants\n")
    rejected = [line for line in ran.err_lines if line.startswith("rejected: ")]
    assert [line.split(": ")[1] for line in rejected] == ["drop/empty.mid", "drop/words.mid"]
    (drop / "band.mid").unlink()
    alone = run("watch", "drop", "--once", "--checkpoint", composer)
    assert (alone.code, alone.err_lines[-1]) == (1, "error: nothing was done: 2 of 2 clips were rejected")


def test_neighbours_come_from_a_library_or_a_folder(drop, checkpoint):
    pieces.folder_of(Path("loops"), {f"{seed}.mid": pieces.piece(seed, bars=3) for seed in range(3)})
    symbolic_embed.build_library("own", "loops", checkpoint=checkpoint).close()
    words = ["watch", "drop", "--once", "--verbs", "none", "--neighbours", "2", "--checkpoint", checkpoint]
    assert run(*words, "--library", "own").code == 0
    by_library = made(drop)
    assert [name.partition("__d")[0] for name in sorted(by_library)] == [
        "band__near01",
        "band__near02",
        "neighbours.json",
    ]
    run(*words, "--from", "loops")
    assert made(drop, "band.variants-2") == by_library


def test_what_is_wrong_is_one_line(drop, composer, checkpoint):
    for words, code, message in (
        (["nowhere"], 2, "error: FOLDER nowhere: there is no such folder; make it first"),
        (["drop", "--library", "gone"], 1, "error: gone: no library there; `library build gone FOLDERS...` makes one"),
        (
            ["drop", "--library", "x", "--from", "drop"],
            2,
            "error: a library and a folder of neighbours were named; leave",
        ),
        (["drop", "--from", "x"], 2, "error: --from x: there is no such folder"),
        (["drop", "--verbs", "sing"], 2, "error: --verbs must be 'vary', 'compose' or 'accompany', not 'sing'"),
    ):
        ran = run("watch", *words, "--once", "--checkpoint", composer)
        assert (ran.code, ran.out) == (code, b"")
        assert ran.err.startswith(message)
    missing = run("watch", "drop", "--once", "--verbs", "compose", "--checkpoint", checkpoint)
    assert missing.code == 2
    assert "holds an embedder but no composer" in missing.err


def test_it_waits_for_clips_and_ends_when_it_is_interrupted(band, composer):
    (band / "drop").mkdir()
    command = [sys.executable, str(ROOT / "cli.py"), "watch", "drop", "--count", "1", "--checkpoint", str(composer)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True) as watch:
        assert watch.stderr.readline() == "watching drop; Ctrl-C ends it\n"
        (band / "band.mid").rename(band / "drop" / "band.mid")
        assert watch.stdout.readline() == "drop/band.variants\n"
        time.sleep(0.2)
        watch.send_signal(signal.SIGINT)
        out, err = watch.communicate(timeout=20)
    assert (watch.returncode, out, err.splitlines()[-1]) == (130, "", "interrupted")
    assert list((band / "drop").rglob(".symbolic_embed-*")) == []
