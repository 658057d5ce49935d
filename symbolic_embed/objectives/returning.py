"""Returning: does the next cell bring back an earlier one, and which?

Of each step the composer gives a score to every earlier step and one to "something new". The loss is the negative
log-likelihood of what happened: that one of the earlier cells with the same notes returns, whichever, or else that none
does,

    -log (sum over right answers of exp(score) / sum over all of exp(score)),

as in pointer networks (Vinyals and others 2015) with several right answers.
"""

from __future__ import annotations

import torch
from torch import Tensor


def returning_loss(scores: Tensor, contents: Tensor) -> Tensor:
    """The mean over tracks and steps, in nats.

    scores: (tracks, steps, steps), column s < steps - 1 for a return of the cell of step s, -inf unless s is earlier;
    the last column for something new. contents: int64 (tracks, steps), equal for cells of the same notes.
    """
    steps = contents.shape[1]
    step = torch.arange(steps, device=contents.device)
    same = (contents[:, :, None] == contents[:, None, :]) & (step < step[:, None])  # (tracks, steps, steps)
    right = same.clone()
    right[..., -1] = ~same.any(dim=-1)  # the last step cannot return to itself
    of_right = scores.masked_fill(~right, -torch.inf).logsumexp(dim=-1)
    return (scores.logsumexp(dim=-1) - of_right).mean()
