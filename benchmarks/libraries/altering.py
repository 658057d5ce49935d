"""Copies of music: as it is, in another key, with wrong notes; and what labels say is one piece."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from finding import MOVES, with_pitches

from symbolic_embed.score import Score

# Shares of wrong notes; all but the first are moved to another key.
WRONG = {"as it is": 0.0, "moved": 0.0, "2 % wrong": 0.02, "5 % wrong": 0.05, "10 % wrong": 0.1}
LABELS = ("cluster", "group", "version_group", "harmony_group", "work", "piece", "title")


def altered(score: Score, kind: str, *, random: np.random.Generator) -> Score:
    """A copy of one of the kinds of WRONG."""
    if kind == "as it is":
        return score
    moved = with_pitches(score, np.full(score.note_count, random.choice(MOVES)))
    errors = random.choice([-3, -2, -1, 1, 2, 3], score.note_count)
    return with_pitches(moved, errors * (random.random(len(errors)) < WRONG[kind]))


def labels_of(music: Path) -> dict[str, frozenset[tuple[str, str]]]:
    """Of each file in the data sets of a folder what is said to be one with others."""
    found = {}
    for meta in sorted(music.glob("*/meta.jsonl")):
        for line in map(json.loads, meta.read_text(encoding="utf-8").splitlines()):
            found[str(meta.parent / line["path"])] = frozenset((key, line[key]) for key in LABELS if line.get(key))
    return found
