"""New parts beside given ones: each failure on both sides of its bound, and which of several are kept."""

import pytest
from stretches import stretch

from symbolic_embed.composing.fitting import (
    NEIGHBOURS,
    ON_ROOTS,
    best_accompaniments,
    failures_of_accompaniment,
    regularity,
)

CHORDS = ["0:60,64,67:16", "0:65,69,72:16", "0:67,71,74:16", "0:60,64,67:16"]  # C, F, G, C
ROOTS = ["0:36:4", "0:41:4", "0:43:4", "0:36:4"]
ROCK = "0:36,42 4:38,42 8:36,42 12:38,42"
OTHER = "2:36 3:46 7:36 11:38"


def accompanied(*, bass=("",) * 4, drums=("",) * 4):
    return stretch(CHORDS, bass, drums, drums=[2])


def check(name, **parts):
    together = accompanied(**parts)
    return failures_of_accompaniment(stretch(CHORDS), together, roles={1: "bass", 2: "drums"})[name]


@pytest.mark.parametrize(
    ("bass", "share"), [(ROOTS, 1.0), ([*ROOTS[:2], "0:36", "0:43"], 0.5), (["0:43", "0:43", "0:36", "0:43"], 0.0)]
)
def test_a_bass_begins_bars_on_the_root_of_what_is_given(bass, share):
    found = check("roots", bass=bass)
    assert (found.measured, found.bound, found.fails) == (share, ON_ROOTS, share < ON_ROOTS)


def test_a_bass_that_begins_no_bar_is_not_judged_by_its_roots():
    assert not check("roots", bass=["4:36"] * 4).applies
    assert not check("roots", drums=[ROCK] * 4).applies


@pytest.mark.parametrize(("drums", "fails"), [([ROCK] * 4, False), ([ROCK, OTHER] * 2, True)])
def test_drums_play_a_groove(drums, fails):
    found = check("groove", drums=drums)
    assert (found.bound, found.fails) == (NEIGHBOURS, fails)


def test_drums_that_were_given_are_no_matter():
    """What is counted is what is new."""
    given = stretch(CHORDS, [ROCK, OTHER] * 2, drums=[1])
    together = stretch(CHORDS, [ROCK, OTHER] * 2, ROOTS, drums=[1])
    assert not failures_of_accompaniment(given, together, roles={2: "bass"})["groove"].applies


def test_what_clashes_with_the_given_parts_fails():
    assert check("clash", bass=["0:35:16", "0:40:16", "0:42:16", "0:35:16"]).fails
    assert not check("clash", bass=ROOTS).fails


def test_those_with_the_fewest_failures_are_kept_and_of_equals_those_that_return_as_what_is_given_does():
    """Of the four chords one returns: so of the bars of the bass one may."""
    wrong, same, like = ["0:43", "0:43", "0:36", "0:43"], ["0:36"] * 4, ROOTS
    drawn = [accompanied(bass=bass) for bass in (wrong, same, like)]
    kept = best_accompaniments(stretch(CHORDS), drawn, roles={1: "bass"}, keep=2, beat=4)
    assert [(take.number, take.rank, take.drawn) for take in kept] == [(3, 1, 3), (2, 2, 3)]
    assert kept[0].new_cells == 0.75


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"bass": ROOTS}, 1.0),
        ({"bass": [*ROOTS[:2], "4:43:4", "4:36:4"]}, 0.5),  # a bar that the bass does not begin is not on its root
        ({"drums": [ROCK] * 4}, (0.79 + 1) / 2),  # the same bar again is more alike than neighbours are
        ({"drums": ["0:36 4:38 6:38 10:38 12:38"] * 4}, (0.79 + 0.5) / 2),  # half of its snares on the backbeat
        ({"bass": ROOTS, "drums": ["0:36 8:36"] * 4}, (1 + 0.79 + 0) / 3),
        ({}, 0.0),
    ],
)
def test_regular_are_roots_a_groove_that_repeats_as_grooves_do_and_a_clear_backbeat(parts, expected):
    roles = {1: "bass"} if "bass" in parts else {}
    roles |= {2: "drums"} if "drums" in parts else {}
    assert regularity(stretch(CHORDS), accompanied(**parts), roles=roles, beat=4) == pytest.approx(expected)


def test_what_is_likelier_may_be_less_regular():
    """Of two grooves, by which of them is found likelier, and by how much."""
    drawn = [accompanied(drums=[bar] * 4) for bar in ("0:36 8:36", ROCK)]
    roles, given = {2: "drums"}, stretch(CHORDS)
    kept = [
        best_accompaniments(given, drawn, roles=roles, keep=1, beat=4, nats=nats)[0].number
        for nats in ([1.0, 1.0], [1.0, 0.5], [1.0, 3.0])
    ]
    assert kept == [2, 2, 1]


def test_of_equals_the_more_regular_is_kept():
    drawn = [accompanied(drums=[bar] * 4) for bar in ("0:36 8:36", ROCK, "0:38 4:38 8:38 12:38")]
    kept = best_accompaniments(stretch(CHORDS), drawn, roles={2: "drums"}, keep=3, beat=4)
    assert [take.number for take in kept] == [2, 3, 1]
    waltz = best_accompaniments(stretch(CHORDS), drawn, roles={2: "drums"}, keep=3, beat=16)
    assert [take.number for take in waltz] == [1, 2, 3]
