"""Writing: legal whatever the weights, the likeliest where greedy, the same notes from the same seed."""

from functools import partial
from unittest.mock import patch

import naive
import numpy as np
import pytest
import tiny
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_embed.networks import writing
from symbolic_embed.networks.blocks import NetworkSize, on_sphere
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.decoder import NoteClasses, NoteDecoder
from symbolic_embed.networks.grammar import Grammar, Written
from symbolic_embed.networks.tokens import TokenRange
from symbolic_embed.networks.writing import FEWEST_ROWS, MOST_NOTES, Writer, _advanced

at_most = partial(patch.object, writing, "MOST_NOTES")  # notes in a window
ALL = TokenRange(0, 256, 128)
PITCHED, DRUMS = set(range(128)), set(range(128, 256))


def written(decoder, *, steps, pitches, choice=None, seed=0, single=None, most=MOST_NOTES):
    """Windows as lists of notes, `most` in each; `pitches` are sets of the classes allowed, `single` says which have
    one voice."""
    embeddings = on_sphere(torch.randn(len(steps), 16, generator=torch.Generator().manual_seed(seed)))
    allowed = np.array([[pitch in allowed for pitch in range(256)] for allowed in pitches])
    grammar = Grammar.of(steps=np.array(steps), pitches=allowed, single=None if single is None else np.array(single))
    with at_most(most):
        rows, counts = Writer(decoder).write(embeddings, grammar=grammar, choice=choice or Choice())
    assert (rows.dtype, counts.dtype, len(rows)) == (np.int64, np.int64, int(counts.sum()))
    return [window.tolist() for window in np.split(rows, np.cumsum(counts)[:-1])]


@settings(max_examples=20)
@given(
    seed=st.integers(0, 1000),
    wildness=st.floats(0.1, 8),
    windows=st.lists(
        st.tuples(st.integers(1, 48), st.sampled_from([PITCHED, DRUMS, {60}, {0, 255}, set()]), st.booleans()),
        min_size=1,
        max_size=5,
    ),
    temperature=st.sampled_from([0.0, 0.5, 1.0, 3.0]),
    top_p=st.sampled_from([0.1, 0.9, 1.0]),
)
def test_whatever_the_weights_the_notes_are_legal(seed, wildness, windows, temperature, top_p):
    """Inside the window, among the pitches allowed, in order, no note twice; in a single voice one at a time."""
    steps, pitches, single = zip(*windows, strict=True)
    choice = Choice(temperature=temperature, top_p=top_p, random=np.random.default_rng(seed))
    decoder = tiny.decoder(seed=seed, wildness=wildness)
    notes_of = written(decoder, steps=list(steps), pitches=pitches, single=single, choice=choice, most=40)
    for length, allowed, one_voice, notes in zip(steps, pitches, single, notes_of, strict=True):
        places = [(onset, pitch) for onset, pitch, _ in notes]
        assert places == sorted(set(places))
        assert all(0 <= onset < length and pitch in allowed and 0 <= number < 57 for onset, pitch, number in notes)
        assert len(notes) <= 40
        assert not one_voice or len({onset for onset, _ in places}) == len(places)


@pytest.mark.parametrize("seed", range(3))
def test_greedy_is_the_likeliest_note_again_and_again(seed):
    decoder = tiny.decoder(seed=seed, wildness=2.0)
    steps, pitches, single = [48, 12, 36, 48], [PITCHED, DRUMS, {60, 64, 200}, PITCHED], [False] * 3 + [True]
    found = written(decoder, steps=steps, pitches=pitches, single=single, most=12, seed=seed)
    embeddings = on_sphere(torch.randn(4, 16, generator=torch.Generator().manual_seed(seed)))
    for window, told in enumerate(zip(steps, pitches, single, strict=True)):
        limits = dict(zip(("steps", "pitches", "single"), told, strict=True))
        assert found[window] == naive.greedy_notes(decoder, embeddings[window], most=12, **limits)
    assert any(found)


