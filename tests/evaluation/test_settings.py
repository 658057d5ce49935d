"""What an evaluation is: tests named in any order, and what cannot be refused with the nearest that can."""

import pytest

from symbolic_embed.errors import SettingsError
from symbolic_embed.evaluation.settings import TESTS, EvaluationSettings


def test_tests_are_named_in_any_order_each_once():
    assert EvaluationSettings(tests="groups, next,groups").tests == ("next", "groups")
    assert EvaluationSettings(tests=["prior"]).tests == ("prior",)
    assert EvaluationSettings(tests=",".join(TESTS)).tests == EvaluationSettings().tests == TESTS


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"tests": "next,grups"}, "`tests` has no setting `grups`; did you mean `groups`?"),
        ({"split": "tset"}, "`split` must be 'train', 'valid' or 'test', not 'tset'"),
        ({"queries": 0}, "`queries` must be at least 1, not 0"),
        ({"querys": 5}, "EvaluationSettings has no setting `querys`; did you mean `queries`?"),
    ],
)
def test_what_cannot_be_is_refused(values, words):
    with pytest.raises(SettingsError) as caught:
        EvaluationSettings(**values)
    assert str(caught.value) == words


def test_what_was_used_starts_the_same_evaluation_again(tmp_path):
    settings = EvaluationSettings(split="valid", tests="prior,next", cells=7)
    (tmp_path / "settings.json").write_text(settings.to_json())
    assert EvaluationSettings.from_file(tmp_path / "settings.json") == settings
