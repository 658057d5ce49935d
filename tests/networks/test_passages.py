"""The passage encoder: it turns with the music, hears a passage's own bars alone, and a line by itself."""

from typing import NamedTuple

import pytest
import tiny
import torch
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.networks.passages import (
    SIZES,
    Blinding,
    CircularLinear,
    PassageEncoder,
    PassageSize,
    Unfolded,
    Unfolding,
)

SIZE = PassageSize(dim=6, roles=4, frames=2, rhythm=3, streams=2, hidden=10, channels=8, out=3)
LINES, BARS = 3, 9
CELLS = 40


def encoder(*, seed=0):
    torch.manual_seed(seed)
    network = PassageEncoder(SIZE).double()
    with torch.no_grad():
        for name, weights in network.named_parameters():
            if name.endswith(("norm.weight", "norm.bias", "first.bias")):
                weights.add_(torch.randn_like(weights) * 0.3)
    return network.eval()


class Music(NamedTuple):
    """Unfolded cells, and in which slot, line * BARS + bar, each is."""

    unfolded: Unfolded
    slots: torch.Tensor

    def vectors(self, network, *, lines=LINES, bars=BARS):
        return network(self.unfolded, slots=self.slots, lines=lines, bars=bars)

    def where(self, chosen):
        return Music(Unfolded(*(one[chosen] for one in self.unfolded)), self.slots[chosen])


def music(*, seed=1):
    """Two bars of the second line are silent."""
    random = torch.Generator().manual_seed(seed)
    frames = torch.randn(CELLS, 12, SIZE.frames * SIZE.kinds, generator=random, dtype=torch.float64)
    rhythm = torch.randn(CELLS, SIZE.rhythm, generator=random, dtype=torch.float64)
    shares = torch.rand(CELLS, SIZE.streams, generator=random, dtype=torch.float64)
    slots = torch.cat(
        [torch.arange(LINES * BARS), torch.randint(LINES * BARS, (CELLS - LINES * BARS,), generator=random)]
    )
    return Music(Unfolded(frames, rhythm, shares), torch.where((slots == 12) | (slots == 15), 3, slots))


def differs(one, other):
    """Which (lines, passages) have other vectors; of either kind, which must agree in this."""
    turning, blind = ((a - b).abs().amax(dim=-1) > 1e-9 for a, b in zip(one, other, strict=True))
    assert torch.equal(turning, blind)
    return turning


@given(st.sampled_from([2, 4, 12]), st.integers(1, 4), st.integers(1, 3), st.integers(0, 100))
def test_a_circular_layer_is_the_sum_over_distances_written_out(places, channels, out, seed):
    torch.manual_seed(seed)
    layer = CircularLinear(channels, out, places=places).double()
    torch.nn.init.normal_(layer.bias)
    features = torch.randn(2, places, channels, dtype=torch.float64)
    with torch.no_grad():
        made = layer(features)
        for place in range(places):
            expected = sum(features[:, (place + j) % places] @ layer.weights[j] for j in range(places)) + layer.bias
            torch.testing.assert_close(made[:, place], expected, atol=1e-5, rtol=1e-5)


@given(st.integers(1, 11))
def test_a_circular_layer_turns_with_its_input(by):
    layer, features = CircularLinear(4, 5, places=12), torch.randn(3, 12, 4)
    turned = layer(features.roll(by, dims=1))
    torch.testing.assert_close(turned, layer(features).roll(by, dims=1), atol=1e-5, rtol=1e-5)
    assert not torch.allclose(turned, layer(features), atol=1e-2)


def blinding(*, places=12, channels=5, out=3, seed=0):
    torch.manual_seed(seed)
    return Blinding(channels, out, places=places).double().requires_grad_(False)


def on_circle(*, places=12, channels=5, count=4, seed=1):
    random = torch.Generator().manual_seed(seed)
    return torch.randn(count, places, channels, generator=random, dtype=torch.float64)


@given(st.sampled_from([2, 4, 6, 12]), st.integers(1, 11), st.integers(0, 50))
def test_blind_under_every_turn_on_circles_of_an_even_number_of_places(places, by, seed):
    network, features = blinding(places=places, seed=seed), on_circle(places=places, seed=seed)
    made = network(features)
    assert made.shape == (4, places * 3)
    torch.testing.assert_close(network(features.roll(by, dims=1)), made, atol=1e-5, rtol=1e-4)


