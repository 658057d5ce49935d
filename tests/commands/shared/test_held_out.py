"""The table in the end of a run: who, what, and in words where the bundled model is better."""

import json

from symbolic_embed.commands.shared.held_out import BUNDLED, LEGEND, THIS, show
from symbolic_embed.evaluation.rows import Row
from symbolic_embed.progress import Progress

ROWS = [
    Row("next cell among 50", THIS, "MRR", 0.5, 100, 0.02),
    Row("next cell among 50", BUNDLED, "MRR", 0.6, 100, 0.03),
    Row("next cell among 50", "chroma", "MRR", 0.25, 100, 0.012),
    Row("reconstruction, melody", THIS, "F1, onset and pitch", 0.75, 40),
    Row("reconstruction, melody", BUNDLED, "F1, onset and pitch", 0.5, 40),
]


def test_a_line_a_test_a_column_for_each(capsys):
    show(ROWS, Progress(), form="table")
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "held out         this model      bundled       chroma    n",
        "next cell, MRR  0.500 ±.020  0.600 ±.030  0.250 ±.012  100",
        "melody, F1            0.750        0.500                40",
    ]
    assert shown.err.splitlines() == [
        LEGEND["MRR"],
        LEGEND["F1"],
        "the bundled model is better at next cell, MRR: 0.600, this one 0.500",
    ]


def test_of_likelihoods_less_is_better_and_a_difference_within_the_error_is_none(capsys):
    rows = [Row("next note", who, "nats", nats, 96, 0.1) for who, nats in ((THIS, 2.5), (BUNDLED, 2.0))]
    show(rows, Progress(), form="table")
    assert "the bundled model is better at next note, nats: 2.000, this one 2.500" in capsys.readouterr().err
    for nats in (2.15, 1.0):
        show([Row("next note", THIS, "nats", nats, 96, 0.1), rows[1]], Progress(), form="table")
        assert "better at" not in capsys.readouterr().err


def test_what_could_not_be_tested_is_said(capsys):
    show([], Progress(), form="table")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("no table: there are no held-out pieces (valid)")
    show(ROWS[3:], Progress(), form="table")
    assert "what comes next was not tested: " in capsys.readouterr().err


def test_quiet_leaves_the_figures_and_json_has_them_as_evaluate(capsys):
    show(ROWS, Progress(quiet=True), form="json")
    shown = capsys.readouterr()
    assert shown.err == ""
    assert json.loads(shown.out)[1] == {
        "test": "next cell among 50",
        "who": BUNDLED,
        "measure": "MRR",
        "value": 0.6,
        "sample": 100,
        "error": 0.03,
    }
