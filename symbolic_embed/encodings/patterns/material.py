"""What a part may copy from when it writes a cell: its references, and what it is used to.

Of each part in the next window these are its references, REFERENCES of them, cells as rolls:

- *source*: its own cell in the earlier window that the plan says this one is like;
- *last*: its cell before;
- *period*: its cell so many windows ago as it mostly repeats after;
- *moved*: the source, transposed by as much as the chord's root has moved since;
- *partner*: what that part has written in this window with which it mostly begins its notes, transposed by the interval
  that mostly lies between them: doublings in unison, octaves, thirds, voices that move together.

What it is used to: how often each pitch, onset and length stood in what it played so far, as logarithms of smoothed
shares. What surrounds it: which pitch classes the others sound at each step, and where they begin notes; the pitch
classes of the piece; the chord of the plan.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symbolic_embed.bars.chords import root_of
from symbolic_embed.encodings.cell_rolls import PITCHES, Rolls, shifted
from symbolic_embed.encodings.patterns.past import NOWHERE, REGISTER, Floats, Numbers, Past
from symbolic_embed.encodings.patterns.sources import own_period

REFERENCES = ("source", "last", "period", "moved", "partner")
COUNT = len(REFERENCES)
TRUST_FEATURES = 26  # what is known of how far each reference, and the past, can be trusted
RETURN_FEATURES = 10
SMOOTHING = 2.0  # notes that each part is said to have played beyond those it did, spread over all
UNISON = 12  # intervals modulo it


class Surroundings(NamedTuple):
    """What the others do in a window while a part writes: `sounding`, which pitch class they sound at each step, bool
    (cells, 48, 12); `struck`, where they begin notes, bool (cells, 48)."""

    sounding: np.ndarray
    struck: np.ndarray


class Habits(NamedTuple):
    """Logarithms of smoothed shares: of the pitches (..., 128), the onsets (..., 48) and the length classes (..., L) of
    what a part has played; and of the pitch classes of its piece, (..., 12)."""

    pitches: Floats
    onsets: Floats
    lengths: Floats
    classes: Floats


class Outlook(NamedTuple):
    """What is known of every part before any writes in a window. references: uint8 (pieces, parts, COUNT, 48, 128), the
    partner still silent; trust: float32 (pieces, parts, TRUST_FEATURES); habits."""

    references: Rolls
    trust: Floats
    habits: Habits


def outlook(past: Past, sources: Numbers, chords: Numbers) -> Outlook:
    """What every part of each piece may copy from in the next window, whose source and chord, (pieces,), are given."""
    now, (pieces, parts) = past.length, past.counts.shape[:2]
    last = np.full((pieces, parts), now - 1)
    period = np.where(now > 0, own_period(past, sources), NOWHERE)
    of_source = past.window(sources)
    interval = _moved_by(past, sources, chords)
    moved = np.where(past.drums[..., None, None], of_source, _transposed_each(of_source, interval))
    cells = [of_source, past.cells(last), past.cells(period), moved]
    references = np.stack([*cells, np.zeros_like(of_source)], axis=2)
    trust = np.zeros((pieces, parts, TRUST_FEATURES), np.float32)
    if now:
        _fill_trust(trust, past, sources=sources, period=period, interval=interval)
    return Outlook(references, trust, _habits(past))


def add_partner(outlook: Outlook, past: Past, *, part: int, written: Rolls, has_written: np.ndarray) -> None:
    """Gives one part its partner among those that have `written`, uint8 (pieces, parts, 48, 128), in this window; bool
    (pieces, parts) says which have."""
    union = past.struck[:, [part]] + past.struck - past.together[:, part]
    agree = np.where(has_written & (union > 0), past.together[:, part] / np.maximum(union, 1), 0.0)  # Jaccard
    agree[past.drums != past.drums[:, [part]]] = 0.0
    agree[:, part] = 0.0
    pieces = np.arange(len(agree))
    partner = agree.argmax(axis=1)
    agreement = agree[pieces, partner]
    apart = past.apart[pieces, part, partner]  # (pieces, intervals)
    interval = np.where(past.drums[:, part], 0, apart.argmax(axis=1) - REGISTER)
    share = apart.max(axis=1) / np.maximum(apart.sum(axis=1), 1)
    cells = _transposed_each(written[pieces, partner], interval)
    cells[agreement == 0] = 0
    outlook.references[:, part, -1] = cells
    outlook.trust[:, part, -3] = agreement
    outlook.trust[:, part, -2] = share * (agreement > 0)
    outlook.trust[:, part, -1] = (interval % UNISON == 0) * (agreement > 0)


def return_features(past: Past, sources: Numbers, chords: Numbers, *, part: int, returned: np.ndarray) -> Floats:
    """How likely the cell of a part returns note for note from the source: float32 (pieces, RETURN_FEATURES).
    `returned`: int (pieces, parts), 1 of what has been written in this window for parts that returned, -1 for those
    that did not, 0 for those that have not written or rest."""
    now = past.length
    features = np.zeros((len(sources), RETURN_FEATURES), np.float32)
    has = sources != NOWHERE
    if now == 0 or not has.any():
        return features
    pieces = np.arange(len(sources))
    source = np.where(has, sources, 0)
    lag = now - source
    features[:, 0] = past.counts[pieces, part, source] > 0
    features[:, 1] = _own_before(past, part, source)
    features[:, 2] = past.own_by_lag[pieces, part, lag]
    features[:, 3] = past.by_lag[pieces, 1, lag]
    features[:, 4] = past.by_lag[pieces, 2, lag]
    features[:, 5], features[:, 6] = (returned > 0).sum(axis=1) / 4, (returned < 0).sum(axis=1) / 4
    features[:, 7] = chords == past.chords[pieces, source]
    features[:, 8] = _returned_lately(past, part)
    features[:, 9] = past.sources[:, now - 1] + 1 == source
    features[~has] = 0.0
    return features


def _moved_by(past: Past, sources: Numbers, chords: Numbers) -> Numbers:
    """By how many semitones, -5 to 6, the root has moved since the source; 0 where either has no chord."""
    before = root_of(past.chords[np.arange(len(sources)), sources])
    after = root_of(chords)
    known = (before >= 0) & (after >= 0) & (sources != NOWHERE)
    return np.where(known, (after - before + 5) % 12 - 5, 0)


def _transposed_each(cells: Rolls, semitones: Numbers) -> Rolls:
    """The cells of each piece (pieces, ..., 128) transposed by its own interval (pieces,)."""
    moved = cells.copy()
    for piece in np.flatnonzero(semitones):
        moved[piece] = shifted(cells[piece], int(semitones[piece]))
    return moved


def _fill_trust(trust: Floats, past: Past, *, sources: Numbers, period: Numbers, interval: Numbers) -> None:
    now, (pieces, parts) = past.length, trust.shape[:2]
    row, has = np.arange(pieces), sources != NOWHERE
    source = np.where(has, sources, 0)
    lag = np.where(has, now - source, 0)  # nothing is known of lag 0
    counts = past.counts
    trust[..., 0] = has[:, None]
    trust[..., 1] = (counts[row, :, source] > 0) & has[:, None]
    trust[..., 2] = counts[:, :, now - 1] > 0
    trust[..., 3] = np.take_along_axis(counts, period[..., None], axis=2)[..., 0] > 0
    trust[..., 4] = past.own_by_lag[row, :, lag]
    trust[..., 5] = past.own_by_lag[:, :, 1]
    trust[..., 6] = np.take_along_axis(past.own_by_lag, (now - period)[..., None], axis=2)[..., 0]
    trust[..., 7:10] = past.by_lag[row, :, lag][:, None]
    for part in range(parts):
        trust[:, part, 10] = _own_before(past, part, source) * has
        trust[:, part, 11] = _returned_lately(past, part)
    trust[..., 12] = (past.sources[:, now - 1] + 1 == source)[:, None] & has[:, None]
    trust[..., 13] = np.log1p(now) / 4
    trust[..., 14] = np.log1p(past.pitches.sum(axis=2)) / 6
    trust[..., 15] = (interval == 0)[:, None]
    trust[..., 16] = np.abs(interval)[:, None] / 6
    trust[..., 17] = (counts[:, :, :now] > 0).mean(axis=2)
    trust[..., 18] = np.log1p(counts[:, :, :now].mean(axis=2))
    for column, lag_of_all in enumerate((1, 2, 4, 8)):
        if now >= lag_of_all:
            trust[..., 19 + column] = past.own_by_lag[:, :, lag_of_all]


def _own_before(past: Past, part: int, source: Numbers) -> Floats:
    """How like the part's last cell is to its cell before the source; (pieces,), 0 where there is none."""
    now, row = past.length, np.arange(len(source))
    return np.where(source > 0, past.own[row, part, now - 1, source - 1], 0.0).astype(np.float32)