def test_blind_in_mixed_precision_too():
    """Waves and phases are of single precision: in bfloat16 a turn shows in the third digit."""
    network, features = blinding().float(), on_circle().float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        made = network(features)
        for by in range(1, 12):
            torch.testing.assert_close(network(features.roll(by, dims=1)), made, atol=1e-5, rtol=1e-4)
    assert made.dtype == torch.float32


def test_different_music_has_different_vectors():
    """Unlike by more than a turn: other music, its mirror image, one place louder, two places changed for each other,
    or one channel turned against the others."""
    network, features = blinding(), on_circle(count=1)
    louder, swapped, askew = features.clone(), features.clone(), features.clone()
    louder[:, 3] *= 1.5
    swapped[:, [0, 1]] = features[:, [1, 0]]
    askew[..., 0] = features[..., 0].roll(1, dims=1)
    made = network(features)
    for other in (on_circle(count=1, seed=2), features.flip(1), louder, swapped, askew):
        assert (network(other) - made).abs().max() > 1e-2


def test_blind_vectors_are_waves_counted_from_the_phase_of_a_mixture():
    """By complex numbers: the mean, then what lies along the mixture, and across it of all waves but the shortest."""
    network, features = blinding(), on_circle()
    waves = torch.fft.fft(network.mix(features), dim=1)[:, :7]  # even and minus odd part, (n, frequencies, out)
    own, other = network.reference.chunk(2, dim=-1)
    references = (waves * torch.complex(own, other)).sum(dim=-1)
    references = references / (references.abs().square() + 1e-4).sqrt()
    counted = waves * references.conj()[..., None]
    expected = [waves[:, 0].real, *counted[:, 1:].real.unbind(1), *(-counted[:, 1:6].imag).unbind(1)]
    made = network(features).unflatten(-1, (12, 3))
    for one, wanted in zip(made.unbind(1), expected, strict=True):
        torch.testing.assert_close(one, wanted, atol=1e-5, rtol=1e-4)


