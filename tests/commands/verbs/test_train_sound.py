"""`train embedder --representation chroma|mfcc`: an encoder of recordings beside a finished embedder."""

from __future__ import annotations

import pieces
import pytest
import sounds
import tiny
from command_line import run

from symbolic_embed.embedding.checkpoint import open_checkpoint
from symbolic_embed.embedding.sound import SoundEmbedder
from symbolic_embed.training.sounding import recordings as making


@pytest.fixture
def asked(here, monkeypatch):
    """The command up to its representation, with sines for a sound font."""
    monkeypatch.setattr(making, "samples_of", sounds.played)
    monkeypatch.setattr(making, "LOT", 2)
    pieces.band_corpus(here, bars=8)
    tiny.with_passages(here / "start")
    (here / "small.sf2").write_bytes(b"RIFF\0\0\0\0sfbk")
    words = ["--data", "music", "--checkpoint", "start", "--sound-font", "small.sf2", "--recordings", 2, "-o", "out"]
    return ["train", "embedder", *words, "--batches", 2, "--precision", "float32", "--representation"]


@pytest.mark.parametrize("kind", ["chroma", "mfcc"])
def test_a_checkpoint_that_hears_is_made_and_goes_on(asked, here, kind):
    ran = run(*asked, kind)
    assert ran.code == 0, ran.err
    assert f"out/{kind}.safetensors: budget spent" in ran.err
    assert ran.err_lines[-1] == "next: symbolic-embed rank RECORDING.wav FOLDER --checkpoint out"
    made = open_checkpoint(here / "out")
    assert made.holds("passages")
    assert SoundEmbedder.of(made).settings.kind == kind
    assert run(*asked, kind).code == 1  # it is there already
    resumed = run(*asked, kind, "--resume", "--batches", 3)
    assert resumed.code == 0, resumed.err
    assert open_checkpoint(here / "out").card[f"{kind}_training"]["batches"] == 3


def test_what_the_checkpoint_has_settled_is_no_option(asked):
    ran = run(*asked, "chroma", "--dim", 8)
    assert ran.code == 2
    assert "--dim" in ran.err
    assert "leave it out" in ran.err


def test_a_font_that_is_none_is_named(asked, here):
    (here / "small.sf2").write_bytes(b"no font")
    ran = run(*asked, "chroma")
    assert ran.code == 1
    assert "small.sf2: not a sound font" in ran.err
