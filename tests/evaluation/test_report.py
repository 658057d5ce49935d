"""The whole table: every test that is asked for, and the same figures again."""

import numpy as np
import pieces
import pytest
import tiny
from command_line import run

from symbolic_embed.embedding.checkpoint import open_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import SettingsError
from symbolic_embed.evaluation.report import TESTS, Sizes, chosen_tests, evaluate
from symbolic_embed.evaluation.rows import Row, as_records, error_over_groups

SMALL = Sizes(queries=20, cells_per_set=4, prior_cells=40, decoded=20, probe_bars=40)
FIRST_WORDS = {"writing": {"reconstruction,"}, "prior": {"fit"}, "music": {"music"}}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("report"), count=8)


@pytest.mark.parametrize("test", FIRST_WORDS)
def test_a_test_makes_its_rows_and_no_others(corpus, tmp_path, test):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    rows = evaluate(embedder, corpus, split="train", tests=[test], sizes=SMALL)
    assert {row.test.split()[0] for row in rows} == FIRST_WORDS[test]
    assert evaluate(embedder, corpus, split="train", tests=[test], sizes=SMALL) == rows


def test_progress_is_told_how_many_steps_there_are(corpus, tmp_path):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    taken = []

    def progress(steps, total):
        for step in steps:
            taken.append(total)
            yield step

    evaluate(embedder, corpus, split="train", tests=["next", "groups"], sizes=SMALL, progress=progress)
    assert taken == [16] * 16


def test_tests_are_named_in_any_order_and_misspelt_ones_refused():
    assert chosen_tests("groups, next") == ("next", "groups")
    assert chosen_tests(",".join(TESTS)) == TESTS
    with pytest.raises(SettingsError, match=r"--tests has no setting 'grups'; did you mean groups\?"):
        chosen_tests("next,grups")


def test_records_are_rounded():
    assert as_records([Row("t", "w", "m", 0.123456, 9)]) == [
        {"test": "t", "who": "w", "measure": "m", "value": 0.1235, "sample": 9, "error": None}
    ]


def test_the_error_is_that_of_whole_groups():
    """Four groups of 25 equal values are four values: sqrt(1/4) / sqrt(4) = .25; each its own group: a fifth of it."""
    values, groups = [0.0, 1.0, 0.0, 1.0] * 25, [0, 1, 2, 3] * 25
    assert error_over_groups(np.array(values), np.array(groups)) == pytest.approx(0.25, rel=0.1)
    assert error_over_groups(np.array(values), np.arange(100)) == pytest.approx(0.05, rel=0.1)
    assert error_over_groups(np.zeros(0), np.zeros(0)) == 0


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
    assert (wrong.code, wrong.err) == (2, "error: --tests has no setting 'wrting'; did you mean writing?\n")
