"""`train embedder`: options over settings, and what a rival needs of the model it gets without being asked; `train
fingerprint`: what it holds, and a word where the data are not those of the checkpoint."""

import json

import numpy as np
import pieces
import pytest
import tiny
from command_line import run

from symbolic_embed.checkpoint import open_checkpoint, rewrite_card
from symbolic_embed.corpus.fingerprint import FILE, corpus_lines, load_fingerprint, run_hashes
from symbolic_embed.embedder import Embedder


@pytest.mark.parametrize(
    ("options", "bounded"), [(["--prior", "kl", "--objective", "none"], False), (["--prior", "none"], True), ([], True)]
)
def test_a_variational_autoencoder_is_not_bounded_and_others_are(tmp_path, monkeypatch, options, bounded):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    pieces.band_corpus(tmp_path)
    small = {"model": tiny.PIANOROLL.model_dump(), "pairs": 8, "batches": 1}
    (tmp_path / "small.json").write_text(json.dumps(small))
    asked = ["--data", tmp_path / "music", "-o", tmp_path / "out", "--settings", tmp_path / "small.json"]
    ran = run("train", "embedder", *asked, *options)
    assert ran.code == 0, ran.err
    card = open_checkpoint(tmp_path / "out").card
    assert card["model"] == {**small["model"], "bounded": bounded}
    assert card["training"]["settings"]["prior"] == (options[1] if options else "gaussian")
    assert Embedder.load(tmp_path / "out").encoder.trunk.bounded is bounded


def test_a_fingerprint_of_a_tiny_corpus_finds_its_training_pieces_and_warns_of_other_data(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    corpus = pieces.band_corpus(tmp_path, count=5)
    folder = tiny.embedder_checkpoint(tmp_path / "model").folder
    asked = ["train", "fingerprint", "--data", tmp_path / "music", "--checkpoint", folder]
    ran = run(*asked)
    assert ran.code == 0, ran.err
    assert ran.err_lines[0] == f"warning: {folder} was not trained on the train split of this data"
    known = load_fingerprint(folder, open_checkpoint(folder).card)
    assert ran.err_lines[-1].startswith(f"{folder / FILE}: {known.runs} runs, ")
    assert ran.err_lines[-1].endswith("; 18 of 18 bars kept")
    assert known.bars.place(0) == {"set": "even", "path": "0.mid", "bar": 1}
    assert known.source == "train split of even, odd"
    for number, piece in enumerate(corpus.pieces):
        found = known.holds(run_hashes(corpus_lines(corpus, np.array([number])))[0])
        assert found.all() if piece.split == "train" else found.mean() < 0.2
    opened = open_checkpoint(folder)
    rewrite_card(opened, {**opened.card, "training": {"splits": {"train": corpus.split_hash("train")}}})
    assert "warning" not in run(*asked).err
