"""Server-sent events: what happens, told to whoever listens, as it happens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse

from symbolic_embed.server.jobs import Event

ALIVE = b": still here\n\n"


def stream(events: AsyncIterator[Event | None], *, left: Callable[[], object] | None = None) -> StreamingResponse:
    """Events as a response that lasts; for None a line that nobody hears. `left` is called when nobody listens any
    more."""

    async def lines() -> AsyncIterator[bytes]:
        try:
            async for event in events:
                yield ALIVE if event is None else line_of(event)
        finally:
            if left is not None:
                left()

    return StreamingResponse(lines(), media_type="text/event-stream", headers={"cache-control": "no-store"})


def line_of(event: Event) -> bytes:
    """One event as it is sent."""
    name, data = event
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
