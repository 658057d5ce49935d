"""Requests for what is known of music: what can be chosen, and what does not go together."""

import pytest

from symbolic_embed.errors import SettingsError
from symbolic_embed.requests import CompareRequest, EmbedRequest, FindRequest, RankRequest, ReconstructRequest


def refusal(kind, **values):
    with pytest.raises(SettingsError) as caught:
        kind(**values)
    return str(caught.value)


@pytest.mark.parametrize("kind", [RankRequest, FindRequest])
def test_the_first_so_many_are_one_or_more(kind):
    assert kind(top=1).top == 1
    assert refusal(kind, top=0) == "`top` must be at least 1, not 0"


@pytest.mark.parametrize(
    ("kind", "name", "known"),
    [
        (CompareRequest, "metric", "'euclidean' or 'cosine'"),
        (CompareRequest, "by", "'all', 'passages', 'bars', 'harmony', 'melody' or 'rhythm'"),
        (RankRequest, "level", "'piece' or 'bar'"),
        (EmbedRequest, "level", "'bar', 'cell' or 'passage'"),
        (EmbedRequest, "precision", "'auto', 'float32', 'bfloat16' or 'float16'"),
    ],
)
def test_words_are_those_that_are_known(kind, name, known):
    for word in known.replace(" or ", ", ").split(", "):
        assert getattr(kind(**{name: word.strip("'")}), name) == word.strip("'")
    assert refusal(kind, **{name: "half"}) == f"`{name}` must be {known}, not 'half'"


def test_bars_have_no_parts_to_tell_of():
    assert RankRequest(level="bar").why is False
    assert RankRequest(why=True).level == "piece"
    with pytest.raises(SettingsError, match=r"^`why` with `level` bar: bars have no parts to tell of") as caught:
        RankRequest(level="bar", why=True)
    assert caught.value.field == "why"


@pytest.mark.parametrize("by", ["all", "bars"])
def test_bars_are_ranked_by_their_embeddings(by):
    assert RankRequest(level="bar", by=by).by == by
    with pytest.raises(SettingsError, match=r"^`by` rhythm with `level` bar: single bars are ranked by") as caught:
        RankRequest(level="bar", by="rhythm")
    assert caught.value.field == "by"


@pytest.mark.parametrize("kind", [RankRequest, FindRequest])
def test_tracks_are_numbers_and_names(kind):
    assert kind(tracks="0,Lead").tracks == (0, "Lead")
    assert kind().tracks is None


def test_ranking_is_asked_for_as_comparing_is():
    assert RankRequest(metric="cosine", transpose=True).metric == CompareRequest(metric="cosine").metric


def test_of_reconstructing_only_the_reading_can_be_chosen():
    assert (
        refusal(ReconstructRequest, level="bar")
        == "reconstruct has no setting `level`; known are `join_channels`, `roles`"
    )
