"""Networks small enough that a test of them takes a moment, with the input of the real ones."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from symbolic_embed.embedding.checkpoint import Checkpoint, with_part, write_checkpoint
from symbolic_embed.embedding.model import (
    AnchorSettings,
    ModelSettings,
    PassageNetworks,
    PassageSettings,
    SoundSettings,
    build_anchor,
    build_decoder,
    build_encoder,
    build_sound,
)

PIANOROLL = ModelSettings(dim=16, context_dim=8, channels=8, hidden=12)
PASSAGES = PassageSettings(hidden=16, channels=4, out=3)
SOUND = SoundSettings(channels=8, audible=6)
ANCHOR = AnchorSettings(width=8, layers=1, heads=2, out=6, longest=4)
EVENTS = ModelSettings(representation="events", dim=16, context_dim=8, channels=8, hidden=12)


def encoder(settings: ModelSettings = PIANOROLL, *, seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return _as_after_training(build_encoder(settings))


def decoder(*, seed: int = 0, wildness: float = 1.0) -> nn.Module:
    """A decoder with random weights; the wilder, the surer it is of its nonsense."""
    torch.manual_seed(seed)
    network = _as_after_training(build_decoder(PIANOROLL))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(wildness)
    return network


def _as_after_training(network: nn.Module) -> nn.Module:
    """Fresh normalisations neither scale nor shift, fresh lengths say nothing, which hides mistakes: these do."""
    with torch.no_grad():
        for name, weights in network.named_parameters():
            if name.endswith("lengths.weight"):
                nn.init.normal_(weights)
        for module in network.modules():
            if isinstance(module, nn.LayerNorm):
                module.weight.add_(torch.randn_like(module.weight) * 0.3)
                module.bias.add_(torch.randn_like(module.bias) * 0.3)
    return network.eval()


def without_gradient(network: nn.Module) -> list[str]:
    """The parameters that no gradient has reached, or only zeros."""
    return [name for name, weights in network.named_parameters() if weights.grad is None or not weights.grad.any()]


def with_anchor(folder: Path, *, seed: int = 0) -> Checkpoint:
    """An embedder, passages and an anchor, all with random weights."""
    torch.manual_seed(seed)
    network = build_anchor(ANCHOR, dim=PIANOROLL.dim)
    with torch.no_grad():
        for weights in network.parameters():
            weights.add_(0.3 * torch.randn(weights.shape))
    without = with_passages(folder, seed=seed)
    card = {**without.card, "anchor": ANCHOR.model_dump()}
    return with_part(without, "anchor", weights=network.state_dict(), card=card)


def with_sound(folder: Path, *, seed: int = 0) -> Checkpoint:
    """An embedder, passages and an encoder of recordings, all with random weights."""
    torch.manual_seed(seed)
    network = _as_after_training(build_sound(SOUND, dim=PIANOROLL.dim))
    without = with_passages(folder, seed=seed)
    card = {**without.card, "chroma": SOUND.model_dump()}
    return with_part(without, "chroma", weights=network.state_dict(), card=card)


def circle(*degrees: float) -> torch.Tensor:
    """Embeddings of two numbers at these angles, on the sphere of radius sqrt(2); float64 (angles, 2)."""
    angles = torch.tensor(degrees, dtype=torch.float64).deg2rad()
    return torch.stack([angles.cos(), angles.sin()], dim=1) * 2**0.5


def embedder_checkpoint(folder: Path, settings: ModelSettings = PIANOROLL, *, seed: int = 0) -> Checkpoint:
    """A checkpoint of an embedder with random weights."""
    torch.manual_seed(seed)
    networks = nn.ModuleDict({"encoder": build_encoder(settings), "decoder": build_decoder(settings)})
    return write_checkpoint(folder, parts={"embedder": networks.state_dict()}, card={"model": settings.model_dump()})


def with_passages(folder: Path, *, seed: int = 0) -> Checkpoint:
    """The same with a passage encoder, its weights random too."""
    torch.manual_seed(seed)
    networks = nn.ModuleDict({"encoder": build_encoder(PIANOROLL), "decoder": build_decoder(PIANOROLL)})
    passages = PassageNetworks(PASSAGES, model=PIANOROLL)
    return write_checkpoint(
        folder,
        parts={"embedder": networks.state_dict(), "passages": passages.state_dict()},
        card={"model": PIANOROLL.model_dump(), "passages": PASSAGES.model_dump()},
    )
