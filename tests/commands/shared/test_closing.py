"""How the commands that write music end: over nothing, all files of all outputs together, and nothing old beside."""

import json
import os
from types import SimpleNamespace

import composers
import pytest
from command_line import run
from disk import Disk, contents

from symbolic_embed.commands.shared.closing import Closing
from symbolic_embed.errors import OutputError, OutputExistsError
from symbolic_embed.outputs.seed_file import Output

VARY = ["vary", "band.mid", "--strength", 0.5, "--bars", "2", "--tracks", "tune,kit", "-o", "out"]


def closing(folder, **chosen):
    return Closing(folder, **{"max_copied": None, "plot": False, "diff": False, "force": False, **chosen})


@pytest.mark.parametrize(
    ("name", "chosen", "is_free"),
    [
        ("a.mid", {}, False),
        ("a.json", {}, False),
        ("a.diff", {}, True),
        ("a.diff", {"diff": True}, False),
        ("a.png", {"plot": True}, False),
        ("a__changes.png", {"plot": True}, False),
        ("b__changes.png", {"plot": True}, True),
        ("a__changes.png", {"plot": True, "alone": True}, True),
        ("a.mid", {"force": True}, True),
        ("a.mid", {"max_copied": 20}, True),
        ("p.html", {}, True),
        ("p.html", {"page": "p.html"}, False),
        ("p.html", {"page": "p.html", "max_copied": 20}, False),
        ("p.html", {"page": "p.html", "force": True}, True),
    ],
)
def test_what_will_be_written_is_looked_for_before_the_work(tmp_path, name, chosen, is_free):
    (tmp_path / name).write_bytes(b"")
    if "page" in chosen:
        chosen = {**chosen, "page": tmp_path / chosen["page"]}
    if is_free:
        closing(tmp_path, **chosen).look_before(["a", "b"])
    else:
        with pytest.raises(OutputExistsError, match=name):
            closing(tmp_path, **chosen).look_before(["a", "b"])


def test_a_page_elsewhere_needs_its_folder(tmp_path):
    closing(tmp_path / "new", page=tmp_path / "new" / "p.html").look_before(["a"])
    with pytest.raises(OutputError, match=r"p.html: cannot be written: there is no folder"):
        closing(tmp_path, page=tmp_path / "none" / "p.html").look_before(["a"])


def test_a_page_of_takes_lies_among_them_unless_another_place_is_asked_for(tmp_path):
    seed = composers.band_seed()
    among = closing(tmp_path).with_page(seed, "compose", random_seed=4)
    assert among.page == tmp_path / "band__compose__s4__takes.html"
    elsewhere = closing(tmp_path, page=tmp_path / "p.html")
    assert elsewhere.with_page(seed, "compose", random_seed=4).page == tmp_path / "p.html"


def test_a_page_is_written_with_the_results_and_finds_them(band, composer):
    asked = [*VARY, "--checkpoint", composer, "--page", "page.html"]
    ran = run(*asked, "--count", 2)
    assert ran.code == 0, ran.err
    html = (band / "page.html").read_text(encoding="utf-8")
    results = sorted((band / "out").glob("*.mid"))
    assert [f'href="out/{path.name}"' in html for path in results] == [True, True]
    assert ran.text.splitlines()[-1] == "page.html"
    before = contents(band)
    again = run(*asked, "--seed", 3)
    assert (again.code, "page.html" in again.err) == (1, True)
    assert contents(band) == before


def test_a_page_does_not_go_to_stdout_among_the_paths(band, composer):
    ran = run(*VARY, "--checkpoint", composer, "--page", "-")
    assert ran.code == 2
    assert "--page" in ran.err


