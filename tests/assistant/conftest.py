"""A folder of clips, a small model with random weights, and the tools called as a client calls them."""

import json
from dataclasses import dataclass

import anyio
import composers
import pieces
import pytest
import tiny
from mcp import Client

from symbolic_embed.api.session import Session
from symbolic_embed.assistant.folder import WorkFolder
from symbolic_embed.assistant.serving import server_of
from symbolic_embed.assistant.workplace import Workplace, library_names


@dataclass(frozen=True)
class Assistant:
    """What calls tools, one after another, over the package's own client."""

    place: Workplace

    def said(self, tool, **arguments):
        """Whether a call failed, and the text it was answered with."""

        async def call():
            async with Client(server_of(self.place)) as client:
                return await client.call_tool(tool, arguments)

        result = anyio.run(call)
        return bool(result.is_error), result.content[0].text

    def call(self, tool, **arguments):
        """The answer of a call that does not fail."""
        failed, text = self.said(tool, **arguments)
        assert not failed, text
        return json.loads(text)

    def error(self, tool, **arguments):
        """The sentence of one that does."""
        failed, text = self.said(tool, **arguments)
        assert failed, text
        return text


@pytest.fixture(scope="session")
def composer(tmp_path_factory):
    return composers.composer_checkpoint(tmp_path_factory.mktemp("composer")).folder


@pytest.fixture(scope="session")
def listening(tmp_path_factory):
    """A checkpoint with passages and an anchor."""
    return tiny.with_anchor(tmp_path_factory.mktemp("model")).folder


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a clip for a band and two pieces, in which all happens; beside it lies nobody's business."""
    (tmp_path / "secret.mid").write_bytes(composers.duo_seed().events.to_bytes())
    clips = tmp_path / "clips"
    pieces.folder_of(clips, {f"songs/{name}.mid": pieces.piece(seed, bars=3) for seed, name in enumerate("ab")})
    (clips / "band.mid").write_bytes(composers.band_seed().events.to_bytes())
    monkeypatch.chdir(clips)
    return clips


@pytest.fixture
def assistant(folder, composer):
    """An assistant in the folder, without a library."""
    return Assistant(Workplace(WorkFolder("."), {}, lambda: Session(composer)))


@pytest.fixture
def searching(folder, listening):
    """One whose model can search, and compose nothing."""

    def with_libraries(*places):
        return Assistant(Workplace(WorkFolder("."), library_names(places), lambda: Session(listening)))

    return with_libraries
