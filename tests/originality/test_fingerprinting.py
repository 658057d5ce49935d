"""The bars of a fingerprint: all bars of a small folder, embedded as a file's bars are, long ones too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pieces
import tiny

from symbolic_embed.bars import cut
from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.originality.fingerprinting import _meaning, kept_bars, split_bars
from symbolic_embed.originality.kept_bars import signs_of
from symbolic_embed.score import TimeSignature, read


def test_a_small_folder_keeps_all_its_bars_where_they_stand(tmp_path):
    corpus = pieces.band_corpus(tmp_path, count=5, bars=6)
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path / "model"))
    kept = kept_bars(corpus, embedder, split="train", room=100_000)
    assert (len(kept), kept.of) == (18, 18)
    assert kept.embedder == embedder.card["weights"]["embedder"]
    for bar in range(len(kept)):
        place = kept.place(bar)
        (path,) = Path(tmp_path / "music" / place["set"]).glob(f"**/{Path(place['path']).name}")
        assert path == tmp_path / "music" / place["set"] / place["path"]
        vectors = embedder.embed_bars(cut(read(path)))
        assert (signs_of(vectors)[place["bar"] - 1] == kept.signs[bar]).all()


def test_fewer_are_kept_where_there_is_less_room(tmp_path):
    corpus = pieces.band_corpus(tmp_path, count=5, bars=6)
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path / "model"))
    kept = kept_bars(corpus, embedder, split="train", room=4_000 + 150)
    assert 0 < len(kept) < kept.of == 18
    assert kept_bars(corpus, embedder, split="train", room=4_000) is None


def test_a_long_bar_is_one_bar_of_several_windows(tmp_path):
    scores = {
        f"{seed}.mid": replace(pieces.piece(seed), time_signatures=(TimeSignature(0, 6, 4),)) for seed in range(3)
    }
    pieces.folder_of(tmp_path, scores, meta={name: {"split": "train", "cluster": name} for name in scores})
    corpus = prepare(load_collection([tmp_path]), cache=tmp_path / "cache")
    bars = split_bars(corpus, split="train")
    assert bars.number.tolist() == [1, 2, 3, 4] * 3
    assert bars.windows.tolist() == [2] * 12
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path / "model"))
    kept = kept_bars(corpus, embedder, split="train", room=100_000)
    expected = [signs_of(embedder.embed_bars(cut(read(Path(piece.path))))) for piece in corpus.pieces]
    assert (kept.signs == np.concatenate(expected)).all()


def test_an_estimate_means_what_is_true_of_the_nearest_bar_of_another_work():
    """Of each of 120 sampled bars one kept bar is the bar itself, of its own work; those of which all kept bars are of
    their own work say nothing."""
    points = np.random.default_rng(0).standard_normal((120, 64)).astype(np.float32)
    points *= 8 / np.linalg.norm(points, axis=1, keepdims=True)
    meaning = _meaning(points, points, radius=8.0, own=np.eye(120, dtype=bool))
    assert len(meaning["true"]) == 11
    assert min(meaning["true"][1:]) > 5  # no bar is named as near as itself
    assert _meaning(points, points, radius=8.0, own=np.ones((120, 120), bool)) == {}