def test_a_folder_that_cannot_be_one_is_named_before_the_work(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(OutputError, match=r"file: is no folder, results cannot go into it"):
            closing(folder).look_before([])
    closing(tmp_path / "new" / "deeper").look_before(["a"])


def test_what_is_no_file_is_named_before_the_work_whatever_is_forced(tmp_path):
    os.mkdir(tmp_path / "a.mid")
    with pytest.raises(OutputError, match=r"a.mid: is a folder"):
        closing(tmp_path, force=True).look_before(["a"])


@pytest.mark.parametrize(
    "content", [b'{"seed": "text"}', b'{"seed": {"sha256": []}, "settings": [1]}', b"[]", b"{", b"\xff"]
)
def test_a_foreign_record_in_the_folder_is_nothing_to_us(band, composer, content):
    """It has the name that a variation could have."""
    (band / "out").mkdir()
    foreign = band / "out" / "band__var01__dfoo__s0.json"
    foreign.write_bytes(content)
    ran = run(*VARY, "--checkpoint", composer)
    assert ran.code == 0, ran.err
    assert foreign.read_bytes() == content


def test_an_old_difference_goes_with_the_result_it_was_of(band, composer):
    asked = [*VARY, "--checkpoint", composer]
    assert run(*asked, "--diff", "--plot").code == 0
    assert {path.suffix for path in (band / "out").iterdir()} == {".mid", ".json", ".diff", ".png"}
    assert run(*asked, "--force").code == 0
    assert {path.suffix for path in (band / "out").iterdir()} == {".mid", ".json"}


def test_results_and_pictures_are_there_together_or_not_at_all(band, composer, monkeypatch):
    from symbolic_embed.presenting import side_by_side

    def fail(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(side_by_side, "side_by_side", fail)
    ran = run(*VARY, "--checkpoint", composer, "--plot")
    assert (ran.code, ran.out) == (130, b"")
    assert not (band / "out").exists()


@pytest.mark.parametrize("number", [1, 4, 9, 11])
def test_a_full_disk_leaves_nothing_and_is_told_in_a_line(band, composer, number):
    with Disk(number).in_place():
        ran = run(*VARY, "--checkpoint", composer, "--diff")
    assert ran.code == 1
    assert ran.err_lines[-1].startswith("error: out")
    assert ran.err_lines[-1].endswith(": no space left on device")
    assert list(contents(band)) == ["band.mid"]


def test_what_was_read_is_not_written_over(band, composer):
    """The earlier variation is a lender now; its name would be taken again."""
    asked = ["accompany", "band.mid", "--parts", "melody", "-o", "out", "--checkpoint", composer]
    assert run(*asked).code == 0
    (made,) = (band / "out").glob("*.mid")
    before = made.read_bytes()
    ran = run(*asked, "--from", "out", "--force")
    assert ran.code == 1
    assert ran.err_lines[-1] == (
        f"error: out/{made.name}: this command reads that file, or writes it elsewhere; name another"
    )
    assert made.read_bytes() == before
    assert run(*asked, "--force").code == 0
    assert json.loads(made.with_suffix(".json").read_text())["command"] == "accompany"


def test_results_cannot_go_to_stdout(band, composer):
    ran = run("compose", "band.mid", "--bars", "1", "-o", "-", "--checkpoint", composer)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err_lines[-1] == "error: --output -: results are several files each; name a folder"
    assert not (band / "-").exists()


@pytest.mark.parametrize(
    ("numbers", "rests", "code", "told"),
    [
        ([1, 2, 3], [], 0, []),
        ([1, 3], [], 3, ["number 2 was not written"]),
        ([1, 2, 3], ["Bass"], 3, ["n3: no Bass was written"]),
        ([3], ["Bass"], 3, ["number 1 was not", "number 2 was not", "n3: no Bass"]),
    ],
)
def test_what_could_not_be_written_is_said_by_name(tmp_path, numbers, rests, code, told):
    lines = []
    outputs = [Output(f"n{number}", None, {"settings": {"variation": number}}) for number in numbers]
    outputs[-1].record.update({"not_written": rests} if rests else {})
    telling = SimpleNamespace(tell=lines.append)
    assert closing(tmp_path).exit_code(outputs, asked=3, progress=telling) == code
    assert [line.startswith(start) for line, start in zip(lines, told, strict=True)] == [True] * len(told)


def test_where_nothing_could_be_written_there_is_one_line_and_no_file(band, composer, monkeypatch):
    monkeypatch.setattr("symbolic_embed.verbs.vary.with_notes", lambda seed, **changes: seed.events)
    ran = run(*VARY, "--checkpoint", composer)
    assert ran.code == 1
    assert ran.err_lines[-1].startswith("error: band.mid: all that was drawn is the seed again")
    assert ran.err_lines[-1].endswith("a larger --change or --strength goes further")
    assert ran.out == b""
    assert list(band.glob("out/*")) == []
