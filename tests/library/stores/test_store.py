"""What counts as a store."""

from symbolic_embed.library.stores import MemoryStore, Store


def test_a_list_of_pieces_is_no_store():
    assert not isinstance([("a.mid", None)], Store)
    assert not isinstance(iter([]), Store)
    assert isinstance(MemoryStore("a", frozenset()), Store)
