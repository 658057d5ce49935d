"""What comes in: what is found, what becomes of each file, and how it is told."""

import json
import os

import midi_bytes
import pytest
from command_line import report_of, run

from symbolic_embed.commands.shared.inputs import Intake, gathered, in_use
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.errors import MidiError, NoNotesError, SymbolicEmbedError, UsageError
from symbolic_embed.files.folders import Found

SONG = midi_bytes.midi(midi_bytes.track(midi_bytes.NOTE))
ODD = midi_bytes.header(tracks=2) + midi_bytes.chunk(midi_bytes.track(midi_bytes.NOTE))  # two declared, one there


def paths(found):
    return [one.path for one in found]


def test_folders_are_walked_and_all_is_sorted_and_once(songs):
    found = gathered(["songs", "songs/b.mid", "songs/deep"], names_from=None)
    assert paths(found) == ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID"]


def test_paths_stay_as_they_were_typed(songs):
    assert paths(gathered(["./songs/../songs/a.mid"], names_from=None)) == ["./songs/../songs/a.mid"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\0"])
def test_a_list_names_one_a_line_or_between_nuls(songs, end):
    (songs.parent / "list").write_bytes(b"songs/b.mid" + end + end + b"songs/deep" + end)
    assert paths(gathered(["songs/a.mid"], names_from="list")) == ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID"]


def test_a_list_may_come_from_stdin_and_a_name_may_hold_a_line_break(songs, checkpoint):
    os.rename("songs/a.mid", "songs/new\nline.mid")
    ran = run("rank", "songs/b.mid", "--files-from", "-", "--format", "json", "--checkpoint", checkpoint,
              stdin=b"songs/new\nline.mid\0songs/b.mid\0")  # fmt: skip
    assert [match["path"] for match in ran.json] == ["songs/b.mid", "songs/new\nline.mid"]


@pytest.mark.parametrize(
    ("named", "names_from", "kind", "message"),
    [
        (None, None, UsageError, "no files or folders were named; name some, or give a list with --files-from"),
        (["-"], "-", UsageError, "stdin (-) can be one file, or the list of files; give the others by name"),
        (["bare"], None, SymbolicEmbedError, "bare: no MIDI files (0 found, 1 needed)"),
        (None, "gone.txt", UsageError, "gone.txt: the list of files cannot be opened: no such file or directory"),
    ],
)
def test_what_cannot_be_gathered(here, named, names_from, kind, message):
    (here / "bare").mkdir()
    with pytest.raises(kind) as error:
        gathered(named, names_from=names_from)
    assert str(error.value) == message


def test_every_input_is_accounted_for(mixed, capsys):
    with Intake(Progress(), report="report.jsonl") as intake:
        found = gathered(["songs", "missing.mid"], names_from=None)
        taken = [path for path, _ in intake.pieces(found, doing="reading")]
    assert taken == ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID", "songs/odd.mid"]
    assert (intake.accepted, intake.rejected, intake.exit_code) == (4, 4, 3)
    report = report_of(mixed.parent / "report.jsonl")
    assert list(report) == paths(found)
    assert {path: line["status"] for path, line in report.items()} == {
        "missing.mid": "rejected",
        "songs/a.mid": "ok",
        "songs/b.mid": "ok",
        "songs/deep/c.MID": "ok",
        "songs/empty.mid": "rejected",
        "songs/gone.mid": "rejected",
        "songs/odd.mid": "warned",
        "songs/words.mid": "rejected",
    }
    assert report["songs/odd.mid"] == {
        "path": "songs/odd.mid",
        "status": "warned",
        "reason": None,
        "warnings": ["track-count: 2 tracks declared, 1 found; all were read"],
        "notes": 1,
        "bars": 1,
    }
    assert report["songs/gone.mid"]["reason"] == "a link that leads nowhere"
    assert (report["songs/empty.mid"]["notes"], report["songs/words.mid"]["notes"]) == (0, None)
    assert capsys.readouterr().err.splitlines() == [
        "rejected: missing.mid: cannot be opened: no such file or directory",
        "rejected: songs/empty.mid: no notes (0 found, 1 needed); `symbolic-embed show` lists what the file has",
        "rejected: songs/gone.mid: a link that leads nowhere",
        "rejected: songs/words.mid: not MIDI: it begins with 6f 6e 63 65, a MIDI file with 4d 54 68 64 (MThd)",
        "warning: songs/odd.mid: 2 tracks declared, 1 found; all were read",
    ]


def test_notation_is_an_input_like_midi(here, capsys):
    (here / "tune.abc").write_bytes(b"X:1\nL:1/4\nK:C\n{g}CDEF|\n")
    (here / "cut.musicxml").write_bytes(b"<score-partwise><part>")
    with Intake(Progress(), report="report.jsonl") as intake:
        taken = dict(intake.pieces(gathered(["."], names_from=None), doing="reading"))
        events, barred = intake.events(os.path.join(".", "tune.abc"))
    assert [barred.score.note_count for barred in taken.values()] == [4]
    assert (events.score().note_count, barred.bars, intake.exit_code) == (4, 1, 3)
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith(f"rejected: {os.path.join('.', 'cut.musicxml')}: not XML that can be read (")
    assert told[1] == f"warning: {os.path.join('.', 'tune.abc')}: grace notes were left out"


def test_nothing_usable_is_said_so(here):
    with Intake(Progress()) as intake:
        assert list(intake.pieces([Found("a.mid", "broken"), Found("b.mid", "broken")], doing="reading")) == []
        with pytest.raises(SymbolicEmbedError, match=r"^nothing was done: 2 of 2 inputs were rejected$"):
            intake.require_some()


def test_an_input_that_is_also_the_query_is_one_line(songs):
    with Intake(Progress(), report="report.jsonl") as intake:
        intake.piece("songs/a.mid")
        assert intake.accepted == 0
        list(intake.pieces([Found("songs/a.mid")], doing="reading"))
    assert list(report_of(songs.parent / "report.jsonl")) == ["songs/a.mid"]
    assert intake.accepted == 1


def test_single_files_raise_once_they_are_accounted_for(mixed):
    with Intake(Progress(), report="report.jsonl") as intake:
        with pytest.raises(MidiError):
            intake.piece("songs/words.mid")
        with pytest.raises(NoNotesError):
            intake.piece("songs/empty.mid")
    assert [line["status"] for line in report_of(mixed.parent / "report.jsonl").values()] == ["rejected", "rejected"]


def test_what_a_command_reads_is_in_use_and_stdin_is_no_file(songs):
    read = in_use([Found("songs/a.mid"), Found("-"), Found("missing.mid", "gone")], "list.txt", None, songs / "deep")
    assert all(name in read for name in ("./songs/a.mid", "missing.mid", "list.txt", "songs/deep/c.MID"))
    assert not any(name in read for name in ("songs/b.mid", "-", "songs/deep/new.mid"))


def test_a_name_that_is_not_utf8_keeps_its_bytes(here, checkpoint):
    name = b"caf\xe9.mid"
    try:
        (here / os.fsdecode(name)).write_bytes(SONG)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes UTF-8 names only")
    ran = run("rank", os.fsdecode(name), ".", "--format", "csv", "--checkpoint", checkpoint, "--report", "report.jsonl")
    assert b"1,./caf\xe9.mid,0.0,0,1,1," in ran.out
    report = (here / "report.jsonl").read_text(encoding="ascii").splitlines()
    assert [os.fsencode(json.loads(line)["path"]) for line in report] == [name, b"./" + name]
    ran = run("rank", os.fsdecode(name), ".", "--checkpoint", checkpoint)
    assert ran.text.splitlines()[1].endswith(r"./caf\udce9.mid")


def test_large_files_are_refused_and_the_option_helps(here):
    (here / "a.mid").write_bytes(SONG)
    ran = run("show", "a.mid", "--max-bytes", 20)
    assert (ran.code, ran.out) == (1, b"")
    assert "20" in ran.err
    assert run("show", "a.mid", "--max-bytes", 2000).code == 0
    assert run("show", "-", "--max-bytes", 20, stdin=SONG).err == (
        "error: stdin: more than the 20 bytes that are read; --max-bytes raises the limit\n"
    )


def test_a_report_that_cannot_be_written_is_said_before_the_work(songs):
    ran = run("show", "songs/a.mid", "--report", "no/such/report.jsonl")
    assert ran.code == 1
    assert ran.err == "error: no/such/report.jsonl: cannot be written: there is no folder no/such; make it first\n"
    assert ran.out == b""
