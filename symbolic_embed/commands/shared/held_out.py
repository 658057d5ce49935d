"""What a new model knows of held-out pieces (the valid split), beside the bundled model and simple rivals.

The table is data and goes to stdout, also as JSON, as `evaluate` prints it. What it means is said on stderr.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.presenting.tables import aligned

if TYPE_CHECKING:
    from symbolic_embed.corpus.prepared import PreparedCorpus
    from symbolic_embed.embedding.checkpoint import Checkpoint
    from symbolic_embed.evaluation.rows import Row
    from symbolic_embed.progress import Progress

SPLIT = "valid"
ROWS = 2 * 5 + 4 * 2  # of two kinds of questions and five who answer, and of four roles and two who write
THIS, BUNDLED = "this model", "bundled"
NATS = "nats"  # of all that is measured the one where less is more
LEGEND = {
    "MRR": "MRR: how near the top of 50 the one is that really comes next (mean reciprocal rank; 1: always first)",
    "F1": "F1: which notes survive being embedded and written back (1: all)",
    NATS: "nats: how unlikely what really comes next is thought to be (less is better)",
}


def embedder_rows(written: Checkpoint, corpus: PreparedCorpus, progress: Progress) -> Iterator[Row]:
    """The rows of an embedder, the bundled one and their rivals. Says where the bundled one knows the pieces."""
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.evaluation.own_pieces import own_rows, pieces_known
    from symbolic_embed.originality.fingerprint import load_fingerprint

    bundled, jobs = open_checkpoint(), options.cores(None)
    models = {THIS: Embedder.of(written, jobs=jobs), BUNDLED: Embedder.of(bundled, jobs=jobs)}
    fingerprint = load_fingerprint(bundled.folder, bundled.card)
    known = pieces_known(fingerprint, corpus, split=SPLIT) if fingerprint else 0
    yield from progress.through(own_rows(models, corpus, split=SPLIT), total=ROWS, doing="testing")
    if known:
        count = len(corpus.pieces_of(SPLIT))
        progress.tell(f"the bundled model has learnt from {known} of the {count} held-out pieces, this one from none")


def composer_rows(written: Checkpoint, corpus: PreparedCorpus, progress: Progress) -> Iterator[Row]:
    """The rows of a composer and the bundled one, each on its own embedder."""
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.evaluation.rows import Row
    from symbolic_embed.training.likelihood import composer_likelihood

    checkpoints = {THIS: written, BUNDLED: open_checkpoint()}
    for who, checkpoint in progress.through(checkpoints.items(), total=len(checkpoints), doing="testing"):
        for choice, nats in composer_likelihood(checkpoint, corpus, split=SPLIT).items():
            yield Row(f"next {choice}", who, NATS, nats.mean, nats.passages, nats.error)


def show(rows: Sequence[Row], progress: Progress, *, form: Literal["table", "json"]) -> None:
    """Prints the rows, a line for each test and a column for whoever was tested; says what they mean, what could not
    be tested, and where the bundled model is the better one by more than twice the error."""
    from symbolic_embed.evaluation.rows import as_records

    if form == "json":
        say(json.dumps(as_records(rows), indent=2) + "\n")
    elif rows:
        say("\n".join(_table(rows)) + "\n")
    measures = {_measure(row) for row in rows}
    for meaning in (meaning for measure, meaning in LEGEND.items() if measure in measures):
        progress.tell(meaning)
    if not rows:
        progress.tell(
            "no table: there are no held-out pieces (valid) to test on; from three different pieces on there are"
        )
    elif measures == {"F1"}:
        progress.tell("what comes next was not tested: that takes two different held-out pieces of some fifty bars")
    for name, (ours, theirs) in _pairs(rows).items():
        behind = (ours.value - theirs.value) * (1 if ours.measure == NATS else -1)
        if behind > 2 * max(ours.error or 0.0, theirs.error or 0.0, 0.005):
            progress.tell(f"the bundled model is better at {name}: {theirs.value:.3f}, this one {ours.value:.3f}")


def _table(rows: Sequence[Row]) -> list[str]:
    tested, named = list(dict.fromkeys(row.who for row in rows)), _by_name(rows)
    lines = [
        (name, *(_cell(of_test.get(who)) for who in tested), next(iter(of_test.values())).sample)
        for name, of_test in named.items()
    ]
    return aligned(lines, header=("held out", *tested, "n"), right=(*tested, "n"))


def _by_name(rows: Sequence[Row]) -> dict[str, dict[str, Row]]:
    """The rows of each test, by who was tested."""
    named: dict[str, dict[str, Row]] = {}
    for row in rows:
        test = row.test.removeprefix("reconstruction, ").removesuffix(" among 50")
        named.setdefault(f"{test}, {_measure(row)}", {})[row.who] = row
    return named


def _pairs(rows: Sequence[Row]) -> dict[str, tuple[Row, Row]]:
    """Of each test the rows of this model and of the bundled one, where both were tested."""
    return {
        name: (of_test[THIS], of_test[BUNDLED])
        for name, of_test in _by_name(rows).items()
        if of_test.keys() >= {THIS, BUNDLED}
    }


def _measure(row: Row) -> str:
    return row.measure.split(",")[0]


def _cell(row: Row | None) -> str:
    if row is None:
        return ""
    error = "" if row.error is None else f" ±{row.error:.3f}".replace("±0.", "±.")
    return f"{row.value:.3f}{error}"
