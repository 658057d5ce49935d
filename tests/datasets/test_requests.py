"""Requests in words: what the files say follows from the templates, and `ask` understands the half it was made for."""

import importlib.util
import json
from pathlib import Path

import pytest

from symbolic_embed.understanding import understand
from symbolic_embed.understanding.understanding import REQUESTS

DATASETS = Path(__file__).parents[2] / "datasets"
HALVES = ("train", "test")
LANGUAGES = ("english", "german", "chinese")


def module(name):
    """A script of datasets/ as a module."""
    spec = importlib.util.spec_from_file_location(name, DATASETS / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def requests_of(half, language):
    lines = (DATASETS / "requests" / f"{language}_{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def is_right(asked):
    understood = understand(asked["text"], asked["files"], asked["libraries"])
    if asked["verb"] is None:
        return not understood.is_sure
    wanted = REQUESTS[asked["verb"]](**asked["request"])
    return (understood.request, dict(understood.options)) == (wanted, asked["options"])


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_follow_from_the_templates(language, half):
    assert list(module("make_requests").requests(language, half)) == requests_of(half, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_in_both_halves(language):
    texts = [{(one["text"].casefold(), *one["files"]) for one in requests_of(half, language)} for half in HALVES]
    assert texts[0] & texts[1] == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_training_half_is_understood(language):
    assert [one["text"] for one in requests_of("train", language) if not is_right(one)] == []


@pytest.mark.parametrize(("language", "least"), [("english", 0.9), ("german", 0.9), ("chinese", 0.8)])
def test_the_other_half_mostly_and_nothing_wrong_is_sure(language, least):
    asked = requests_of("test", language)
    meant = [one for one in asked if one["verb"]]
    assert sum(map(is_right, meant)) / len(meant) >= least
    sure = [one for one in asked if understand(one["text"], one["files"], one["libraries"]).is_sure]
    assert [one["text"] for one in sure if not is_right(one)] == []


def test_training_again_gives_the_weights_of_the_package():
    training = module("train_requests")
    teaching = [request for request in training.requests_of("train") if training.teaches(request)]
    assert training.text_of(training.trained(teaching)) == training.TARGET.read_text(encoding="utf-8")
