"""What a card says of training: whose music trained which part, through every checkpoint that a run began with."""

import pieces
import pytest
import tiny
from runs import chosen

from symbolic_embed.corpus.licences import TrainingData, may_be_passed_on
from symbolic_embed.embedding.checkpoint import bundled_folder, open_checkpoint, rewrite_card
from symbolic_embed.training.card import data_entries, merged, origin_of, sets_of
from symbolic_embed.training.composer import train_composer
from symbolic_embed.training.embedder import train_embedder
from symbolic_embed.training.running import RunPlan
from symbolic_embed.training.settings import ComposerTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("card"))


def a_set(name, **more):
    return {"name": name, "sha256": f"sha-{name}", **more}


def data_of(corpus, *sets):
    return TrainingData(corpus, sets)


COMPOSER = ComposerTraining(
    composer={"hidden": 12, "width": 8, "heads": 2}, pieces=2, windows=(3,), parts=2, batches=1, round_batches=1
)


def embedder(corpus, folder, *sets, **plan):
    return train_embedder(data_of(corpus, *sets), chosen(batches=1), RunPlan(folder, **plan))


def composer(corpus, folder, *sets, checkpoint, **plan):
    return train_composer(data_of(corpus, *sets), COMPOSER, RunPlan(folder, **plan), checkpoint=checkpoint)


def trained(card):
    return {one["name"]: one["trained"] for one in card["data"]}


def test_the_card_of_a_composer_keeps_the_music_of_both_parts(corpus, tmp_path):
    """The embedder's on hymns and airs, the composer's on airs and jigs."""
    first = embedder(corpus, tmp_path / "e", a_set("hymns", licence="CC0"), a_set("airs", attribution="somebody"))
    assert trained(first.card) == {"airs": ["embedder"], "hymns": ["embedder"]}
    both = composer(corpus, tmp_path / "c", a_set("airs"), a_set("jigs", licences={"MIT": 9}), checkpoint=first)
    assert trained(both.card) == {"airs": ["embedder", "composer"], "hymns": ["embedder"], "jigs": ["composer"]}
    by_name = {one["name"]: one for one in both.card["data"]}
    assert by_name["hymns"]["licence"] == "CC0"
    assert by_name["airs"]["attribution"] == "somebody"
    assert by_name["jigs"]["licences"] == {"MIT": 9}
    assert "may_be_passed_on" not in both.card


def test_an_embedder_that_starts_from_another_keeps_its_music(corpus, tmp_path):
    first = embedder(corpus, tmp_path / "1", a_set("hymns"), a_set("airs", licences={"CC0": 7}, use={"ship": 7}))
    second = embedder(corpus, tmp_path / "2", a_set("airs", licences={"CC0": 5, "MIT": 1}, use={}), start=first)
    assert trained(second.card) == {"airs": ["embedder"], "hymns": ["embedder"]}
    assert {one["name"]: one for one in second.card["data"]}["airs"]["licences"] == {"CC0": 7, "MIT": 1}
    third = embedder(corpus, tmp_path / "3", a_set("jigs"), start=second)
    assert set(trained(third.card)) == {"airs", "hymns", "jigs"}
    assert third.card["training"]["started_from"]["training"]["started_from"]["checkpoint"] == first.hash


def test_a_resumed_run_keeps_what_its_start_was_trained_on(corpus, tmp_path):
    first = embedder(corpus, tmp_path / "1", a_set("hymns"))
    embedder(corpus, tmp_path / "2", a_set("airs"), start=first)
    resumed = train_embedder(data_of(corpus, a_set("airs")), chosen(batches=2), RunPlan(tmp_path / "2", resume=True))
    assert trained(resumed.card) == {"airs": ["embedder"], "hymns": ["embedder"]}
    assert resumed.card["training"]["batches"] == 2
    assert resumed.card["training"]["started_from"]["checkpoint"] == first.hash


