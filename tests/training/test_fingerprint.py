"""Adding a fingerprint: of what a checkpoint was trained on, as its card names it."""

import pieces
import pytest
import tiny

from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.embedding.checkpoint import open_checkpoint, rewrite_card
from symbolic_embed.originality.fingerprint import FILE, load_fingerprint
from symbolic_embed.training.fingerprint import add_fingerprint, is_trained_on, trained_corpus


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    """A collection, prepared, of which one file may not train."""
    folder = tmp_path_factory.mktemp("fingerprint")
    meta = {f"{n}.mid": {"split": "train", "cluster": str(n)} for n in range(4)}
    meta["3.mid"]["use"] = "study"
    pieces.folder_of(folder / "tunes", {name: pieces.piece(int(name[0])) for name in meta}, meta=meta)
    collection = load_collection([folder / "tunes"])
    return collection, prepare(collection, cache=folder / "cache")


def trained_on(folder, split_hash):
    opened = tiny.embedder_checkpoint(folder)
    return rewrite_card(opened, {**opened.card, "training": {"splits": {"train": split_hash}}})


def test_what_a_checkpoint_was_trained_on_is_what_its_card_names(music, tmp_path):
    collection, corpus = music
    free = TrainingData.of(collection, corpus).corpus
    for name, used in (("all", corpus), ("free", free)):
        checkpoint = trained_on(tmp_path / name, used.split_hash("train"))
        assert trained_corpus(checkpoint, collection, corpus, split="train").pieces == used.pieces
        assert is_trained_on(checkpoint, used, split="train")
    other = trained_on(tmp_path / "other", "elsewhere")
    assert trained_corpus(other, collection, corpus, split="train") is corpus
    assert not is_trained_on(other, corpus, split="train")
    assert not is_trained_on(tiny.embedder_checkpoint(tmp_path / "silent"), corpus, split="train")


def test_the_fingerprint_lies_in_the_checkpoint_and_its_card_says_so(music, tmp_path):
    _, corpus = music
    steps = []

    def progress(work, total, doing):
        steps.append((doing, total))
        return work

    made = add_fingerprint(tiny.embedder_checkpoint(tmp_path), corpus, split="train", progress=progress)
    assert made.path == tmp_path / FILE
    card = open_checkpoint(tmp_path).card
    assert card["fingerprint"] == made.card
    known = load_fingerprint(tmp_path, card)
    assert known.source == "train split of tunes"
    assert (made.bars, made.of) == (len(known.bars), known.bars.of) == (24, 24)
    assert steps[0] == ("reading", 1)
    assert {doing for doing, _ in steps} == {"reading", "long bars", "embedding"}
