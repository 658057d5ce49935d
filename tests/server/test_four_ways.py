"""One request by command line, from Python, over HTTP and by an assistant: the same bytes."""

import json

import anyio
import pytest
from command_line import run
from mcp import Client

import symbolic_embed
from symbolic_embed.api.session import Session
from symbolic_embed.assistant.folder import WorkFolder
from symbolic_embed.assistant.serving import server_of
from symbolic_embed.assistant.workplace import Workplace

ASKED = {
    "vary": ({"change": 0.4, "count": 2, "bars": "1-3"}, ["--change", ".4", "--count", "2", "--bars", "1-3"]),
    "compose": (
        {"bars": 2, "random_seed": 3, "scale": "D dorian"},
        ["--bars", "2", "--seed", "3", "--scale", "D dorian"],
    ),
    "accompany": ({"parts": "bass,drums"}, ["--parts", "bass,drums"]),
}


@pytest.mark.parametrize("verb", ASKED)
def test_whoever_asks_gets_the_same_bytes(server, model, band, tmp_path, monkeypatch, verb):
    fields, words = ASKED[verb]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "band.mid").write_bytes(band)
    assert run(verb, "band.mid", *words, "-o", "command", "--checkpoint", model).code == 0
    symbolic_embed.save_outputs(getattr(symbolic_embed, verb)("band.mid", checkpoint=model, **fields), "python")
    _by_http(server, band, verb, fields, tmp_path / "http")
    _by_an_assistant(model, verb, fields)
    ways = [
        {path.name: path.read_bytes() for path in (tmp_path / way).iterdir()}
        for way in ("command", "python", "http", "assistant")
    ]
    assert ways[0]
    assert ways[1:] == ways[:1] * 3


def _by_http(server, band, verb, fields, folder):
    folder.mkdir()
    job = server.verb(verb, request=fields, options={"seed_file": "band.mid"}, files={"band.mid": band}).json
    for result in job["results"]:
        (folder / result["name"].rpartition("/")[2]).write_bytes(server.ask("GET", result["url"]).data)


def _by_an_assistant(model, verb, fields):
    place = Workplace(WorkFolder("."), {}, lambda: Session(model))

    async def call():
        async with Client(server_of(place)) as client:
            return await client.call_tool(verb, {"clip": "band.mid", "output": "assistant", **fields})

    result = anyio.run(call)
    assert not result.is_error, result.content[0].text
    assert json.loads(result.content[0].text)["results"]
