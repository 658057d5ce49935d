"""Batches of the passage encoder: drawn from seed and number, and the cells they say they are."""

from dataclasses import replace

import numpy as np
import pieces
import pytest
import torch
from hypothesis import given
from strategies import contents as notes_of_windows
from strategies import windows as any_windows

from symbolic_embed.bars.windows import DRUM, HELD, Windows
from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.corpus.versions import VersionSampler
from symbolic_embed.embedding.model import encoder_input
from symbolic_embed.score import TimeSignature
from symbolic_embed.training import passage_batches
from symbolic_embed.training.passage_batches import PassageBatches, notes_of, sounding_frames
from symbolic_embed.training.reworking.wholes import doubled
from symbolic_embed.training.settings import PassageTraining

BARS = 8
SETTINGS = PassageTraining(pairs=6, unfolded=20)
PLAIN = PassageTraining(pairs=6, part_share=0, slow_share=0, unfolded=20)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("versions"), count=7, bars=10)


@pytest.fixture(scope="module")
def in_twelve_eight(tmp_path_factory):
    """A corpus of pieces of ten bars of 12/8, two windows each; chords last through barlines and windows."""
    folder = tmp_path_factory.mktemp("long")
    scores = {}
    for number in range(3):
        score = pieces.piece(number, bars=15)
        chords = score.tracks[1]
        lasting = replace(chords.notes, duration_ticks=chords.notes.duration_ticks * 2)
        tracks = (score.tracks[0], replace(chords, notes=lasting), *score.tracks[2:])
        scores[f"{number}.mid"] = replace(score, tracks=tracks, time_signatures=(TimeSignature(0, 12, 8),))
    meta = {name: {"split": "train", "cluster": name} for name in scores}
    pieces.folder_of(folder / "music" / "long", scores, meta=meta)
    return prepare(load_collection([folder / "music"]), cache=folder / "cache")


@pytest.fixture
def as_they_are(monkeypatch):
    """Others are the same passages again."""
    monkeypatch.setattr(passage_batches, "reworked", lambda notes, random: notes)
    monkeypatch.setattr(passage_batches, "altered", lambda notes, random: (notes, None))


def batches(corpus, settings=SETTINGS):
    sampler = VersionSampler(corpus, split="train", bars=BARS)
    return PassageBatches(sampler, settings=settings, representation="pianoroll")


def drawn_with(corpus, settings, number=0):
    """A batch, and the passages that were drawn for it."""
    made = batches(corpus, settings)
    drawn, really = [], made.sampler.draw
    made.sampler.draw = lambda *given, **asked: drawn.append(really(*given, **asked)) or drawn[-1]
    return made.batch(number), drawn[0]


def flat(batch):
    return [batch] if isinstance(batch, torch.Tensor) else [tensor for part in batch for tensor in flat(part)]


def contents(windows):
    """A number for what is in each of the windows of a batch: its length and what its bags hold, frame by frame."""
    (bags,) = windows
    count = len(bags.steps)
    ends = torch.cat([bags.onset_offsets, torch.tensor([len(bags.onsets)])])
    held = torch.cat([bags.sounding_offsets, torch.tensor([len(bags.sounding)])])
    frames = len(bags.onset_offsets) // count
    found = []
    for window in range(count):
        of_frames = range(window * frames, (window + 1) * frames)
        notes = tuple(tuple(sorted(bags.onsets[ends[f] : ends[f + 1]].tolist())) for f in of_frames)
        sounding = tuple(
            tuple(
                sorted(
                    zip(
                        bags.sounding[held[f] : held[f + 1]].tolist(),
                        bags.sounding_weights[held[f] : held[f + 1]].tolist(),
                        strict=True,
                    )
                )
            )
            for f in of_frames
        )
        found.append((int(bags.steps[window]), notes, sounding))
    return found


def test_batches_follow_from_seed_and_number(corpus):
    one, same = (flat(batches(corpus).batch(2)) for _ in range(2))
    assert all(torch.equal(*pair) for pair in zip(one, same, strict=True))
    other_seed = PassageTraining(**{**SETTINGS.model_dump(), "seed": 1})
    slots = [made.slots.tolist() for made in (batches(corpus).batch(3), batches(corpus, other_seed).batch(2))]
    assert batches(corpus).batch(2).slots.tolist() not in slots


def cells_of(batch):
    """Slot and role of each cell, and what is in its windows, in their order."""
    of_windows = contents(batch.windows)
    inside = [[] for _ in batch.slots]
    for window, cell in zip(batch.window.tolist(), batch.cell.tolist(), strict=True):
        inside[cell].append(of_windows[window])
    return list(zip(batch.slots.tolist(), batch.roles.tolist(), map(tuple, inside), strict=True))


