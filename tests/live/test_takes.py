"""Where sessions go: the next free name of a folder, and nothing where there was no session."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from symbolic_embed.errors import OutputError, SymbolicEmbedError
from symbolic_embed.live.places import Places
from symbolic_embed.live.takes import new_take, play_take
from symbolic_embed.live.worker import Start
from symbolic_embed.requests.live import LiveRequest


def test_a_take_has_the_first_name_that_neither_a_session_nor_a_midi_file_has(tmp_path: Path) -> None:
    (tmp_path / "take002.mid").touch()
    for name in ("take001.session", "take003.session"):
        path, stream = new_take(tmp_path)
        stream.close()
        assert path == tmp_path / name


def test_a_folder_that_cannot_be_is_said_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file: no session can be written there .*; name another folder"):
        new_take(tmp_path / "file")


@pytest.mark.parametrize("is_there", [True, False])
def test_a_session_that_cannot_begin_leaves_no_file_and_no_folder_that_was_not_there(
    tmp_path: Path, is_there: bool
) -> None:
    folder = tmp_path / "live"
    if is_there:
        folder.mkdir()
    request = LiveRequest()
    with pytest.raises(SymbolicEmbedError):
        play_take(
            Start(request, request.parts),
            places=Places("no such port", "nor this"),
            folder=folder,
            tell=lambda told: None,
            meanwhile=lambda session: contextlib.nullcontext(),
        )
    assert folder.exists() is is_there
    assert list(tmp_path.rglob("take*")) == []
