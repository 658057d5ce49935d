"""What the plan of a window is told of each earlier one it could be like, and of the parts that may play."""

from __future__ import annotations

import numpy as np

from symbolic_embed.encodings.patterns.past import NOWHERE, Floats, Numbers, Past

CANDIDATE_FEATURES = 16
PLAYING_FEATURES = 5
LONGEST_RUN = 8  # equal windows in a row, beyond which more say nothing
ALIKE = 0.99  # two windows that are so alike are the same


def candidate_features(past: Past) -> Floats:
    """Of each earlier window s, how likely it is that the next one is like it, seen from what has been: how like the
    windows before both are, how like windows so far apart have been all along, whether s goes on where the last window
    was taken from, and how far back it lies; float32 (pieces, windows, CANDIDATE_FEATURES)."""
    now = past.length
    windows = np.arange(now)
    lag = now - windows
    pieces = len(past.steps)
    features = np.zeros((pieces, now, CANDIDATE_FEATURES), np.float32)
    before = [_earlier(past.like, now, back) for back in range(1, 5)]  # of windows now - back and s - back
    run = _run_before(past)
    features[..., 0], features[..., 1] = before[0], _earlier(past.equal, now, 1)
    features[..., 2] = (before[0] + before[1]) / 2
    features[..., 3] = sum(before) / 4
    features[..., 4] = before[0] > ALIKE
    features[..., 5] = np.minimum(run, LONGEST_RUN) / LONGEST_RUN
    features[..., 6:9] = past.by_lag[:, :, lag].transpose(0, 2, 1)
    features[..., 9] = past.sources[:, [now - 1]] + 1 == windows if now else 0.0
    features[..., 10] = 1 / lag
    features[..., 11], features[..., 12], features[..., 13] = lag % 2 == 0, lag % 4 == 0, lag % 8 == 0
    features[..., 14] = np.log1p(lag) / 4
    features[..., 15] = past.counts[:, :, :now].sum(axis=1) == 0
    return features


def playing_features(past: Past, sources: Numbers) -> Floats:
    """Of each part, how likely it plays in the next window: whether it does at its source, in the last window, so many
    windows ago as it mostly repeats after, in what share of the windows so far, and whether there is a source; float32
    (pieces, parts, PLAYING_FEATURES)."""
    now = past.length
    plays = past.counts[:, :, :now] > 0
    pieces, parts = plays.shape[:2]
    features = np.zeros((pieces, parts, PLAYING_FEATURES), np.float32)
    if now == 0:
        return features
    features[..., 0] = plays[np.arange(pieces), :, sources] & (sources != NOWHERE)[:, None]
    features[..., 1] = plays[:, :, -1]
    features[..., 2] = np.take_along_axis(plays, own_period(past, sources)[..., None], axis=2)[..., 0]
    features[..., 3] = plays.mean(axis=2)
    features[..., 4] = (sources != NOWHERE)[:, None]
    return features


def own_period(past: Past, sources: Numbers) -> Numbers:
    """Of each part the earlier window that is as far back as it has repeated itself best of late, other than the last
    one and the source while there are others; int64 (pieces, parts), 0 before anything has been."""
    now = past.length
    scores = past.own_by_lag[:, :, 1 : now + 1].copy()  # lag 1 first
    if now == 0:
        return np.zeros(scores.shape[:2], np.int64)
    scores[..., 0] -= 1.0
    piece = np.flatnonzero(sources != NOWHERE)
    scores[piece, :, now - 1 - sources[piece]] -= 1.0
    windows: Numbers = now - 1 - scores.argmax(axis=2)
    return windows


def _earlier(likeness: Floats, now: int, back: int) -> Floats:
    """How like window now - back is to window s - back, for each s; 0 where there is none; (pieces, now)."""
    result = np.zeros((len(likeness), now), np.float32)
    if now > back:
        result[:, back:] = likeness[:, now - back, : now - back]
    return result


def _run_before(past: Past) -> Floats:
    """How many windows in a row before the next one equal those before s; (pieces, windows)."""
    now = past.length
    run, unbroken = (np.zeros((len(past.steps), now), np.float32) for _ in range(2))
    unbroken += 1
    for back in range(1, min(LONGEST_RUN, now) + 1):
        unbroken *= _earlier(past.like, now, back) > ALIKE
        run += unbroken
    return run
