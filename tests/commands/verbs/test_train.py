"""`train embedder`: options over settings, and what a rival needs of the model it gets without being asked; `train
fingerprint`, `train prior`: what they add, and a word where the data are not those of the checkpoint."""

import json
import shlex
import shutil

import numpy as np
import pieces
import pytest
import tiny
import torch
from command_line import run

from symbolic_embed.embedding.checkpoint import bundled_folder, open_checkpoint, rewrite_card
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.originality.fingerprint import FILE, corpus_lines, load_fingerprint, run_hashes
from symbolic_embed.training.embedder_module import EmbedderModule
from symbolic_embed.training.settings import FINE_TUNING, EmbedderTraining


@pytest.mark.parametrize(
    ("options", "bounded"), [(["--prior", "kl", "--objective", "none"], False), (["--prior", "none"], True), ([], True)]
)
def test_a_variational_autoencoder_is_not_bounded_and_others_are(tmp_path, monkeypatch, options, bounded):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    pieces.band_corpus(tmp_path)
    small = {"model": tiny.PIANOROLL.model_dump(), "pairs": 8, "batches": 1}
    (tmp_path / "small.json").write_text(json.dumps(small))
    asked = ["--data", tmp_path / "music", "-o", tmp_path / "out", "--settings", tmp_path / "small.json"]
    ran = run("train", "embedder", *asked, *options)
    assert ran.code == 0, ran.err
    card = open_checkpoint(tmp_path / "out").card
    assert card["model"] == {**small["model"], "bounded": bounded}
    assert card["training"]["settings"]["prior"] == (options[1] if options else "gaussian")
    assert (Embedder.load(tmp_path / "out").encoder.trunk.standard is not None) is bounded


def test_a_run_from_a_finished_embedder_goes_on_from_its_weights_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    pieces.band_corpus(tmp_path)
    start = tiny.embedder_checkpoint(tmp_path / "start")
    asked = ["--data", tmp_path / "music", "--checkpoint", tmp_path / "start", "--pairs", "8", "--batches", "1"]
    ran = run("train", "embedder", *asked, "--learning-rate", "1e-9", "-o", tmp_path / "out")
    assert ran.code == 0, ran.err
    made = open_checkpoint(tmp_path / "out")
    assert made.card["model"] == start.card["model"]
    assert made.card["training"]["started_from"] == {"checkpoint": start.hash, "training": {}}
    before, after = start.weights("embedder"), made.weights("embedder")
    assert all(torch.allclose(before[name], after[name], atol=1e-3) for name in before if "standard" not in name)
    resumed = run("train", "embedder", *asked[:2], *asked[4:6], "--batches", "2", "-o", tmp_path / "out", "--resume")
    assert resumed.code == 0, resumed.err
    assert open_checkpoint(tmp_path / "out").card["training"]["started_from"]["checkpoint"] == start.hash
    other = run("train", "embedder", *asked, "--dim", "32", "-o", tmp_path / "other")
    assert other.code != 0
    assert other.err_lines[-1].endswith(
        f"{tmp_path / 'start'}: its model differs in dim; a run that starts from it takes the same"
    )


def test_an_embedder_from_before_metre_was_told_may_be_told_from_now_on(tmp_path, monkeypatch):
    """At first it embeds as it did; without being asked to, it goes on as it was."""
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    corpus = pieces.band_corpus(tmp_path)
    start = tiny.embedder_checkpoint(tmp_path / "start", tiny.PIANOROLL.model_copy(update={"metre": False}))
    rewrite_card(start, {**start.card, "model": {k: v for k, v in start.card["model"].items() if k != "metre"}})
    asked = ["--data", tmp_path / "music", "--checkpoint", tmp_path / "start", "--pairs", "8", "--batches", "1"]
    asked += ["--prior", "none", "--learning-rate", "1e-9"]
    before = Embedder.load(tmp_path / "start").embed_windows(corpus.cells.windows(np.arange(20)))
    for metre, options in ((True, ["--metre"]), (False, [])):
        ran = run("train", "embedder", *asked, *options, "-o", tmp_path / str(metre))
        assert ran.code == 0, ran.err
        made = Embedder.load(tmp_path / str(metre))
        assert made.settings.metre is metre
        np.testing.assert_allclose(made.embed_windows(corpus.cells.windows(np.arange(20))), before, atol=0.02)