def test_windows_end_at_different_notes_and_keep_their_own():
    """The windows of a batch are written together and end one by one; alone each comes out the same."""
    decoder = tiny.decoder(seed=3, wildness=2.0)
    together = written(decoder, steps=[48] * 6, pitches=[PITCHED] * 6, most=30)
    embeddings = on_sphere(torch.randn(6, 16, generator=torch.Generator().manual_seed(0)))
    for window, notes in enumerate(together):
        grammar = Grammar.of(steps=np.array([48]), pitches=np.arange(256)[None] < 128)
        with at_most(30):
            alone, _ = Writer(decoder).write(embeddings[window : window + 1], grammar=grammar, choice=Choice())
        assert alone.tolist() == notes
    assert len({len(notes) for notes in together}) > 1


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_copies_of_a_point_are_written_as_the_point_repeated(temperature):
    decoder, points = tiny.decoder(seed=3, wildness=2.0), torch.randn(3, 16, generator=torch.Generator().manual_seed(0))
    grammar = Grammar.of(steps=np.array([48, 12] * 6), pitches=np.arange(256) < np.array([128, 40, 128] * 4)[:, None])

    def written_by(**asked):
        choice = Choice(temperature=temperature, random=np.random.default_rng(2))
        with at_most(30):
            return Writer(decoder).write(grammar=grammar, choice=choice, **asked)

    rows, counts = written_by(embeddings=points, copies=4)
    plain_rows, plain_counts = written_by(embeddings=points.repeat_interleave(4, dim=0))
    assert rows.tolist() == plain_rows.tolist()
    assert counts.tolist() == plain_counts.tolist()
    assert len(set(counts.tolist())) > 1


