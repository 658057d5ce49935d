"""`--at`: the same output, files and exit codes as without."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from command_line import run
from servers import serving

from symbolic_embed.commands.remote.disguise import ROOT


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def both(server, model, folder, *arguments, stdin=b""):
    """A command here and there, each in a copy of the folder: what it said and what it left."""
    ends = []
    for extra in (["--checkpoint", model], ["--at", server.address]):
        place = folder / f"run{len(ends)}"
        place.mkdir()
        for name, data in files_in(folder / "given").items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data)
        before = os.getcwd()
        os.chdir(place)
        try:
            ends.append((run(*arguments, *extra, stdin=stdin), files_in(place)))
        finally:
            os.chdir(before)
    return ends


@pytest.fixture
def given(mixed, band, tmp_path):
    """Good and bad files, and a band."""
    place = tmp_path / "given"
    place.mkdir()
    for path in ("songs", "band.mid"):
        (tmp_path / path).rename(place / path)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "band.mid"],
        ["show", "songs", "--report", "report.jsonl"],
        ["show", "band.mid", "--plot", "roll.svg"],
        ["show", "gone.mid"],
        ["vary", "band.mid", "--count", "2", "--plot", "--diff", "--page", "takes.html"],
        ["vary", "band.mid", "--tracks", "tuba"],
        ["vary", "band.mid", "--strength", ".2", "--library", "songs"],
        ["compose", "band.mid", "--bars", "1", "-o", "new/music"],
        ["compose", "./band.mid", "--bars", "1", "--temperature", "Bass=.5,1.1"],
        ["fill", "band.mid", "--bars", "2", "--tracks", "bass"],
        ["accompany", "band.mid", "--parts", "chords"],
        ["blend", "band.mid", "songs/a.mid", "--steps", "1"],
        ["groove", "band.mid", "--to", "songs/a.mid"],
        ["rank", "band.mid", "songs", "--format", "json", "--why"],
        ["rank", "band.mid", "songs/", "--top", "2"],
        ["find", "songs/a.mid", "songs", "--format", "csv"],
        ["next", "band.mid", "songs"],
        ["order", "songs", "--first", "songs/b.mid"],
        ["duplicates", "songs", "--within", ".3"],
        ["compare", "songs", "-o", "m.csv"],
        ["embed", "songs", "-o", "x.npz"],
        ["reconstruct", "songs", "-o", "back"],
        ["map", "songs", "-o", "map.html"],
        ["check", "band.mid", "--strict"],
    ],
)
def test_a_command_says_and_leaves_the_same(server, model, given, arguments):
    if arguments[0] in ("groove", "check", "show"):
        model = None
    (here, left_here), (there, left_there) = _without(model, server, given, arguments)
    assert (there.code, there.text) == (here.code, here.text)
    assert left_there.keys() == left_here.keys()
    if "--report" in arguments:  # what cannot be sent, a link to nowhere, is told of by the client
        left_here, left_there = (
            {name: sorted(data.splitlines()) for name, data in left.items()} for left in (left_here, left_there)
        )
        here_said, there_said = (
            [line for line in one.err_lines if line.startswith("rejected")] for one in (here, there)
        )
        assert sorted(there_said) == sorted(here_said)
    else:
        assert there.err == here.err
    assert left_there == left_here


def _without(model, server, given, arguments):
    if model is not None:
        return both(server, model, given, *arguments)
    ends = []
    for extra in ([], ["--at", server.address]):
        os.chdir(given / "given")
        before = files_in(given / "given")
        end = run(*arguments, *extra)
        after = files_in(given / "given")
        for name in after.keys() - before.keys():
            (given / "given" / name).unlink()
        ends.append((end, after))
    return ends


def test_paths_that_lead_out_are_the_users_own_again(server, model, given):
    place = given / "given" / "deep"
    place.mkdir()
    os.chdir(place)
    out = given / "arrays.npz"
    named = ["../songs/a.mid", "../band.mid"]
    inside = given / "given" / "songs"
    arguments = ["show", inside / "a.mid", inside / "b.mid"]
    assert run(*arguments, "--at", server.address).text == run(*arguments).text
    for arguments in (["rank", *named, "--format", "json"], ["rank", *named, "--format", "table"], ["show", *named]):
        extra = [] if arguments[0] == "show" else ["--checkpoint", model]
        here, there = run(*arguments, *extra), run(*arguments, "--at", server.address)
        assert (there.code, there.text, there.err) == (here.code, here.text, here.err)
    run("embed", *named, "-o", out, "--at", server.address)
    run("embed", *named, "-o", given / "here.npz", "--checkpoint", model)
    with np.load(out) as there, np.load(given / "here.npz") as here:
        assert sorted(there["paths"]) == sorted(here["paths"]) == sorted(map(str, named))
    assert run("vary", given / "given" / "band.mid", "-o", given / "out", "--at", server.address).code == 0
    assert len(list((given / "out").glob("*.mid"))) == 1
    assert not [path for path in given.rglob("*") if ROOT in path.name]


def test_lists_and_stdin_go_along(server, model, given):
    place = given / "given"
    os.chdir(place)
    (place / "list").write_text(f"songs/a.mid\n{place / 'songs' / 'b.mid'}\n")
    band = (place / "band.mid").read_bytes()
    arguments = ["rank", "-", "--files-from", "list", "--format", "jsonl"]
    here = run(*arguments, "--checkpoint", model, stdin=band)
    there = run(*arguments, "--at", server.address, stdin=band)
    assert [json.loads(line)["distance"] for line in there.text.splitlines()] == [
        json.loads(line)["distance"] for line in here.text.splitlines()
    ]
    assert {json.loads(line)["path"] for line in there.text.splitlines()} == {
        "songs/a.mid",
        str(place / "songs" / "b.mid"),
    }


def test_a_library_is_one_of_the_servers(server, model, library, given):
    os.chdir(given / "given")
    here = run("rank", "band.mid", "--library", library, "--checkpoint", model, "--format", "json")
    there = run("rank", "band.mid", "--library", "lib", "--at", server.address, "--format", "json")
    assert (there.code, there.json) == (here.code, here.json)
    assert len(there.json) == 3
    refused = run("rank", "band.mid", "--library", library, "--at", server.address)
    assert refused.code == 1
    assert f"there is no library '{library}' here; there is: lib" in refused.err.replace("'...", "'")


def test_nothing_of_the_users_is_overwritten(server, given):
    os.chdir(given / "given")
    assert run("vary", "band.mid", "--at", server.address).code == 0
    left = files_in(Path())
    again = run("vary", "band.mid", "--at", server.address)
    assert (again.code, again.out) == (1, b"")
    assert "exists already, nothing was written; --force overwrites it" in again.err
    assert files_in(Path()) == left
    assert run("vary", "band.mid", "--force", "--at", server.address).code == 0
    (Path() / "vary").rename("elsewhere")
    assert run("show", "band.mid", "--plot", "band.svg", "--at", server.address).code == 0
    assert run("show", "band.mid", "--plot", "band.svg", "--at", server.address).code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["vary", "band.mid", "--checkpoint", "x"], 2, "--checkpoint with --at: the server has a model of its own"),
        (
            ["embed", "band.mid", "-o", "x.npz", "--append"],
            2,
            "--append with --at: the file that is added to",
        ),
        (["play", "band.mid"], 2, "play is carried out here alone; leave out --at"),
        (["library", "build", "lib", "songs"], 2, "build is carried out here alone; leave out --at"),
        (["vary", "band.mid", "--change", "7"], 2, "--change must be at most 1, not '7'"),
    ],
)
def test_what_cannot_be_asked_there_is_said(server, given, arguments, code, said):
    os.chdir(given / "given")
    end = run(*arguments, "--at", server.address)
    assert end.code == code
    assert said in end.err
    assert end.err.count("\n") == 1


def test_the_variable_is_no_matter_to_what_is_carried_out_here_alone(server, given, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_AT", server.address)
    os.chdir(given / "given")
    assert run("check", "band.mid").code == 0
    assert run("library", "cache").code == 0
    assert run("library", "build", "lib", "songs").code == 3
    assert (given / "given" / "lib").is_dir()


def test_an_empty_folder_is_an_empty_folder_there_too(server, model, given):
    os.chdir(given / "given")
    (given / "given" / "empty").mkdir()
    here = run("rank", "band.mid", "empty", "--checkpoint", model)
    there = run("rank", "band.mid", "empty", "--at", server.address)
    assert (there.code, there.err) == (here.code, here.err)


def test_a_client_that_is_killed_leaves_no_job_behind(server, given):
    code = "import sys; from symbolic_embed.commands.app import main; sys.argv = sys.argv[1:]; main()"
    arguments = ["x", "compose", "band.mid", "--bars", "64", "--variations", "200", "--at", server.address]
    before = set(server.jobs())
    client = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=given / "given", stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not set(server.jobs()) - before and time.monotonic() < until:
        time.sleep(0.05)
    (job,) = {folder.name for folder in set(server.jobs()) - before}
    while server.ask("GET", f"/api/jobs/{job}").json["state"] == "waiting":
        time.sleep(0.05)
    time.sleep(0.5)
    client.kill()
    client.wait()
    while (state := server.ask("GET", f"/api/jobs/{job}").json["state"]) == "running" and time.monotonic() < until:
        time.sleep(0.1)
    assert state == "cancelled"


@pytest.mark.parametrize("address", ["ftp://x", "http://", "http://x:99999", "http://127.0.0.1:1/path", "http://[::1"])
def test_an_address_that_is_none_is_wrong_usage(given, address):
    os.chdir(given / "given")
    assert run("show", "band.mid", "--at", address).code == 2


def test_a_server_that_is_not_there_is_said_with_a_way_out(given):
    os.chdir(given / "given")
    end = run("show", "band.mid", "--at", "http://127.0.0.1:9")
    assert end.code == 1
    assert "http://127.0.0.1:9: cannot be reached: " in end.err
    assert "is `symbolic-embed serve` running there?" in end.err


def test_a_server_that_dies_meanwhile_leaves_nothing(tmp_path, model, given):
    os.chdir(given / "given")
    before = files_in(Path())
    with serving(tmp_path / "own", "--checkpoint", model, "--workers", 1) as server:
        server.ask("GET", "/api/ready")

        def kill():
            until = time.monotonic() + 20
            while not server.jobs() and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(0.5)
            server.process.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        end = run("compose", "band.mid", "--bars", "64", "--variations", "50", "--at", server.address)
        killer.join()
    assert end.code == 1
    assert end.err.startswith("error: ") or "\nerror: " in end.err
    assert files_in(Path()) == before
