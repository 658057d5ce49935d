"""The store in memory does what every store does."""

import stores

from symbolic_embed.library.stores.memory import MemoryStore


class TestMemoryStore(stores.StoreContract):
    def empty(self, checkpoint, kinds, folder):
        return MemoryStore(checkpoint, kinds)
