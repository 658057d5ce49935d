"""Checkpoints: what was written comes back; whatever was changed is noticed; every refusal is one line."""

import hashlib
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
import tiny
import torch
from disk import Disk, contents
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.embedding import checkpoint
from symbolic_embed.embedding.checkpoint import (
    FORMAT,
    LARGEST_CARD,
    LARGEST_HEADER,
    bundled_folder,
    meant_folder,
    open_checkpoint,
    own_folder,
    rewrite_card,
    write_checkpoint,
)
from symbolic_embed.errors import CheckpointError, OutputError, UsageError

WEIGHTS = {"layer.weight": torch.linspace(-2, 2, 12).view(3, 4), "steps": torch.tensor([1, 2, 3])}


def written(folder, *, parts=("embedder",), card=None):
    return write_checkpoint(folder, parts=dict.fromkeys(parts, WEIGHTS), card=card or {"model": {"dim": 16}})


def refusal(action, *arguments, **options):
    with pytest.raises(CheckpointError) as caught:
        action(*arguments, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_weights_and_card_come_back(tmp_path):
    made = written(tmp_path / "deep" / "model", parts=("embedder", "composer"))
    opened = open_checkpoint(tmp_path / "deep" / "model")
    assert opened.card == {"format": FORMAT, "model": {"dim": 16}, "weights": made.card["weights"]}
    for part in ("embedder", "composer"):
        weights = opened.weights(part)
        assert opened.holds(part)
        assert weights.keys() == WEIGHTS.keys()
        assert weights["layer.weight"].dtype == torch.float32
        torch.testing.assert_close(weights["layer.weight"], WEIGHTS["layer.weight"], atol=1e-3, rtol=1e-3)
        assert torch.equal(weights["steps"], WEIGHTS["steps"])
    assert not opened.holds("decoder")


def test_writing_twice_is_writing_once(tmp_path):
    """Half precision loses the first time and nothing more; the same weights have the same hash."""
    first = written(tmp_path / "a")
    again = write_checkpoint(tmp_path / "b", parts={"embedder": first.weights("embedder")}, card={"model": {"dim": 16}})
    assert again.hash == first.hash
    files = [(tmp_path / name / "embedder.safetensors").read_bytes() for name in ("a", "b")]
    assert files[0] == files[1]
    other = write_checkpoint(tmp_path / "c", parts={"embedder": {**WEIGHTS, "steps": torch.tensor([1])}}, card={})
    assert other.hash != first.hash


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return written(tmp_path_factory.mktemp("model"))


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_is_noticed_wherever_it_is(made, place, bit):
    path = made.folder / "embedder.safetensors"
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[int(place * len(whole))] ^= 1 << bit
    path.write_bytes(damaged)
    try:
        found = hashlib.sha256(damaged).hexdigest()[:12]
        expected = made.card["weights"]["embedder"][:12]
        assert refusal(open_checkpoint(made.folder).weights, "embedder") == (
            f"{path}: SHA-256 is {found}, the card says {expected}; copy it again"
        )
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("cut", [0, 7, 100, -1])
def test_a_file_cut_short_is_noticed(tmp_path, cut):
    path = written(tmp_path).folder / "embedder.safetensors"
    path.write_bytes(path.read_bytes()[:cut])
    assert "copy it again" in refusal(open_checkpoint(tmp_path).weights, "embedder")


def with_card(folder, **changes):
    card = json.loads((folder / "card.json").read_text()) | changes
    (folder / "card.json").write_text(json.dumps(card))
    return open_checkpoint(folder)


def with_weights(folder, content):
    """A checkpoint whose card fits the content of its weights, as a liar would make it."""
    (folder / "embedder.safetensors").write_bytes(content)
    return with_card(folder, weights={"embedder": hashlib.sha256(content).hexdigest()})


def test_a_huge_header_is_refused_before_it_is_read(tmp_path):
    written(tmp_path)
    liar = with_weights(tmp_path, (2**40).to_bytes(8, "little") + b"{}")
    assert refusal(liar.weights, "embedder") == (
        f"{tmp_path / 'embedder.safetensors'}: "
        f"its header has {2**40} bytes, {LARGEST_HEADER} are allowed; not one of ours"
    )


@pytest.mark.parametrize(
    "content", [b"", b"\x01" + b"\0" * 7 + b"x", (4).to_bytes(8, "little") + b"{}", b"\x02" + b"\0" * 7 + b"[]"]
)
def test_what_is_no_safetensors_file_is_refused(tmp_path, content):
    written(tmp_path)
    assert "copy it again" in refusal(with_weights(tmp_path, content).weights, "embedder")


@pytest.mark.parametrize("later", [FORMAT + 1, 99, "2", None, 1.5])
def test_a_later_format_is_named_with_the_one_we_read(tmp_path, later):
    written(tmp_path)
    assert refusal(with_card, tmp_path, format=later) == (
        f"{tmp_path / 'card.json'}: format {later}, this version reads up to {FORMAT}; update it"
    )


@pytest.mark.parametrize(
    "content", ["[]", "{}", "5", '{"format": 1}', '{"format": 1, "weights": 5}', '{"weights": {}}']
)
def test_what_is_no_card_is_refused(tmp_path, content):
    (tmp_path / "card.json").write_text(content)
    assert "not the card of a checkpoint ('format' and 'weights' are missing)" in refusal(open_checkpoint, tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_card_is_refused(tmp_path, content):
    (tmp_path / "card.json").write_bytes(content)
    assert refusal(open_checkpoint, tmp_path).startswith(f"{tmp_path}: no checkpoint here (")


def test_an_endless_card_is_not_read_to_its_end(tmp_path):
    (tmp_path / "card.json").write_bytes(b" " * (LARGEST_CARD + 1))
    assert "not the card of a checkpoint" in refusal(open_checkpoint, tmp_path)


def test_a_folder_without_a_checkpoint(tmp_path):
    message = refusal(open_checkpoint, tmp_path)
    assert message.startswith(f"{tmp_path}: no checkpoint here (")
    assert message.endswith("; name a folder with card.json")


def test_weights_that_the_card_names_and_that_are_not_there(tmp_path):
    opened = written(tmp_path)
    (tmp_path / "embedder.safetensors").unlink()
    assert refusal(opened.weights, "embedder") == (
        f"{tmp_path / 'embedder.safetensors'}: cannot be read (No such file or directory); the card says it is there"
    )


def test_weights_that_the_card_does_not_know(tmp_path):
    opened = written(tmp_path)
    (tmp_path / "composer.safetensors").write_bytes((tmp_path / "embedder.safetensors").read_bytes())
    assert "the card says None" in refusal(opened.weights, "composer")


def test_a_place_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file: is no folder, nothing can be written into it"):
        written(tmp_path / "file")


OTHER = {"embedder": {"other": torch.ones(3)}}


def test_weights_card_and_what_belongs_to_them_change_together_or_not_at_all(tmp_path):
    """Whichever act of writing fails, the earlier checkpoint opens with its own weights; without a failure the new."""
    number, disk = 0, None
    while disk is None or disk.has_failed:
        number += 1
        shutil.rmtree(tmp_path / "model", ignore_errors=True)
        first = write_checkpoint(tmp_path / "model", parts={"embedder": WEIGHTS}, card={}, beside={"hashes": b"old"})
        before = contents(tmp_path)
        disk = Disk(number)
        with suppress(OutputError), disk.in_place():
            write_checkpoint(tmp_path / "model", parts=OTHER, card={}, beside={"hashes": b"new"})
        opened = open_checkpoint(tmp_path / "model")
        if disk.has_failed:
            assert contents(tmp_path) == before
            assert opened.hash == first.hash
    assert number > 9
    assert opened.weights("embedder")["other"].tolist() == [1, 1, 1]
    assert (tmp_path / "model" / "hashes").read_bytes() == b"new"


def test_a_power_cut_between_weights_and_card_is_never_silently_wrong(tmp_path):
    """The new weights are there, the card is the old one: refused. Writing again makes it whole."""
    written(tmp_path / "old")
    write_checkpoint(tmp_path / "new", parts=OTHER, card={})
    shutil.copy(tmp_path / "new" / "embedder.safetensors", tmp_path / "old")
    assert "copy it again" in refusal(open_checkpoint(tmp_path / "old").weights, "embedder")
    write_checkpoint(tmp_path / "old", parts=OTHER, card={})
    assert open_checkpoint(tmp_path / "old").weights("embedder")["other"].tolist() == [1, 1, 1]


def test_the_bundled_checkpoint_is_not_the_users_to_change(tmp_path, monkeypatch):
    """An installed one under no name, a clone's unless it is named."""
    monkeypatch.setattr(checkpoint, "PACKAGE", tmp_path / "package")
    for folder in (tmp_path / "package" / "bundled", tmp_path / "checkpoints" / "bundled", tmp_path / "mine"):
        folder.mkdir(parents=True)
    os.symlink(tmp_path / "package", tmp_path / "link")
    for named in (None, tmp_path / "package" / "bundled", tmp_path / "link" / "bundled"):
        with pytest.raises(UsageError, match=r"^`checkpoint` must name one of your own, .*bundled and name the copy$"):
            own_folder(named)
    for named in (tmp_path / "mine", tmp_path / "checkpoints" / "bundled"):
        assert own_folder(named) == named
    shutil.rmtree(tmp_path / "package")
    with pytest.raises(UsageError, match=r"copy .*checkpoints/bundled and name the copy"):
        own_folder(None)


def test_another_card_for_the_same_weights(tmp_path):
    first = written(tmp_path)
    second = rewrite_card(first, {**first.card, "scores": {"mrr": 0.5}, "weights": {}, "format": 7})
    assert second.card["scores"] == {"mrr": 0.5}
    assert (second.card["weights"], second.card["format"]) == (first.card["weights"], FORMAT)
    assert second.hash == first.hash
    assert second.weights("embedder").keys() == WEIGHTS.keys()


def test_the_word_bundled_names_it_unless_a_checkpoint_of_that_name_lies_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    word = Path("bundled")
    assert meant_folder(word) == meant_folder(None) == bundled_folder()
    assert open_checkpoint(word).hash == open_checkpoint().hash
    with pytest.raises(UsageError):
        own_folder(word)
    tiny.embedder_checkpoint(tmp_path / "bundled")
    assert meant_folder(word) == own_folder(word) == word
    assert open_checkpoint(word).hash != open_checkpoint().hash
