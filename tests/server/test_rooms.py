"""What one client plays in a room, another hears: files, and messages as they are played."""

import json
import threading
import time

import mido
import pytest
from command_line import run
from servers import serving

from symbolic_embed.client import Server
from symbolic_embed.errors import SoundError, UsageError
from symbolic_embed.live import ports
from symbolic_embed.live.rooms import LATER, Even, room_of
from symbolic_embed.server.rooms import KEPT_BYTES, Piece, Rooms


def played(server, room, content):
    return server.ask("POST", f"/api/rooms/{room}", json.dumps(content).encode(), {"content-type": "application/json"})


def heard(server, room, count, *, do):
    """The next so many events that a member is told after it has come in; `do` happens then."""
    events = Server.of(server.address).events(f"/api/rooms/{room}/events")
    assert next(events)[0] == "members"
    do()
    told = []
    for event in events:
        if event[0] != "members":
            told.append(event)
        if len(told) == count:
            break
    events.close()
    return told


def test_a_result_is_played_in_a_room(server, band):
    job = server.verb("vary", options={"seed_file": "a.mid"}, files={"a.mid": band}).json
    music = next(one for one in job["results"] if one["name"].endswith(".mid"))
    (told,) = heard(server, "one", 1, do=lambda: played(server, "one", {"job": job["id"], "result": music["name"]}))
    assert told[0] == "play"
    assert told[1]["name"] == music["name"].rpartition("/")[2]
    assert server.ask("GET", told[1]["url"]).data == server.ask("GET", music["url"]).data


def test_who_comes_first_hears_what_was_played_where_nobody_was(server, band, tmp_path):
    (tmp_path / "a b.mid").write_bytes(band)
    hear = ["room", "later", "-o", tmp_path / "kept", "--once", "--at", server.address]
    for kept in ("a_b.mid", "a_b_2.mid"):
        end = run("room", "later", tmp_path / "a b.mid", "--at", server.address)
        assert end.code == 0
        assert end.err.endswith("a b.mid: nobody is in the room; who comes first hears it\n")
        end = run(*hear)
        assert (end.code, end.text) == (0, f"{tmp_path}/kept/{kept}\n")
        assert (tmp_path / "kept" / kept).read_bytes() == band


def test_what_was_stopped_or_heard_is_not_heard_again(server, band, tmp_path):
    (tmp_path / "old.mid").write_bytes(band)
    (tmp_path / "new.mid").write_bytes(band)
    assert run("room", "stopped", tmp_path / "old.mid", "--at", server.address).code == 0
    assert run("room", "stopped", "--stop", "--at", server.address).code == 0
    new = multipart_file("new.mid", band)
    told = heard(server, "stopped", 1, do=lambda: server.ask("POST", "/api/rooms/stopped", *new))
    assert told[0][1]["name"] == "new.mid"
    told = heard(server, "stopped", 1, do=lambda: played(server, "stopped", {"stop": True}))
    assert told[0][0] == "stop"


def multipart_file(name, data):
    """A body with one file, and its header."""
    head = f'--edge\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + data + b"\r\n--edge--\r\n", {"content-type": "multipart/form-data; boundary=edge"}


@pytest.mark.parametrize("name", ["ü", "my room", "a/b", "../x", "?x", "", "a\nb", "x" * 41])
def test_a_name_that_no_room_has_is_wrong_usage(server, band, tmp_path, name):
    (tmp_path / "a.mid").write_bytes(band)
    end = run("room", name, tmp_path / "a.mid", "--at", server.address)
    assert end.code == 2
    assert "a room is called by 1 to 40 letters, digits, - or _" in end.err


def test_no_file_that_is_no_music_is_played(server, tmp_path):
    (tmp_path / "x.mid").write_bytes(b"rubbish")
    end = run("room", "later", tmp_path / "x.mid", "--at", server.address)
    assert end.code == 1
    assert "is not MIDI" in end.err or "not MIDI" in end.err


def test_messages_are_heard_in_order_and_evenly(server):
    came = []
    source = ports.open_input(f"room:band@{server.address}", lambda data: came.append((time.monotonic(), data)))
    sink = ports.open_output(f"room:band@{server.address}")
    sent = [bytes((0x90, 60 + n, 80)) for n in range(20)] + [bytes((0xC0, 5))]
    for data in sent:
        sink.send(mido.Message.from_bytes(data))
        time.sleep(0.01)
    sink.close()
    until = time.monotonic() + 10
    while len(came) < len(sent) and time.monotonic() < until:
        time.sleep(0.02)
    source.close()
    assert [data for _, data in came] == sent


@pytest.mark.parametrize(
    "row", [[0, "f0"], [0, "9040"], ["0", "903c40"], [0, "903cff"], [0], 5, [float("inf"), "903c40"], [True, "903c40"]]
)
def test_what_is_no_message_is_refused(server, row):
    body = json.dumps({"messages": [row]}).encode()
    assert server.ask("POST", "/api/rooms/x/midi", body, {"content-type": "application/json"}).status == 400


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 41, "a%2fb"])
def test_a_room_has_a_plain_name(server, name):
    assert played(server, name.replace(" ", "%20"), {"stop": True}).status in (400, 404, 405)


def test_what_is_heard_comes_evenly_however_the_way_varies():
    even = Even()
    ways = [0.030, 0.010, 0.055, 0.012, 0.041]
    due = [even.due(played=10 + number, now=110 + number + way) for number, way in enumerate(ways)]
    assert due[1:] == [pytest.approx(110 + number + 0.010 + LATER) for number in range(1, 5)]


@pytest.mark.parametrize("name", ["room:band", "room:@http://x", "room:band@ftp://x"])
def test_a_rooms_port_names_room_and_server(name):
    with pytest.raises(UsageError, match="`out`"):
        room_of(name, field="out")


def test_a_server_that_is_not_there_has_no_rooms():
    for opening in (ports.open_output, lambda name: ports.open_input(name, print)):
        with pytest.raises(SoundError, match="cannot be reached"):
            opening("room:band@http://127.0.0.1:9")


def test_what_is_to_be_done_in_a_room_is_said(tmp_path):
    assert run("room", "band").code == 2
    assert run("room", "band", "x.mid", "--stop").code == 2


def test_a_listener_ends_with_its_server(tmp_path, model):
    ends = []
    with serving(tmp_path, "--checkpoint", model, "--workers", 1) as server:
        listening = threading.Thread(
            target=lambda: ends.append(run("room", "band", "-o", tmp_path / "kept", "--at", server.address))
        )
        listening.start()
        time.sleep(1)
        server.process.kill()
        listening.join(20)
    assert [end.code for end in ends] == [1]
    assert "the server has gone" in ends[0].err


def test_rooms_keep_no_more_than_they_may():
    rooms, large = Rooms(), Piece("x.mid", bytes(KEPT_BYTES // 4))
    for name in "abcdef":
        rooms.make_space(large)
        rooms.room(name).play(large)
    kept = [name for name in "abcdef" if rooms.room(name).pieces]
    assert kept == ["c", "d", "e", "f"]
