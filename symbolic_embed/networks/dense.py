"""A dense layer for few rows, called from NumPy: the product is torch's, in the number of threads that torch has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float32]

FEWEST_ROWS = 4  # products of one to three rows are computed in another order than those of more


@dataclass(frozen=True, eq=False)
class Dense:
    """Bias (out,) and weights (in, out): `addmm` takes half the time of `linear`. fewest: fewer rows than these are
    filled up, by some of them again."""

    bias: Tensor
    weights: Tensor
    fewest: int = 1

    def __call__(self, features: Floats) -> Floats:
        """Features (rows, in) to (rows, out)."""
        count = len(features)
        if count < self.fewest:
            features = features[np.arange(self.fewest) % count]
        product: Floats = torch.addmm(self.bias, torch.from_numpy(features), self.weights).numpy()
        return product[:count]

    @classmethod
    def of(cls, layer: torch.nn.Linear, *, fewest: int) -> Dense:
        """That of a finished layer."""
        return cls(layer.bias, layer.weight.T.contiguous(), fewest)

    def columns(self, chosen: slice) -> Dense:
        """The same for some of what comes out."""
        return Dense(self.bias[chosen], self.weights[:, chosen], self.fewest)
