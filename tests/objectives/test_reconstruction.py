"""Reconstruction: a mean over notes, however the windows are grouped."""

import strategies
import tiny
import torch
from hypothesis import given, settings
from strategies import of_notes

from symbolic_embed.embedding.model import padded_rows
from symbolic_embed.encodings import note_rows
from symbolic_embed.objectives.reconstruction import reconstruction_losses
from symbolic_embed.training.batches import row_groups

WINDOWS = of_notes([(0, 0, 60, 12), (12, 0, 64, 40)], [], [(5, 0, 62, 3)], [(step, 0, 70, 1) for step in range(9)])


def embeddings(count):
    return torch.randn(count, 16, generator=torch.Generator().manual_seed(0))


@settings(max_examples=10)
@given(strategies.windows())
def test_grouping_changes_nothing(found):
    """Groups of equal length give the mean that one batch of all windows gives."""
    decoder = tiny.decoder()
    rows, counts = note_rows.encode(found)
    together = (torch.arange(len(found)), *padded_rows(rows, counts, longest=48))
    with torch.no_grad():
        one = reconstruction_losses(decoder, embeddings(len(found)), [together])
        several = reconstruction_losses(decoder, embeddings(len(found)), row_groups(found, longest=48))
    torch.testing.assert_close(several, one)


def test_it_is_the_mean_over_notes():
    decoder = tiny.decoder()
    groups = row_groups(WINDOWS, longest=48)
    total = sum(decoder.negative_log_likelihood(embeddings(4)[w], rows, counts)[0] for w, rows, counts in groups)
    torch.testing.assert_close(reconstruction_losses(decoder, embeddings(4), groups), total / 12)


def test_windows_without_notes_cost_their_end():
    decoder, empty = tiny.decoder(), of_notes([], [])
    onset, pitch, length = reconstruction_losses(decoder, embeddings(2), row_groups(empty, longest=48)).tolist()
    assert onset > 0
    assert (pitch, length) == (0, 0)


def test_each_window_is_written_from_its_own_embedding_and_gives_it_a_gradient():
    decoder, told = tiny.decoder(), embeddings(4).requires_grad_()
    reconstruction_losses(decoder, told, row_groups(WINDOWS, longest=48)).sum().backward()
    assert tiny.without_gradient(decoder) == []
    assert told.grad.abs().sum(dim=1).all()
    told.grad = None
    windows_of, rows, counts = row_groups(WINDOWS, longest=48)[-1]
    reconstruction_losses(decoder, told, [(windows_of, rows, counts)]).sum().backward()
    assert told.grad.abs().sum(dim=1).bool().tolist() == [index in windows_of.tolist() for index in range(4)]
