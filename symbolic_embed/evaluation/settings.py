"""What an evaluation is: which tests, on which split, how much is asked in each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from symbolic_embed.errors import SettingsError
from symbolic_embed.settings import Settings

TESTS = ("next", "writing", "prior", "music", "probes", "groups")


def _chosen(given: Any) -> Any:
    """The tests that "next,prior" or a list names, in the order of TESTS. Raises SettingsError for an unknown one."""
    names = [name.strip() for name in (given.split(",") if isinstance(given, str) else given)]
    for name in names:
        if name not in TESTS:
            raise SettingsError.unknown(name, TESTS, where="`tests`")
    return tuple(test for test in TESTS if test in names)


class EvaluationSettings(Settings):
    """One evaluation.

    split: valid to choose among models, test for figures that are published, train to look for overfitting. tests:
    which of TESTS. queries: questions of each kind of what comes next. cells: of each role and data set, to write back.
    prior_cells: beside the prior. decoded: draws, and midpoints, to decode. probe_bars: for each probe.
    """

    split: Literal["train", "valid", "test"] = Field(
        default="test", description="valid to choose, test for published figures, train to look for overfitting."
    )
    tests: Annotated[tuple[str, ...], BeforeValidator(_chosen)] = Field(
        default=TESTS, description="Which tests: next, writing, prior, music, probes, groups."
    )
    queries: int = Field(default=1000, ge=1, description="Questions in each test of what comes next.")
    cells: int = Field(default=300, ge=1, description="Cells of each role and data set to write back.")
    prior_cells: int = Field(default=2000, ge=1, description="Cells that are held against the prior.")
    decoded: int = Field(default=1000, ge=1, description="Draws, and midpoints, to decode.")
    probe_bars: int = Field(default=3000, ge=1, description="Bars for each probe.")
