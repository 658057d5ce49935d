"""What can be asked of a watched folder is what its verbs can be asked."""

import pytest

from symbolic_embed.errors import SettingsError
from symbolic_embed.requests import AccompanyRequest, ComposeRequest, VaryRequest, WatchRequest


def test_each_verb_is_asked_for_what_it_knows():
    asked = WatchRequest(count=3, change="bass=.1,.4", keep="drums", random_seed=5, new_bars=2, humanise=0.5)
    assert asked.varying == VaryRequest(count=3, change="bass=.1,.4", keep="drums", random_seed=5, humanise=0.5)
    assert asked.composing == ComposeRequest(bars=2, variations=3, random_seed=5, humanise=0.5)
    assert asked.accompanying == AccompanyRequest(variations=3, random_seed=5, humanise=0.5)


def test_verbs_are_words_or_none():
    assert WatchRequest().verbs == ("vary",)
    assert WatchRequest(verbs="vary, compose,vary").verbs == ("vary", "compose")
    assert WatchRequest(verbs="none").verbs == ()
    with pytest.raises(SettingsError, match=r"^`verbs` must be 'vary', 'compose' or 'accompany', not 'sing'$"):
        WatchRequest(verbs="sing")
