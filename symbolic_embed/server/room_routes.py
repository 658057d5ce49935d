"""The routes of rooms."""

from __future__ import annotations

import math
import re

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from symbolic_embed.score import MAX_BYTES
from symbolic_embed.server.answering import Desk
from symbolic_embed.server.guarding import Refused
from symbolic_embed.server.names import unsafe
from symbolic_embed.server.rooms import Piece, Rooms
from symbolic_embed.server.telling import stream

MOST_MESSAGES = 1_000
SHORT_MESSAGE = re.compile(r"(?:[89abe][0-9a-f](?:[0-7][0-9a-f]){2}|[cd][0-9a-f][0-7][0-9a-f])")


def room_routes(rooms: Rooms, desk: Desk) -> APIRouter:
    """What can be asked of a room."""
    router = APIRouter(tags=["rooms"])

    @router.get("/api/rooms/{name}/events", summary="what is played there, as server-sent events")
    async def events(name: str) -> Response:
        return stream(rooms.room(name).events())

    @router.post("/api/rooms/{name}", summary="play a file there: one that is sent, or {job, result}; or {stop: true}")
    async def play(name: str, request: Request) -> Response:
        room = rooms.room(name)
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            piece = await _sent(request)
            rooms.make_space(piece)
            return JSONResponse(room.play(piece))
        asked = await _asked(request)
        if asked.get("stop") is True:
            room.stop()
            return JSONResponse({"told": len(room.members)})
        piece = _of_job(desk, asked)
        rooms.make_space(piece)
        return JSONResponse(room.play(piece))

    @router.post("/api/rooms/{name}/midi", summary="play messages there: {messages: [[milliseconds, hex], ...]}")
    async def midi(name: str, request: Request) -> Response:
        room = rooms.room(name)
        messages = _messages(await _asked(request))
        if messages:
            room.tell(("midi", {"messages": messages}))
        return JSONResponse({"told": len(room.members)})

    @router.get("/api/rooms/{name}/pieces/{number}", summary="what was played there")
    async def played(name: str, number: int) -> Response:
        found = rooms.room(name).pieces.get(number)
        if found is None:
            raise Refused(404, "it is too long ago that this was played")
        return Response(found.data, media_type="audio/midi")

    return router


async def _sent(request: Request) -> Piece:
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Refused(400, "send one `file`, or JSON {job, result}")
        name = (file.filename or "").rpartition("/")[2]
        if reason := unsafe(name):
            raise Refused(400, f"a file cannot be called {name[:60]!r}: {reason}")
        data = await file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused(413, f"a file may have {MAX_BYTES:,} bytes")
    return Piece(name, data)


async def _asked(request: Request) -> dict[str, object]:
    try:
        asked = await request.json()
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise Refused(400, "send JSON {job, result}, or {stop: true}, or a `file`")
    return asked


def _messages(asked: dict[str, object]) -> list[tuple[float, str]]:
    """MIDI messages, each with the milliseconds at which it was played. Raises Refused."""
    rows = asked.get("messages")
    if not isinstance(rows, list) or len(rows) > MOST_MESSAGES:
        raise Refused(400, f"`messages` must be a list of at most {MOST_MESSAGES}, [[milliseconds, hex], ...]")
    return [_message(row) for row in rows]


def _message(row: object) -> tuple[float, str]:
    if isinstance(row, list) and len(row) == 2:
        when, data = row
        is_time = isinstance(when, int | float) and not isinstance(when, bool) and math.isfinite(when)
        if is_time and isinstance(data, str) and SHORT_MESSAGE.fullmatch(data):
            return when, data
    raise Refused(400, f"a message is [milliseconds, hex of a status from 80 to ef and its data], not {str(row)[:60]}")


def _of_job(desk: Desk, asked: dict[str, object]) -> Piece:
    job = desk.job(str(asked.get("job")))
    found = next((one for one in job.results if one.name == asked.get("result")), None)
    if found is None or found.size > MAX_BYTES:
        raise Refused(404, "it has written no such file")
    return Piece(found.name.rpartition("/")[2], (job.work / found.name).read_bytes())