def test_the_first_wave_and_the_last_have_no_odd_part():
    """What is the same at all places is told by the mean alone, what alternates by the shortest wave alone."""
    network = blinding()
    network.mix.bias.zero_()
    level = torch.randn(1, 1, 5, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    flat = level.expand(-1, 12, -1)
    alternating = flat * torch.tensor([1.0, -1.0]).repeat(6)[:, None]
    for features, there in ((flat, 0), (alternating, 6)):
        made = network(features).unflatten(-1, (12, 3))[0]
        assert (made.abs().amax(dim=-1) > 1e-4).nonzero().flatten().tolist() == [there]


@pytest.mark.parametrize("by", [1, 5, 11])
def test_music_in_another_key_has_turned_vectors_and_the_same_blind_ones(by):
    network, heard = encoder(), music()
    elsewhere = Music(heard.unfolded._replace(frames=heard.unfolded.frames.roll(by, dims=1)), heard.slots)
    for before, after in zip(heard.vectors(network), elsewhere.vectors(network), strict=True):
        by_place = before.turning.unflatten(-1, (12, SIZE.out))
        torch.testing.assert_close(after.turning, by_place.roll(by, dims=-2).flatten(-2), atol=1e-5, rtol=1e-4)
        assert not torch.allclose(after.turning, before.turning, atol=1e-2)
        torch.testing.assert_close(after.blind, before.blind, atol=1e-5, rtol=1e-4)


def test_vectors_are_of_length_one_a_passage_from_each_bar_on():
    found = music().vectors(encoder())
    assert len(found) == len(SIZES) == 3
    for bars, vectors in zip(SIZES, found, strict=True):
        assert vectors.turning.shape == (LINES, BARS - bars + 1, 12 * SIZE.out)
        assert vectors.blind.shape == (LINES, BARS - bars + 1, 12 * SIZE.out)
        for kind in vectors:
            torch.testing.assert_close(kind.square().sum(dim=-1), torch.ones_like(kind[..., 0]))


@pytest.mark.parametrize(("bars", "sizes"), [(2, [1]), (3, [2]), (4, [3, 1]), (7, [6, 4]), (8, [7, 5, 1])])
def test_only_sizes_that_fit_are_there(bars, sizes):
    heard = music().where(music().slots < bars)
    assert [vectors.blind.shape[1] for vectors in heard.vectors(encoder(), lines=1, bars=bars)] == sizes


@pytest.mark.parametrize("bar", [0, 4, 8])
def test_a_passage_depends_on_its_own_bars_alone(bar):
    """One bar of the last line is changed: in frames, in rhythm, or in how much goes into which stream."""
    network, heard = encoder(), music()
    cell = heard.slots == (LINES - 1) * BARS + bar
    for name in Unfolded._fields:
        changed = getattr(heard.unfolded, name).clone()
        changed[cell] = changed[cell].flip(-1) + 0.5
        after = Music(heard.unfolded._replace(**{name: changed}), heard.slots).vectors(network)
        for size, before, now in zip(SIZES, heard.vectors(network), after, strict=True):
            expected = torch.zeros(LINES, BARS - size + 1, dtype=torch.bool)
            expected[-1, max(bar - size + 1, 0) : bar + 1] = True
            assert torch.equal(differs(before, now), expected)


def test_a_line_alone_and_bars_alone_have_the_vectors_they_have_among_others():
    network, heard = encoder(), music()
    together = heard.vectors(network)
    for line in range(LINES):
        mine = heard.where(heard.slots // BARS == line)
        alone = mine._replace(slots=mine.slots - line * BARS).vectors(network, lines=1)
        for size, all_lines in zip(alone, together, strict=True):
            for one, among in zip(size, all_lines, strict=True):
                torch.testing.assert_close(one[0], among[line])
    middle = heard.where((heard.slots >= 2) & (heard.slots < 6))
    (_, four) = middle._replace(slots=middle.slots - 2).vectors(network, lines=1, bars=4)
    torch.testing.assert_close(four.blind[0, 0], together[1].blind[0, 2])


def test_the_order_of_the_cells_does_not_matter():
    network, heard = encoder(), music()
    shuffled = heard.where(torch.randperm(CELLS, generator=torch.Generator().manual_seed(3)))
    for before, after in zip(heard.vectors(network), shuffled.vectors(network), strict=True):
        torch.testing.assert_close(after.turning, before.turning)


def test_the_order_of_the_bars_does():
    network, heard = encoder(), music()
    swapped = torch.where(heard.slots == 0, 1, torch.where(heard.slots == 1, 0, heard.slots))
    after = heard._replace(slots=swapped).vectors(network)
    assert all(differs(*both)[0, 0] for both in zip(heard.vectors(network), after, strict=True))


def test_streams_are_what_sounds_summed_by_shares():
    """By loops; frames of a stream have length one on average over the places, and a silent slot nothing at all."""
    network, heard = encoder(), music()
    found = network.streams(heard.unfolded, slots=heard.slots, count=LINES * BARS)
    of_frames = SIZE.frames * SIZE.kinds
    assert found.shape == (LINES * BARS, 12, SIZE.streams * (of_frames + SIZE.rhythm))
    for slot in range(LINES * BARS):
        mine = heard.where(heard.slots == slot)
        frames, rhythm = found[slot].split([SIZE.streams * of_frames, SIZE.streams * SIZE.rhythm], dim=1)
        for stream in range(SIZE.streams):
            shares = mine.unfolded.shares[:, stream]
            summed = (mine.unfolded.frames * shares[:, None, None]).sum(dim=0)
            length = (summed.square().sum() + 1e-4).sqrt()
            part = frames[:, stream * of_frames : (stream + 1) * of_frames]
            torch.testing.assert_close(part, summed / length * 12**0.5)
            beaten = (mine.unfolded.rhythm * shares[:, None]).sum(dim=0)
            part = rhythm[:, stream * SIZE.rhythm : (stream + 1) * SIZE.rhythm]
            torch.testing.assert_close(part, beaten.expand(12, -1))
        assert found[slot].any() == (slot not in (12, 15))


def test_unfolding_knows_the_role_and_gives_shares_between_nothing_and_all():
    torch.manual_seed(0)
    unfolding, cells = Unfolding(SIZE), torch.randn(1, 6).expand(4, -1)
    unfolded = unfolding(cells, torch.arange(4))
    assert [tuple(one.shape) for one in unfolded] == [(4, 12, 4), (4, 3), (4, 2)]
    assert ((unfolded.shares > 0) & (unfolded.shares < 1)).all()
    for one in unfolded:
        assert len(one.flatten(1).unique(dim=0)) == 4


def test_a_gradient_reaches_every_parameter_and_is_a_number():
    """Also of a line in which nothing sounds."""
    network = encoder().float()
    random = torch.Generator().manual_seed(0)
    unfolded = network.unfolding(torch.randn(20, 6, generator=random), torch.arange(20) % 4)
    vectors = network(unfolded, slots=torch.arange(20) % BARS, lines=2, bars=BARS)
    sum((kind * torch.randn(kind.shape, generator=random)).sum() for size in vectors for kind in size).backward()
    assert tiny.without_gradient(network) == []
    assert all(torch.isfinite(weights.grad).all() for weights in network.parameters())