def _returned_lately(past: Past, part: int, *, windows: int = 8) -> Floats:
    """In what share of the last windows the cell of a part was the same as at the window's source; (pieces,)."""
    now, row = past.length, np.arange(len(past.steps))[:, None]
    lately = np.arange(max(now - windows, 0), now)
    sources = past.sources[:, lately]
    same = past.same[row, part, lately, np.maximum(sources, 0)] & (sources != NOWHERE)
    share: Floats = same.mean(axis=1, dtype=np.float32)
    return share


def class_habits(past: Past) -> Floats:
    """How often each pitch class stood in a piece, as `Habits` has it; (pieces, 12)."""
    pitched = np.where(past.drums[..., None], 0.0, past.pitches[..., : PITCHES // 12 * 12]).astype(np.float32)
    return _log_shares(pitched.reshape(*pitched.shape[:2], -1, 12).sum(axis=(1, 2)))


def _habits(past: Past) -> Habits:
    pitches, onsets, lengths = (_log_shares(counts) for counts in (past.pitches, past.onsets, past.lengths))
    return Habits(pitches, onsets, lengths, class_habits(past))


def _log_shares(counts: Floats) -> Floats:
    """The logarithm of smoothed shares along the last axis, of which each would be 0 if all were alike."""
    classes = counts.shape[-1]
    total = counts.sum(axis=-1, keepdims=True)
    shares: Floats = np.log((counts + SMOOTHING / classes) * classes / (total + SMOOTHING))
    return shares
