"""The route of requests in words: what is meant is told, and nothing is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

Understood = Callable[[str, Sequence[str], Sequence[str]], dict[str, Any]]  # text, names of files, of libraries


class Asked(BaseModel):
    """A request in words: what is said, and the names of the files and libraries that it may mean."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2_000, description="What is asked, in English, German or Chinese.")
    files: list[str] = Field([], max_length=100, description="The names of the files that go with it.")


def asking_routes(understood: Understood, libraries: Sequence[str]) -> APIRouter:
    """What can be asked in words. `libraries` are the names of those that there are."""
    router = APIRouter(tags=["requests in words"])

    @router.post("/api/ask", summary="what a request in words means: a verb, its request, its command line")
    async def ask(asked: Asked) -> Response:
        return JSONResponse(await asyncio.to_thread(understood, asked.text, asked.files, libraries))

    return router
