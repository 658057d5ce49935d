"""What is said of a piece in a word."""

import pytest
from composers import band_seed

from symbolic_embed.bars import cut
from symbolic_embed.library.facts import facts_of, main_key, main_metre, meant, opening_tempo
from symbolic_embed.requests.where import FIELDS, Where
from symbolic_embed.score import KeySignature, Notes, Score, Tempo, TimeSignature, Track

TUNE = Track(Notes.of([480 * n for n in range(12)], [480] * 12, [60, 64, 67] * 4, [90] * 12))


def piece(**values):
    return cut(Score(480, (TUNE,), **values))


def test_every_field_that_can_be_asked_for_is_known():
    facts = facts_of("band.mid", band_seed().barred)
    assert facts.keys() == FIELDS.keys()
    for field, values in facts.items():
        assert isinstance(values(), list), field


def test_the_metre_is_that_of_most_bars_and_the_tempo_that_of_the_first_note():
    barred = piece(
        time_signatures=(TimeSignature(0, 4, 4), TimeSignature(1920, 3, 4)),
        tempi=(Tempo(0, 600_000), Tempo(480, 500_000)),
    )
    assert (main_metre(barred), opening_tempo(barred)) == ("3/4", 100.0)
    assert opening_tempo(piece()) == 120.0


def test_the_key_is_the_first_that_is_named_else_the_likeliest():
    named = piece(key_signatures=(KeySignature(0, -3, minor=True), KeySignature(960, 0, minor=False)))
    assert (main_key(named), main_key(piece())) == ("C minor", "C major")
    assert facts_of("a", named)["named_key"]() == ["C minor", "C major"]
    assert facts_of("a", piece())["named_key"]() == []


@pytest.mark.parametrize(("text", "paths"), [("metre=4/4", ["a", "b"]), ("path=b", ["b"]), ("drums", [])])
def test_those_that_are_meant(text, paths):
    pieces = [("a", piece()), ("b", piece())]
    assert [path for path, _ in meant(pieces, Where.of(text))] == paths
    assert [path for path, _ in meant(pieces, None)] == ["a", "b"]
