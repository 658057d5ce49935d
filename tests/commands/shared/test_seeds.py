"""What the composing verbs share: the seed proved untouched, provenance, layout, pictures, and a limit on copying."""

from __future__ import annotations

import json
import shutil

import composers
import pytest
from command_line import run
from guitar import guitar

from symbolic_embed.originality.fingerprint import FILE
from symbolic_embed.score import read

VERBS = {
    "compose": ["compose", "band.mid", "--bars", 2],
    "vary": ["vary", "band.mid", "--strength", 0.5, "--bars", "2", "--tracks", "tune,kit"],
    "blend": ["blend", "band.mid", "band.mid", "--steps", 1],
    "accompany": ["accompany", "band.mid", "--parts", "melody"],
}


@pytest.fixture(params=list(VERBS))
def verb(request, band):
    return VERBS[request.param]


def record_of(folder):
    (sidecar,) = folder.glob("*.json")
    return json.loads(sidecar.read_text())


def test_the_difference_is_written_beside_the_result_and_names_what_changed(verb, band, composer):
    ran = run(*verb, "-o", "out", "--checkpoint", composer, "--diff")
    assert ran.code == 0, ran.err
    (path,) = (band / "out").glob("*.diff")
    assert ran.text.splitlines() == [f"out/{path.stem}.mid"]
    text = path.read_text()
    assert "band.mid" in text
    assert f"{path.stem}.mid" in text
    diff = record_of(band / "out")["diff"]
    assert diff["outside"]["same"]


def test_every_verb_tells_where_its_bars_come_from(verb, band, composer):
    assert run(*verb, "-o", "out", "--checkpoint", composer).code == 0
    about = record_of(band / "out")["provenance"]
    assert about["fingerprint"]["source"] == "all music"
    assert {"longest_as_in_training", "longest_as_in_seed", "bars"} <= set(about)
    for bar in about["bars"]:
        assert 1 <= bar["nearest_seed_bar"] <= 4
        assert bar["distance"] >= 0


def test_a_limit_is_kept_in_the_record_and_the_file_is_the_one_its_seed_makes(verb, band, composer):
    assert run(*verb, "-o", "out", "--checkpoint", composer, "--max-copied", 11).code == 0
    record = record_of(band / "out")
    assert record["max_copied"] == 11
    (limited,) = (band / "out").glob("*.mid")
    drawn = record["settings"]["random_seed"]
    assert run(*verb, "-o", "again", "--checkpoint", composer, "--seed", drawn).code == 0
    assert (band / "again" / limited.name).read_bytes() == limited.read_bytes()


def test_a_limit_without_a_fingerprint_is_refused_in_a_line(verb, band):
    bare = composers.composer_checkpoint(band / "bare").folder
    ran = run(*verb, "-o", "out", "--checkpoint", bare, "--max-copied", 20)
    assert ran.code == 2
    assert ran.err_lines[-1].endswith("the checkpoint has no fingerprint of its data; `train fingerprint` adds one")
    assert not (band / "out").exists()


def test_a_fingerprint_that_is_missing_is_an_error_in_a_line(band, composer):
    shutil.copytree(composer, band / "lost")
    (band / "lost" / FILE).unlink()
    ran = run(*VERBS["vary"], "-o", "out", "--checkpoint", "lost")
    assert ran.code == 1
    assert ran.err_lines[-1].startswith("error: lost/fingerprint.safetensors: cannot be read")


def test_normalised_results_have_an_empty_conductor_track_and_one_part_a_track(verb, band, composer):
    assert run(*verb, "-o", "out", "--checkpoint", composer, "--normalise").code == 0
    (path,) = (band / "out").glob("*.mid")
    score = read(path)
    assert score.division == 480
    assert [track.chunk for track in score.tracks] == list(range(1, len(score.tracks) + 1))
    assert score.tracks[3].is_drum
    assert run("check", "out", "--faults").text == ""


def test_pictures_show_each_result_and_all_beside_the_seed_and_are_not_overwritten(band, composer):
    asked = [*VERBS["vary"], "--count", 2, "-o", "out", "--checkpoint", composer, "--plot"]
    ran = run(*asked)
    assert ran.code == 0, ran.err
    names = [line.removeprefix("out/").removesuffix(".mid") for line in ran.text.splitlines()]
    drawn = {path.name for path in (band / "out").glob("*.png")}
    assert drawn == {f"{names[0]}.png", f"{names[1]}.png", f"{names[0]}__changes.png"}
    assert all((band / "out" / name).read_bytes().startswith(b"\x89PNG") for name in drawn)
    for path in (band / "out").glob("*.*"):
        if not path.name.endswith("__changes.png"):
            path.unlink()
    again = run(*asked)
    assert again.code == 1
    assert not list((band / "out").glob("*.mid"))