@pytest.mark.parametrize(("music", "windows"), [("corpus", 1), ("in_twelve_eight", 2)])
def test_cells_slots_and_roles_are_those_of_the_passages_that_were_drawn(request, music, windows, as_they_are):
    """Without reworking: of each cell the windows of the corpus, anchors first, then others."""
    corpus = request.getfixturevalue(music)
    batch, drawn = drawn_with(corpus, PLAIN)
    table = corpus.cells
    expected = {}
    for version, rows in enumerate((drawn.anchors, drawn.others)):
        slots = (version * 6 + rows.passage) * BARS + rows.bar
        ours = contents((encoder_input(table.windows(rows.window), representation="pianoroll"),))
        columns = (slots.tolist(), rows.part.tolist(), rows.roles[rows.passage, rows.part].tolist())
        for slot, part, role, which, window in zip(*columns, rows.part_of_bar.tolist(), ours, strict=True):
            expected.setdefault((slot, part, role), {})[which] = window
    wanted = [
        (slot, role, tuple(cell[which] for which in range(windows))) for (slot, _, role), cell in expected.items()
    ]
    assert sorted(cells_of(batch)) == sorted(wanted)
    assert len(set(contents(batch.windows))) == len(contents(batch.windows))
    assert batch.ignored.tolist() == drawn.ignored.tolist()
    assert not batch.is_slow.any()


def test_what_sounds_is_that_of_the_first_windows_of_the_batch(corpus, as_they_are):
    batch, drawn = drawn_with(corpus, PLAIN)
    assert batch.sounding.shape == (20, 12, 16)
    assert batch.sounding.dtype == torch.float32
    windows = corpus.cells.windows(drawn.anchors.window)
    names = contents((encoder_input(windows, representation="pianoroll"),))
    known = dict(zip(names, naive_frames(windows), strict=True))
    for found, window in zip(batch.sounding, contents(batch.windows)[:20], strict=True):
        np.testing.assert_allclose(found, known[window], atol=1e-6)


def test_with_few_windows_all_are_unfolded_and_many_come_in_several_bags(corpus, monkeypatch):
    monkeypatch.setattr(passage_batches, "BATCH", 32)
    batch = batches(corpus, PassageTraining(pairs=6)).batch(0)
    counts = [len(bags.steps) for bags in batch.windows]
    assert len(counts) > 2
    assert counts[:-1] == [32] * (len(counts) - 1)
    assert len(batch.sounding) == sum(counts) == len(set(batch.window.tolist()))
    assert batch.cell.tolist() == list(range(len(batch.slots)))  # no long bars


