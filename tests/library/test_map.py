"""A collection as a map: from files and from a store alike, with words from the facts."""

import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.library.building import build
from symbolic_embed.library.map import mapped
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import MapRequest
from symbolic_embed.score import Score

BAND = {f"set/{seed % 2}/{seed}.mid": cut(pieces.piece(seed, bars=3)) for seed in range(6)}


def test_every_piece_is_a_point_and_its_nearest_is_named(embedder_with_passages):
    twins = {**BAND, "set/0/twin.mid": BAND["set/0/4.mid"]}
    drawn = mapped(twins.items(), embedder_with_passages, MapRequest())
    assert [point.path for point in drawn.points] == list(twins)
    by_path = {point.path: point for point in drawn.points}
    assert by_path["set/0/4.mid"].nearest == "set/0/twin.mid"
    assert by_path["set/0/twin.mid"].nearest == "set/0/4.mid"
    assert (by_path["set/0/4.mid"].x, by_path["set/0/4.mid"].y) == (
        by_path["set/0/twin.mid"].x,
        by_path["set/0/twin.mid"].y,
    )
    assert {point.group for point in drawn.points} == {"0", "1"}
    assert mapped(twins.items(), embedder_with_passages, MapRequest()).as_dict() == drawn.as_dict()


def test_a_store_has_the_same_map(embedder_with_passages):
    store = MemoryStore(embedder_with_passages.embedding_hash, frozenset({"bars", "passages"}))
    build(BAND.items(), embedder_with_passages, store)
    from_store = mapped(store, embedder_with_passages, MapRequest())
    assert from_store.as_dict() == mapped(BAND.items(), embedder_with_passages, MapRequest()).as_dict()


@pytest.mark.parametrize(("colour", "word"), [("metre", "4/4"), ("role", "melody, bass, chords, drums")])
def test_points_have_words_from_the_facts(embedder, colour, word):
    drawn = mapped(BAND.items(), embedder, MapRequest(colour=colour))
    assert {", ".join(sorted(point.group.split(", "))) for point in drawn.points} == {
        ", ".join(sorted(word.split(", ")))
    }


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_pieces_and_silent_ones_have_a_map(embedder_with_passages, count):
    silent = {f"{number}.mid": cut(Score(480)) for number in range(count)}
    drawn = mapped(silent.items(), embedder_with_passages, MapRequest())
    assert [(point.x, point.y, point.is_odd) for point in drawn.points] == [(0.0, 0.0, False)] * count
    assert [point.nearest for point in drawn.points] == {0: [], 1: [None], 2: ["1.mid", "0.mid"]}[count]
