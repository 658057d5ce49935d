"""A finished encoder that multiplies in bfloat16, where the processor does so faster.

What is summed up before the trunk stays in float32, and so do the embeddings: only what happens to frames is rounded
to the eight binary digits of bfloat16.
"""

from __future__ import annotations

from copy import deepcopy

from torch import Tensor

from symbolic_embed.networks.blocks import on_sphere
from symbolic_embed.networks.encoder import Encoder, Trunk


class RoundedTrunk(Trunk):
    """A copy of a trunk in bfloat16 that takes and gives float32."""

    def __init__(self, trunk: Trunk) -> None:
        super().__init__()
        self.trunk = deepcopy(trunk)
        self.standard, self.trunk.standard = self.trunk.standard, None
        self.trunk.bfloat16()

    def forward(self, frames: Tensor) -> Tensor:
        """Embeddings (batch, dim); what brings them to the sphere is computed in float32, else they lie beside it."""
        vectors: Tensor = self.trunk(frames.bfloat16()).float()
        if self.standard is None:
            return vectors
        embeddings: Tensor = self.standard(on_sphere(vectors))
        return embeddings


def rounded_encoder(encoder: Encoder) -> Encoder:
    """A copy of an encoder whose trunk multiplies in bfloat16. Not to be trained."""
    copy = deepcopy(encoder)
    copy.trunk = RoundedTrunk(copy.trunk)
    return copy.eval().requires_grad_(False)
