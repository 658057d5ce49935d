"""Checks of written music: what was measured, the bound, whether it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Check:
    """One kind of failure: whether it `fails`, by what was `measured` and the `bound`, both None where the check does
    not apply; `part`: the part of which that is told (from 0), None where it is told of all together."""

    name: str
    measured: float | None = None
    bound: float | None = None
    fails: bool = False
    part: int | None = None

    def __str__(self) -> str:
        """As "clash 0.05, at most 0.03 wanted", where it fails."""
        if self.measured is None or self.bound is None:
            return f"{self.name} does not apply"
        side = "at least" if self.measured < self.bound else "at most"
        return f"{self.name} {self.measured:.2f}, {side} {self.bound:.2f} wanted"

    @property
    def applies(self) -> bool:
        """Whether the seed has what the check is about."""
        return self.measured is not None


@dataclass(frozen=True)
class Checks:
    """All checks of one piece of written music, in the order in which they were made."""

    checks: tuple[Check, ...]

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that fail."""
        return tuple(check for check in self.checks if check.fails)

    def record(self) -> dict[str, Any]:
        """As a record has them: the names of those that fail, and each that applies, measured beside its bound."""
        measured = {
            check.name: {
                "measured": round(check.measured or 0.0, 3),
                "bound": round(check.bound or 0.0, 3),
                "fails": check.fails,
            }
            for check in self.checks
            if check.applies
        }
        return {"failures": [check.name for check in self.failures], "checks": measured}

    def __getitem__(self, name: str) -> Check:
        """The check of a name. Raises KeyError for one that was not made."""
        return {check.name: check for check in self.checks}[name]


def below(name: str, measured: float | None, bound: float | None, *, part: int | None = None) -> Check:
    """A check that fails below its bound."""
    if measured is None or bound is None:
        return Check(name)
    return Check(name, float(measured), float(bound), bool(measured < bound), part)


def above(name: str, measured: float | None, bound: float, *, part: int | None = None) -> Check:
    """A check that fails above its bound."""
    if measured is None:
        return Check(name)
    return Check(name, float(measured), float(bound), bool(measured > bound), part)
