"""The command: what it says, and with which code it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import run
from composers import composer_checkpoint

from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.live.sessions import HEAD, VERSION


def test_a_session_that_was_cut_off_is_played_as_far_as_it_goes_and_is_said_to_be(tmp_path: Path) -> None:
    checkpoint = composer_checkpoint(tmp_path / "checkpoint").folder
    trained = TrainedComposer.load(checkpoint)
    head = {HEAD: VERSION, "request": {}, "parts": ["bass"], "lead": 0.5, "checkpoint": trained.embedder.hash}
    session = tmp_path / "take001.session"
    session.write_text(json.dumps(head) + "\n")
    replayed = run("live", "--replay", session, "--checkpoint", checkpoint, "-o", tmp_path / "again")
    assert replayed.code == 0
    assert "take001.session: has no end, it was cut off" in replayed.err
    session.write_text(json.dumps(head) + '\n{"end": 1.0}\n')
    again = run("live", "--replay", session, "--checkpoint", checkpoint, "-o", tmp_path / "again", "--force")
    assert again.code == 0
    assert "cut off" not in again.err


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("--replay", "take001.session"), ("--in", "piano")),
        (("--replay", "take001.session"), ("--out", "band")),
        (("--replay", "take001.session"), ("--tempo", "90")),
        (("--replay", "take001.session"), ("--list-ports",)),
        (("--serve-out", "127.0.0.1:0"), ("--in", "piano")),
        (("--serve-out", "127.0.0.1:0"), ("--model-at", "desk:9081")),
        (("--serve-out", "127.0.0.1:0"), ("--serve-model", "127.0.0.1:0")),
        (("--out", "band"), ("--out-at", "stage:9082")),
    ],
)
def test_options_that_contradict_each_other_are_named_both(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    refused = run("live", *one, *other)
    assert refused.code == 2
    assert one[0] in refused.err
    assert other[0] in refused.err
    assert "not taken together" in refused.err
