"""Precision in training: the measured one is used, recorded, and trains; what a faster machine would choose trains here
too."""

import pieces
import pytest
from runs import trained

from symbolic_embed.embedding import precision


def test_what_auto_measures_is_recorded(monkeypatch, trained_with):
    monkeypatch.setattr(precision, "_measured_once", lambda device: "bfloat16")
    assert trained_with(precision="auto").card["training"]["precision"] == "bfloat16"
    assert trained_with(precision="float32").card["training"]["precision"] == "float32"


def test_bfloat16_learns_about_the_same(trained_with):
    """Weights stay float32, and after a few batches those that are learnt lie near those of float32."""
    half, full = (trained_with(precision=name, batches=4).weights("embedder") for name in ("bfloat16", "float32"))
    first = next(iter(half))
    assert half[first].dtype == full[first].dtype
    differences = [
        float((half[name].float() - full[name].float()).abs().max()) for name in full if ".standard." not in name
    ]
    assert 0 < max(differences) < 0.05


@pytest.fixture
def trained_with(tmp_path):
    corpus = pieces.band_corpus(tmp_path / "music")
    count = iter(range(100))

    return lambda **settings: trained(corpus, tmp_path / str(next(count)), **{"batches": 2, **settings})
