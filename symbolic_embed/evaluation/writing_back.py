"""Which notes survive embedding and decoding?

Each cell is embedded, decoded greedily (and once more with care, see `embedding.correcting`), and compared with itself,
as `note_counts` counts. Notes are pooled within each data set, and the figure is the mean over sets, by role. Cells are
drawn once, with a fixed seed, as many from each set and role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, Windows, class_name
from symbolic_embed.corpus.sampling import drawn
from symbolic_embed.embedding.correcting import corrected, decoded
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.encodings.note_counts import NoteCounts, count_notes, mean_over_sets
from symbolic_embed.evaluation.rows import Row
from symbolic_embed.evaluation.subject import Subject

Decode = Callable[[Embedder, NDArray[np.float32], DecodingRules], Windows]

WAYS: Mapping[str, Decode] = MappingProxyType({"model": decoded, "model, corrected": corrected})
MEASURES = {
    "F1, onset and pitch": "f1",
    "precision": "precision",
    "recall": "recall",
    "F1, with length": "f1_with_length",
}


def written_back(
    subject: Subject, *, role: str, per_set: int, decode: Decode = decoded, seed: int = 0
) -> dict[str, NoteCounts]:
    """The counts of each data set of which the split has cells of `role`, from `per_set` cells at most, written back by
    `decode`."""
    random = np.random.default_rng(seed)
    corpus, embedder = subject.corpus, subject.embedder
    table = corpus.cells
    of_role = subject.windows_of(table)
    of_role = of_role[table.role[of_role] == ROLES.index(role)]
    sets = np.array([piece.set_name for piece in corpus.pieces])[table.piece[of_role]]
    counts = {}
    for name in np.unique(sets):
        windows = table.windows(drawn(of_role[sets == name], count=per_set, random=random))
        rules = DecodingRules(windows.steps, np.full(len(windows), role == "drums"))
        written = decode(embedder, embedder.embed_windows(windows), rules)
        counts[str(name)] = count_notes(windows, written, chosen=np.ones(len(windows), bool))
    return counts


def writing_back_rows(subject: Subject, *, role: str, per_set: int, ways: Mapping[str, Decode] = WAYS) -> Iterator[Row]:
    """The rows of one role, each way by its name; none where the split lacks the role. The error is the standard error
    over data sets."""
    for who, decode in ways.items():
        counts = list(written_back(subject, role=role, per_set=per_set, decode=decode).values())
        if not counts:
            return
        means, cells = mean_over_sets(counts), sum(one.windows for one in counts)
        for measure, name in MEASURES.items():
            each = [getattr(one, name) for one in counts]
            error = float(np.std(each, ddof=1) / len(each) ** 0.5) if len(each) > 1 else None
            yield Row(f"reconstruction, {class_name(role)}", who, measure, means[name], cells, error)