def test_no_window_has_more_notes_than_the_most():
    """A decoder that never ends and wants every pitch at once: the end is out of reach, lower pitches come first."""
    decoder = tiny.decoder()
    with torch.no_grad():
        decoder.onset_head.bias[:] = -torch.arange(49.0) * 100
        decoder.pitch_head.bias[:] = -torch.arange(256.0) * 100
    (notes,) = written(decoder, steps=[48], pitches=[PITCHED])
    assert [note[:2] for note in notes] == [[place // 128, place % 128] for place in range(MOST_NOTES)]


def test_no_embeddings_no_notes():
    rows, counts = Writer(tiny.decoder()).write(
        torch.zeros(0, 16),
        grammar=Grammar.of(steps=np.zeros(0, np.int64), pitches=np.zeros((0, 256), bool)),
        choice=Choice(),
    )
    assert (rows.shape, counts.shape) == ((0, 3), (0,))


@pytest.mark.parametrize("seed", range(4))
def test_the_smallest_nucleus_is_greedy(seed):
    decoder = tiny.decoder(seed=seed, wildness=2.0)
    arguments = {"steps": [48, 30], "pitches": [PITCHED, DRUMS], "most": 20}
    tiny_nucleus = Choice(temperature=1.0, top_p=1e-6, random=np.random.default_rng(seed))
    assert written(decoder, choice=tiny_nucleus, **arguments) == written(decoder, **arguments)


def test_the_same_seed_gives_the_same_notes_and_another_gives_others():
    decoder = tiny.decoder()

    def draw(seed):
        choice = Choice(temperature=1.0, random=np.random.default_rng(seed))
        return written(decoder, steps=[48, 48], pitches=[PITCHED, DRUMS], choice=choice, most=20)

    torch.manual_seed(1)
    first = draw(5)
    torch.manual_seed(2)
    assert draw(5) == first
    assert draw(6) != first


SHARES = np.array([0.05, 0.5, 0.15, 0.3], np.float32)


def drawn(choice, *, allowed=(True, True, True, True), times=4000):
    """How often each of four classes is chosen whose probabilities are SHARES."""
    rows = np.tile(np.log(SHARES), (times, 1))
    chosen = choice.of(rows, np.tile(allowed, (times, 1)))
    return np.bincount(chosen, minlength=4) / times


@pytest.mark.parametrize(
    ("temperature", "top_p", "expected"),
    [
        (1.0, 1.0, [0.05, 0.5, 0.15, 0.3]),
        (1.0, 0.5, [0, 1, 0, 0]),  # the first alone has half
        (1.0, 0.6, [0, 5 / 8, 0, 3 / 8]),  # the first has too little, the first two have enough
        (1.0, 0.9, [0, 0.5 / 0.95, 0.15 / 0.95, 0.3 / 0.95]),
        (0.5, 1.0, [0.0025 / 0.365, 0.25 / 0.365, 0.0225 / 0.365, 0.09 / 0.365]),  # squares
        (0.0, 1.0, [0, 1, 0, 0]),
    ],
)
def test_classes_are_drawn_from_the_nucleus_at_a_temperature(temperature, top_p, expected):
    choice = Choice(temperature=temperature, top_p=top_p, random=np.random.default_rng(0))
    assert drawn(choice) == pytest.approx(expected, abs=0.03)


def test_of_equally_likely_classes_the_first_make_the_nucleus():
    """Also of many, which not every way of sorting keeps in order: all at least 1/e times as likely as the likeliest,
    but for the last ten of them."""
    levels = np.random.default_rng(0).integers(0, 5, 256)
    order = sorted(range(256), key=lambda number: (levels[number], number))
    kept = order[: (levels <= 1).sum() - 10]
    shares = np.exp(-levels[order].astype(float))
    choice = Choice(1.0, (shares[: len(kept)].sum() - 0.1) / shares.sum(), np.random.default_rng(0))
    logits = np.tile(-levels.astype(np.float32), (4000, 1))
    assert set(choice.of(logits, np.ones(logits.shape, bool)).tolist()) == set(kept)


def test_what_is_not_allowed_is_never_drawn():
    choice = Choice(temperature=1.0, top_p=0.9, random=np.random.default_rng(0))
    shares = drawn(choice, allowed=(True, False, True, False))
    assert shares == pytest.approx([0.25, 0.0, 0.75, 0.0], abs=0.03)
    assert drawn(Choice(), allowed=(True, False, True, False)).tolist() == [0, 0, 1, 0]


@pytest.fixture(scope="module")
def even_writer():
    """Of full size: small products are computed in one order."""
    torch.manual_seed(0)
    decoder = NoteDecoder(NetworkSize(), classes=NoteClasses()).eval().requires_grad_(False)
    return Writer(decoder, is_even=True)


@pytest.mark.parametrize("count", [1, 2, 3, FEWEST_ROWS, 5])
def test_plans_and_states_of_few_rows_are_those_of_many_to_the_last_bit(even_writer, count):
    points, inputs = torch.randn(20, 256), torch.randn(20, 768).numpy()
    few, many = (even_writer._planned(some, among=ALL) for some in (points[:count], points))
    for name in ("state", "onward", "keys", "frames"):
        np.testing.assert_array_equal(getattr(few, name), getattr(many, name)[:count])
    np.testing.assert_array_equal(
        _advanced(few.state, few.onward, inputs[:count]), _advanced(many.state, many.onward, inputs)[:count]
    )


@pytest.mark.parametrize("count", [1, 3])
def test_choices_of_few_rows_are_made_by_the_same_numbers(even_writer, count):
    """The logits that a choice is made from are looked at, bit for bit."""
    seen = []

    class Watched(Choice):
        def of(self, logits, allowed):
            seen[-1].append(logits[:count].copy())
            return super().of(logits, allowed)

    windows = even_writer._planned(torch.randn(20, 256), among=ALL)
    for rows in (20, count):
        seen.append([])
        grammar = Grammar.of(steps=np.full(rows, 48), pitches=np.ones((rows, 256), bool))
        note, going_on = even_writer._next_note(
            windows.rows(slice(rows)), Written.nothing(rows), grammar=grammar, choice=Watched()
        )
        assert len(note) == len(going_on) == rows
    for many, few in zip(*seen, strict=True):
        np.testing.assert_array_equal(few, many)


def test_an_even_writer_writes_what_another_writes(even_writer):
    """The same notes, of as many windows as were asked for, also where rows are filled up."""
    points = torch.randn(2, 256, generator=torch.Generator().manual_seed(4))
    grammar = Grammar.of(steps=np.array([48, 48]), pitches=np.tile(np.arange(256) < 128, (2, 1)))
    with at_most(20):
        even, plain = (
            writer.write(points, grammar=grammar, choice=Choice())
            for writer in (even_writer, Writer(even_writer.decoder))
        )
    assert even[1].tolist() == plain[1].tolist()
    assert even[0].tolist() == plain[0].tolist()
    assert len(even[0])
