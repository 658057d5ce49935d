"""Which notes survive embedding and decoding?

Each cell is embedded, decoded greedily, and compared with itself. A note is right when onset and pitch are exact on the
grid; once more with the length's class. Notes are pooled within each data set, and the figure is the mean over sets, by
role. Cells are drawn once, with a fixed seed, as many from each set and role.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars import ROLES, Windows
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedder import Embedder
from symbolic_embed.encodings import note_rows


@dataclass(frozen=True)
class NoteScore:
    """Precision, recall and F1 of notes (onset and pitch), F1 with length, and from how many sets and cells; `error`
    is the standard error of F1 over the sets."""

    precision: float
    recall: float
    f1: float
    f1_with_length: float
    error: float
    sets: int
    cells: int


def written_back(
    embedder: Embedder, corpus: PreparedCorpus, *, split: str, per_set: int, seed: int = 0
) -> dict[str, NoteScore]:
    """The score of each role that the split has, with at most `per_set` cells of a role from each set."""
    random = np.random.default_rng(seed)
    table = corpus.cells
    members = np.zeros(len(corpus.pieces), bool)
    members[corpus.pieces_of(split)] = True
    sets = np.array([piece.set_name for piece in corpus.pieces])
    eligible = np.flatnonzero(members[table.piece] & (table.onsets > 0))
    scores = {}
    for number, role in enumerate(ROLES):
        of_role = eligible[table.role[eligible] == number]
        names = sets[table.piece[of_role]]
        drawn = [
            random.choice(of_role[names == name], min(per_set, int((names == name).sum())), replace=False)
            for name in np.unique(names)
        ]
        if drawn:
            counts = [_counted(embedder, table.windows(cells), drums=role == "drums") for cells in drawn]
            scores[role] = _score(np.array(counts, float), cells=sum(map(len, drawn)))
    return scores


def _counted(embedder: Embedder, windows: Windows, *, drums: bool) -> tuple[int, int, int, int]:
    """Notes of the original, notes written, how many of these are right, and right with their length."""
    vectors = embedder.embed_windows(windows)
    decoded = embedder.decode(vectors, steps=windows.steps, drums=np.full(len(windows), drums))
    truth, written = _notes(windows), _notes(decoded)
    right = len(truth.keys() & written.keys())
    exact = sum(truth[note] == length for note, length in written.items() if note in truth)
    return len(truth), len(written), right, exact


def _notes(windows: Windows) -> dict[tuple[int, int, int], int]:
    """Window, onset and pitch class of each note, with the class of its length."""
    rows, counts = note_rows.encode(windows)
    window = np.repeat(np.arange(len(windows)), counts)
    return {
        (int(w), int(onset), int(pitch)): int(length) for w, (onset, pitch, length) in zip(window, rows, strict=True)
    }


def _score(counts: np.ndarray, *, cells: int) -> NoteScore:
    truth, written, right, exact = np.maximum(counts, 1e-9).T
    f1 = 2 * right / (truth + written)
    return NoteScore(
        precision=float((right / written).mean()),
        recall=float((right / truth).mean()),
        f1=float(f1.mean()),
        f1_with_length=float((2 * exact / (truth + written)).mean()),
        error=float(f1.std(ddof=1) / len(f1) ** 0.5) if len(f1) > 1 else 0.0,
        sets=len(f1),
        cells=cells,
    )
