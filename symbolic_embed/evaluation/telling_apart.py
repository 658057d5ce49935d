"""Can a classifier tell two kinds of things apart? The area under its ROC curve on what it was not trained on.

.5: it cannot. 1: it always can. What comes of one piece is never on both sides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
FEWEST_GROUPS = 2


def held_out_area(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    *,
    trained_on_first: NDArray[np.bool_],
    trained_on_second: NDArray[np.bool_],
) -> float:
    """How well a network tells rows of `second` (m, d) from rows of `first` (n, d), trained on the rows that the masks,
    bool (n,) and (m,), choose, and asked of the others. Two dense layers of 256, as the discriminator has."""
    from sklearn.metrics import roc_auc_score
    from sklearn.neural_network import MLPClassifier

    rows = np.concatenate([first, second]).astype(np.float32)
    kind = np.repeat([0, 1], [len(first), len(second)])
    training = np.concatenate([trained_on_first, trained_on_second])
    classifier = MLPClassifier((256, 256), max_iter=60, early_stopping=True, n_iter_no_change=8, random_state=0)
    classifier.fit(rows[training], kind[training])
    return float(roc_auc_score(kind[~training], classifier.predict_proba(rows[~training])[:, 1]))


def crossed_area(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    *,
    first_groups: NDArray[np.int64],
    second_groups: NDArray[np.int64],
) -> float | None:
    """How well boosted trees tell rows of `second` (m, d) from rows of `first` (n, d), each judged by trees that have
    seen nothing of its group (n,), (m,). None where there are too few groups to divide."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score

    rows = np.concatenate([first, second])
    kind = np.repeat([0, 1], [len(first), len(second)])
    groups = np.concatenate([first_groups, second_groups])
    judged = judgements(HistGradientBoostingClassifier(random_state=0), rows, kind, groups=groups)
    return None if judged is None else float(roc_auc_score(kind, judged[:, 1]))


def judgements(
    classifier: Any, rows: NDArray[np.floating], kind: NDArray[np.int64], *, groups: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    """The probability of each kind (0, 1, ...) for each of `rows` (n, d), cross-validated by group; (n, kinds). None
    where a kind occurs in one group only."""
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    folds = min(FOLDS, *(len(np.unique(groups[kind == one])) for one in np.unique(kind)))
    if folds < FEWEST_GROUPS:
        return None
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    judged: NDArray[np.float64] = cross_val_predict(
        classifier, rows, kind, groups=groups, cv=splitter, method="predict_proba"
    )
    return judged
