"""Who may ask, from where, how much; what cannot lead out of a job's folder."""

import json
import signal
import socket
import threading
import time

import pytest
from servers import multipart, serving

HOSTILE = [
    "../x.mid",
    "/etc/x.mid",
    "a/../../x.mid",
    "..",
    "C:x.mid",
    "a\\..\\x.mid",
    "x\x1b[2J.mid",
    "",
    "a" * 300,
    "\ud800.mid",
    "\udcff.mid",
    "/".join("a" * 40),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_comes_outside_its_folder(server, band, name):
    before = {path for path in server.spool.rglob("*") if path.is_file()}
    body, kind = multipart(options={"inputs": ["x.mid"]})
    part = b'--edge\r\ncontent-disposition: form-data; name="names"\r\n\r\n%s\r\n' % json.dumps([name]).encode()
    file = b'--edge\r\ncontent-disposition: form-data; name="files"; filename="x"\r\n\r\n%s\r\n' % band
    answer = server.ask("POST", "/api/verbs/show?wait=9", part + file + body, {"content-type": kind})
    assert answer.status == 400
    assert answer.json["error"].startswith("a file cannot be called")
    assert {path for path in server.spool.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("option", ["seed_file", "output", "page"])
@pytest.mark.parametrize("path", ["/etc/passwd", "../../x", "a/../../b"])
def test_no_path_leads_outside(server, band, option, path):
    options = {"seed_file": "a.mid", option: path}
    answer = server.verb("vary", options=options, files={"a.mid": band})
    assert answer.status == 422
    assert f"`{option}` must be the name of a file in the job's own folder" in answer.json["error"]


def test_paths_of_the_servers_machine_are_not_taken(server, band):
    answer = server.verb("render", request={"sound_font": "/x.sf2"}, options={"file": "a.mid"}, files={"a.mid": band})
    assert answer.status == 422
    assert "`sound_font` is of the server's machine" in answer.json["error"]
    answer = server.verb("vary", options={"seed_file": "a.mid", "checkpoint": "/x"}, files={"a.mid": band})
    assert "no setting `checkpoint`" in answer.json["error"]
    answer = server.verb("rank", options={"query": "a.mid", "library": "/tmp"}, files={"a.mid": band})
    assert answer.json["error"] == "there is no library '/tmp' here; there is: none; start it with --library"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", ""])
def test_a_foreign_name_is_not_this_server(server, host):
    assert server.ask("GET", "/api/about", headers={"host": host}).status == 421


def test_a_page_of_another_origin_reads_nothing(server):
    assert server.ask("GET", "/api/libraries", headers={"origin": "http://evil.example"}).status == 403


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_page_of_another_origin_asks_nothing(server, band, headers):
    answer = server.verb("show", options={"inputs": ["a.mid"]}, files={"a.mid": band}, headers=headers)
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers


def test_answers_carry_a_policy(server):
    answer = server.ask("GET", "/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_too_long_a_body_is_not_read(server):
    for headers in ({"content-length": str(1 << 40)}, {"content-length": "-1"}, {"content-length": "x"}):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
            head = (
                f"POST /api/verbs/show HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {headers['content-length']}\r\n"
            )
            raw.sendall(f"{head}\r\n".encode())
            assert raw.recv(100).split()[1] in (b"413", b"400")


def test_what_is_no_form_is_refused_in_a_line(server):
    for kind, body, status in [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=edge", b"--edge\r\nrubbish", 400),
        ("multipart/form-data", b"x", 400),
    ]:
        answer = server.ask("POST", "/api/verbs/show", body, {"content-type": kind})
        assert (answer.status, list(answer.json)) == (status, ["error"])
    answer = server.verb("show", request="{broken", options={"inputs": []})
    assert (answer.status, answer.json["error"]) == (400, "`request` is no JSON: '{broken'")


def test_half_sent_requests_keep_nobody_out(server, band):
    half = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(200)]
    form = b"content-type: multipart/form-data; boundary=edge\r\ncontent-length: 999\r\n\r\n--edge\r\n"
    try:
        for number, one in enumerate(half):
            one.sendall(b"POST /api/verbs/show HTTP/1.1\r\nhost: 127.0.0.1\r\n" + form * (number % 2))
        assert server.verb("show", options={"inputs": ["a.mid"]}, files={"a.mid": band}).json["state"] == "done"
    finally:
        for one in half:
            one.close()


def test_a_token_is_demanded_of_everybody(tmp_path, model):
    token = "a-token-of-its-own"
    with serving(tmp_path, "--checkpoint", model, "--workers", 1, "--token", token) as server:
        assert server.shown.endswith(f"/?token={token}")
        assert server.ask("GET", "/api/about").status == 401
        assert server.ask("GET", "/api/about", headers={"authorization": "Bearer wrong"}).status == 401
        assert server.ask("GET", "/api/about", headers={"authorization": f"Bearer {token}"}).status == 200
        assert server.ask("GET", "/?token=wrong").status == 401
        opened = server.ask("GET", f"/?token={token}&room=a")
        assert (opened.status, opened.headers["location"]) == (303, "/?room=a")
        cookie = opened.headers["set-cookie"].partition(";")[0]
        assert server.ask("GET", "/api/about", headers={"cookie": cookie}).status == 200


def test_a_server_that_was_killed_leaves_nothing_that_is_offered(tmp_path, model, band):
    said = {"request": {"bars": 64, "variations": 50}, "options": {"seed_file": "a.mid"}, "files": {"a.mid": band}}
    with serving(tmp_path, "--checkpoint", model, "--workers", 1) as first:
        job = first.verb("compose", wait=1, **said).json["id"]
        first.process.kill()
        first.process.wait()
        assert first.jobs()
    with serving(tmp_path, "--checkpoint", model, "--workers", 1) as second:
        assert second.ask("GET", f"/api/jobs/{job}").status == 404
        assert second.jobs() == []
        done = second.verb("show", options={"inputs": ["a.mid"]}, files={"a.mid": band}).json
        assert done["state"] == "done"


def test_more_requests_than_may_wait_are_sent_away(tmp_path, model, band):
    said = {"request": {"bars": 64, "variations": 50}, "options": {"seed_file": "a.mid"}, "files": {"a.mid": band}}
    with serving(tmp_path, "--checkpoint", model, "--workers", 1, "--waiting", 2) as server:
        server.ask("GET", "/api/ready")
        first = server.verb("compose", wait=0, **said)
        until = time.monotonic() + 20
        while server.ask("GET", f"/api/jobs/{first.json['id']}").json["state"] == "waiting":
            assert time.monotonic() < until
            time.sleep(0.05)
        answers = [server.verb("compose", wait=0, **said) for _ in range(3)]
        assert [answer.status for answer in answers] == [202, 202, 429]
        assert "retry-after" in answers[-1].headers
        assert len(server.jobs()) == 3
        server.ask("DELETE", f"/api/jobs/{answers[0].json['id']}")
        assert [server.verb("compose", wait=0, **said).status for _ in range(2)] == [202, 429]


def test_work_that_takes_too_long_is_given_up(tmp_path, model, band):
    said = {"request": {"bars": 64, "variations": 200}, "options": {"seed_file": "a.mid"}, "files": {"a.mid": band}}
    with serving(tmp_path, "--checkpoint", model, "--workers", 1, "--seconds", 2) as server:
        job = server.verb("compose", **said).json
        assert (job["state"], job["results"]) == ("failed", [])
        assert job["error"] == "compose was given up: it took more than 2 seconds; try it with less music"
        assert server.verb("show", options={"inputs": ["a.mid"]}, files={"a.mid": band}).json["state"] == "done"


def test_ctrl_c_ends_it_in_a_line_and_leaves_nothing(tmp_path, model):
    with serving(tmp_path, "--checkpoint", model, "--workers", 1) as server:
        server.ask("GET", "/api/ready")
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 130
        assert list(server.spool.iterdir()) == []
        assert server.process.stdout.read() == ""


def test_who_waits_for_an_answer_is_told_when_it_ends(tmp_path, model, band):
    said = {"request": {"bars": 64, "variations": 50}, "options": {"seed_file": "a.mid"}, "files": {"a.mid": band}}
    with serving(tmp_path, "--checkpoint", model, "--workers", 1) as server:
        server.ask("GET", "/api/ready")
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(server.verb("compose", wait=30, **said).json))
        waiting.start()
        time.sleep(2)
        server.process.send_signal(signal.SIGINT)
        waiting.join(20)
        assert [answer["state"] for answer in answers] == ["cancelled"]
        assert server.process.wait(20) == 130