def test_a_run_from_before_metre_was_told_goes_on_without(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    pieces.band_corpus(tmp_path)
    small = {"model": {**tiny.PIANOROLL.model_dump(), "metre": False}, "pairs": 8}
    (tmp_path / "small.json").write_text(json.dumps(small))
    asked = ["--data", tmp_path / "music", "-o", tmp_path / "out"]
    assert run("train", "embedder", *asked, "--batches", 1, "--settings", tmp_path / "small.json").code == 0
    of_run = tmp_path / "out" / "run" / "settings.json"
    said = json.loads(of_run.read_text())
    del said["model"]["metre"]
    of_run.write_text(json.dumps(said))
    ran = run("train", "embedder", *asked, "--batches", 2, "--resume")
    assert ran.code == 0, ran.err
    made = open_checkpoint(tmp_path / "out").card
    assert (made["model"]["metre"], made["training"]["batches"]) == (False, 2)


def test_a_run_in_sessions_goes_on_by_the_same_command(tmp_path, monkeypatch):
    """Two batches in all, one a session; the length of a session is no setting of the run."""
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    pieces.band_corpus(tmp_path)
    small = {"model": tiny.PIANOROLL.model_dump(), "pairs": 8, "batches": 2}
    (tmp_path / "small.json").write_text(json.dumps(small))
    asked = ["--data", tmp_path / "music", "-o", tmp_path / "out", "--settings", tmp_path / "small.json"]
    for batches, ended in ((1, "session over"), (2, "budget spent")):
        ran = run("train", "embedder", *asked, "--minutes", 100, "--session-minutes", 1e-9, "--resume")
        assert ran.code == 0, ran.err
        assert f"{tmp_path / 'out'}: {ended}" in ran.err_lines
        assert ran.err_lines[-1].startswith("next: symbolic-embed train ")
        assert ran.err_lines[-1].endswith("--session-minutes 1e-09 --resume") is (ended == "session over")
        record = open_checkpoint(tmp_path / "out").card["training"]
        assert (record["batches"], record["settings"]["minutes"]) == (batches, 100.0)
        assert "session_minutes" not in record["settings"]


def with_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    (tmp_path / "small.json").write_text(json.dumps({"model": tiny.PIANOROLL.model_dump(), "pairs": 8, "batches": 1}))
    return ["--settings", tmp_path / "small.json"]


def test_a_rejected_file_ends_a_run_with_3_and_is_named_each_time(tmp_path, monkeypatch):
    """Also where the music was prepared before, by another command too."""
    settings = with_cache(tmp_path, monkeypatch)
    pieces.folder_of(tmp_path / "music", {f"{seed}.mid": pieces.piece(seed) for seed in range(4)})
    bad = tmp_path / "music" / "bad.mid"
    bad.write_bytes(b"MThd and nothing else")
    for name in ("one", "two"):
        ran = run("train", "embedder", "--data", tmp_path / "music", "-o", tmp_path / name, *settings)
        assert ran.code == 3, ran.err
        assert [line for line in ran.err_lines if line.startswith(f"rejected: {bad}: ")]
        assert open_checkpoint(tmp_path / name).card["training"]["batches"] == 1
    of_composer = ["train", "composer", "--checkpoint", tmp_path / "one", "--batches", "1", "-o", tmp_path / "both"]
    ran = run(*of_composer, "--data", tmp_path / "music")
    assert (ran.code, sum(line.startswith("rejected: ") for line in ran.err_lines)) == (3, 1), ran.err
    ran = run("evaluate", "--data", tmp_path / "music", "--checkpoint", tmp_path / "one", "--tests", "groups")
    assert (ran.code, sum(line.startswith("rejected: ") for line in ran.err_lines)) == (3, 1), ran.err


def test_files_for_study_do_not_train_unless_allowed_and_the_card_tells(tmp_path, monkeypatch):
    settings = with_cache(tmp_path, monkeypatch)
    meta = {f"{n}.mid": {"split": "train", "cluster": str(n), "use": "ship", "licence": "CC0"} for n in range(4)}
    meta["3.mid"] |= {"use": "study", "licence": "CC BY-SA"}
    folder = pieces.folder_of(tmp_path / "tunes", {name: pieces.piece(int(name[0])) for name in meta}, meta=meta)
    asked = ["train", "embedder", "--data", folder, *settings]
    ran = run(*asked, "-o", tmp_path / "free")
    assert ran.code == 0, ran.err
    assert "left out of training: 1 of the files, whose use or licence forbids it to a model" in ran.err
    assert "(tunes 1)" in ran.err
    card = open_checkpoint(tmp_path / "free").card
    assert card["data"] == [{"name": "tunes", "licences": {"CC0": 3}, "use": {"ship": 3}, "trained": ["embedder"]}]
    assert (card["training"]["pieces"], "may_be_passed_on" in card) == ({"tunes": 3}, False)
    allowed = run(*asked, "-o", tmp_path / "all", "--allow-study")
    assert allowed.code == 0, allowed.err
    assert "left out" not in allowed.err
    card = open_checkpoint(tmp_path / "all").card
    assert card["may_be_passed_on"] is False
    assert card["data"][0]["use"] == {"ship": 3, "study": 1}
    assert card["training"]["settings"]["allow_study"] is True


def test_a_checkpoint_is_not_trained_over(tmp_path, monkeypatch):
    settings = with_cache(tmp_path, monkeypatch)
    card = tiny.embedder_checkpoint(tmp_path / "model").folder / "card.json"
    before = card.read_bytes()
    ran = run("train", "embedder", "--data", tmp_path / "nothing", "-o", tmp_path / "model", *settings)
    assert ran.code == 1
    assert ran.err.startswith(f"error: {card}: exists already, nothing was done; ")
    assert card.read_bytes() == before


@pytest.mark.parametrize(
    "asked",
    [
        ["train", "fingerprint", "--data", "music"],
        ["train", "prior", "--data", "music"],
        ["train", "anchor", "--data", "music"],
        ["evaluate", "--data", "music", "--into-card"],
    ],
)
def test_the_bundled_checkpoint_is_not_rewritten(asked):
    before = {path: path.stat().st_mtime_ns for path in bundled_folder().iterdir()}
    ran = run(*asked)
    assert ran.code == 2
    assert ran.err_lines[-1].startswith("error: --checkpoint must name one of your own, since it is changed: copy ")
    assert {path: path.stat().st_mtime_ns for path in bundled_folder().iterdir()} == before


def test_a_fingerprint_of_a_tiny_corpus_finds_its_training_pieces_and_warns_of_other_data(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    corpus = pieces.band_corpus(tmp_path, count=5)
    folder = tiny.embedder_checkpoint(tmp_path / "model").folder
    asked = ["train", "fingerprint", "--data", tmp_path / "music", "--checkpoint", folder]
    ran = run(*asked)
    assert ran.code == 0, ran.err
    assert ran.err_lines[0] == f"warning: {folder} was not trained on the train split of this data"
    known = load_fingerprint(folder, open_checkpoint(folder).card)
    assert ran.err_lines[-1].startswith(f"{folder / FILE}: {known.runs} runs, ")
    assert ran.err_lines[-1].endswith("; 18 of 18 bars kept")
    assert known.bars.place(0) == {"set": "even", "path": "0.mid", "bar": 1}
    assert known.source == "train split of even, odd"
    for number, piece in enumerate(corpus.pieces):
        found = known.holds(run_hashes(corpus_lines(corpus, np.array([number])))[0])
        assert found.all() if piece.split == "train" else found.mean() < 0.2
    opened = open_checkpoint(folder)
    rewrite_card(opened, {**opened.card, "training": {"splits": {"train": corpus.split_hash("train")}}})
    assert "warning" not in run(*asked).err


def test_a_map_to_the_prior_is_added_where_there_is_music_enough_for_one(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    pieces.band_corpus(tmp_path, count=40, bars=10)
    folder = tiny.embedder_checkpoint(tmp_path / "model").folder
    asked = ["train", "prior", "--data", tmp_path / "music", "--checkpoint"]
    ran = run(*asked, folder)
    assert ran.code == 0, ran.err
    assert ran.err_lines[0] == f"warning: {folder} was not trained on the train split of this data"
    cells = open_checkpoint(folder).card["prior_map"]["cells"]
    assert ran.err_lines[-1] == f"{folder / 'prior_map.safetensors'}: fitted to {cells:,} cells"
    assert Embedder.load(folder).prior_map is not None
    wide = tiny.embedder_checkpoint(tmp_path / "wide", tiny.PIANOROLL.model_copy(update={"dim": 512})).folder
    ran = run(*asked, wide)
    assert ran.code == 1
    assert ran.err_lines[-1] == (
        f"error: {wide}: no map for an embedder that is not bounded, or from fewer distinct cells than 16 for each "
        "number of an embedding; nothing was done, name more music in --data"
    )


def test_a_passage_encoder_becomes_part_of_a_checkpoint_and_ranks_with_it(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    pieces.band_corpus(tmp_path, count=6, bars=9)
    before = tiny.embedder_checkpoint(tmp_path / "model")
    small = {"passages": {"hidden": 12, "channels": 4, "out": 2}, "pairs": 6, "batches": 3, "unfolding_share": 0.3}
    (tmp_path / "small.json").write_text(json.dumps(small))
    music = ["--data", tmp_path / "music", "--checkpoint", before.folder]
    song = str(next((tmp_path / "music").rglob("*.mid")))
    asked = ["rank", song, tmp_path / "music", "--by", "passages", "--checkpoint", before.folder]
    assert run(*asked).code == 1
    ran = run("train", "passages", *music, "--settings", tmp_path / "small.json")
    assert ran.code == 0, ran.err
    assert ran.err_lines[-1] == f"{before.folder / 'passages.safetensors'}: budget spent"
    made = open_checkpoint(before.folder)
    assert made.card["weights"]["embedder"] == before.card["weights"]["embedder"]
    assert made.card["passages_training"]["batches"] == 3
    content = (before.folder / "passages.safetensors").read_bytes()
    copied = shutil.copytree(before.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("run"))
    anew = ["train", "passages", *music[:2], "--checkpoint", copied, "--settings", tmp_path / "small.json", "--seed", 1]
    ran = run(*anew)
    assert (ran.code, "passages.safetensors: exists already, nothing was done; --force" in ran.err) == (1, True), (
        ran.err
    )
    assert (copied / "passages.safetensors").read_bytes() == content
    assert run(*anew, "--force").code == 0
    assert (copied / "passages.safetensors").read_bytes() != content
    ran = run(*asked, "--format", "json")
    assert (ran.code, ran.json[0]["path"], ran.json[0]["distance"]) == (0, song, 0.0), ran.err
    ran = run("train", "passages", *music, "--settings", tmp_path / "small.json", "--from", before.folder, "--resume")
    assert ran.code == 0, ran.err
    other = tiny.embedder_checkpoint(tmp_path / "other").folder
    ran = run("train", "passages", *music[:2], "--checkpoint", other, "--from", before.folder, "--batches", 1)
    assert (ran.code, "of another size" in ran.err) == (1, True), ran.err


def test_an_anchor_becomes_part_of_a_checkpoint_and_is_tested_with_it(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    meta = {f"{n}.mid": {"split": "train" if n < 4 else "valid", "cluster": str(n)} for n in range(60)}
    scores = {name: pieces.piece(int(name[:-4]), bars=3, parts=(pieces.melody, pieces.bass)) for name in meta}
    pieces.folder_of(tmp_path / "music", scores, meta=meta)
    folder = tiny.embedder_checkpoint(tmp_path / "model").folder
    small = {"anchor": {"width": 8, "heads": 2, "out": 6, "longest": 3}, "stretches": 8, "stretch_windows": 3}
    (tmp_path / "small.json").write_text(json.dumps({**small, "pieces": 6, "batches": 2}))
    music = ["--data", tmp_path / "music", "--checkpoint", folder]
    ran = run("train", "anchor", *music, "--settings", tmp_path / "small.json")
    assert ran.code == 0, ran.err
    assert ran.err_lines[-1] == f"{folder / 'anchor.safetensors'}: budget spent"
    assert open_checkpoint(folder).holds("anchor")
    ran = run("train", "anchor", *music)
    assert (ran.code, "a run lies there already" in ran.err) == (1, True), ran.err
    ran = run("evaluate", *music, "--split", "valid", "--tests", "next", "--queries", 5, "--format", "json")
    assert ran.code == 0, ran.err
    asked = {row["test"] for row in json.loads(ran.out) if row["who"] == "anchor"}
    assert "next cell from four, the bar and the other parts among 50" in asked
    assert "next bar from four among 50, same set and metre" in asked


def test_a_run_ends_with_a_table_and_the_next_command_which_is_one(tmp_path, monkeypatch):
    """Each command is typed as the one before it says; quiet leaves the table, interrupted says how to go on."""
    settings = with_cache(tmp_path, monkeypatch)
    folder = pieces.folder_of(tmp_path / "my music", {f"{seed}.mid": pieces.piece(seed, bars=9) for seed in range(4)})
    ran = run("train", "embedder", "--data", folder, "-o", tmp_path / "mine", *settings)
    assert ran.code == 0, ran.err
    assert ran.text.startswith("held out    this model  bundled  n\n")
    assert ran.err_lines[0].startswith("read: 4 files, 36 bars, 16 parts (")
    following = shlex.split(ran.err_lines[-1].removeprefix("next: "))
    assert following[:2] == ["symbolic-embed", "train"]
    ran = run(*following[1:], "--batches", 1, "--quiet", "--format", "json")
    assert (ran.code, ran.err) == (0, ""), ran.err
    assert {row["test"] for row in ran.json} == {f"next {name}" for name in ("onset", "pitch", "length", "note")}
    again = run(*following[1:], "--resume", "--batches", 1)
    composed = run(*shlex.split(again.err_lines[-1])[2:-1], tmp_path / "out", "--bars", 1)
    assert composed.code in (0, 3), composed.err  # untrained, it may draw a rest


def test_an_interrupted_run_says_how_to_go_on(tmp_path, monkeypatch):
    settings = with_cache(tmp_path, monkeypatch)
    pieces.band_corpus(tmp_path)
    pressed = []

    def step(module, batch, index, really=EmbedderModule.training_step):
        if module.batches_done == 1 and not pressed:
            pressed.append(1)
            raise KeyboardInterrupt
        return really(module, batch, index)

    monkeypatch.setattr(EmbedderModule, "training_step", step)
    ran = run("train", "embedder", "--data", tmp_path / "music", "-o", tmp_path / "out", *settings, "--batches", 2)
    assert (ran.code, ran.err_lines[-1]) == (130, "interrupted")
    typed = shlex.split(ran.err_lines[-2].removeprefix("to go on: "))
    assert run(*typed[1:]).code == 0
    assert open_checkpoint(tmp_path / "out").card["training"]["batches"] == 2


def test_the_word_bundled_starts_gently_from_the_bundled_checkpoint(tmp_path, monkeypatch):
    with_cache(tmp_path, monkeypatch)
    pieces.band_corpus(tmp_path)
    asked = ["train", "embedder", "--data", tmp_path / "music", "--batches", "1", "--pairs", "8"]
    bundled = open_checkpoint()
    for number, options in enumerate((["--from", "bundled"], ["--checkpoint", "bundled", "--learning-rate", ".001"])):
        ran = run(*asked, *options, "-o", tmp_path / str(number))
        assert ran.code == 0, ran.err
        assert "warning" not in ran.err
        record = open_checkpoint(tmp_path / str(number)).card["training"]
        assert record["started_from"]["checkpoint"] == bundled.hash
        given = (record["settings"]["learning_rate"], record["settings"]["warmup"], record["settings"]["minutes"])
        assert given == ((0.001 if number else FINE_TUNING[EmbedderTraining]["learning_rate"]), 50, 10.0)
    both = run(*asked, "--from", "bundled", "--checkpoint", "bundled", "-o", tmp_path / "both")
    assert both.code == 2
    assert both.err_lines[-1].startswith("error: --from bundled and --checkpoint bundled: ")


def test_points_that_cannot_be_standardised_anew_stay_as_the_start_has_them(tmp_path, monkeypatch):
    with_cache(tmp_path, monkeypatch)
    pieces.band_corpus(tmp_path)  # far fewer cells than four for each of 256 coordinates
    asked = ["--data", tmp_path / "music", "--from", "bundled", "--pairs", "8", "-o", tmp_path / "out"]
    assert run("train", "embedder", *asked, "--batches", 1).code == 0
    assert run("train", "embedder", *asked[:2], *asked[-2:], "--batches", 2, "--resume").code == 0
    ours, theirs = (open_checkpoint(folder).weights("embedder") for folder in (tmp_path / "out", None))
    measured = [name for name in theirs if ".standard." in name]
    assert len(measured) == 4
    assert all(torch.equal(ours[name], theirs[name]) for name in measured)
