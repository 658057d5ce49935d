"""What does an embedding know that it was never trained for? Linear probes.

A logistic regression on the embedding of one bar names the composer, the set (a style, roughly), the key (signature and
mode, where the file writes just one), the metre of its piece. It is judged on pieces of which it has seen no version
(five folds by cluster); beside it stand the same regression on the chroma histogram, and whoever always names the
commonest. Only names that FEWEST clusters or more have, and of them the MOST_CLASSES commonest.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.corpus.membership import META
from symbolic_embed.corpus.prepared import Piece
from symbolic_embed.corpus.sampling import clusters_of
from symbolic_embed.errors import InputError
from symbolic_embed.evaluation import rivals
from symbolic_embed.evaluation.rows import Row, error_over_groups
from symbolic_embed.evaluation.subject import Subject
from symbolic_embed.evaluation.telling_apart import judgements
from symbolic_embed.notation import read

FEWEST, MOST_CLASSES = 10, 20
BARS_OF_A_PIECE = 8
NOBODY = re.compile(r"\W*(anon|trad|unknown|various)", re.IGNORECASE)


def composer_of(piece: Piece) -> str:
    """The composer that the `meta.jsonl` above the file names; "" where there is none, or nobody in particular."""
    folder = next((folder for folder in Path(piece.path).parents if (folder / META).is_file()), None)
    name = "" if folder is None else _composers(folder).get(Path(piece.path).relative_to(folder).as_posix(), "")
    return "" if NOBODY.match(name) else name


def key_of(piece: Piece) -> str:
    """The key that the file writes, as "G major"; "" where it writes none or several."""
    try:
        written = {str(signature) for signature in read(piece.path).key_signatures}
    except InputError:
        return ""
    return written.pop() if len(written) == 1 else ""


PROBES: dict[str, Callable[[Piece], str]] = {
    "composer": composer_of,
    "set": lambda piece: piece.set_name,
    "key": key_of,
    "metre": lambda piece: piece.signature,
}


def probe_rows(subject: Subject, *, label: str, count: int = 3000, seed: int = 0) -> Iterator[Row]:
    """The rows of one of PROBES, from `count` bars at most; none where the pieces have fewer than two names."""
    corpus, table = subject.corpus, subject.corpus.bars
    bars, names = _labelled_bars(subject, label=label, count=count, random=np.random.default_rng(seed))
    if len(np.unique(names)) < 2:
        return
    windows, clusters = table.windows(bars), clusters_of(corpus, table, bars)
    test = f"linear probe, {label} of {len(np.unique(names))}"
    for who, vectors in (("model", subject.embedder.embed_windows(windows)), ("chroma", rivals.chroma(windows))):
        right = probed(vectors, names, clusters=clusters)
        if right is not None:
            yield Row(test, who, "accuracy", float(right.mean()), len(bars), error_over_groups(right, clusters))
    commonest = names == Counter(names.tolist()).most_common(1)[0][0]
    yield Row(test, "the commonest", "accuracy", float(commonest.mean()), len(bars))


def probed(
    vectors: NDArray[np.float32], names: NDArray[np.str_], *, clusters: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    """Of each vector (n, dim) whether a logistic regression that knows nothing of its cluster (n,) gives it its name
    (n,); float64 (n,). None where a name occurs in one cluster only."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    kind = np.unique(names, return_inverse=True)[1]
    regression: Any = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
    judged = judgements(regression, vectors, kind, groups=clusters)
    return None if judged is None else (judged.argmax(axis=1) == kind).astype(np.float64)


def _labelled_bars(
    subject: Subject, *, label: str, count: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Bars of the split whose piece has one of the commoner names, each name in turn as long as it has bars; and these
    names."""
    corpus = subject.corpus
    name_of = {number: PROBES[label](corpus.pieces[number]) for number in corpus.pieces_of(subject.split).tolist()}
    in_clusters = sorted({(name, corpus.pieces[number].cluster) for number, name in name_of.items() if name})
    common = Counter(name for name, _ in in_clusters).most_common(MOST_CLASSES)
    kept = {name for name, clusters in common if clusters >= FEWEST}
    bars = random.permutation(subject.windows_of(corpus.bars))
    bars = bars[[name_of[number] in kept for number in corpus.bars.piece[bars].tolist()]]
    bars = bars[ranges.earlier(corpus.bars.piece[bars]) < BARS_OF_A_PIECE]
    names = np.array([name_of[number] for number in corpus.bars.piece[bars].tolist()])
    in_turn = np.argsort(ranges.earlier(names), kind="stable")[:count]
    return bars[in_turn], names[in_turn]


@cache
def _composers(folder: Path) -> dict[str, str]:
    """The composer of each path that a meta.jsonl names."""
    lines = (folder / META).read_text(encoding="utf-8").split("\n")
    entries = [json.loads(line) for line in lines if line.strip()]
    return {entry["path"]: str(entry.get("composer") or "") for entry in entries}
