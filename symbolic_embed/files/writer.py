"""Putting a finished file where the user wants it.

A file that exists is not touched unless the user forces it. Without force the file is created exclusively, so that two
programs cannot both win. With force it is written beside the old one, pushed to the disk, and renamed over it: at every
moment either the old or the new file is whole.
"""

from __future__ import annotations

import contextlib
import os
import secrets

from symbolic_embed.errors import OutputError, OutputExistsError, printable


def place(data: bytes, path: str | os.PathLike, *, force: bool = False) -> None:
    """Puts `data` at `path`. Raises OutputExistsError where `path` exists and `force` is not given,
    OutputError where it cannot be written; after an error nothing new is left behind."""
    target = os.fspath(path)
    beside = f"{target}.{secrets.token_hex(4)}.part" if force else target
    try:
        with open(beside, "xb") as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                _remove(beside)
                raise
        if force:
            _rename(beside, target)
    except FileExistsError:
        raise OutputExistsError(target) from None
    except OSError as refusal:
        reason = (refusal.strerror or str(refusal)).lower()
        raise OutputError(
            f"{printable(target)}: cannot be written: {reason}; is the folder there, and writable?"
        ) from None


def _rename(beside: str, target: str) -> None:
    try:
        os.replace(beside, target)
    except OSError:
        _remove(beside)
        raise
    with contextlib.suppress(OSError):  # where folders cannot be opened (Windows) the rename is as safe as it gets
        folder = os.open(os.path.dirname(target) or ".", os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
