"""The routes of verbs, jobs, libraries."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import time
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from posixpath import normpath
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from symbolic_embed.errors import InputError
from symbolic_embed.server.crew import Crew, FullError
from symbolic_embed.server.guarding import Refused
from symbolic_embed.server.jobs import Job
from symbolic_embed.server.libraries import Libraries
from symbolic_embed.server.names import unsafe
from symbolic_embed.server.sent import received
from symbolic_embed.server.spool import Spool
from symbolic_embed.server.telling import stream
from symbolic_embed.server.verbs import Verb

LONGEST_WAIT = 60.0
BODY = "multipart/form-data"
MOST_RECEIVING = 512  # requests that are being taken in: those that stop halfway keep nobody out
TOO_MANY = "too many requests wait already; try again in some seconds"


@dataclass
class Desk:
    """What the routes work with. `receiving`: how many requests are being taken in."""

    spool: Spool
    crew: Crew
    libraries: Libraries
    receiving: int = 0

    def job(self, name: str) -> Job:
        """A job by its name. Raises Refused."""
        job = self.spool.jobs.get(name)
        if job is None:
            raise Refused(404, "there is no such job; it may be too long ago, or of a server that has ended")
        return job

    async def new_job(self, verb: Verb, request: Request) -> Job:
        """What was sent, as a job that waits for its turn. Raises Refused, SettingsError."""
        if self.receiving >= MOST_RECEIVING:
            raise Refused(429, TOO_MANY)
        self.spool.tidy(time.monotonic())
        name, folder = self.spool.new_folder()
        self.receiving += 1
        try:
            sent = await received(request, folder)
            wish, beside = verb.asked(sent.request, sent.options)
            self._require_libraries(verb, beside)
            asked = {"request": wish, "options": beside, "libraries": self.libraries.places}
            job = Job(name, verb.name, folder, asked, frozenset(map(normpath, sent.files)))
            for place in _written(beside):
                (job.work / place).parent.mkdir(parents=True, exist_ok=True)
            self.crew.take(job)
        except FullError:
            shutil.rmtree(folder, ignore_errors=True)
            raise Refused(429, TOO_MANY) from None
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            self.receiving -= 1
        self.spool.keep(job)
        return job

    def _require_libraries(self, verb: Verb, options: dict[str, Any]) -> None:
        for option in verb.libraries & options.keys():
            name = options[option]
            if name is not None and name not in self.libraries.places:
                there = ", ".join(self.libraries.places) or "none; start it with --library"
                raise Refused(400, f"there is no library {name[:60]!r} here; there is: {there}")


def verb_route(desk: Desk, verb: Verb) -> APIRouter:
    """The route of one verb."""
    router = APIRouter()
    body = {
        "type": "object",
        "properties": {
            "request": verb.request.model_json_schema(),
            "options": verb.options.model_json_schema(),
            "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
            "names": {"type": "array", "items": {"type": "string"}, "description": "The files' names, if not theirs."},
            "stdin": {"type": "string", "format": "binary", "description": "A file that is piped in, called -."},
        },
    }

    @router.post(
        f"/api/verbs/{verb.name}",
        summary=verb.about,
        description=verb.explained,
        operation_id=verb.name,
        openapi_extra={"requestBody": {"required": True, "content": {BODY: {"schema": body}}}},
        tags=["verbs"],
    )
    async def asked(request: Request, wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0.0) -> Response:
        job = await desk.new_job(verb, request)
        await job.over(wait)
        where = {"location": f"/api/jobs/{job.id}"}
        return JSONResponse(job.told(), 200 if job.is_over else 202, headers=where)

    return router


def job_routes(desk: Desk) -> APIRouter:
    """What can be asked of a job."""
    router = APIRouter(tags=["jobs"])

    @router.get("/api/jobs/{name}", summary="how far it is, and what came of it")
    async def job(name: str, wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0.0) -> Response:
        asked = desk.job(name)
        await asked.over(wait)
        return JSONResponse(asked.told())

    @router.get("/api/jobs/{name}/events", summary="what happens to it, as server-sent events; leave=cancel: with them")
    async def events(name: str, leave: Literal["stay", "cancel"] = "stay") -> Response:
        job = desk.job(name)
        return stream(job.events(), left=partial(desk.crew.cancel, job) if leave == "cancel" else None)

    @router.delete("/api/jobs/{name}", summary="cancel it; forget one that is over")
    async def cancel(name: str) -> Response:
        job = desk.job(name)
        if job.is_over:
            desk.spool.forget(job)
        else:
            desk.crew.cancel(job)
            await job.over(LONGEST_WAIT)
        return JSONResponse(job.told())

    @router.get("/api/jobs/{name}/stdout", summary="what it printed, byte for byte")
    async def stdout(name: str) -> Response:
        job = desk.job(name)
        path = job.folder / "stdout"
        if not job.is_over or not path.exists():
            raise Refused(404, "it has printed nothing yet")
        return _file(path, {}, kind="application/octet-stream")

    @router.get("/api/jobs/{name}/results.zip", summary="all files that it has written")
    async def archive(name: str) -> Response:
        job = desk.job(name)
        data = await asyncio.to_thread(_zipped, job)
        return Response(data, media_type="application/zip", headers=_attached(f"{job.verb}.zip"))

    @router.get("/api/jobs/{name}/results/{result:path}", summary="a file that it has written")
    async def result(name: str, result: str, download: bool = False) -> Response:
        job = desk.job(name)
        found = next((one for one in job.results if one.name == result), None)
        if found is None or unsafe(result):
            raise Refused(404, "it has written no such file")
        kind = found.told(job.id)["type"]
        attached = download or kind.startswith("text/html") or kind.startswith("image/svg")
        headers = _attached(result.rpartition("/")[2]) if attached else {}
        return _file(job.work / result, headers, kind=kind)

    return router


def library_routes(desk: Desk) -> APIRouter:
    """What can be asked of a library beside the verbs."""
    router = APIRouter(tags=["libraries"])

    @router.get("/api/libraries", summary="the libraries that are here")
    async def libraries() -> Response:
        return JSONResponse(await asyncio.to_thread(desk.libraries.told))

    @router.get("/api/libraries/{name}/file", summary="a file of a library, by the path that results give it")
    async def file(name: str, path: str) -> Response:
        try:
            data = await asyncio.to_thread(desk.libraries.file, name, path)
        except InputError as fault:
            raise Refused(404, str(fault)) from None
        if data is None:
            raise Refused(404, f"library {name[:60]!r} has no such file")
        return Response(data, media_type="audio/midi", headers=_attached(path.rpartition("/")[2]))

    return router


def _written(options: dict[str, Any]) -> list[str]:
    """Places of results that were named: their folders must be there."""
    places = [options.get(name) for name in ("output", "page", "plot", "report")]
    return [place for place in places if isinstance(place, str) and place != "-"]


def _zipped(job: Job) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for result in job.results:
            entry = zipfile.ZipInfo(result.name)  # without the time of day: the same results, the same bytes
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (job.work / result.name).read_bytes())
    return out.getvalue()


def _file(path: Path, headers: dict[str, str], *, kind: str) -> Response:
    """A file, opened at once, since it may go while it is sent. Raises Refused."""
    try:
        file = open(path, "rb")  # noqa: SIM115  (closed when it was sent)
    except OSError:
        raise Refused(404, "it is not there any more") from None
    size = {"content-length": str(os.fstat(file.fileno()).st_size)}
    blocks = iter(lambda: file.read(1 << 18), b"")
    return StreamingResponse(blocks, media_type=kind, headers=headers | size, background=BackgroundTask(file.close))


def _attached(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
