"""`train embedder`: options over settings, and what a rival needs of the model it gets without being asked."""

import json

import pieces
import pytest
import tiny
from command_line import run

from symbolic_embed.checkpoint import open_checkpoint
from symbolic_embed.embedder import Embedder


@pytest.mark.parametrize(
    ("options", "bounded"), [(["--prior", "kl", "--objective", "none"], False), (["--prior", "none"], True), ([], True)]
)
def test_a_variational_autoencoder_is_not_bounded_and_others_are(tmp_path, monkeypatch, options, bounded):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    pieces.band_corpus(tmp_path)
    small = {"model": tiny.PIANOROLL.model_dump(), "pairs": 8, "batches": 1}
    (tmp_path / "small.json").write_text(json.dumps(small))
    asked = ["--data", tmp_path / "music", "-o", tmp_path / "out", "--settings", tmp_path / "small.json"]
    ran = run("train", "embedder", *asked, *options)
    assert ran.code == 0, ran.err
    card = open_checkpoint(tmp_path / "out").card
    assert card["model"] == {**small["model"], "bounded": bounded}
    assert card["training"]["settings"]["prior"] == (options[1] if options else "gaussian")
    assert Embedder.load(tmp_path / "out").encoder.trunk.bounded is bounded