def test_one_part_alone_is_the_same_part_in_both(corpus, as_they_are):
    batch, _ = drawn_with(corpus, PassageTraining(pairs=6, part_share=1, slow_share=0))
    cells = cells_of(batch)
    for passage in range(6):
        anchor, other = (
            sorted((slot % BARS, role, windows) for slot, role, windows in cells if slot // BARS == side)
            for side in (passage, passage + 6)
        )
        assert anchor == other != []
        assert len({bar for bar, _, _ in anchor}) == len(anchor)


def test_another_file_is_heard_as_it_is_and_whole_all_else_is_arranged_anew(corpus, monkeypatch):
    """One part alone too; and all is altered."""
    seen = {}
    monkeypatch.setattr(passage_batches, "reworked", lambda notes, random: seen.update(arranged=notes) or notes)
    monkeypatch.setattr(passage_batches, "altered", lambda notes, random: seen.update(altered=notes) or (notes, None))
    made = batches(corpus, PassageTraining(pairs=8, part_share=0.5, slow_share=0))
    really = made.sampler.draw

    def with_files(*given, **asked):
        drawn = really(*given, **asked)
        drawn.from_file[:3] = True
        return drawn

    made.sampler.draw = with_files
    batch = made.batch(1)
    assert set(seen["arranged"].passage.tolist()) == {3, 4, 5, 6, 7}
    assert set(seen["altered"].passage.tolist()) == set(range(8))
    of_cells = list(zip((batch.slots // BARS).tolist(), batch.roles.tolist(), strict=True))
    for side in (0, 8):
        roles = [{role for passage, role in of_cells if passage == side + wanted} for wanted in range(8)]
        alone = {passage for passage in range(8) if len(roles[passage]) == 1}
        assert alone < {3, 4, 5, 6, 7}
        assert alone
        assert all(len(roles[passage]) > 2 for passage in range(3))


def test_in_slow_pairs_one_of_the_two_is_twice_as_slow(corpus, as_they_are):
    settings = PassageTraining(pairs=12, part_share=0, slow_share=0.7)
    batch, drawn = drawn_with(corpus, settings)
    table = corpus.cells
    assert 0 < batch.slow_anchor.sum() < batch.is_slow.sum() < 12
    assert not (batch.slow_anchor & ~batch.is_slow).any()
    for version, rows in enumerate((drawn.anchors, drawn.others)):
        slow = batch.is_slow & (batch.slow_anchor == (version == 0))
        slots = doubled(notes_of(rows, table), slow.numpy()).cells().slot
        mine = (batch.slots // BARS // 12) == version
        assert sorted((batch.slots[mine] - version * 12 * BARS).tolist()) == sorted(slots.tolist())


def test_notes_of_passages_are_those_of_their_windows(corpus):
    rows = VersionSampler(corpus, split="train", bars=BARS).draw(3, random=np.random.default_rng(0)).anchors
    notes = notes_of(rows, corpus.cells)
    assert notes.roles.shape == (3, 8)
    assert notes.roles[:, :6].tolist() == rows.roles.tolist()
    assert (notes.roles[:, 6:] == -1).all()
    assert notes.steps.tolist() == rows.steps.tolist()
    expected = []
    for passage, part, bar, number in zip(rows.passage, rows.part, rows.bar, rows.window, strict=True):
        window = corpus.cells.windows(np.array([number]))
        columns = (window.onset, window.pitch, window.length, window.flags)
        expected.extend((passage, part, bar, *note) for note in zip(*columns, strict=True))
    names = ("passage", "part", "bar", "onset", "pitch", "length", "flags")
    found = zip(*(getattr(notes, name).tolist() for name in names), strict=True)
    assert list(found) == [tuple(int(number) for number in row) for row in expected]


def test_notes_of_long_bars_are_there_once_and_their_cells_are_those_of_the_corpus(in_twelve_eight):
    """What is held over into the second window of a bar is no note of the bar; what is held over into the bar is."""
    table = in_twelve_eight.cells
    rows = VersionSampler(in_twelve_eight, split="train", bars=BARS).draw(5, random=np.random.default_rng(0)).anchors
    assert rows.steps.tolist() == [[72] * BARS] * 5
    notes = notes_of(rows, table)
    expected, dropped = [], 0
    columns = (rows.passage, rows.part, rows.bar, rows.part_of_bar, rows.window)
    for passage, part, bar, which, number in zip(*(column.tolist() for column in columns), strict=True):
        for onset, flags, pitch, length in notes_of_windows(table.windows(np.array([number])))[0][1]:
            if which == 1 and flags & HELD:
                dropped += 1
                continue
            expected.append((passage, part, bar, onset + 48 * which, pitch, length, flags))
    assert dropped > 10
    assert sum(flags & HELD > 0 for *_, flags in expected) > 10
    names = ("passage", "part", "bar", "onset", "pitch", "length", "flags")
    assert list(zip(*(getattr(notes, name).tolist() for name in names), strict=True)) == expected
    order = np.lexsort((rows.part_of_bar, rows.bar, rows.part, rows.passage))
    assert notes_of_windows(notes.cells().windows) == notes_of_windows(table.windows(rows.window[order]))


def naive_frames(windows):
    """Step by step: in how many of its six a pitch class sounds, notes in several octaves together; what begins."""
    frames = np.zeros((len(windows), 12, 2, 8))
    for window, onset, pitch, length, flags in zip(
        windows.note_window, windows.onset, windows.pitch, windows.length, windows.flags, strict=True
    ):
        if flags & DRUM:
            continue
        for step in range(int(onset), min(int(onset) + max(int(length), 1), int(windows.steps[window]))):
            frames[window, pitch % 12, 0, step // 6] += 1 / 6
        if not flags & HELD:
            frames[window, pitch % 12, 1, onset // 6] = 1
    return np.minimum(frames, 1).reshape(len(windows), 12, 16)


@given(any_windows(most=3))
def test_what_sounds_is_that_of_naive_loops(windows):
    found = sounding_frames(windows)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, naive_frames(windows), atol=1e-5)


def test_what_sounds_in_the_head():
    """C for nine steps from step 3 on, D held over for six, and a drum; in a window of 24 steps."""
    rows = np.array([[0, 3, 0, 60, 9], [0, 0, HELD, 62, 6], [0, 6, DRUM, 36, 3], [0, 20, 0, 71, 48]])
    found = sounding_frames(Windows.of_notes(rows, steps=np.array([24]))).reshape(12, 2, 8)
    assert found[0, 0].tolist() == [0.5, 1, 0, 0, 0, 0, 0, 0]
    assert found[0, 1].tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert found[2, :, 0].tolist() == [1, 0]
    assert found[11, 0].tolist() == pytest.approx([0, 0, 0, 4 / 6, 0, 0, 0, 0])
    assert np.flatnonzero(found.any(axis=(1, 2))).tolist() == [0, 2, 11]
