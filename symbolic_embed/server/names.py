"""Names of files that come from elsewhere.

A file that was sent, and a place that a result is to have, are named relative to the folder of their job. A name that
leads out of it, that no file system takes, or that would ring the bell of whoever lists it, is refused; it is never
mended, since two names could become one.
"""

from __future__ import annotations

LONGEST, LONGEST_PART, DEEPEST = 1_024, 255, 32


def unsafe(name: str) -> str | None:
    """Why a name is not taken, in words; None where it is."""
    parts = name.split("/")
    try:
        sizes = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return "it has bytes that are no text"
    if not name or len(name.encode()) > LONGEST:
        return f"it must have 1 to {LONGEST:,} bytes"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        return "it has control characters"
    if "\\" in name or ":" in parts[0]:
        return "it has a backslash or a drive"
    if name.startswith("/") or ".." in parts:
        return "it leads out of the folder"
    if len(parts) > DEEPEST or max(sizes) > LONGEST_PART:
        return f"it must have at most {DEEPEST} parts of at most {LONGEST_PART} bytes"
    return None
