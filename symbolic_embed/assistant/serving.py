"""The protocol: tools are listed and called, progress is told, errors are text.

Every call works in a thread of its own, so that the next message is read meanwhile; those that need the model take
turns, and end at the next step of their work where the client cancels. Whatever a call cannot do is told in the
sentence that the command line would say, as an error of the tool, which an assistant reads and can act on.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from typing import Any, Self

import anyio
import anyio.from_thread
import anyio.to_thread
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as ToolOfProtocol

from symbolic_embed.assistant.tools import TOOLS, Tool
from symbolic_embed.assistant.workplace import Workplace
from symbolic_embed.errors import SymbolicEmbedError, printable
from symbolic_embed.version import installed_version

NAME = "symbolic-embed"
STDIN = 0  # its descriptor
PATIENCE = 0.5  # seconds between two lines of progress
INSTRUCTIONS = (
    "Music as MIDI clips in one folder. Name a clip by its file name (list_clips) or by a handle such as clip:3. "
    "read_clip tells notes, chords and scale; write_clip takes notes; vary, compose (continue), fill, accompany and "
    "blend make new clips and never touch the old ones; rank, find and next search libraries. Bars count from 1, "
    "tracks from 0. The same arguments give the same music; another random_seed gives another."
)


def server_of(place: Workplace) -> Server[Any]:
    """The tools as a server, to be run on any transport."""
    tools = {tool.name: tool for tool in TOOLS}
    turns = anyio.CapacityLimiter(1)

    async def listed(context: ServerRequestContext[Any], params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_as_listed(tool) for tool in TOOLS])

    async def called(context: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        if params.name not in tools:
            return _error(f"there is no tool {printable(params.name)!r}; there are {', '.join(tools)}")
        tool, given = tools[params.name], params.arguments or {}
        progress = _Progress(context, tool.name)
        return await anyio.to_thread.run_sync(
            lambda: _answered(tool, place, given, progress), limiter=turns if tool.by_model else None
        )

    return Server(
        NAME,
        version=installed_version(),
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
        get_tool_input_schema=lambda name: tools[name].schema if name in tools else None,
    )


async def serve(place: Workplace) -> None:
    """Serves on stdin and stdout until the client closes stdin."""
    server = server_of(place)
    async with stdio_server(stdin=_Stdin.taken()) as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _answered(tool: Tool, place: Workplace, given: dict[str, Any], progress: _Progress) -> CallToolResult:
    """What a call comes to, in a thread."""
    try:
        told = tool.call(place, given, progress)
    except SymbolicEmbedError as error:
        return _error(str(error))
    except OSError as refusal:  # a full disk, a file that may not be read
        return _error(f"{printable(str(refusal.filename or tool.name))}: {refusal.strerror or refusal}")
    except Exception:  # a fault of ours: its trace is for stderr, and the server goes on
        traceback.print_exc(file=sys.stderr)
        return _error(f"{tool.name} failed, which is a fault of the program; its log on stderr says where")
    return CallToolResult(content=[TextContent(type="text", text=json.dumps(told, separators=(",", ":")))])


class _Stdin(anyio.AsyncFile[str]):
    """Stdin, line by line. Who ends the server need not wait for the next line, as with the package's own."""

    @classmethod
    def taken(cls) -> Self:
        """Stdin for the protocol alone: whoever else reads it, a process of ours too, finds its end."""
        wire, nothing = os.dup(STDIN), os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, STDIN)
        os.close(nothing)
        return cls(open(wire, encoding="utf-8", errors="replace"))

    async def readline(self) -> str:
        return await anyio.to_thread.run_sync(self.wrapped.readline, abandon_on_cancel=True)


class _Progress:
    """Steps of work, told to the client as they are taken. Steps of all pieces of work are counted together, since what
    is told must rise."""

    def __init__(self, context: ServerRequestContext[Any], doing: str) -> None:
        self._context, self._doing = context, doing
        self._steps, self._told = 0, time.monotonic()

    def __call__(self, work: Sequence[int]) -> Iterator[int]:
        for number, one in enumerate(work, start=1):
            anyio.from_thread.check_cancelled()
            self._steps += 1
            if time.monotonic() - self._told > PATIENCE:
                self._told = time.monotonic()
                where = f"{self._doing}: {number} of {len(work)}"
                anyio.from_thread.run(self._context.session.report_progress, self._steps, None, where)
            yield one


def _as_listed(tool: Tool) -> ToolOfProtocol:
    return ToolOfProtocol(
        name=tool.name,
        title=tool.title,
        description=tool.about,
        input_schema=tool.schema,
        annotations=ToolAnnotations(
            read_only_hint=not tool.writes, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


def _error(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
