"""What outputs are called, and how their records begin."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composers import band_seed, duo_seed, tiny_composer

from symbolic_embed.outputs.names import (
    accompanied_name,
    blended_name,
    continued_name,
    interpolation_share,
    is_record_of,
    record_of,
    varied_name,
)
from symbolic_embed.requests import VaryRequest
from symbolic_embed.score import ScoreWarning


def test_a_name_says_seed_verb_number_what_was_measured_and_random_seed():
    seed = band_seed()
    assert continued_name(seed, 2, random_seed=7, alone=False) == "band__next02__s7"
    assert continued_name(seed, 2, random_seed=7, alone=True) == "band__new02__s7"
    assert varied_name(seed, 12, random_seed=0, dial="change", measured="0.31") == "band__var12__change0.31__s0"
    assert accompanied_name(seed, 1, random_seed=3) == "band__acc01__s3"
    assert blended_name(seed, duo_seed(), 1, steps=3, random_seed=5) == "band__duo__blend01__m0.25__s5"


def test_steps_divide_what_lies_between_evenly_and_reach_neither_end():
    assert [interpolation_share(number, steps=3) for number in (1, 2, 3)] == [0.25, 0.5, 0.75]


def test_a_record_begins_with_program_command_seed_and_checkpoint():
    seed, embedder = band_seed(), tiny_composer().embedder
    warned = replace(seed.barred.score, warnings=(ScoreWarning("odd", "something is odd"),))
    seed = replace(seed, barred=replace(seed.barred, score=warned))
    record = record_of("vary", seed, embedder, {"change": 0.3})
    assert list(record) == ["program", "command", "settings", "seed", "checkpoint", "warnings", "roles"]
    assert record["program"].startswith("symbolic_embed ")
    assert record["seed"] == {"path": "band.mid", "sha256": seed.sha256, "bars": 4}
    assert record["checkpoint"] == embedder.hash
    assert record["warnings"] == ["something is odd"]
    assert record["settings"] == {"change": 0.3}
    assert [(part["track"], part["name"], part["role"]) for part in record["roles"]] == [
        (0, "tune", "melody"),
        (1, "keys", "chords"),
        (2, "bass", "bass"),
        (3, "kit", "drums"),
    ]


def test_what_was_said_of_tracks_is_among_the_settings_and_is_another_run():
    seed, embedder = band_seed(), tiny_composer().embedder
    said = seed.with_roles([("Tune", "chords"), (1, "melody")])
    record = record_of("vary", said, embedder, {"change": 0.3})
    assert record["settings"] == {"change": 0.3, "roles": {"0": "chords", "1": "melody"}}
    assert is_record_of(record, "vary", said, embedder, {"change": 0.3})
    assert not is_record_of(record, "vary", seed, embedder, {"change": 0.3})
    again = VaryRequest(roles=record["settings"]["roles"])
    assert seed.with_roles(again.roles).events.roles == said.events.roles


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({}, True),
        ({"program": "symbolic_embed 9"}, True),
        ({"command": "blend"}, False),
        ({"checkpoint": "1" * 64}, False),
        ({"settings": {"change": 0.4}}, False),
        ({"settings": {"change": 0.3, "variation": 1}}, True),  # the record may say more
        ({"seed": {"sha256": "0"}}, False),
        ({"seed": {}}, False),
    ],
)
def test_a_record_is_of_the_same_request_whatever_the_file_was_called(change, is_same):
    seed, embedder = band_seed(), tiny_composer().embedder
    settings = {"change": 0.3}
    record = {**record_of("vary", replace(seed, path="elsewhere.mid"), embedder, settings), **change}
    assert is_record_of(record, "vary", seed, embedder, settings) == is_same


@pytest.mark.parametrize("foreign", [{}, {"settings": None}, {"settings": [1]}, {"seed": "a.mid", "settings": {}}])
def test_a_foreign_record_is_nobodys(foreign):
    """Whatever JSON somebody has put beside our outputs."""
    seed, embedder = band_seed(), tiny_composer().embedder
    named = {"command": "vary", "checkpoint": embedder.hash, **foreign}
    assert not is_record_of(named, "vary", seed, embedder, {"change": 0.3})
