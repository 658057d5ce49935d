"""Music that is made for an assistant: the command line's bytes, small answers, nothing lost."""

import pytest
from command_line import run

CALLS = {
    "vary": (
        {"clip": "band.mid", "change": 0.4, "count": 2, "keep": "drums", "bars": "1-3"},
        ["band.mid", "--change", "0.4", "--count", "2", "--keep", "drums", "--bars", "1-3"],
    ),
    "compose": ({"clip": "band.mid", "bars": 2, "random_seed": 3}, ["band.mid", "--bars", "2", "--seed", "3"]),
    "fill": (
        {"clip": "band.mid", "bars": "2-3", "tracks": ["tune"]},
        ["band.mid", "--bars", "2-3", "--tracks", "tune"],
    ),
    "accompany": ({"clip": "songs/a.mid", "parts": "melody"}, ["songs/a.mid", "--parts", "melody"]),
    "blend": ({"first": "band.mid", "second": "songs/b.mid", "steps": 2}, ["band.mid", "songs/b.mid", "--steps", "2"]),
}


@pytest.mark.parametrize("verb", CALLS)
def test_the_files_are_the_command_lines_byte_for_byte(assistant, folder, composer, verb):
    arguments, words = CALLS[verb]
    told = assistant.call(verb, **arguments, output="asked")
    assert run(verb, *words, "-o", "told", "--checkpoint", composer).code == 0
    asked, commanded = (
        {path.name: path.read_bytes() for path in (folder / one).iterdir()} for one in ("asked", "told")
    )
    assert asked == commanded
    assert sorted(result["saved"] for result in told["results"]) == sorted(
        f"asked/{name}" for name in asked if name.endswith(".mid")
    )


def test_an_answer_says_what_changed_and_what_stayed(assistant):
    told = assistant.call("vary", clip="band.mid", change=0.4, tracks="tune", bars="2")
    (result,) = told["results"]
    assert result["saved"] == f"vary/{result['name']}.mid"
    assert result["could_change"] == ["track 0 tune, bar 2"]
    assert (result["all_else_stayed"], result["bars"]) == (True, 4)
    assert 0 < result["measured_change"] <= 1
    assert assistant.call("compose", clip="band.mid", bars=2)["results"][0]["new_bars"] == "5-6"
    made = assistant.call("read_clip", clip=result["clip"], notes=False)
    assert made["name"] == result["saved"]


def test_the_same_call_again_gives_the_same_clip(assistant, folder):
    asked = {"clip": "band.mid", "change": 0.4}
    first = assistant.call("vary", **asked)
    written = {path: path.stat().st_mtime_ns for path in (folder / "vary").iterdir()}
    assert assistant.call("vary", **asked) == first
    assert {path: path.stat().st_mtime_ns for path in (folder / "vary").iterdir()} == written


def test_nothing_is_overwritten_and_the_way_out_is_an_assistants(assistant, folder):
    (folder / "compose").mkdir()
    there = folder / "compose" / "band__next01__s0.mid"
    there.write_bytes(b"mine")
    said = assistant.error("compose", clip="band.mid", bars=1)
    assert said.startswith("compose/band__next01__s0.mid: exists already, nothing was written; another `random_seed`")
    assert there.read_bytes() == b"mine"
    assert [path.name for path in (folder / "compose").iterdir()] == [there.name]


def test_what_is_not_saved_can_be_read_and_varied(assistant, folder):
    (kept,) = assistant.call("compose", clip="band.mid", bars=1, save=False)["results"]
    assert kept["saved"] is None
    assert not (folder / "compose").exists()
    assert assistant.call("list_clips")["not_saved"] == {kept["clip"]: "band__next01__s0.mid"}
    assert assistant.call("read_clip", clip=kept["clip"])["bars"] == 5
    (varied,) = assistant.call("vary", clip=kept["clip"], change=0.5)["results"]
    assert varied["name"].startswith("band__next01__s0__var01__")


def test_a_variation_that_changes_nothing_is_an_error_with_its_reason(assistant):
    assert assistant.error("vary", clip="band.mid", change=0) == (
        "`change` 0: nothing would change; ask for more than 0, such as 0.3"
    )
    assert assistant.error("vary", clip="band.mid", keep=["melody", "chords", "bass", "drums", "tune", "keys"])


def test_errors_are_the_sentences_of_the_command_line(assistant, folder, composer):
    for verb, arguments, words in (
        ("vary", {"clip": "band.mid", "tracks": "flute"}, ["band.mid", "--tracks", "flute"]),
        ("fill", {"clip": "band.mid", "bars": "9"}, ["band.mid", "--bars", "9"]),
        ("compose", {"clip": "gone.mid"}, ["gone.mid"]),
    ):
        said = assistant.error(verb, **arguments)
        ran = run(verb, *words, "--checkpoint", composer)
        assert (
            f"error: {said}\n".replace("`tracks`", "--tracks").replace("`bars`", "--bars")
            == ran.err.splitlines(keepends=True)[-1]
        )


def test_of_two_clips_either_may_be_missing(assistant):
    assert assistant.error("blend", first="clip:9", second="band.mid").startswith(
        "`first` clip:9: there is no such clip"
    )
    assert assistant.error("blend", first="band.mid", second="/etc/passwd").startswith("`second` '/etc/passwd': lies")


def test_a_result_goes_into_no_other_folder(assistant, folder):
    assert assistant.error("vary", clip="band.mid", output="../out").startswith("`output` '../out': lies outside")
    assert not (folder.parent / "out").exists()


def test_many_results_are_told_in_few_words(assistant):
    told = assistant.call("vary", clip="band.mid", change=0.5, count=22, save=False)
    assert len(told["results"]) == 20
    assert len(told["more"]) == 2
