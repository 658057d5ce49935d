"""What of a piece may change."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from symbolic_embed.composing.locks import NO_LOCKS, Locks
from symbolic_embed.composing.scope import EVERYTHING, Scope


def test_a_scope_is_everything_unless_something_is_chosen_and_cannot_be_changed():
    assert Scope(None, None, NO_LOCKS) == EVERYTHING
    assert Scope(tracks=frozenset({1})) != EVERYTHING != Scope(locks=Locks(melody=True))
    with pytest.raises(FrozenInstanceError):
        EVERYTHING.tracks = frozenset()
