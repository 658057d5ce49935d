"""The server as an application: the routes behind their guard."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.score import MAX_BYTES
from symbolic_embed.server.answering import Desk, job_routes, library_routes, verb_route
from symbolic_embed.server.asking import Understood, asking_routes
from symbolic_embed.server.crew import Crew, Employment
from symbolic_embed.server.guarding import Guard, Refused, Rules
from symbolic_embed.server.libraries import Libraries
from symbolic_embed.server.pages import page_file
from symbolic_embed.server.room_routes import room_routes
from symbolic_embed.server.rooms import Rooms
from symbolic_embed.server.sent import MOST_FILES
from symbolic_embed.server.spool import Spool
from symbolic_embed.server.verbs import Verbs
from symbolic_embed.version import installed_version

# FastAPI would report what it does to whomever the environment names.
NOBODY_TOLD: dict[str, Any] = {
    "telemetry": {"auto_configure": False, "tracing": False, "metrics": False, "logs": False}
}
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """What a server serves. model: the name and hash of its checkpoint; understood: what reads requests in words."""

    verbs: Verbs
    employment: Employment
    rules: Rules = field(default_factory=Rules)
    libraries: Libraries = field(default_factory=lambda: Libraries({}))
    understood: Understood | None = None
    model: str = ""
    has_sound_font: bool = False
    spool: Path | None = None

    def about(self) -> dict[str, Any]:
        """What there is, for a client: JSON."""
        limits = self.employment.limits
        return {
            "version": installed_version(),
            "checkpoint": self.model,
            "verbs": {name: verb.described() for name, verb in self.verbs.items()},
            "limits": {
                "max_bytes": MAX_BYTES,
                "body": self.rules.most_bytes,
                "files": MOST_FILES,
                "seconds": limits.seconds,
            },
            "sound_font": self.has_sound_font,
            "asks": self.understood is not None,
        }


@dataclass(frozen=True)
class Application:
    """The application: what answers, and what ends it for all who wait for something, once it is to end."""

    answers: ASGIApp
    end: Callable[[], None]


def application(served: Served, *, ready: Callable[[], object]) -> Application:
    """The application; its workers start and end with it. `ready` is called when the first has loaded its model."""
    spool, rooms = Spool(served.spool), Rooms()
    crew = Crew(served.employment, ready_told=ready)
    desk = Desk(spool, crew, served.libraries)

    def end() -> None:
        rooms.close()
        for job in list(spool.jobs.values()):
            crew.cancel(job)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with spool:
            async with crew:
                yield

    app = FastAPI(
        title="symbolic-embed",
        version=installed_version(),
        summary="MIDI ranked, searched and written, as the command line does",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        **NOBODY_TOLD,
    )
    _tell_errors(app)
    about = served.about()

    @app.get("/api/about", tags=["server"], summary="what this server is, and can")
    async def tell() -> Response:
        return JSONResponse({**about, "libraries": served.libraries.told()})

    @app.get("/api/ready", tags=["server"], summary="waits until the model is loaded")
    async def loaded() -> Response:
        await crew.ready.wait()
        return JSONResponse({"ready": True})

    for verb in served.verbs.values():
        app.include_router(verb_route(desk, verb))
    app.include_router(job_routes(desk))
    app.include_router(library_routes(desk))
    app.include_router(room_routes(rooms, desk))
    if served.understood is not None:
        app.include_router(asking_routes(served.understood, list(served.libraries.places)))
    _serve_pages(app)
    return Application(Guard(app, served.rules), end)


def _serve_pages(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def index(request: Request) -> Response:
        return _page(request, "index.html")

    @app.get("/api", include_in_schema=False)
    async def described(request: Request) -> Response:
        return _page(request, "api.html")

    @app.get("/page/{name}", include_in_schema=False)
    async def file(request: Request, name: str) -> Response:
        return _page(request, name)


def _page(request: Request, name: str) -> Response:
    found = page_file(name)
    if found is None:
        raise Refused(404, "there is no such page")
    data, kind, tag = found
    headers = {"etag": tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=kind, headers=headers)


def _tell_errors(app: FastAPI) -> None:
    """Every error is one line of JSON: {"error": ...}."""

    @app.exception_handler(Refused)
    async def refused(_: Request, refusal: Refused) -> Response:
        waits = {"retry-after": "5"} if refusal.status == 429 else {}
        return JSONResponse({"error": refusal.reason}, refusal.status, headers=waits)

    @app.exception_handler(SymbolicEmbedError)
    async def ours(_: Request, fault: SymbolicEmbedError) -> Response:
        return JSONResponse({"error": str(fault), "exit_code": fault.exit_code}, 422)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, fault: RequestValidationError) -> Response:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return JSONResponse({"error": f"`{where}`: {first['msg']}"}, 422)

    @app.exception_handler(Exception)
    async def unforeseen(_: Request, fault: Exception) -> Response:
        LOG.exception("unforeseen", exc_info=fault)
        return JSONResponse({"error": f"the server failed ({type(fault).__name__}); its log says more"}, 500)

    @app.exception_handler(HTTPException)
    async def http(_: Request, fault: HTTPException) -> Response:
        return JSONResponse({"error": str(fault.detail)}, fault.status_code, headers=fault.headers)
