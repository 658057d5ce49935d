"""The page's own files: plain modules, served as they are."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from importlib.resources import files

FOLDERS = ("symbolic_embed.server", "symbolic_embed.presenting")  # in each a folder `page`
PLAIN = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


@cache
def page_file(name: str) -> tuple[bytes, str, str] | None:
    """A file of the page: its bytes, its type, and a tag that changes with it; None where there is none."""
    for folder in FOLDERS:
        inside = {one.name: one for one in (files(folder) / "page").iterdir()}
        if name in inside:
            data = inside[name].read_bytes()
            ending = f".{name.rpartition('.')[2]}"
            kind = PLAIN.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
            return data, kind, f'"{hashlib.sha256(data).hexdigest()[:16]}"'
    return None
