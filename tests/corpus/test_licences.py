"""Which files may train a model that is given away: what meta.jsonl and manifests say is obeyed, and told."""

import json

import pieces
import pytest

from symbolic_embed.corpus.collection import Entry, load_collection
from symbolic_embed.corpus.licences import TrainingData, is_free_use, may_be_passed_on, may_train
from symbolic_embed.corpus.prepared import prepare


@pytest.mark.parametrize(
    ("use", "licence", "allowed"),
    [
        ("", "", True),
        ("ship", "CC BY 4.0", True),
        ("Train ", "MIT", True),
        ("study", "CC BY-SA 4.0", False),
        ("evaluation only", "MIT", False),
        ("", "for evaluation only", False),
        ("", "Evaluation-only, see README", False),
        ("ship", "MIT, but not for training", False),
        ("", "MIT; a study of form", True),
        ("shipp", "", False),
    ],
)
def test_what_may_train(use, licence, allowed):
    assert may_train(Entry("x.mid", "set", use=use, licence=licence)) is allowed


def collection(folder, meta, **manifest):
    """Pieces with these lines of meta.jsonl, all to be trained on unless said otherwise; in a manifest, where given."""
    scores = {name: pieces.piece(number, bars=2) for number, name in enumerate(meta)}
    meta = {name: {"split": "train", "cluster": name, **fields} for name, fields in meta.items()}
    pieces.folder_of(folder / "music" / "tunes", scores, meta=meta)
    if not manifest:
        return load_collection([folder / "music" / "tunes"])
    (folder / "tunes.json").write_text(json.dumps({"name": "tunes", **manifest}))
    return load_collection([folder / "tunes.json"], music=folder / "music")


def training_data(folder, meta, *, allow_study=False, **manifest):
    chosen = collection(folder, meta, **manifest)
    return TrainingData.of(chosen, prepare(chosen, cache=folder / "cache"), allow_study=allow_study)


MIXED = {
    "a.mid": {"use": "ship", "licence": "CC0"},
    "b.mid": {"use": "study", "licence": "CC BY-SA"},
    "c.mid": {"use": "study", "split": "test"},
    "d.mid": {"licence": "CC0"},
    "e.mid": {"use": "train", "licence": "MIT"},
}


def names_in(data, split):
    return [data.corpus.pieces[number].path[-5] for number in data.corpus.pieces_of(split)]


def test_files_that_may_not_train_are_left_out_of_the_train_split_and_counted(tmp_path):
    data = training_data(tmp_path, MIXED)
    assert names_in(data, "train") == ["a", "d", "e"]
    assert names_in(data, "test") == ["c"]
    assert data.left_out == {"tunes": 1}
    assert data.message() == (
        "left out of training: 1 of the files, whose use or licence forbids it to a model that is passed on (tunes 1); "
        "`allow_study` trains on them, and the model may not be passed on"
    )
    licences, use = {"CC0": 2, "MIT": 1}, {"ship": 1, "train": 1}
    assert data.sets == ({"name": "tunes", "licences": licences, "use": use},)
    assert may_be_passed_on(data.sets)
    whole = prepare(load_collection([tmp_path / "music" / "tunes"]), cache=tmp_path / "cache")
    assert data.corpus.split_hash("train") != whole.split_hash("train")
    assert data.corpus.split_hash("test") == whole.split_hash("test")


def test_a_run_may_allow_them_and_then_the_model_may_not_be_passed_on(tmp_path):
    data = training_data(tmp_path, MIXED, allow_study=True)
    assert names_in(data, "train") == ["a", "b", "d", "e"]
    assert (data.left_out, data.message()) == ({}, None)
    assert data.sets[0]["use"] == {"ship": 1, "study": 1, "train": 1}
    assert not may_be_passed_on(data.sets)


@pytest.mark.parametrize("forbidding", [{"use": "evaluation only"}, {"licence": "for evaluation only"}])
def test_what_a_manifest_says_holds_where_a_file_says_nothing(tmp_path, forbidding):
    meta = {"a.mid": {"use": "ship", "licence": "CC0"}, "b.mid": {}, "c.mid": {}}
    data = training_data(tmp_path / "free", meta, **forbidding, attribution="somebody")
    assert names_in(data, "train") == ["a"]
    assert data.left_out == {"tunes": 2}
    assert data.sets[0]["attribution"] == "somebody"
    everything = training_data(tmp_path / "all", meta, allow_study=True, **forbidding)
    assert not may_be_passed_on(everything.sets)


def test_a_folder_without_meta_trains_as_it_is(tmp_path):
    folder = pieces.folder_of(tmp_path / "own", {f"{n}.mid": pieces.piece(n, bars=2) for n in range(4)})
    chosen = load_collection([folder])
    corpus = prepare(chosen, cache=tmp_path / "cache")
    data = TrainingData.of(chosen, corpus)
    assert data.corpus.pieces == corpus.pieces
    (own,) = data.sets
    assert own["name"] == "own"
    assert own["licences"] == {"not said": len(corpus.pieces_of("train"))}
    assert own["use"] == {}
    assert may_be_passed_on(data.sets)


def test_uses_are_read_whatever_their_case():
    assert [use for use in ("SHIP", " train", "", "study", "Study", "no") if is_free_use(use)] == ["SHIP", " train", ""]
