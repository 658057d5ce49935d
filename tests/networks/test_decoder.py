"""The decoder's likelihood, fast and all at once, against a loop that reads everything anew for each note."""

import naive
import numpy as np
import pytest
import strategies
import tiny
import torch
from hypothesis import given, settings

from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.blocks import on_sphere


def likelihood(decoder, embeddings, rows):
    """Of windows given as lists of notes; the padding is nonsense that must not matter."""
    counts = torch.tensor([len(notes) for notes in rows])
    padded = torch.full((len(rows), int(counts.max()), 3), 7)
    for window, notes in enumerate(rows):
        padded[window, : len(notes)] = torch.tensor(notes).view(-1, 3)
    return decoder.negative_log_likelihood(embeddings, padded, counts)


@settings(max_examples=10)
@given(strategies.windows(most=4))
def test_the_likelihood_is_that_of_one_note_after_the_other(windows):
    decoder = tiny.decoder(wildness=1.5)
    rows, counts = note_rows.encode(windows)
    lists = [window.tolist() for window in np.split(rows, np.cumsum(counts)[:-1])]
    embeddings = on_sphere(torch.randn(len(lists), 16, generator=torch.Generator().manual_seed(0)))
    with torch.no_grad():
        found, notes = likelihood(decoder, embeddings, lists)
        expected = [naive.note_log_likelihood(decoder, *pair) for pair in zip(embeddings, lists, strict=True)]
    assert notes == sum(map(len, lists))
    torch.testing.assert_close(found, -torch.tensor(expected).sum(dim=0), atol=1e-3, rtol=1e-4)


def test_the_likelihood_of_each_window_is_that_of_it_alone():
    decoder = tiny.decoder(wildness=1.5)
    told = [[[0, 60, 5], [0, 64, 5], [12, 60, 3]], [], [[7, 40, 0]]]
    embeddings = on_sphere(torch.randn(3, 16, generator=torch.Generator().manual_seed(0)))
    padded = torch.tensor([notes + [[0, 0, 0]] * (3 - len(notes)) for notes in told])
    with torch.no_grad():
        found = decoder.nats_of_each(embeddings, padded, torch.tensor([3, 0, 1]))
        alone = [likelihood(decoder, embeddings[[row]], [notes])[0].sum() for row, notes in enumerate(told)]
    torch.testing.assert_close(found, torch.stack(alone))


def test_probabilities_of_all_choices_sum_to_one():
    """All pitches at one onset; all lengths of one pitch; all first onsets, the end among them."""
    decoder, embedding = tiny.decoder(wildness=2.0), on_sphere(torch.randn(1, 16))

    def probability(rows):
        """Of each choice of each window."""
        with torch.no_grad():
            losses = [likelihood(decoder, embedding, [notes])[0] for notes in rows]
        return torch.exp(-torch.stack(losses))  # (windows, 3)

    assert float(probability([[[5, pitch, 0]] for pitch in range(256)])[:, 1].sum()) == pytest.approx(1, abs=1e-4)
    assert float(probability([[[5, 9, length]] for length in range(57)])[:, 2].sum()) == pytest.approx(1, abs=1e-4)
    with torch.no_grad():
        shares = naive.NextNote(decoder, embedding[0], []).of_onset().softmax(0)
    assert float(probability([[]])[0, 0]) == pytest.approx(float(shares[-1]), abs=1e-4)


def test_a_gradient_reaches_every_parameter_and_the_embedding():
    decoder = tiny.decoder()
    embeddings = torch.randn(2, 16, requires_grad=True)
    parts, _ = likelihood(decoder, embeddings, [[[0, 60, 3], [9, 200, 2]], [[47, 1, 56]]])
    parts.sum().backward()
    assert tiny.without_gradient(decoder) == []
    assert embeddings.grad.abs().sum(dim=1).all()


def test_each_choice_teaches_what_it_was_made_from():
    """The gradient of each part alone is the slope of that part: nothing on its way to the embedding is cut off."""
    decoder = tiny.decoder(wildness=1.5).double()
    embeddings = torch.randn(2, 16, dtype=torch.float64, requires_grad=True)
    rows = [[[0, 60, 3], [9, 200, 2]], [[47, 1, 56]]]
    assert torch.autograd.gradcheck(lambda vectors: likelihood(decoder, vectors, rows)[0], (embeddings,))


def test_standardised_embeddings_are_read_as_the_points_they_stand_for():
    decoder = tiny.decoder()
    points = on_sphere(torch.randn(2, 16, generator=torch.Generator().manual_seed(1)))
    rows = [[[0, 60, 3], [9, 62, 2]], [[47, 1, 56]]]
    with torch.no_grad():
        plain = likelihood(decoder, points, rows)[0]
        decoder.standard.fit(on_sphere(torch.randn(500, 16) + torch.linspace(-0.5, 0.5, 16)))
        embeddings = decoder.standard(points)
        assert not torch.allclose(embeddings, points, atol=0.1)
        torch.testing.assert_close(likelihood(decoder, embeddings, rows)[0], plain, atol=1e-3, rtol=1e-4)


def test_windows_do_not_see_each_other():
    decoder, embeddings = tiny.decoder(), torch.randn(2, 16)
    rows = [[[0, 60, 3], [9, 62, 2]], [[47, 1, 56]]]
    both = likelihood(decoder, embeddings, rows)[0]
    each = [likelihood(decoder, embeddings[i : i + 1], rows[i : i + 1])[0] for i in range(2)]
    torch.testing.assert_close(both, sum(each))
