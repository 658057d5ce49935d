"""Piano-rolls: planes and back, and the sparse bags that stand for a dense layer over the planes."""

import naive
import numpy as np
import strategies
from hypothesis import example, given
from strategies import contents, of_notes

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.encodings import pianoroll
from symbolic_embed.encodings.pianoroll import DRUMS, FRAMES, ONSET, SUSTAIN


def shown(windows):
    """The planes, note by note and step by step."""
    planes = np.zeros((len(windows), 3, 48, 128), bool)
    for window, (_, notes) in enumerate(contents(windows)):
        for onset, flags, pitch, length in notes:
            if flags & DRUM:
                planes[window, DRUMS, onset, pitch] = True
                continue
            for step in range(onset, min(onset + length, 48)):
                planes[window, SUSTAIN if step > onset or flags & HELD else ONSET, step, pitch] = True
    return planes


def without_overlaps(windows):
    """The windows without notes that are struck or held while the same pitch sounds."""
    keep = []
    for _, notes in contents(windows):
        until: dict[int, int] = {}
        for onset, flags, pitch, length in notes:
            free = until.get(pitch, 0) <= onset and not (pitch in until and flags & HELD)
            keep.append(free or bool(flags & DRUM))
            if keep[-1] and not flags & DRUM:
                until[pitch] = onset + length
    return windows.keeping(np.array(keep, bool))


@given(strategies.windows())
def test_the_planes_show_what_sounds(windows):
    assert (pianoroll.encode(windows) == shown(windows)).all()


@given(strategies.windows())
def test_what_is_kept_comes_back(windows):
    """Lengths up to the window's 48 steps, where no pitch is struck again while it sounds."""
    windows = without_overlaps(windows)
    kept = [
        (steps, [(onset, flags, pitch, min(length, 48 - onset)) for onset, flags, pitch, length in notes])
        for steps, notes in contents(windows)
    ]
    kept = [(steps, [(o, f, p, 3 if f & DRUM else length) for o, f, p, length in notes]) for steps, notes in kept]
    assert contents(pianoroll.decode(pianoroll.encode(windows), steps=windows.steps)) == kept


@given(strategies.windows())
def test_planes_come_back_whatever_they_show(windows):
    planes = pianoroll.encode(windows)
    assert (pianoroll.encode(pianoroll.decode(planes, steps=windows.steps)) == planes).all()


def test_a_note_struck_where_it_is_held_over():
    """Held over to step 5, struck at 0 and again at 6: two strokes and the hold come back, the hold's end does not."""
    windows = of_notes([(0, 0, 60, 6), (0, HELD, 60, 5), (6, 0, 60, 6)])
    decoded = contents(pianoroll.decode(pianoroll.encode(windows), steps=windows.steps))
    assert decoded == [(48, [(0, 0, 60, 6), (0, HELD, 60, 6), (6, 0, 60, 6)])]


@given(strategies.windows())
@example(of_notes([(40, 0, 60, 7)], [(40, 0, 60, 8)], [(40, 0, 60, 20)]))
def test_bags_are_a_dense_layer_over_the_planes(windows):
    """Adding up vectors by number gives what multiplying the whole planes by weights gives, frame by frame."""
    windows = without_overlaps(windows)
    random = np.random.default_rng(0)
    onset_table = random.normal(size=(pianoroll.ONSET_VECTORS, 5))
    sounding_table = random.normal(size=(pianoroll.SOUNDING_VECTORS, 5))
    bags = pianoroll.note_bags(windows)
    found = np.zeros((len(windows) * FRAMES, 5))
    changes = np.zeros_like(found)
    for frame in range(len(found)):
        mine = slice(bags.onset_offsets[frame], [*bags.onset_offsets, len(bags.onsets)][frame + 1])
        found[frame] = onset_table[bags.onsets[mine]].sum(axis=0)
        mine = slice(bags.sounding_offsets[frame], [*bags.sounding_offsets, len(bags.sounding)][frame + 1])
        changes[frame] = bags.sounding_weights[mine] @ sounding_table[bags.sounding[mine]]
    found = found.reshape(len(windows), FRAMES, 5) + changes.reshape(len(windows), FRAMES, 5).cumsum(axis=1)
    expected = naive.dense_frames(windows, onset_table=onset_table, sounding_table=sounding_table)
    assert np.allclose(found, expected)


def test_an_empty_window_has_empty_bags():
    bags = pianoroll.note_bags(of_notes([], []))
    assert (len(bags.onsets), len(bags.sounding)) == (0, 0)
    assert bags.onset_offsets.tolist() == bags.sounding_offsets.tolist() == [0] * 2 * FRAMES
