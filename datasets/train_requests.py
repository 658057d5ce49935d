"""Trains the classifier of verbs that `ask` has, on the training half of the requests: the same data, the same bytes.

    python datasets/train_requests.py

Writes symbolic_embed/understanding/verbs.json. Weights are multinomial logistic regression's, rounded to two digits;
those that come to nothing are left out. It also prints how often the verb is right in five parts of the templates, each
of which was held back from the training of the other four.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from symbolic_embed.understanding import classifier, reading, verbs
from symbolic_embed.understanding.row import Row

HERE = Path(__file__).parent
TARGET = HERE.parent / "symbolic_embed" / "understanding" / classifier.WEIGHTS
INVERSE_PENALTY = 30.0  # of 3, 10, 30, 100 the best in five parts
PARTS = 5


def requests_of(half: str) -> list[dict[str, Any]]:
    """The requests of a half, of all languages."""
    files = sorted((HERE / "requests").glob(f"*_{half}.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def seen(request: dict[str, Any]) -> dict[str, float]:
    """What the classifier sees of a request."""
    read = reading.read(request["text"], files=request["files"], libraries=request["libraries"])
    named = {mark.value for mark in read.marks if mark.concept == "FILE"}
    return classifier.features(read, files=len({*request["files"], *named}))


def teaches(request: dict[str, Any]) -> bool:
    """Whether a verb, or that none is meant, can be learnt from a request: not where a verb is said that then cannot be
    done, as in "0 variations"."""
    if request["verb"]:
        return True
    read = reading.read(request["text"], files=request["files"], libraries=request["libraries"])
    has_library = bool(request["libraries"])
    return verbs.verb_said(Row(read.marks), files=len(request["files"]), has_library=has_library) is None


def trained(requests: Sequence[dict[str, Any]]) -> classifier.Classifier:
    """A classifier of these requests, all of which teach."""
    table = DictVectorizer()
    x = table.fit_transform([seen(request) for request in requests])
    y = [request["verb"] or classifier.NONE for request in requests]
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000, tol=1e-6).fit(x, y)
    weights: dict[str, dict[str, float]] = {}
    for feature, column in zip(table.feature_names_, np.round(model.coef_, 2).T, strict=True):
        own = {str(number): float(weight) for number, weight in enumerate(column) if abs(weight) >= 0.05}
        if own:
            weights[feature] = own
    return classifier.Classifier(list(model.classes_), [round(float(one), 2) for one in model.intercept_], weights)


def right_in_parts(requests: Sequence[dict[str, Any]]) -> float:
    """How often the verb is right that was learnt from the templates of the other parts."""
    templates = sorted({request["template"] for request in requests})
    part_of = {template: number % PARTS for number, template in enumerate(templates)}
    right = 0
    for part in range(PARTS):
        learnt = trained([request for request in requests if part_of[request["template"]] != part])
        for request in (request for request in requests if part_of[request["template"]] == part):
            read = reading.read(request["text"], files=request["files"], libraries=request["libraries"])
            guess = next(iter(learnt.probabilities(read, files=len(request["files"]))))
            right += guess == (request["verb"] or classifier.NONE)
    return right / len(requests)


def text_of(learnt: classifier.Classifier) -> str:
    """A classifier as its file has it."""
    held = {"classes": learnt.classes, "intercepts": learnt.intercepts}
    lines = [
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(own)}" for name, own in sorted(learnt.weights.items())
    ]
    return f"{json.dumps(held)[:-1]}," + '"weights":{\n' + ",\n".join(lines) + "}}\n"


def main() -> None:
    """Trains, and writes the weights."""
    requests = [request for request in requests_of("train") if teaches(request)]
    learnt = trained(requests)
    TARGET.write_text(text_of(learnt), encoding="utf-8")
    print(f"{TARGET.name}: {len(learnt.weights):,} features, {TARGET.stat().st_size:,} bytes")
    print(f"verb right in {PARTS} parts of the templates: {right_in_parts(requests):.3f} of {len(requests)}")


if __name__ == "__main__":
    main()
