"""Excerpts: the same bars of two versions, each as a file of one part."""

import sys
from pathlib import Path

import numpy as np
import pieces

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import melody_excerpts

from symbolic_embed.bars import cut
from symbolic_embed.similarity.melody import melody, melody_distances


def test_a_pair_is_one_passage_in_two_keys(tmp_path):
    song = pieces.piece(3, bars=12, parts=(pieces.melody,))
    pieces.folder_of(tmp_path, {"a.mid": song, "b.mid": pieces.transposed(song, 3)})
    paths = [tmp_path / "a.mid", tmp_path / "b.mid"]
    one, other = melody_excerpts.pair_of(paths, notes=16, random=np.random.default_rng(1))
    assert [len(score.tracks) for score in (one, other)] == [1, 1]
    assert 8 <= one.note_count <= 16 <= 40
    assert melody_distances(melody(cut(one)), [melody(cut(other))], transpose=True)[0] < 0.35
