"""Blocks: the fast convolution against torch's own, and the sphere."""

import torch
from torch import nn

from symbolic_embed.networks.blocks import FrameConvolution, FramePooling, ResidualBlock, on_sphere


def test_the_frame_convolution_is_a_convolution():
    torch.manual_seed(0)
    ours, theirs = FrameConvolution(5, 7), nn.Conv1d(5, 7, kernel_size=3, padding=1)
    with torch.no_grad():
        theirs.weight.copy_(ours.weights.weight.view(7, 3, 5).transpose(1, 2))
        theirs.bias.copy_(ours.weights.bias)
    frames = torch.randn(4, 16, 5)
    torch.testing.assert_close(ours(frames), theirs(frames.transpose(1, 2)).transpose(1, 2))


def test_a_residual_block_adds_to_what_comes_in():
    torch.manual_seed(0)
    block, frames = ResidualBlock(6), torch.randn(3, 8, 6)
    hidden = frames
    for norm, convolution in zip(block.norms, block.convolutions, strict=True):
        hidden = convolution(norm(hidden).clamp(min=0))
    torch.testing.assert_close(block(frames), frames + hidden)
    with torch.no_grad():
        block.convolutions[1].weights.weight.zero_()
        block.convolutions[1].weights.bias.zero_()
    assert torch.equal(block(frames), frames)


def test_a_block_sees_two_frames_to_either_side_and_no_other_window():
    torch.manual_seed(0)
    block, frames = ResidualBlock(6), torch.randn(2, 9, 6)
    changed = frames.clone()
    changed[0, 4] += torch.arange(6)  # not the same on all channels: normalising would take that away
    seen = (block(changed) != block(frames)).any(dim=-1)
    assert seen.tolist() == [[False, False, True, True, True, True, True, False, False], [False] * 9]


def test_pooling_mixes_neighbours_into_one():
    torch.manual_seed(0)
    pooling, frames = FramePooling(4, 6), torch.randn(2, 8, 4)
    pooled = pooling(frames)
    assert pooled.shape == (2, 4, 6)
    pair = torch.cat([pooling.norm(frames[1, 4]), pooling.norm(frames[1, 5])])
    torch.testing.assert_close(pooled[1, 2], pooling.mixture(pair))


def test_on_the_sphere_the_mean_square_is_one():
    vectors = on_sphere(torch.tensor([[3.0, 4.0], [0.1, 0.0]]))
    torch.testing.assert_close(vectors, torch.tensor([[0.6, 0.8], [1.0, 0.0]]) * 2**0.5)
    assert torch.isfinite(on_sphere(torch.zeros(1, 4))).all()
