"""`check`: lines for people, JSON for programs, and what the exit code says."""

import json

import midi_bytes
from command_line import report_of, run

HANGING = midi_bytes.midi(
    midi_bytes.track(midi_bytes.meta(0x51, b"\x07\xa1\x20"), midi_bytes.meta(0x58, b"\x04\x02\x18\x08")),
    midi_bytes.track(midi_bytes.meta(0x03, b"Flute"), "00 c0 00", "00 90 3c 40", "60 90 40 40"),
)


def test_a_line_a_kind_with_file_place_and_a_way_out(here):
    (here / "odd.mid").write_bytes(HANGING)
    ran = run("check", "odd.mid")
    assert ran.code == 0
    line, _ = ran.text.splitlines()
    assert line == (
        "odd.mid: fault: bar 1 beat 1, track 0 Flute: C4 never ends (2 times); "
        "it sounds on and on in some programs: give it an end"
    )
    assert ran.err == "1 file: 0 without a finding, 2 faults, 1 remark\n"
    assert len(run("check", "odd.mid", "--each").text.splitlines()) == 3
    assert len(run("check", "odd.mid", "--faults").text.splitlines()) == 1


def test_json_is_alone_on_stdout(here, songs):
    (here / "songs/odd.mid").write_bytes(HANGING)
    ran = run("check", "songs", "--format", "json")
    assert ran.err == ""
    by_path = {one["path"]: one["findings"] for one in ran.json}
    assert list(by_path) == ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID", "songs/odd.mid"]
    assert {one["level"] for one in by_path["songs/a.mid"]} <= {"remark"}
    found = by_path["songs/odd.mid"][0]
    assert (found["kind"], found["bar"], found["beat"], found["track"], found["count"]) == (
        "hanging-note",
        1,
        1.0,
        0,
        2,
    )


def test_findings_are_what_was_asked_for_unless_strict(here, songs):
    (here / "songs/odd.mid").write_bytes(HANGING)
    assert run("check", "songs").code == 0
    assert run("check", "songs", "--strict").code == 3
    assert run("check", "songs/a.mid", "--strict").code == 0


def test_what_cannot_be_read_is_rejected_and_the_others_are_checked(mixed):
    ran = run("check", "songs", "--report", "report.jsonl")
    assert ran.code == 3
    assert "rejected: songs/words.mid" in ran.err
    assert "songs/empty.mid: remark: whole file: there are no notes" in ran.text
    assert report_of(mixed.parent / "report.jsonl")["songs/words.mid"]["status"] == "rejected"
    assert run("check", "songs/words.mid").code == 1


def test_a_macs_companions_are_no_rejected_files(songs):
    (songs / "__MACOSX").mkdir()
    (songs / "__MACOSX" / "._a.mid").write_bytes(bytes.fromhex("00 05 16 07 00 02 00 00"))
    ran = run("check", "songs")
    assert ran.code == 0
    assert ran.err_lines[-1].startswith("3 files: ")


def test_stdin_is_a_file_too(here):
    found = json.loads(run("check", "-", "--format", "json", stdin=HANGING).out)
    assert [(one["path"], one["findings"][0]["kind"]) for one in found] == [("-", "hanging-note")]
