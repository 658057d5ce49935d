"""The trained model in use: the same numbers in any batch and with any number of threads; long bars on the sphere."""

import json
import subprocess
import sys

import numpy as np
import pieces
import pytest
import strategies
import tiny
import torch
from hypothesis import given, settings
from strategies import contents, of_notes

from symbolic_embed.bars import bar_windows, cell_windows, cut
from symbolic_embed.bars.windows import DRUM
from symbolic_embed.embedding.checkpoint import open_checkpoint, rewrite_card
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import encoder_input
from symbolic_embed.embedding.units import BATCH, LEAST
from symbolic_embed.errors import CheckpointError
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.score import Score, TimeSignature


@pytest.fixture(scope="module", params=[tiny.PIANOROLL, tiny.EVENTS], ids=lambda kind: kind.representation)
def embedder(request, tmp_path_factory):
    return Embedder.of(tiny.embedder_checkpoint(tmp_path_factory.mktemp("model"), request.param))


def different_windows(count):
    """So many windows, each of two notes, no two alike."""
    return of_notes(*[[(0, 0, 30 + n // 40, 1 + n % 40), (n % 40, 0, 90, 3)] for n in range(count)])


def test_an_embedding_is_what_the_encoder_says(embedder):
    windows = different_windows(5)
    with torch.no_grad():
        expected = embedder.encoder(encoder_input(windows, representation=embedder.settings.representation)).numpy()
    vectors = embedder.embed_windows(windows)
    assert (vectors.dtype, vectors.shape) == (np.float32, (5, embedder.dim))
    np.testing.assert_allclose(vectors, expected, atol=1e-5)


@settings(max_examples=10)
@given(windows=strategies.windows())
def test_the_same_content_has_the_same_embedding_to_the_last_bit(embedder, windows):
    twice = windows.where(np.tile(np.arange(len(windows)), 2))
    vectors = embedder.embed_windows(twice)
    said = [repr(window) for window in contents(twice)]
    for i, one in enumerate(said):
        for j, other in enumerate(said):
            assert one != other or (vectors[i] == vectors[j]).all()


def test_other_content_has_another_embedding(embedder):
    vectors = embedder.embed_windows(different_windows(60))
    assert len(np.unique(vectors, axis=0)) == 60


def test_batches_and_threads_change_nothing(embedder):
    """Several batches, the last one short; alone; in another order; with three threads."""
    windows = different_windows(2 * BATCH + 7)
    vectors = embedder.embed_windows(windows)
    assert (embedder.with_jobs(3).embed_windows(windows) == vectors).all()
    assert embedder.with_jobs(3).jobs == 3
    assert embedder.jobs == 1
    order = np.random.default_rng(0).permutation(len(windows))
    np.testing.assert_allclose(embedder.embed_windows(windows.where(order)), vectors[order], atol=1e-5)
    for index in (0, BATCH, len(windows) - 1):
        np.testing.assert_allclose(
            embedder.embed_windows(windows.where(np.array([index]))), vectors[[index]], atol=1e-5
        )


def test_bfloat16_rounds_the_encoder_and_nothing_else(embedder):
    """Near the embeddings in float32, on the same sphere, the same in any company; the model itself stays as it was."""
    windows = different_windows(2 * LEAST)
    full = embedder.embed_windows(windows)
    rounded = embedder.with_precision("bfloat16").embed_windows(windows)
    assert rounded.dtype == np.float32
    lengths = np.linalg.norm(rounded, axis=1)
    np.testing.assert_allclose(lengths, embedder.dim**0.5, rtol=1e-5)
    cosines = (full * rounded).sum(axis=1) / lengths / np.linalg.norm(full, axis=1)
    assert 0.999 < cosines.min() < 1 - 1e-7
    alone = embedder.with_precision("bfloat16").embed_windows(windows.where(np.arange(3)))
    np.testing.assert_allclose(alone, rounded[:3], atol=2e-6)
    assert (embedder.embed_windows(windows) == full).all()
    assert (embedder.with_precision("bfloat16").with_precision("float32").embed_windows(windows) == full).all()


@pytest.mark.parametrize("count", [1, 2, 3, 5, BATCH + 1])
def test_few_windows_are_embedded_as_many_are(embedder, count):
    windows = different_windows(count)
    windows = windows.where(np.append(np.arange(count), 0))  # one of them twice
    vectors = embedder.embed_few(windows)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, embedder.embed_windows(windows), atol=1e-5)
    assert (embedder.embed_few(windows) == vectors).all()


@pytest.mark.parametrize(("count", "rows"), [(1, LEAST), (LEAST - 1, LEAST), (LEAST, LEAST), (LEAST + 1, LEAST + 1)])
def test_few_windows_are_filled_up_so_that_products_are_computed_in_one_order(embedder, count, rows):
    seen = []
    hook = embedder.encoder.register_forward_pre_hook(lambda _, given: seen.append(len(given[0].steps)))
    windows = different_windows(LEAST + 1)
    vectors = embedder.embed_batch(windows.where(np.arange(count)))
    hook.remove()
    assert seen == [rows]
    assert vectors.shape == (count, embedder.dim)


def test_nothing_to_embed(embedder):
    assert embedder.embed_windows(different_windows(1).where(np.zeros(0, int))).shape == (0, embedder.dim)
    empty = cut(Score(480))
    assert embedder.embed_bars(empty).shape == (1, embedder.dim)
    assert embedder.embed_cells(empty).vectors.shape == (0, embedder.dim)


def direction_of_mean(vectors):
    """By the words of the docstring, for one bar."""
    mean = vectors.mean(axis=0)
    return mean * vectors.shape[1] ** 0.5 / np.linalg.norm(mean)


def test_every_bar_has_an_embedding_a_long_one_the_direction_of_its_windows(embedder):
    score = pieces.piece(1, bars=7)
    barred = cut(Score(480, score.tracks, time_signatures=(TimeSignature(0, 7, 4), TimeSignature(7 * 480, 3, 4))))
    windows = bar_windows(barred)
    vectors = embedder.embed_windows(windows)
    bars = embedder.embed_bars(barred)
    assert len(bars) == barred.bars
    for bar in range(barred.bars):
        np.testing.assert_allclose(bars[bar], direction_of_mean(vectors[windows.bar == bar]), atol=1e-5)
    assert (windows.bar == 0).sum() == 2
    cells = embedder.embed_cells(barred)
    windows = cell_windows(barred)
    vectors = embedder.embed_windows(windows)
    assert sorted(zip(cells.track, cells.bar, strict=True)) == list(zip(cells.track, cells.bar, strict=True))
    for vector, track, bar in zip(cells.vectors, cells.track, cells.bar, strict=True):
        mine = (windows.track == track) & (windows.bar == bar)
        np.testing.assert_allclose(vector, direction_of_mean(vectors[mine]), atol=1e-5)
    assert len(cells.vectors) == len({*zip(windows.track, windows.bar, strict=True)})


def test_long_bars_lie_on_the_sphere_and_short_ones_are_their_window_to_the_last_bit(embedder):
    """In the plane of the first two numbers, the radius being 4: a window at 0 degrees alone, and windows at 0 and 90
    whose bar lies at 45. Windows at 0 and 180 have no mean to speak of, and nothing becomes of nothing; nearly opposite
    ones give a short vector, on the way from there to the sphere."""
    radius = 4.0

    def at(*degrees):
        plane = np.deg2rad(degrees)
        return (radius * np.pad(np.stack([np.cos(plane), np.sin(plane)], axis=1), ((0, 0), (0, 14)))).astype(np.float32)

    windows = at(0.1, 0, 90, 0, 180, 0, 179.9, 17)
    bars = embedder.of_bars(windows, np.array([0, 1, 3, 5, 7]))
    assert bars.dtype == np.float32
    assert (bars[[0, 4]] == windows[[0, 7]]).all()
    np.testing.assert_allclose(bars[1], at(45)[0], atol=1e-6)
    np.testing.assert_allclose(bars[2], np.zeros(16), atol=1e-4)
    assert 0.05 < np.linalg.norm(bars[3]) / radius < 0.1
    assert (embedder.of_bars(windows, np.arange(8)) == windows).all()
    assert embedder.of_bars(windows[:0], np.array([], int)).shape == (0, 16)


def test_long_bars_of_unbounded_embeddings_are_means(tmp_path):
    free = Embedder.of(tiny.embedder_checkpoint(tmp_path, tiny.PIANOROLL.model_copy(update={"bounded": False})))
    vectors = np.arange(48, dtype=np.float32).reshape(3, 16)
    assert (free.of_bars(vectors, np.array([0, 2])) == [vectors[:2].mean(axis=0), vectors[2]]).all()


def test_decoding_gives_legal_windows_of_the_asked_lengths(embedder):
    vectors = np.random.default_rng(0).normal(size=(6, embedder.dim))
    steps, drums = np.array([48, 48, 12, 12, 1, 36]), np.array([True, False] * 3)
    rules = DecodingRules(steps, drums)
    written = embedder.decode(vectors, rules)
    assert written.steps.tolist() == steps.tolist()
    for is_drum, (length, notes) in zip(drums, contents(written), strict=True):
        assert all(onset < length and bool(flags & DRUM) == is_drum for onset, flags, _, _ in notes)
    generators = (np.random.default_rng(3) for _ in range(2))
    drawn = [embedder.decode(vectors, rules, choice=Choice(1.0, random=generator)) for generator in generators]
    assert contents(drawn[0]) == contents(drawn[1])
    assert len(embedder.decode(vectors[:0], rules.where(slice(0)))) == 0


def test_a_loaded_embedder_is_the_saved_one(tmp_path):
    checkpoint = tiny.embedder_checkpoint(tmp_path)
    embedder = Embedder.load(tmp_path)
    assert embedder.settings == tiny.PIANOROLL
    assert embedder.hash == checkpoint.hash
    saved = checkpoint.weights("embedder")
    for name, network in (("encoder", embedder.encoder), ("decoder", embedder.decoder)):
        for key, value in network.state_dict().items():
            assert torch.equal(value, saved[f"{name}.{key}"])
        assert not network.training
        assert not any(weights.requires_grad for weights in network.parameters())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dim": 32}, "size mismatch"),
        ({"representation": "events"}, "Unexpected key"),
        ({"dimm": 32}, "ModelSettings has no setting `dimm`; did you mean `dim`?"),
        ({"dim": "x"}, "`dim` must be a whole number"),
        (None, "model"),
    ],
)
def test_a_card_that_describes_another_model_is_refused_in_one_line(tmp_path, change, words):
    checkpoint = tiny.embedder_checkpoint(tmp_path)
    card = dict(checkpoint.card)
    card["model"] = {**card["model"], **(change or {})}
    if change is None:
        del card["model"]
    rewrite_card(checkpoint, card)
    with pytest.raises(CheckpointError) as caught:
        Embedder.of(open_checkpoint(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path}: its card describes another model than it holds (")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("page", "never"),
    [
        ("symbolic_embed.score", ["torch", "pytorch_lightning", "miditok", "pydantic"]),
        ("symbolic_embed.bars", ["torch", "pytorch_lightning", "miditok", "pydantic"]),
        ("symbolic_embed.encodings.pianoroll", ["torch", "pytorch_lightning", "miditok"]),
        ("symbolic_embed.corpus.pairs", ["torch", "pytorch_lightning"]),
        ("symbolic_embed.embedding.embedder", ["pytorch_lightning", "miditok", "matplotlib"]),
    ],
)
def test_what_a_page_does_not_load(page, never):
    """In a process of its own, since here everything is loaded."""
    code = f"import json, sys, {page}; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert page in loaded
    assert [name for name in never if name in loaded] == []
