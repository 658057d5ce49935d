"""Ablations with budgets of a moment: one factor at a time, nothing done twice, one table."""

import json
import sys
from pathlib import Path

import pieces
import pytest
import tiny

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import SettingsError
from symbolic_embed.evaluation.settings import EvaluationSettings

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import ablations

SMALL = {
    name: value for name, value in tiny.PIANOROLL.model_dump().items() if name not in ("representation", "bounded")
}
BUDGET = {"batches": 2, "pairs": 8, "model": SMALL}
EVALUATION = EvaluationSettings(split="train", tests="writing", cells=4, prior_cells=30)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("ablations"), count=8)


def differences(variation):
    """The settings in which a variation differs from the baseline, by their dotted names."""
    plain = ablations.BASELINE.settings(seed=0, budget={"batches": 9}).model_dump()
    varied = variation.settings(seed=0, budget={"batches": 9}).model_dump()
    flat = [{**one, **{f"model.{name}": value for name, value in one["model"].items()}} for one in (plain, varied)]
    return {name for name in flat[0] if flat[0][name] != flat[1][name]} - {"model", "model.bounded"}


def test_a_variation_differs_from_the_baseline_in_what_its_name_says():
    for variation in ablations.VARIATIONS[1:]:
        expected = 2 if "," in variation.value else 1
        assert len(differences(variation)) == expected, variation.name
    assert len({variation.name for variation in ablations.VARIATIONS}) == len(ablations.VARIATIONS)


def test_every_run_has_the_same_number_of_batches_whatever_the_clock():
    runs = [
        variation.settings(seed=seed, budget=BUDGET) for variation, seed in ablations.in_order(ablations.VARIATIONS)
    ]
    assert {settings.batches for settings in runs} == {2}
    assert min(settings.minutes for settings in runs) > 1e5


def test_first_seeds_come_first_and_folders_differ(tmp_path):
    runs = ablations.in_order(ablations.VARIATIONS)
    assert [seed for _, seed in runs] == [0] * len(ablations.VARIATIONS) + [1, 1, 1, 2, 2, 2]
    folders = [ablations.run_folder(tmp_path, variation, seed=seed) for variation, seed in runs]
    assert len(set(folders)) == len(folders)
    assert folders[1].name == "prior_none_s0"


def test_names_of_variations():
    assert [one.name for one in ablations.chosen_variations("prior=none; baseline")] == ["baseline", "prior=none"]
    with pytest.raises(SettingsError, match=r"did you mean `prior=none`\?"):
        ablations.chosen_variations("prior=nome")


@pytest.mark.parametrize("variation", ablations.chosen_variations("objective=none, prior kl;representation=events"))
def test_a_variation_trains_and_embeds(corpus, tmp_path, variation):
    ablations.train(TrainingData(corpus), settings=variation.settings(seed=0, budget=BUDGET), folder=tmp_path)
    vectors = Embedder.load(tmp_path).embed_windows(corpus.cells.windows([0, 1]))
    assert vectors.shape == (2, 16)


def test_what_is_finished_is_not_done_again_and_the_table_tells_spread(corpus, tmp_path, monkeypatch):
    trained = []
    really = ablations.train_embedder
    monkeypatch.setattr(
        ablations, "train_embedder", lambda *given: trained.append(given[2].folder.name) or really(*given)
    )
    for _ in range(2):
        for seed in (0, 1):
            folder = ablations.run_folder(tmp_path, ablations.BASELINE, seed=seed)
            settings = ablations.BASELINE.settings(seed=seed, budget=BUDGET)
            ablations.train(TrainingData(corpus), settings=settings, folder=folder)
            rows = ablations.evaluated(folder, corpus, (), EVALUATION)
    assert trained == ["baseline_s0", "baseline_s1"]
    monkeypatch.setattr(ablations, "evaluate", None)
    assert ablations.evaluated(folder, corpus, (), EVALUATION) == rows
    text = ablations.table(tmp_path, ablations.VARIATIONS, batches=2, split="train")
    header, _, *lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == 1
    cells = dict(zip(header.strip("|").split("|"), lines[0].strip("|").split("|"), strict=True))
    figures = []
    for seed in (0, 1):
        known = json.loads((tmp_path / f"baseline_s{seed}" / ablations.EVALUATION).read_text())["tests"]["writing"]
        figures += [
            row["value"] for row in known if row["test"].endswith("melody") and row["measure"].startswith("F1, on")
        ]
    mean, spread = sum(figures) / 2, abs(figures[0] - figures[1]) / 2**0.5
    assert cells[" melody F1 "] == f" {mean:.3f} ± {spread:.3f} "
    assert cells[" seeds "] == " 2 "
    assert cells[" energy distance "] == "  "


def test_a_run_with_other_settings_is_not_taken_for_this_one(corpus, tmp_path):
    settings = ablations.BASELINE.settings(seed=0, budget=BUDGET)
    assert not ablations.is_finished(tmp_path, settings)
    ablations.train(TrainingData(corpus), settings=settings, folder=tmp_path)
    assert ablations.is_finished(tmp_path, settings)
    with pytest.raises(SettingsError, match="a run with other settings; name another folder"):
        ablations.is_finished(tmp_path, settings.model_copy(update={"batches": 3}))