def test_a_composer_that_starts_from_another_brings_the_music_of_the_composer_alone(corpus, tmp_path):
    old = composer(corpus, tmp_path / "c1", a_set("jigs"), checkpoint=embedder(corpus, tmp_path / "e1", a_set("hymns")))
    new_embedder = embedder(corpus, tmp_path / "e2", a_set("airs"))
    made = composer(corpus, tmp_path / "c2", a_set("reels"), checkpoint=new_embedder, start=old)
    assert trained(made.card) == {"airs": ["embedder"], "jigs": ["composer"], "reels": ["composer"]}
    again = composer(corpus, tmp_path / "c2", a_set("reels"), checkpoint=new_embedder, resume=True)
    assert trained(again.card) == trained(made.card)


def test_a_model_trained_on_what_may_not_train_may_not_be_passed_on_and_neither_may_what_is_built_on_it(
    corpus, tmp_path
):
    first = embedder(corpus, tmp_path / "e1", a_set("quartets", use={"ship": 3, "study": 1}))
    assert first.card["may_be_passed_on"] is False
    assert composer(corpus, tmp_path / "c", a_set("airs"), checkpoint=first).card["may_be_passed_on"] is False
    assert embedder(corpus, tmp_path / "e2", a_set("airs"), start=first).card["may_be_passed_on"] is False
    free = embedder(corpus, tmp_path / "e3", a_set("airs"))
    built = composer(corpus, tmp_path / "c2", a_set("songs", licences={"for evaluation only": 2}), checkpoint=free)
    assert built.card["may_be_passed_on"] is False
    assert "may_be_passed_on" not in embedder(corpus, tmp_path / "e4", a_set("airs"), start=built).card


def test_sets_of_one_name_and_other_content_stay_beside_each_other():
    older = {"name": "airs", "sha256": "1", "trained": ["embedder"]}
    newer = {"name": "airs", "sha256": "2", "trained": ["composer"]}
    assert merged([newer], [older]) == [older, newer]
    assert data_entries([older], [older]) == {"data": [older]}


def test_a_card_of_before_parts_were_kept_apart_counts_what_its_records_name():
    """The embedder learnt from airs and, before that, hymns; the composer from airs and jigs."""
    card = {
        "data": [{"name": "airs", "licence": "CC0"}],
        "training": {"pieces": {"airs": 3}, "started_from": {"training": {"pieces": {"hymns": 2}}}},
        "composer_training": {"pieces": {"jigs": 1, "airs": 3}},
    }
    assert sets_of(card, "embedder") == [
        {"name": "airs", "licence": "CC0", "trained": ["embedder"]},
        {"name": "hymns", "trained": ["embedder"]},
    ]
    assert [one["name"] for one in sets_of(card, "composer")] == ["airs", "jigs"]
    assert sets_of({"data": [{"name": "airs"}]}, "embedder") == [{"name": "airs", "trained": ["embedder"]}]
    assert sets_of({"data": [{"name": "airs"}]}, "composer") == sets_of({}, "embedder") == []


def test_the_bundled_card_names_the_sets_of_each_part():
    card = open_checkpoint(bundled_folder()).card
    assert may_be_passed_on(card["data"])
    for part, count in {"embedder": 13, "composer": 20, "anchor": 19, "passages": 19}.items():
        sets = sets_of(card, part)
        assert len({one["name"] for one in sets}) == count
        assert all(one["licence"] and one["attribution"] for one in sets)


def test_a_run_from_fresh_weights_has_no_origin(corpus, tmp_path):
    assert origin_of(RunPlan(tmp_path), "embedder") == {}
    assert origin_of(RunPlan(tmp_path, resume=True), "embedder") == {}
    opened = tiny.embedder_checkpoint(tmp_path)
    rewrite_card(opened, {**opened.card, "training": {"started_from": {"checkpoint": "x"}}})
    assert origin_of(RunPlan(tmp_path), "embedder") == {}
    assert origin_of(RunPlan(tmp_path, resume=True), "embedder") == {"checkpoint": "x"}
