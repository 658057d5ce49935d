"""A verb over HTTP: the same bytes, words and exit codes as the command's."""

import json

from command_line import run


def test_music_is_written_as_the_command_writes_it(server, band, model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "band.mid").write_bytes(band)
    command = run("vary", "band.mid", "--change", ".4", "--count", "2", "--checkpoint", model)
    job = server.verb(
        "vary", request={"change": 0.4, "count": 2}, options={"seed_file": "band.mid"}, files={"band.mid": band}
    ).json
    assert (job["state"], job["exit_code"], job["stdout"]) == ("done", command.code, command.text)
    written = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.glob("vary/*")}
    assert {one["name"]: server.ask("GET", one["url"]).data for one in job["results"]} == written
    assert job["command"] == "symbolic-embed vary band.mid --change 0.4 --count 2"
    assert job["messages"] == command.err_lines


def test_what_is_found_is_told_as_the_command_tells_it(server, band, model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.mid", "b.mid", "bad.mid"):
        (tmp_path / name).write_bytes(b"MThd" if name == "bad.mid" else band)
    command = run("rank", "a.mid", "b.mid", "bad.mid", "--format", "json", "--checkpoint", model)
    job = server.verb(
        "rank",
        options={"query": "a.mid", "inputs": ["b.mid", "bad.mid"], "format": "json"},
        files={"a.mid": band, "b.mid": band, "bad.mid": b"MThd"},
    ).json
    assert (job["exit_code"], json.loads(job["stdout"])) == (3, command.json)
    assert job["messages"] == command.err_lines


def test_a_wish_that_cannot_be_is_refused_in_the_same_words(server, band):
    answer = server.verb("vary", request={"chnage": 0.4}, options={"seed_file": "a.mid"}, files={"a.mid": band})
    assert answer.status == 422
    assert answer.json == {"error": "vary has no setting `chnage`; did you mean `change`?", "exit_code": 2}
    answer = server.verb("vary", request={"change": 2}, options={"seed_file": "a.mid"}, files={"a.mid": band})
    assert answer.json["error"] == "`change` must be at most 1, not 2"


def test_a_failure_is_the_commands(server):
    job = server.verb("show", options={"inputs": ["gone.mid"]}).json
    assert (job["state"], job["exit_code"]) == ("failed", 1)
    assert job["error"].startswith("gone.mid: cannot be opened")
    assert job["results"] == []


def test_results_come_as_an_archive_of_the_same_bytes(server, band):
    said = {"options": {"seed_file": "a.mid"}, "files": {"a.mid": band}}
    archives = {
        server.ask("GET", f"/api/jobs/{server.verb('vary', **said).json['id']}/results.zip").data for _ in range(2)
    }
    assert len(archives) == 1
    assert archives.pop()[:2] == b"PK"


def test_events_end_with_the_job(server, band):
    job = server.verb("vary", wait=0, options={"seed_file": "a.mid"}, files={"a.mid": band}).json
    assert job["state"] in ("waiting", "running", "done")
    lines = server.ask("GET", f"/api/jobs/{job['id']}/events").data.decode().split("\n\n")
    name, _, data = lines[-2].partition("\n")
    assert name == "event: done"
    assert json.loads(data.removeprefix("data: "))["state"] == "done"


def test_a_job_is_cancelled_and_the_next_one_is_done(server, band):
    said = {"request": {"bars": 64, "variations": 50}, "options": {"seed_file": "a.mid"}, "files": {"a.mid": band}}
    job = server.verb("compose", wait=0.5, **said).json
    assert job["state"] == "running"
    assert server.ask("DELETE", f"/api/jobs/{job['id']}").json["state"] == "cancelled"
    after = server.ask("GET", f"/api/jobs/{job['id']}").json
    assert (after["exit_code"], after["results"]) == (130, [])
    assert server.verb("show", options={"inputs": ["a.mid"]}, files={"a.mid": band}).json["state"] == "done"


def test_one_that_is_over_is_forgotten_with_its_files(server, band):
    job = server.verb("show", options={"inputs": ["a.mid"]}, files={"a.mid": band}).json
    server.ask("DELETE", f"/api/jobs/{job['id']}")
    assert server.ask("GET", f"/api/jobs/{job['id']}").status == 404
    assert job["id"] not in [folder.name for folder in server.jobs()]


def test_it_says_what_it_offers(server):
    about = server.ask("GET", "/api/about").json
    assert {"vary", "rank", "find", "check"} <= about["verbs"].keys()
    assert not {"train", "play", "library", "live", "serve"} & about["verbs"].keys()
    options = about["verbs"]["vary"]["options"]["properties"]
    assert "seed_file" in options
    assert not {"checkpoint", "at", "jobs", "force"} & options.keys()
    described = server.ask("GET", "/api/openapi.json").json
    assert "change" in json.dumps(described["paths"]["/api/verbs/vary"])
