"""Training an encoder of recordings: what it learns from, that it learns, and that all else stays as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pieces
import pytest
import sounds
import tiny
import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.embedding.checkpoint import open_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.sound import SoundEmbedder
from symbolic_embed.errors import OutputError, SoundError
from symbolic_embed.training.running import RunPlan
from symbolic_embed.training.settings import SoundTraining
from symbolic_embed.training.sound import train_sound
from symbolic_embed.training.sound_batches import SoundBatches
from symbolic_embed.training.sound_module import SoundModule
from symbolic_embed.training.sounding import recordings as making
from symbolic_embed.training.sounding.recordings import Rendering, rendered


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("music"), bars=8)


@pytest.fixture
def font(tmp_path) -> Path:
    path = tmp_path / "small.sf2"
    path.write_bytes(b"RIFF\0\0\0\0sfbk")
    return path


@pytest.fixture(autouse=True)
def sines(monkeypatch):
    """Sines for whatever font it is, and few recordings in a lot."""
    monkeypatch.setattr(making, "samples_of", sounds.played)
    monkeypatch.setattr(making, "LOT", 3)


def chosen(font: Path, **settings: object) -> SoundTraining:
    small = {"sound": tiny.SOUND, "recordings": 5, "sound_fonts": (str(font),), "windows": 16, "pieces": 2}
    small |= {"batches": 6, "warmup": 2, "averaging": 0.5, "round_batches": 2, "precision": "float32"}
    return SoundTraining(**{**small, "prior_start": 0.0, "prior_every": 2, **settings})


def made(corpus, embedder, font, *, count: int = 5):
    said = []

    def progress(work, total, doing):
        said.append(total)
        return work

    return rendered(corpus, embedder, Rendering(count, 0, (font,)), "chroma", progress=progress)


def test_recordings_are_windows_with_what_their_notes_are_embedded_as(corpus, font, embedder):
    recordings = made(corpus, embedder, font)
    assert len(recordings) == 6  # whole lots
    assert recordings.frames.shape == (recordings.offsets[-1], 37)
    np.testing.assert_allclose(np.linalg.norm(recordings.vector.astype(float), axis=1), 4, atol=0.02)  # of 16 numbers
    assert (recordings.end > recordings.begin).all()
    assert set(recordings.recording.tolist()) == set(range(6))
    assert {24, 36, 48} & set(recordings.steps.tolist())


def test_what_was_made_is_not_made_again_and_more_is_added(corpus, font, embedder, monkeypatch):
    first = made(corpus, embedder, font, count=3)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("is there already")

    with monkeypatch.context() as patched:
        patched.setattr(making, "samples_of", never)
        again = made(corpus, embedder, font, count=3)
    more = made(corpus, embedder, font, count=4)
    np.testing.assert_array_equal(again.frames, first.frames)
    np.testing.assert_array_equal(more.frames[: len(first.frames)], first.frames)
    assert len(more) == 6


def test_a_font_that_makes_no_sound_is_named(corpus, font, embedder, monkeypatch):
    monkeypatch.setattr(making, "samples_of", lambda events, **_: np.zeros(1000, np.float32))
    with pytest.raises(SoundError, match=r"small\.sf2: FluidSynth made no sound with it"):
        made(corpus, embedder, font)


def test_batches_follow_from_their_number_and_mark_equal_notes(corpus, font, embedder):
    recordings = made(corpus, embedder, font)
    one, other = (SoundBatches(recordings, settings=chosen(font)).batch(3) for _ in range(2))
    torch.testing.assert_close(one.heard.numbers, other.heard.numbers)
    assert one.meant.shape == (16, 16)
    equal = (one.meant[:, None] == one.meant).all(dim=2)
    assert (one.ignored <= equal).all()
    assert one.ignored.diagonal().all()


@pytest.mark.parametrize("objective", ["adssm", "adjacency"])
def test_losses_fall_and_reach_every_weight(corpus, font, embedder, objective):
    torch.manual_seed(0)
    settings = chosen(font, objective=objective)
    module, batches = (
        SoundModule(settings, dim=embedder.dim),
        SoundBatches(made(corpus, embedder, font), settings=settings),
    )
    optimiser = torch.optim.Adam(module.parameters(), lr=1e-2)
    seen = []
    for number in range(40):
        losses, _ = module.phase_one_losses(batches.batch(number))
        optimiser.zero_grad()
        losses["phase_one"].backward()
        if not number:
            unreached = set(tiny.without_gradient(module.networks))
            assert not {name for name in unreached if "lengths" not in name}
        optimiser.step()
        seen.append(float(losses["phase_one"].detach()))
    assert np.mean(seen[-10:]) < 0.9 * np.mean(seen[:10])


def test_a_run_adds_the_encoder_to_a_copy_and_touches_nothing_else(corpus, font, tmp_path):
    start = tiny.with_passages(tmp_path / "start")
    written = train_sound(TrainingData(corpus), chosen(font), RunPlan(tmp_path / "out"), checkpoint=start)
    assert {"embedder", "passages", "chroma"} <= set(written.card["weights"])
    for part in ("embedder", "passages"):
        assert (written.folder / f"{part}.safetensors").read_bytes() == (
            start.folder / f"{part}.safetensors"
        ).read_bytes()
    assert written.card["chroma_training"]["batches"] == 6
    assert written.card["chroma_training"]["settings"]["sound_fonts"] == ["small.sf2"]
    assert not open_checkpoint(start.folder).holds("chroma")
    assert Embedder.of(written).has_sound
    assert SoundEmbedder.of(written).settings == tiny.SOUND


def test_a_run_that_goes_on_ends_with_the_weights_of_one_that_was_not_cut(corpus, font, tmp_path):
    start = tiny.embedder_checkpoint(tmp_path / "start")
    data = TrainingData(corpus)
    whole = train_sound(data, chosen(font), RunPlan(tmp_path / "whole"), checkpoint=start)
    train_sound(data, chosen(font, batches=3), RunPlan(tmp_path / "cut"), checkpoint=start)
    resumed = train_sound(data, chosen(font), RunPlan(tmp_path / "cut", True), checkpoint=start)
    assert resumed.card["chroma_training"]["batches"] == 6
    ours, theirs = (one.weights("chroma") for one in (whole, resumed))
    assert set(ours) == set(theirs)


def test_a_finished_checkpoint_is_not_written_over(tmp_path):
    tiny.embedder_checkpoint(tmp_path / "there")
    with pytest.raises(OutputError, match="exists already"):
        RunPlan(tmp_path / "there").require_new()
