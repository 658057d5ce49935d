"""Playing along from Python, with sockets for a keyboard and a synthesiser."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import mido
import pytest
from composers import composer_checkpoint, tiny_composer
from live_players import quarters, socket_port

import symbolic_embed
from symbolic_embed.errors import OutputError, UsageError

BEAT = 0.3  # seconds, at 200 quarters a minute


def test_a_session_is_played_told_bar_by_bar_and_played_again(tmp_path: Path) -> None:
    checkpoint = composer_checkpoint(tmp_path / "checkpoint").folder
    (keyboard, played_on), (synthesiser, heard_by) = socket_port(), socket_port()
    is_over = threading.Event()

    def play() -> None:
        player = keyboard.accept()
        synthesiser.accept()
        while not is_over.is_set():  # nobody plays before the session is there to hear it
            for at, message in quarters(2, beat=BEAT):
                time.sleep(at % BEAT)
                if not is_over.is_set():
                    player.send(mido.Message.from_bytes(list(message)))

    threading.Thread(target=play, daemon=True).start()
    told = []
    take = symbolic_embed.play_along(
        played_on, heard_by, checkpoint=checkpoint, folder=tmp_path, tell=told.append, tempo=200, end_after=3
    )
    is_over.set()
    assert take.path == tmp_path / "take001.session"
    assert [one.bar for one in told] == [1, 2, 3]
    assert sum(take.account["bars"].values()) == 3
    midi = symbolic_embed.replay_session(take.path, checkpoint=checkpoint)
    assert midi == take.path.with_suffix(".mid").read_bytes()
    take.path.write_text(take.path.read_text().replace('"out":"9', '"out":"8', 1))
    with pytest.raises(OutputError, match="message"):
        symbolic_embed.replay_session(take.path, checkpoint=checkpoint)
    for server in (keyboard, synthesiser):
        server.close()


def test_what_cannot_be_meant_is_refused_before_a_port_is_opened(tmp_path: Path) -> None:
    for fields, told in (({"stand_in": True}, "source"), ({"tempoo": 3}, "did you mean `tempo`")):
        with pytest.raises(UsageError, match=told):
            symbolic_embed.play_along("a", "b", folder=tmp_path, **fields)
    with pytest.raises(UsageError, match="never on disk"):
        symbolic_embed.play_along("a", "b", checkpoint=tiny_composer(), folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
