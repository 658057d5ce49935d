"""The account of the inputs: warnings that bury nothing, and a report that replaces reports alone."""

import json
import os

import midi_bytes
import pytest
from command_line import report_of, run

from symbolic_embed.commands.shared.account import Account, Verdict
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.errors import OutputError
from symbolic_embed.files import InUse
from symbolic_embed.score import ScoreWarning

SONG = midi_bytes.midi(midi_bytes.track(midi_bytes.NOTE))
ODD = midi_bytes.header(tracks=2) + midi_bytes.chunk(midi_bytes.track(midi_bytes.NOTE))  # two declared, one there
LINE = b'{"path": "a", "status": "ok", "reason": null, "warnings": [], "notes": 1, "bars": 1}\n'


def warned(path, *warnings):
    return Verdict(path, "warned", None, tuple(map(str, warnings)), 1, 1), warnings


def told(capsys, files, **options):
    account = Account(Progress(**options))
    for path, *warnings in files:
        account.enter(*warned(path, *warnings))
    during = capsys.readouterr().err
    account.close()
    return during.splitlines(), capsys.readouterr().err.splitlines()


PAD, JUNK, JUNK_AGAIN = (
    ScoreWarning("pad-byte", "a pad"),
    ScoreWarning("junk", "3 bytes"),
    ScoreWarning("junk", "4 bytes"),
)
FILES = [("b.mid", PAD), ("a.mid", JUNK), ("c\n.mid", JUNK, JUNK_AGAIN), ("d.mid", JUNK_AGAIN)]


def test_warnings_take_a_line_a_kind_when_all_is_read(capsys):
    """However many files there are: the commonest kind first, each with the first file that it was said of."""
    during, after = told(capsys, FILES)
    assert during == []
    assert after == [
        "warning: junk in 3 files; a.mid: 3 bytes",
        "warning: b.mid: a pad",
        "`verbose` names every file that was warned of",
    ]


def test_of_one_file_every_kind_is_told(capsys):
    _, after = told(capsys, [("c.mid", JUNK, JUNK_AGAIN, JUNK, PAD)])
    assert after == ["warning: c.mid: 3 bytes; and 2 more", "warning: c.mid: a pad"]


def test_who_wants_to_know_all_is_told_as_it_is_read(capsys):
    during, after = told(capsys, FILES, verbose=True)
    assert during == [
        "warning: b.mid: a pad",
        "warning: a.mid: 3 bytes",
        r"warning: c\n.mid: 3 bytes; 4 bytes",
        "warning: d.mid: 4 bytes",
    ]
    assert after == []


def test_who_wants_no_warnings_gets_none(capsys):
    assert told(capsys, FILES, quiet=True) == ([], [])


def test_twenty_files_with_a_warning_leave_the_results_in_sight(here, checkpoint):
    for number in range(20):
        (here / f"{number:02d}.mid").write_bytes(ODD)
    ran = run("reconstruct", ".", "--checkpoint", checkpoint, "--report", "r.jsonl")
    assert ran.code == 0, ran.err
    assert ran.err_lines == [
        "warning: track-count in 20 files; ./00.mid: 2 tracks declared, 1 found; all were read",
        "--verbose names every file that was warned of",
    ]
    assert [line["status"] for line in report_of(here / "r.jsonl").values()] == ["warned"] * 20
    again = run("reconstruct", ".", "--checkpoint", checkpoint, "--verbose")
    assert again.err_lines[19] == "warning: ./19.mid: 2 tracks declared, 1 found; all were read"
    assert len(again.err_lines) == 20


def test_a_rejected_file_is_named_even_to_who_wants_quiet(mixed):
    ran = run("check", "songs", "--quiet")
    assert ran.code == 3
    assert [line.split(":")[1] for line in ran.err_lines] == [" songs/gone.mid", " songs/words.mid"]


def test_an_earlier_report_gives_way_to_a_new_one(songs):
    for _ in range(2):
        assert run("check", "songs", "--report", "r.jsonl").code == 0
    assert len(report_of(songs.parent / "r.jsonl")) == 3
    (songs.parent / "r.jsonl").write_bytes(b"")  # as `mktemp` makes one
    assert run("check", "songs/a.mid", "--report", "r.jsonl").code == 0
    assert list(report_of(songs.parent / "r.jsonl")) == ["songs/a.mid"]


@pytest.mark.parametrize("content", [SONG, b"notes of mine\n", b"[1]\n", b'{"path": "a"}\n', b"{", b"[" * 100_000])
def test_what_is_no_report_stays_whatever_is_asked(songs, content):
    (songs / "mine").write_bytes(content)
    ran = run("check", "songs/a.mid", "--report", "songs/mine")
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err == "error: songs/mine: exists already and is no report, nothing was written; name another\n"
    assert (songs / "mine").read_bytes() == content


def test_an_input_is_no_place_for_a_report(songs):
    """One that was rejected is an input as well, be it empty or not there."""
    before = (songs / "a.mid").read_bytes()
    (songs / "bare.mid").write_bytes(b"")
    os.link(songs / "bare.mid", songs / "other")
    for asked, named in (("a.mid", "a.mid"), ("bare.mid", "other"), ("missing.mid", "./missing.mid")):
        ran = run("check", f"songs/{asked}", "songs/b.mid", "--report", f"songs/{named}")
        assert (ran.code, ran.out) == (1, b"")
        assert ran.err.startswith(f"error: songs/{named}: ")
    assert (songs / "a.mid").read_bytes() == before
    assert (songs / "bare.mid").read_bytes() == b""
    assert not (songs / "missing.mid").exists()


def test_a_report_and_a_result_cannot_be_one_file(songs, checkpoint):
    ran = run("embed", "songs", "-o", "x", "--report", "./x", "--checkpoint", checkpoint)
    assert (ran.code, ran.err_lines[-1]) == (
        1,
        "error: ./x: this command reads that file, or writes it elsewhere; name another",
    )
    assert not (songs.parent / "x").exists()


def test_a_device_is_no_report(songs):
    ran = run("check", "songs", "--report", os.devnull)
    assert (ran.code, ran.err) == (1, f"error: {os.devnull}: is a device; only files are written, name another\n")


def test_a_report_can_be_watched_and_stays_when_the_work_breaks_off(here):
    account = Account(Progress(), report="r.jsonl")
    account.enter(Verdict.rejected("a.mid", "bad"))
    assert [json.loads(line)["path"] for line in (here / "r.jsonl").read_text().splitlines()] == ["a.mid"]
    account.enter(Verdict.rejected("a.mid", "again"))
    account.enter(Verdict.rejected("b.mid", "bad"))
    assert len((here / "r.jsonl").read_text().splitlines()) == 2
    assert account.rejected == 2


def test_work_that_never_began_leaves_the_earlier_report(here):
    (here / "r.jsonl").write_bytes(LINE)
    Account(Progress(), report="r.jsonl").close()
    assert (here / "r.jsonl").read_bytes() == LINE
    with pytest.raises(OutputError, match="this command reads that file"):
        Account(Progress(), report="r.jsonl", in_use=InUse(["r.jsonl"]))
