"""How verbs end: provenance, a limit on copying, a plain layout; in this order."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, composer_checkpoint

from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.originality.fingerprint import Fingerprint
from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.requests import VaryRequest
from symbolic_embed.verbs.finishing import finished
from symbolic_embed.verbs.vary import vary


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> Embedder:
    """An embedder whose fingerprint holds every run there could be."""
    everything = Fingerprint(np.ones(64, bool), hashes=1, runs=64, source="all music")
    folder = composer_checkpoint(tmp_path_factory.mktemp("watched"), fingerprint=everything).folder
    return TrainedComposer.load(folder).embedder


def writer(random_seeds: list[int]):
    """Variations of the band's tune, that note the random seeds they are drawn from."""

    def write(request: VaryRequest) -> list[Output]:
        random_seeds.append(request.random_seed)
        asked = {"tracks": [0], "strength": 0.5, "each_bar": True, "random_seed": request.random_seed}
        return vary(band_seed(), embedder, VaryRequest(**asked))

    from composers import tiny_composer

    embedder = tiny_composer().embedder
    return write


def test_without_a_limit_there_is_one_draw_from_the_requests_own_random_seed(watched):
    drawn: list[int] = []
    (output,) = finished(writer(drawn), band_seed(), watched, VaryRequest(random_seed=7))
    assert drawn == [7]
    assert output.record["provenance"]["fingerprint"]["source"] == "all music"
    assert "max_copied" not in output.record
    assert "normalised" not in output.record


def test_beyond_the_limit_it_is_drawn_again_from_other_random_seeds(watched):
    drawn: list[int] = []
    (output,) = finished(writer(drawn), band_seed(), watched, VaryRequest(random_seed=7, max_copied=11))
    assert drawn[0] == 7
    assert len(set(drawn)) == len(drawn) == 9
    assert output.record["max_copied"] == 11
    assert output.record["settings"]["random_seed"] in drawn


def test_the_layout_comes_last(watched):
    (plain,) = finished(writer([]), band_seed(), watched, VaryRequest())
    (laid_out,) = finished(writer([]), band_seed(), watched, VaryRequest(normalise=True))
    assert laid_out.record == {**plain.record, "normalised": True}
    assert laid_out.events != plain.events
    assert [marker.text for marker in laid_out.events.score().markers] == ["A, variation 1"]


def test_a_limit_needs_a_fingerprint():
    from composers import tiny_composer

    with pytest.raises(UsageError, match=r"`train fingerprint` adds one") as refusal:
        finished(writer([]), band_seed(), tiny_composer().embedder, VaryRequest(max_copied=11))
    assert refusal.value.field == "max_copied"
