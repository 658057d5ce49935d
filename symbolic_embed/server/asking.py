"""The route of requests in words: what is meant is told, and nothing is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

Understood = Callable[[str, Sequence[str], Sequence[str], Mapping[str, str]], dict[str, Any]]
# text, names of files, of libraries, what is selected


class Asked(BaseModel):
    """A request in words: what is said, and the names of the files and libraries that it may mean."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=20_000, description="What is asked, in English, German or Chinese.")
    files: list[str] = Field([], max_length=100, description="The names of the files that go with it.")
    bars: str | None = Field(None, max_length=1_000, description="The bars that are selected, such as 5-8.")
    tracks: str | None = Field(None, max_length=1_000, description="The tracks that are selected, such as 0,2.")

    @property
    def selected(self) -> dict[str, str]:
        """What is selected."""
        given = {"bars": self.bars, "tracks": self.tracks}
        return {name: value for name, value in given.items() if value}


def asking_routes(understood: Understood, libraries: Sequence[str]) -> APIRouter:
    """What can be asked in words. `libraries` are the names of those that there are."""
    router = APIRouter(tags=["requests in words"])

    @router.post("/api/ask", summary="what a request in words means: a verb, its request, its command line")
    async def ask(asked: Asked) -> Response:
        return JSONResponse(await asyncio.to_thread(understood, asked.text, asked.files, libraries, asked.selected))

    return router
