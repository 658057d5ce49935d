"""Precision: the measured one is used, recorded, and trains; what a faster machine would choose trains here too."""

import pytest
import torch

from symbolic_embed.training import precision, running
from symbolic_embed.training.precision import fastest_precision


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [((1.0, 0.2), "bfloat16"), ((1.0, 0.9), "float32"), ((1.0, 3.0), "float32")],
)
def test_the_faster_one_is_chosen_if_it_is_worth_it(monkeypatch, seconds, expected):
    taken = dict(zip((torch.float32, torch.bfloat16), seconds, strict=True))
    monkeypatch.setattr(precision, "_time_of", lambda dtype, device: taken[dtype])
    assert fastest_precision() == expected


def test_times_are_measured():
    assert precision._time_of(torch.float32, "cpu") > 0
    assert fastest_precision() in ("float32", "bfloat16")


def test_what_auto_measures_is_recorded(monkeypatch, trained_with):
    monkeypatch.setattr(running, "fastest_precision", lambda device: "bfloat16")
    assert trained_with(precision="auto").card["training"]["precision"] == "bfloat16"
    assert trained_with(precision="float32").card["training"]["precision"] == "float32"


def test_bfloat16_learns_about_the_same(trained_with):
    """Weights stay float32, and after a few batches they lie near those of float32."""
    half, full = (trained_with(precision=name, batches=4).weights("embedder") for name in ("bfloat16", "float32"))
    first = next(iter(half))
    assert half[first].dtype == full[first].dtype
    differences = [float((half[name].float() - full[name].float()).abs().max()) for name in full]
    assert 0 < max(differences) < 0.05


@pytest.fixture
def trained_with(tmp_path):
    import pieces
    import tiny

    from symbolic_embed.training.embedder import train_embedder
    from symbolic_embed.training.settings import EmbedderTraining

    corpus = pieces.band_corpus(tmp_path / "music")
    count = iter(range(100))

    def train(**settings):
        small = {"model": tiny.PIANOROLL, "pairs": 12, "batches": 2, "warmup": 2, "averaging": 0.5}
        small |= {"prior_start": 0.0, "prior_every": 2}
        return train_embedder(
            corpus, settings=EmbedderTraining(**{**small, **settings}), folder=tmp_path / str(next(count))
        )

    return train
