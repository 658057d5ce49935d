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
    assert opened == [folder]  # the card, so that a wrong folder is told of at once; weights when they are needed
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


def refusal(call):
    with pytest.raises((UsageError, CheckpointError)) as caught:
        call()
    return str(caught.value)


def test_a_folder_without_a_model_is_told_of_at_once(tmp_path):
    assert refusal(lambda: Session(tmp_path)) == (
        f"{tmp_path}: no checkpoint here (card.json: no such file or directory); name a folder with card.json"
    )
    (tmp_path / "card.json").write_text("{")
    assert "no checkpoint here (card.json: no JSON)" in refusal(lambda: Session(tmp_path))


def test_what_is_no_model_is_refused_in_the_words_of_the_verb():
    seed = composers.band_seed().events.to_bytes()
    assert refusal(lambda: symbolic_embed.compose(seed, checkpoint=5)) == (
        "`checkpoint` must be a folder, a Session, an Embedder or a TrainedComposer, not 5"
    )


def test_what_stands_in_the_place_of_a_request_is_told_its_name():
    assert refusal(lambda: symbolic_embed.compose("a.mid", Session())) == (
        "compose takes a ComposeRequest, not a Session; give a model by name, as checkpoint="
    )
    assert refusal(lambda: symbolic_embed.render("a.mid", "x.wav")) == (
        "render takes a RenderRequest, not a str; give what is asked for by name: sound_font="
    )


@pytest.mark.parametrize(("paths", "kind"), [(b"MThd", "bytes"), (5, "int"), (["a.mid", None], "NoneType")])
def test_what_is_no_path_is_refused_by_name(folder, paths, kind):
    seed = composers.band_seed().events.to_bytes()
    expected = f"`paths` must be files and folders, not {kind}; write it to a file first"
    assert refusal(lambda: symbolic_embed.embed(paths, checkpoint=folder)) == expected
    assert refusal(lambda: symbolic_embed.rank(seed, paths, checkpoint=folder)) == expected
