"""Precision: what is asked for is taken, and the faster one where nothing is asked for and it is worth it."""

import pytest
import torch

from symbolic_embed.embedding import precision
from symbolic_embed.embedding.precision import chosen_precision, fastest_precision


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


def test_a_process_measures_once_and_only_where_nothing_is_asked_for(monkeypatch):
    measured = []
    monkeypatch.setattr(precision, "fastest_precision", lambda device: measured.append(device) or "bfloat16")
    precision._measured_once.cache_clear()
    try:
        assert [chosen_precision(wish) for wish in ("float32", "bfloat16")] == ["float32", "bfloat16"]
        assert measured == []
        assert [chosen_precision("auto") for _ in range(3)] == ["bfloat16"] * 3
        assert measured == ["cpu"]
    finally:
        precision._measured_once.cache_clear()
