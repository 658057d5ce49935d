"""What survives: nothing is lost by a model that keeps everything, and each set counts as much as another."""

import numpy as np
import pieces
import pytest
from evaluation.models import PerfectModel

from symbolic_embed.bars import ROLES, class_name
from symbolic_embed.evaluation.subject import Subject
from symbolic_embed.evaluation.writing_back import MEASURES, writing_back_rows, written_back


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("writing"), count=6)


class Forgetful(PerfectModel):
    """Loses every window of the set that it is shown second."""

    shown = 0

    def decode(self, embeddings, rules, *, choice=None):
        self.shown += 1
        everything = super().decode(embeddings, rules)
        return everything.keeping(np.full(len(everything.pitch), self.shown < 2))


@pytest.mark.parametrize("role", ROLES)
def test_a_model_that_keeps_everything_is_perfect(corpus, role):
    rows = list(writing_back_rows(Subject(PerfectModel(), corpus, "train"), role=role, per_set=5))
    expected = [(who, measure, 1.0, 10) for who in ("model", "model, corrected") for measure in MEASURES]
    assert [(row.who, row.measure, row.value, row.sample) for row in rows] == expected
    assert {row.test for row in rows} == {f"reconstruction, {class_name(role)}"}


def test_figures_are_means_over_sets(corpus):
    found = writing_back_rows(Subject(Forgetful(), corpus, "train"), role="melody", per_set=50)
    rows = {row.measure: row for row in found if row.who == "model"}
    assert rows["recall"].value == rows["F1, onset and pitch"].value == 0.5
    assert rows["recall"].error == pytest.approx(0.5)


def test_as_many_cells_of_each_set_and_of_the_role_alone(corpus):
    seen = []

    class Watching(PerfectModel):
        def decode(self, embeddings, rules, *, choice=None):
            assert rules.drums.all()
            seen.append(self.windows)
            return super().decode(embeddings, rules)

    counts = written_back(Subject(Watching(), corpus, "train"), role="drums", per_set=4)
    assert {name: one.windows for name, one in counts.items()} == {"even": 4, "odd": 4}
    assert all((windows.flags == 1).all() for windows in seen)


def test_a_role_that_the_split_lacks_has_no_row(tmp_path):
    corpus = pieces.band_corpus(tmp_path)
    table = corpus.cells
    table.role[table.role == ROLES.index("bass")] = ROLES.index("melody")
    assert list(writing_back_rows(Subject(PerfectModel(), corpus, "train"), role="bass", per_set=4)) == []
