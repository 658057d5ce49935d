"""Returning: which earlier window is the next one like?

Each earlier window has a score, and so has "none of them". The loss is the negative log-likelihood of what happened:
that it is one of those it is likest to, whichever, or else that it is none,

    -log (sum over right answers of exp(score) / sum over all of exp(score)),

as in pointer networks (Vinyals and others 2015) with several right answers.
"""

from __future__ import annotations

import torch
from torch import Tensor


def returning_loss(scores: Tensor, right: Tensor) -> Tensor:
    """The mean over questions, in nats.

    scores: (n, earlier + 1), -inf for what cannot return, the last for none; right: bool (n, earlier), where nothing is
    right it is none.
    """
    answers = torch.cat([right, ~right.any(dim=-1, keepdim=True)], dim=-1)
    of_right = scores.masked_fill(~answers, -torch.inf).logsumexp(dim=-1)
    return (scores.logsumexp(dim=-1) - of_right).mean()