def test_new_bars_alone_hold_nothing_to_compare(band, composer):
    ran = run(*VERBS["compose"], "--new", "--diff", "-o", "out", "--checkpoint", composer)
    assert ran.code == 2
    assert "--diff with --new" in ran.err


def test_what_is_borrowed_has_no_limit(band, composer):
    ran = run(*VERBS["accompany"], "--from", ".", "--max-copied", 20, "-o", "out", "--checkpoint", composer)
    assert ran.code == 2
    assert "--max-copied with --from" in ran.err


def test_the_two_dials_of_vary_reach_it(band, composer):
    for asked, name in ((["--change", 0.5], "change"), (["--strength", 0.4], "strength")):
        assert run("vary", "band.mid", *asked, "-o", name, "--checkpoint", composer).code == 0
        assert record_of(band / name)["settings"][name] == asked[1]
    both = run("vary", "band.mid", "--change", 0.5, "--strength", 0.4, "-o", "both", "--checkpoint", composer)
    assert both.code == 2


@pytest.mark.parametrize(
    "verb",
    [
        ["compose", "band.mid", "--like", "music"],
        ["vary", "band.mid", "--strength", 0.5, "--from", "music"],
        ["vary", "band.mid", "--strength", 0.5, "--library", "music"],
        ["accompany", "band.mid", "--parts", "melody", "--from", "music"],
    ],
)
def test_a_folder_in_which_nothing_can_be_read_is_told_as_such(verb, band, composer):
    (band / "music").mkdir()
    (band / "music" / "bad.mid").write_bytes(b"MThd")
    ran = run(*verb, "-o", "out", "--checkpoint", composer)
    assert ran.code == 1
    assert ran.err_lines[-2].startswith("rejected: music/bad.mid")
    assert ran.err_lines[-1] == "error: nothing was done: 1 of 1 inputs were rejected"


def test_stdin_cannot_be_both_ends_of_a_blend(band):
    ran = run("blend", "-", "-", "-o", "out", stdin=(band / "band.mid").read_bytes())
    assert (ran.code, ran.err_lines[-1][:22]) == (2, "error: stdin (-) can b")


def test_a_name_that_is_taken_is_told_before_the_work(verb, band, composer, monkeypatch):
    asked = [*verb, "-o", "out", "--checkpoint", composer]
    assert run(*asked).code == 0
    before = {path: path.read_bytes() for path in (band / "out").iterdir()}
    monkeypatch.setattr(f"symbolic_embed.verbs.{verb[0]}.finished", lambda *_: pytest.fail("music was made"))
    again = run(*asked)
    assert again.code == 1
    assert again.err_lines[-1].endswith("exists already, nothing was written; --force overwrites it")
    assert {path: path.read_bytes() for path in (band / "out").iterdir()} == before


def test_other_settings_of_vary_have_another_name_and_are_not_in_the_way(band, composer):
    for strength in (0.5, 0.9):
        ran = run("vary", "band.mid", "--strength", strength, "-o", "out", "--checkpoint", composer)
        assert ran.code == 0, ran.err
    assert len(list((band / "out").glob("*.mid"))) == 2


def test_a_file_is_no_folder_for_results(verb, band, composer):
    ran = run(*verb, "-o", "band.mid", "--checkpoint", composer)
    assert (ran.code, ran.err_lines[-1]) == (
        1,
        "error: band.mid: is no folder, results cannot go into it; name another",
    )


def test_channels_are_joined_in_the_seed_and_the_record_says_so(here, composer):
    (here / "guitar.mid").write_bytes(guitar())
    for verb in ("vary", "compose", "accompany"):
        ran = run(verb, "guitar.mid", "-o", verb, "--checkpoint", composer, "--join-channels")
        assert (ran.code, "warning" in ran.err) == (0, False), ran.err
        record = record_of(here / verb)
        assert record["seed"]["join_channels"] is True
        assert {track["channel"] for track in record["diff"]["tracks"] if track["chunk"] == 0} == {0}
    assert run("blend", *["guitar.mid"] * 2, "-o", "blend", "--checkpoint", composer, "--join-channels").code == 0
    (sidecar, *_) = (here / "blend").glob("*.json")
    assert json.loads(sidecar.read_text())["seed"]["join_channels"] is True
    assert run("vary", "guitar.mid", "-o", "apart", "--checkpoint", composer).code == 0
    assert "join_channels" not in record_of(here / "apart")["seed"]
