"""Paths that lead out of a job's folder, as names in it, and back.

A server takes relative names alone, and says in its answers what it was told. So that those are the user's own paths
again, what leads out is replaced by as many rare letters: the first stroke of `/music/a.mid`, the two dots of
`../a.mid`, the colon of a drive. Lengths stay, so tables stay straight. (Such names sort behind others: where equal
distances are in the order of paths, paths within come before paths without.)
"""

from __future__ import annotations

import io
import json
import os

import numpy as np

ROOT, UP, DRIVE = "\N{RUNIC LETTER ING}", "\N{RUNIC LETTER DAGAZ DAEG D}", "\N{RUNIC LETTER OTHALAN ETHEL O}"
LETTERS = {ROOT: "/", UP: ".", DRIVE: ":"}
BINARY = (".mid", ".png", ".wav")
ARCHIVE = ".npz"


def disguised(path: str) -> str:
    """A path as a relative name without steps upwards."""
    plain = path.replace(os.sep, "/") if os.sep != "/" else path
    if plain[1:2] == ":":
        plain = plain[0] + DRIVE + plain[2:]
    parts = [UP * 2 if part == ".." else part for part in plain.split("/")]
    if plain.startswith("/"):
        return ROOT + "/".join(parts[1:])
    return "/".join(parts)


def is_disguise(path: str) -> bool:
    """Whether a path of the user's has letters that stand for others."""
    return any(letter in path for letter in LETTERS)


def revealed(text: str) -> str:
    """Text in which each name is the user's path again, also where JSON has spelt its letters out."""
    for letter, meant in LETTERS.items():
        text = text.replace(letter, meant).replace(json.dumps(letter)[1:-1], meant)
    return text


def revealed_bytes(data: bytes) -> bytes:
    """The same of text as bytes."""
    return revealed(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def revealed_file(name: str, data: bytes) -> bytes:
    """The same of a result; music, pictures and sound have no paths in them."""
    if name.endswith(BINARY):
        return data
    return _revealed_arrays(data) if name.endswith(ARCHIVE) else revealed_bytes(data)


def _revealed_arrays(data: bytes) -> bytes:
    """The same of arrays, of which those of text are paths."""
    from symbolic_embed.files.archives import write_npz

    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for name, array in arrays.items():
        if array.dtype.kind == "U":
            arrays[name] = np.array([revealed(text) for text in array.ravel()], dtype=array.dtype).reshape(array.shape)
    out = io.BytesIO()
    write_npz(out, arrays)
    return out.getvalue()
