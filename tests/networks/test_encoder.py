"""Encoders: bags against a dense layer over the roll, and an embedding that depends on its window alone."""

from dataclasses import replace

import naive
import numpy as np
import pytest
import strategies
import tiny
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import of_notes

from symbolic_embed.bars import Windows
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.embedding.model import encoder_input
from symbolic_embed.encodings import events
from symbolic_embed.networks.encoder import Tokens

BOTH = pytest.mark.parametrize("kind", [tiny.PIANOROLL, tiny.EVENTS], ids=lambda kind: kind.representation)
CHORDS = of_notes(
    [(0, 0, 60, 12), (12, 0, 64, 40), (30, DRUM, 36, 3)],
    [],
    [(0, HELD, 50, 20), (1, 0, 52, 1), (46, 0, 90, 2)],
    [(step, 0, 40 + step, 3) for step in range(48)],
)


def embedded(encoder, windows, kind):
    with torch.no_grad():
        return encoder(encoder_input(windows, representation=kind.representation))


@BOTH
@settings(max_examples=12)
@given(strategies.windows(most=5), st.randoms())
def test_an_embedding_does_not_depend_on_the_batch(kind, windows, random):
    """Neither on the order, nor on how many windows there are, nor on how long the others' sequences are."""
    encoder = tiny.encoder(kind)
    together = embedded(encoder, windows, kind)
    order = list(range(len(windows)))
    random.shuffle(order)
    shuffled = embedded(encoder, windows.where(np.array(order)), kind)
    torch.testing.assert_close(shuffled, together[order], atol=1e-5, rtol=0)
    alone = torch.cat([embedded(encoder, windows.where(np.array([index])), kind) for index in order])
    torch.testing.assert_close(alone, together[order], atol=1e-5, rtol=0)
    with_long = embedded(encoder, Windows.concatenated([windows, CHORDS]), kind)
    torch.testing.assert_close(with_long[: len(windows)], together, atol=1e-5, rtol=0)


@BOTH
def test_embeddings_lie_on_the_sphere_also_of_nothing(kind):
    vectors = embedded(tiny.encoder(kind), CHORDS, kind)
    assert vectors.shape == (4, 16)
    torch.testing.assert_close(vectors.square().sum(dim=1), torch.full((4,), 16.0))
    assert len(torch.unique(vectors, dim=0)) == 4


@BOTH
def test_without_bounds_embeddings_lie_anywhere_in_the_same_directions(kind):
    on_sphere = embedded(tiny.encoder(kind), CHORDS, kind)
    anywhere = embedded(tiny.encoder(kind.model_copy(update={"bounded": False})), CHORDS, kind)
    lengths = anywhere.norm(dim=1, keepdim=True)
    assert lengths.std() > 0.01
    torch.testing.assert_close(anywhere / lengths * 4, on_sphere)


@BOTH
def test_points_are_brought_to_the_sphere_and_then_standardised(kind):
    encoder = tiny.encoder(kind)
    points = embedded(encoder, CHORDS, kind)
    standard = encoder.trunk.standard
    standard.mean.copy_(torch.linspace(-0.5, 0.5, 16))
    standard.deviation.copy_(torch.linspace(0.5, 1.5, 16))
    torch.testing.assert_close(embedded(encoder, CHORDS, kind), standard(points))


@settings(max_examples=15)
@given(strategies.windows(most=4))
def test_what_enters_the_trunk_is_a_dense_layer_over_the_planes(windows):
    """Every onset at its own place in its frame, everything that sounds on, and where in the window the frame is."""
    windows = windows.keeping(_no_pitch_sounds_twice(windows))
    encoder = tiny.encoder()
    entered = []
    encoder.trunk.register_forward_pre_hook(lambda _, inputs: entered.append(inputs[0]))
    embedded(encoder, windows, tiny.PIANOROLL)
    tables = {
        "onset_table": encoder.onset_table.weight.detach().double().numpy(),
        "sounding_table": encoder.sounding_table.weight.detach().double().numpy(),
    }
    expected = torch.from_numpy(naive.dense_frames(windows, **tables)) + encoder.places
    expected = expected + encoder.lengths.weight.detach()[windows.steps][:, None]
    torch.testing.assert_close(entered[0].double(), expected.double(), atol=1e-4, rtol=0)


def _no_pitch_sounds_twice(windows):
    """The first note of each pitch in each window: the planes cannot show that a pitch sounds twice at once."""
    seen = set()
    keep = []
    for place in zip(windows.note_window.tolist(), windows.pitch.tolist(), windows.flags & DRUM, strict=True):
        keep.append(place not in seen)
        seen.add(place)
    return np.array(keep, bool)


@BOTH
def test_a_gradient_reaches_every_parameter(kind):
    encoder = tiny.encoder(kind)
    vectors = encoder(encoder_input(CHORDS, representation=kind.representation))
    (vectors * torch.randn(vectors.shape, generator=torch.Generator().manual_seed(0))).sum().backward()
    assert tiny.without_gradient(encoder) == []


@BOTH
def test_the_length_of_a_window_counts_where_the_encoder_is_conditioned_on_it(kind):
    """A dotted half note in 4/4, in 3/4, and alone in a longer silence."""
    windows = replace(of_notes(*[[(0, 0, 60, 36)]] * 3), steps=np.array([48, 36, 48]))
    conditioned = embedded(tiny.encoder(kind), windows, kind)
    assert not torch.allclose(conditioned[0], conditioned[1], atol=0.1)
    torch.testing.assert_close(conditioned[0], conditioned[2])
    without = embedded(tiny.encoder(kind.model_copy(update={"metre": False})), windows, kind)
    torch.testing.assert_close(without, without[:1].expand(3, -1))


def test_padding_says_nothing_and_learns_nothing():
    encoder = tiny.encoder(tiny.EVENTS)
    numbers, counts = (torch.from_numpy(part) for part in events.encode(CHORDS))
    steps = torch.from_numpy(CHORDS.steps)
    longer = torch.nn.functional.pad(numbers, (0, 30), value=events.PADDING)
    torch.testing.assert_close(
        encoder(Tokens(longer, counts, steps)), encoder(Tokens(numbers, counts, steps)), atol=1e-5, rtol=0
    )
    encoder(Tokens(longer, counts, steps))[:, 0].sum().backward()
    assert not encoder.table.weight[events.PADDING].any()
    assert not encoder.table.weight.grad[events.PADDING].any()


def test_the_place_of_an_onset_matters_even_within_a_frame():
    near = of_notes([(0, 0, 60, 3)], [(1, 0, 60, 3)], [(0, 0, 60, 4)], [(0, 0, 61, 3)], [(0, DRUM, 60, 3)])
    for kind in (tiny.PIANOROLL, tiny.EVENTS):
        assert len(torch.unique(embedded(tiny.encoder(kind), near, kind), dim=0)) == 5
