"""The encoder of recordings."""

from __future__ import annotations

import torch
from tiny import without_gradient

from symbolic_embed.networks.blocks import NetworkSize
from symbolic_embed.networks.sound import Frames, SoundNetworks

SIZE = NetworkSize(frames=16, channels=8, dim=12)


def networks() -> SoundNetworks:
    torch.manual_seed(0)
    return SoundNetworks(SIZE, features=5, longest=48, audible=6)


def frames(count: int = 4) -> Frames:
    torch.manual_seed(1)
    return Frames(torch.randn(count, 16, 5), torch.tensor([48, 36, 24, 48])[:count])


def test_embeddings_and_what_is_heard_of_them_lie_on_their_spheres():
    made = networks()
    embeddings = made.encoder(frames())
    torch.testing.assert_close(embeddings.norm(dim=1), torch.full((4,), 12**0.5))
    torch.testing.assert_close(made.heard(embeddings).norm(dim=1), torch.full((4,), 6**0.5))


def test_what_is_heard_does_not_depend_on_length():
    made = networks()
    embeddings = made.encoder(frames())
    torch.testing.assert_close(made.heard(3 * embeddings), made.heard(embeddings))


def test_an_embedding_does_not_depend_on_its_company():
    encoder = networks().encoder.eval()
    alone = Frames(frames().numbers[1:2], frames().steps[1:2])
    torch.testing.assert_close(encoder(alone)[0], encoder(frames())[1])


def test_a_gradient_reaches_every_weight():
    made = networks()
    made.heard(made.encoder(frames())).sum().backward()
    assert set(without_gradient(made)) <= {"encoder.lengths.weight"} | {
        name for name in without_gradient(made) if "standard" in name
    }
