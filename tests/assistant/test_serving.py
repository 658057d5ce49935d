"""The protocol, in memory and over the real stdin and stdout."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import anyio
from command_line import run
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from symbolic_embed.assistant import serving, writing
from symbolic_embed.assistant.serving import server_of
from symbolic_embed.assistant.tools import TOOLS

ROOT = Path(__file__).parents[2]


def test_tools_are_listed_with_what_they_take_and_that_they_destroy_nothing(assistant):
    async def listed():
        async with Client(server_of(assistant.place)) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(listed)
    assert [tool.name for tool in tools] == [tool.name for tool in TOOLS]
    assert all(tool.description and tool.annotations.destructive_hint is False for tool in tools)
    reads = {tool.name for tool in tools if tool.annotations.read_only_hint}
    assert reads == {"list_clips", "read_clip", "rank", "find", "next", "check", "libraries"}
    assert len(json.dumps([tool.model_dump(exclude_none=True) for tool in tools])) < 32_000


def test_an_unknown_tool_is_named_with_those_that_there_are(assistant):
    assert assistant.error("sing").startswith("there is no tool 'sing'; there are list_clips, read_clip,")


def test_progress_is_told_and_rises(assistant, monkeypatch):
    monkeypatch.setattr(serving, "PATIENCE", 0)
    told = []

    async def heard(progress, total, message):
        told.append((progress, message))

    async def call():
        async with Client(server_of(assistant.place)) as client:
            await client.call_tool("compose", {"clip": "band.mid", "bars": 2}, progress_callback=heard)

    anyio.run(call)
    steps = [progress for progress, _ in told]
    assert len(steps) > 1
    assert steps == sorted(set(steps))
    assert told[0][1].startswith("compose: 1 of ")


def test_other_messages_are_answered_while_a_tool_works(assistant, monkeypatch):
    answered = []

    def slowly(place, own, request, progress):
        for _ in progress(range(200)):
            time.sleep(0.02)
            if "read" in answered:
                return {"waited": True}
        return {"waited": False}

    monkeypatch.setattr(writing, "compose", slowly)
    tools = {tool.name: tool for tool in TOOLS}
    monkeypatch.setitem(tools["compose"].__dict__, "answer", slowly)

    async def read(client):
        await client.call_tool("read_clip", {"clip": "band.mid"})
        answered.append("read")

    async def call():
        async with Client(server_of(assistant.place)) as client, anyio.create_task_group() as tasks:
            tasks.start_soon(read, client)
            return await client.call_tool("compose", {"clip": "band.mid"})

    assert json.loads(anyio.run(call).content[0].text) == {"waited": True}


def test_a_call_that_the_client_gives_up_ends_at_its_next_step(assistant, monkeypatch):
    steps = []

    def endless(place, own, request, progress):
        for step in progress(range(10_000)):
            steps.append(step)
            time.sleep(0.01)

    monkeypatch.setitem(next(tool for tool in TOOLS if tool.name == "compose").__dict__, "answer", endless)

    async def call():
        async with Client(server_of(assistant.place)) as client:
            with anyio.move_on_after(0.3):
                await client.call_tool("compose", {"clip": "band.mid"})
            return await client.call_tool("vary", {"clip": "band.mid", "change": 0.4})

    assert not anyio.run(call).is_error
    assert 0 < len(steps) < 1_000


def test_a_fault_of_ours_is_no_end(assistant, monkeypatch, capsys):
    def broken(place, own, request, progress):
        raise RuntimeError("secret")

    monkeypatch.setitem(next(tool for tool in TOOLS if tool.name == "compose").__dict__, "answer", broken)
    assert assistant.error("compose", clip="band.mid") == (
        "compose failed, which is a fault of the program; its log on stderr says where"
    )
    assert "RuntimeError: secret" in capsys.readouterr().err
    assert assistant.call("list_clips")["count"] == 3


def test_a_client_over_stdin_and_stdout_gets_the_command_lines_bytes(folder, composer):
    command = [str(ROOT / "cli.py"), "mcp", "--checkpoint", str(composer)]
    environment = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    server = StdioServerParameters(command=sys.executable, args=command, env=environment, cwd=os.fspath(folder))

    async def call():
        async with Client(stdio_client(server)) as client:
            return await client.call_tool("vary", {"clip": "band.mid", "change": 0.3, "output": "asked"})

    told = json.loads(anyio.run(call).content[0].text)
    run("vary", "band.mid", "--change", "0.3", "-o", "told", "--checkpoint", composer)
    (ours,) = [path.read_bytes() for path in (folder / "asked").glob("*.mid")]
    (theirs,) = [path.read_bytes() for path in (folder / "told").glob("*.mid")]
    assert ours == theirs
    assert told["results"][0]["saved"].startswith("asked/band__var01__")


def test_a_client_of_the_older_handshake_is_answered_too(assistant):
    async def call():
        async with Client(server_of(assistant.place), mode="legacy") as client:
            return await client.call_tool("list_clips", {})

    assert json.loads(anyio.run(call).content[0].text)["count"] == 3


def test_it_ends_when_it_is_interrupted(folder):
    command = [sys.executable, str(ROOT / "cli.py"), "mcp"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as server:
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
        server.stdin.write(json.dumps(message) + "\n")
        server.stdin.flush()
        assert json.loads(server.stdout.readline())["id"] == 1
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 130
        assert server.stderr.read() == "interrupted\n"


def test_the_command_names_what_is_missing(folder, monkeypatch):
    ran = run("mcp", "--folder", "nowhere")
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err == "error: --folder nowhere: there is no such folder; make it first\n"
    for name in [name for name in sys.modules if name.split(".")[0] == "mcp"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "symbolic_embed.assistant.serving")
    monkeypatch.setitem(sys.modules, "mcp", None)
    missing = run("mcp")
    assert (missing.code, missing.err) == (
        2,
        "error: mcp: the Model Context Protocol's package is not installed; "
        "`pip install symbolic-embed[mcp]` installs it\n",
    )
