"""A limit on copying: what shares too much is drawn again."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, composer_checkpoint, tiny_composer
from songs import SONG, known, played

from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.errors import CheckpointError, UsageError
from symbolic_embed.originality.fingerprint import FILE
from symbolic_embed.originality.provenance import SURE, copied
from symbolic_embed.originality.redrawing import REDRAWS, with_origins, within_limit
from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.requests import VaryRequest


def test_a_limit_draws_again_until_it_is_kept():
    drawn = []

    def write(random_seed: int) -> list[Output]:
        drawn.append(random_seed)
        shares = {1: 16, 2: 14, 3: 11}[len(drawn)]
        return [played([*SONG[:shares], 40, 90, 41], random_seed=random_seed)]

    (output,) = within_limit(write, band_seed(), known(), most=11, random_seed=5)
    assert len(drawn) == 3
    assert drawn[0] == 5
    assert output.name == f"s{drawn[2]}"
    assert output.record["max_copied"] == 11


def test_where_no_draw_keeps_the_limit_the_one_that_shares_least_is_kept():
    turns = iter([16, 15, 13, 14, 16, 16, 16, 16, 16])
    outputs = within_limit(
        lambda drawn: [played([*SONG[: next(turns)], 40, 90])], band_seed(), known(), most=12, random_seed=0
    )
    assert copied(outputs[0], band_seed(), known()).longest == 13


def test_a_limit_needs_a_fingerprint_and_room_for_chance():
    with pytest.raises(UsageError, match=r"no fingerprint of its data; `train fingerprint` adds one"):
        within_limit(lambda drawn: [], band_seed(), None, most=12, random_seed=0)
    with pytest.raises(UsageError, match="`max_copied`"):
        VaryRequest(max_copied=SURE - 2)
    VaryRequest(max_copied=SURE - 1)


def test_of_several_outputs_only_those_are_drawn_again_that_share_too_much():
    """The first shares ten notes, as many as it may, and another draw of it would share none; the second eleven."""
    shares = iter([(10, 11), (0, 0)])

    def write(random_seed: int) -> list[Output]:
        return [played([*SONG[:share], 40], random_seed=random_seed) for share in next(shares)]

    first, second = within_limit(write, band_seed(), known(), most=10, random_seed=5)
    assert first.name == "s5"
    assert second.name == f"s{int(np.random.SeedSequence([5, 1]).generate_state(1)[0])}"


def test_without_a_limit_nothing_is_compared_and_nothing_said():
    (output,) = within_limit(lambda drawn: [played(SONG)], band_seed(), None, most=None, random_seed=0)
    assert "max_copied" not in output.record


def test_a_limit_is_tried_so_often_and_no_more():
    drawn = []
    within_limit(lambda seed: drawn.append(seed) or [played(SONG)], band_seed(), known(), most=11, random_seed=0)
    assert len(drawn) == len(set(drawn)) == 1 + REDRAWS


def test_the_fingerprint_is_that_of_the_checkpoint(tmp_path):
    folder = composer_checkpoint(tmp_path, fingerprint=known()).folder
    embedder = TrainedComposer.load(folder).embedder
    (output,) = with_origins(lambda drawn: [played(SONG)], band_seed(), embedder, most=None, random_seed=0)
    assert output.record["provenance"]["longest_as_in_training"] == len(SONG)
    (tmp_path / FILE).unlink()
    (again,) = with_origins(lambda drawn: [played(SONG)], band_seed(), embedder, most=None, random_seed=0)
    assert again.record == output.record  # it is read once for an embedder
    opened = TrainedComposer.load(folder).embedder
    with pytest.raises(CheckpointError, match="cannot be read"):
        with_origins(lambda drawn: [played(SONG)], band_seed(), opened, most=None, random_seed=0)
    bare = tiny_composer().embedder
    (output,) = with_origins(lambda drawn: [played(SONG)], band_seed(), bare, most=None, random_seed=0)
    assert "longest_as_in_training" not in output.record["provenance"]
