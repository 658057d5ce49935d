"""The whole table: every test that is asked for, and the same figures again."""

from pathlib import Path

import pieces
import pytest
import tiny
from command_line import run

from symbolic_embed.corpus.collection import Entry
from symbolic_embed.embedding.checkpoint import open_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.evaluation.report import evaluate, with_scores
from symbolic_embed.evaluation.settings import EvaluationSettings

SMALL = {"split": "train", "queries": 20, "cells": 4, "prior_cells": 40, "decoded": 20, "probe_bars": 40}
FIRST_WORDS = {"writing": {"reconstruction,"}, "prior": {"fit"}, "music": {"music"}}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("report"), count=8)


@pytest.mark.parametrize("test", FIRST_WORDS)
def test_a_test_makes_its_rows_and_no_others(corpus, tmp_path, test):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    settings = EvaluationSettings(**SMALL, tests=(test,))
    rows = evaluate(embedder, corpus, settings)
    assert {row.test.split()[0] for row in rows} == FIRST_WORDS[test]
    assert evaluate(embedder, corpus, settings) == rows


def test_progress_is_told_how_many_steps_there_are(corpus, tmp_path):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    taken = []

    def progress(steps, total):
        for step in steps:
            taken.append(total)
            yield step

    settings = EvaluationSettings(**SMALL, tests="next,groups")
    labelled = [file(set_name, group) for set_name in ("pop", "cre_irish") for group in ("tune-1", "tune-2")]
    evaluate(embedder, corpus, settings, labelled=labelled, progress=progress)
    assert taken == [12] * 12  # six kinds of questions; three tests of groups, as files are and transposed


def file(set_name, group):
    return Entry(Path("gone.mid"), set_name, "train", group=group)


def test_scores_go_into_a_card_beside_those_of_other_tests_on_the_same_split():
    old = [{"test": "a", "value": 1}, {"test": "b", "value": 2}]
    card = {"model": 5, "scores": {"split": "valid", "rows": old}}
    new = [{"test": "b", "value": 3}]
    assert with_scores(card, new, split="valid") == {"model": 5, "scores": {"split": "valid", "rows": [old[0], *new]}}
    assert with_scores(card, new, split="test")["scores"] == {"split": "test", "rows": new}
    assert with_scores({}, new, split="test") == {"scores": {"split": "test", "rows": new}}
    assert card["scores"]["rows"] is old
    assert len(old) == 2


def test_the_command_prints_a_table_or_json_and_writes_the_card(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    pieces.band_corpus(tmp_path)
    checkpoint = tiny.embedder_checkpoint(tmp_path / "model").folder
    asked = ["evaluate", "--data", tmp_path / "music", "--checkpoint", checkpoint, "--split", "train", "--cells", 10]
    ran = run(*asked, "--tests", "writing")
    assert ran.code == 0
    assert ran.text.splitlines()[0].split() == ["test", "who", "measure", "value", "±", "n"]
    assert len(ran.text.splitlines()) == 1 + 4 * 4 * 2
    found = run(*asked, "--tests", "writing", "--format", "json", "--into-card").json
    assert open_checkpoint(checkpoint).card["scores"] == {"split": "train", "rows": found}
    assert [row["measure"] for row in found[:4]] == ["F1, onset and pitch", "precision", "recall", "F1, with length"]
    run(*asked, "--tests", "prior", "--into-card")
    rows = open_checkpoint(checkpoint).card["scores"]["rows"]
    assert rows[: len(found)] == found
    assert len(rows) > len(found)
    wrong = run(*asked, "--tests", "wrting")
    assert (wrong.code, wrong.err) == (2, "error: --tests has no setting `wrting`; did you mean `writing`?\n")
