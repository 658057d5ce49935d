"""A model is loaded once, and whatever stands for one is accepted by every verb."""

import composers
import pytest
import tiny

import symbolic_embed
from symbolic_embed.api import session as page
from symbolic_embed.api.session import Session, request_of
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import CheckpointError, MissingComposerError, UsageError
from symbolic_embed.requests import ComposeRequest, VaryRequest


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return composers.composer_checkpoint(tmp_path_factory.mktemp("composer")).folder


def test_a_session_loads_once(folder, monkeypatch):
    opened = []
    monkeypatch.setattr(page, "open_checkpoint", lambda path: opened.append(path) or composers_open(path))
    kept = Session(folder)
    assert opened == []  # nothing before it is needed
    assert kept.embedder is kept.embedder
    assert kept.composer is kept.composer
    assert kept.composer.embedder is kept.embedder
    assert opened == [folder]


def composers_open(path):
    from symbolic_embed.embedding.checkpoint import open_checkpoint

    return open_checkpoint(path)


def test_what_may_stand_for_a_model(folder):
    kept, embedder, trained = Session(folder), Embedder.load(folder), TrainedComposer.load(folder)
    assert Session.of(kept) is kept
    assert Session.of(embedder).embedder is embedder
    assert Session.of(embedder).composer.embedder is embedder  # found beside it, in its folder
    assert Session.of(trained).composer is trained
    assert Session.of(trained).embedder is trained.embedder
    assert Session.of(str(folder)).embedder.hash == embedder.hash
    assert Session.of(None).folder is None


def test_a_loaded_checkpoint_composes(folder):
    seed = composers.band_seed().events.to_bytes()
    model = symbolic_embed.load_checkpoint(folder)
    by_embedder, by_folder = (
        symbolic_embed.compose(seed, checkpoint=one, bars=1, random_seed=3) for one in (model, folder)
    )
    assert by_embedder[0].to_bytes() == by_folder[0].to_bytes()


def test_a_model_that_cannot_write_says_so(tmp_path):
    only_embeds = tiny.embedder_checkpoint(tmp_path).folder
    for model in (only_embeds, symbolic_embed.load_checkpoint(only_embeds)):
        with pytest.raises(MissingComposerError, match=f"{only_embeds.name} holds an embedder but no composer"):
            _ = Session.of(model).composer
    with pytest.raises(MissingComposerError):
        _ = Session.of(composers.tiny_composer().embedder).composer  # never on disk


def test_a_folder_that_is_none_and_jobs_that_cannot_be(tmp_path):
    with pytest.raises(CheckpointError):
        _ = Session(tmp_path).embedder
    with pytest.raises(UsageError, match="`jobs` must be at least 1, not 0"):
        Session(jobs=0)


def test_a_request_comes_whole_or_by_its_fields():
    request = ComposeRequest(bars=3)
    assert request_of(ComposeRequest, request, {}) is request
    assert request_of(ComposeRequest, None, {"bars": 3}) == request
    with pytest.raises(UsageError, match="compose was given a request and bars beside it; leave one out"):
        request_of(ComposeRequest, request, {"bars": 4})
    with pytest.raises(UsageError, match="compose takes a ComposeRequest, not a VaryRequest"):
        request_of(ComposeRequest, VaryRequest(), {})
