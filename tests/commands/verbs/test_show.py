"""`show`, for people, for programs, and as a picture."""

import json

import midi_bytes
from command_line import report_of, run
from guitar import guitar

import symbolic_embed

BARE = midi_bytes.midi(midi_bytes.track(midi_bytes.meta(0x51, b"\x07\xa1\x20")))  # a tempo, and no note


def test_text_is_for_people(songs):
    ran = run("show", "songs/a.mid")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.text.splitlines()
    assert lines[0] == "songs/a.mid"
    assert lines[1].startswith("4 parts, 3 bars, ")
    assert any(line.split()[:1] == ["metre"] for line in lines)
    assert [line.split()[0] for line in lines if line.strip()[:1].isdigit() and line.startswith("  ")] == [*"0123"]


def test_json_is_for_programs_and_alone_on_stdout(songs):
    ran = run("show", "songs/a.mid", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["path"] == "songs/a.mid"
    assert ran.json["bars"] == 3
    assert [(track["number"], track["role"], track["channel"]) for track in ran.json["tracks"]] == [
        (0, "melody", 1),
        (1, "piano", 2),
        (2, "bass", 3),
        (3, "drums", 10),
    ]


def test_stdin_is_a_file_too(songs):
    content = (songs / "a.mid").read_bytes()
    piped = run("show", "-", "--format", "json", stdin=content).json
    named = run("show", "songs/a.mid", "--format", "json").json
    assert piped.pop("path") == "-"
    assert named.pop("path") == "songs/a.mid"
    assert piped == named


def test_a_file_without_notes_is_shown(here):
    (here / "bare.mid").write_bytes(BARE)
    ran = run("show", "bare.mid", "--plot", "bare.png", "--report", "report.jsonl")
    assert (ran.code, ran.err) == (0, "")
    assert "0 parts, 0 bars, 0 notes" in ran.text
    assert (here / "bare.png").read_bytes().startswith(b"\x89PNG")
    assert report_of(here / "report.jsonl")["bare.mid"]["status"] == "ok"


def test_warnings_stand_in_what_is_shown_and_not_beside_it(mixed):
    ran = run("show", "songs/odd.mid")
    assert "warning track-count: 2 tracks declared, 1 found; all were read" in ran.text
    assert ran.err == ""


def test_pictures_are_png_or_svg_and_never_overwrite(songs):
    for name, begin in (("a.png", b"\x89PNG"), ("a.SVG", b"<?xml")):
        assert run("show", "songs/a.mid", "--plot", name).code == 0
        content = (songs.parent / name).read_bytes()
        assert content.startswith(begin)
        again = run("show", "songs/a.mid", "--plot", name)
        assert (again.code, again.out) == (1, b"")
        assert again.err == f"error: {name}: exists already, nothing was written; --force overwrites it\n"
        assert run("show", "songs/a.mid", "--plot", name, "--force").code == 0
        assert (songs.parent / name).read_bytes() == content
    refused = run("show", "songs/a.mid", "--plot", "a.gif")
    assert (refused.code, refused.err) == (2, "error: --plot a.gif: a picture is a .png or .svg file\n")


def test_what_cannot_be_read_is_one_line(mixed):
    for path, message in (
        ("songs/words.mid", "error: songs/words.mid: not MIDI: it begins with 6f 6e 63 65, "),
        ("missing.mid", "error: missing.mid: cannot be opened: no such file or directory; is the path right?"),
    ):
        ran = run("show", path)
        assert (ran.code, ran.out) == (1, b"")
        assert ran.err.startswith(message)
        assert ran.err.count("\n") == 1


def test_channels_that_are_strings_of_one_instrument_are_joined_on_request(here):
    (here / "guitar.mid").write_bytes(guitar())
    apart, joined = run("show", "guitar.mid"), run("show", "guitar.mid", "--join-channels", "--format", "json")
    assert "one instrument, --join-channels takes them for one part" in apart.text.splitlines()[-1]
    assert [(part["channel"], part["members"]) for part in joined.json["tracks"]] == [(1, [2, 3])]
    assert joined.json["warnings"] == []


def test_a_folder_is_a_line_a_file(mixed):
    ran = run("show", "songs", "--report", "report.jsonl")
    header, *lines = ran.text.splitlines()
    assert header.split() == ["bars", "metre", "tempo", "key", "tracks", "notes", "drums", "path"]
    assert [line.split()[-1] for line in lines] == [
        f"songs/{name}" for name in ("a.mid", "b.mid", "deep/c.MID", "empty.mid", "odd.mid")
    ]
    assert lines[0].split()[:3] == ["3", "4/4", "120"]
    assert lines[3].split()[-2:] == ["no", "songs/empty.mid"]
    assert ran.code == 3
    assert ran.err_lines[0].startswith("rejected: songs/gone.mid: ")
    assert ran.err_lines[1].startswith("rejected: songs/words.mid: not MIDI: ")
    assert ran.err_lines[2].startswith("left out: 2 of 7 files (")
    assert report_of(mixed.parent / "report.jsonl")["songs/words.mid"]["status"] == "rejected"


def test_lines_of_json_are_what_json_is_of_each(songs):
    lines = [json.loads(line) for line in run("show", "songs", "--format", "jsonl").text.splitlines()]
    assert {next(iter(line)) for line in lines} == {"path"}
    assert lines == [run("show", line["path"], "--format", "json").json for line in lines]
    assert run("show", "songs", "--format", "json").json == lines
    (one,) = run("show", "songs/a.mid", "--format", "jsonl").text.splitlines()
    assert json.loads(one) == lines[0]


def test_several_files_are_named_and_listed_and_piped(songs):
    (songs.parent / "list.txt").write_text("songs/b.mid\nsongs/a.mid\n")
    content = (songs / "a.mid").read_bytes()
    for arguments in (["songs/b.mid", "songs/a.mid"], ["--files-from", "list.txt"], ["-", "songs/b.mid"]):
        ran = run("show", *arguments, stdin=content)
        assert (ran.code, ran.err) == (0, "")
        assert len(ran.text.splitlines()) == 3
    blocks = run("show", "songs/a.mid", "songs/b.mid", "--format", "text").text.split("\n\nsongs/")
    assert len(blocks) == 2
    assert blocks[0] + "\n" == run("show", "songs/a.mid").text


def test_a_picture_is_of_one_file(songs):
    for arguments in (["songs"], ["songs/a.mid", "songs/b.mid"]):
        ran = run("show", *arguments, "--plot", "a.png")
        assert (ran.code, ran.err) == (2, "error: --plot draws one file; name one, and not a folder\n")


def test_only_what_is_meant_is_shown(songs):
    ran = run("show", "songs", "--where", "path~deep bars=3", "--format", "jsonl")
    assert [json.loads(line)["path"] for line in ran.text.splitlines()] == ["songs/deep/c.MID"]
    assert (ran.code, ran.err) == (0, "left out: 2 of 3 files (--where: 2)\n")
    nothing = run("show", "songs", "--where", "bars>3")
    assert (nothing.code, nothing.out) == (1, b"")
    assert nothing.err == "error: nothing was done: all inputs were left out (--where: 3)\n"
    refused = run("show", "songs", "--where", "bar>3")
    assert (refused.code, refused.err) == (2, "error: --where bar>3: bar is not known of pieces; did you mean bars?\n")


def test_notes_are_listed_for_programs_alone(songs):
    plain = run("show", "songs/a.mid", "--format", "json").json
    ran = run("show", "songs/a.mid", "--notes", "--format", "json")
    assert (ran.code, ran.err, ran.text.count("\n")) == (0, "", 1)
    assert [len(track["note_list"]) for track in ran.json["tracks"]] == [track["notes"] for track in plain["tracks"]]
    assert len(ran.json["bar_ticks"]) == plain["bars"] + 1
    assert [bar for bar, _ in ran.json["chords"]] == [1, 2, 3]
    assert plain.keys() == ran.json.keys() - {"bar_ticks", "chords", "scale"}
    (first, *_) = run("show", "songs", "--notes", "--format", "jsonl").text.splitlines()
    assert json.loads(first) == ran.json
    for said in ([], ["--format", "table"]):
        refused = run("show", "songs/a.mid", "--notes", *said)
        format = said[1] if said else "text"
        message = f"error: --notes are listed for programs: --format is json or jsonl then, not {format}\n"
        assert (refused.code, refused.out, refused.err) == (2, b"", message)


def test_python_lists_the_notes_that_the_command_lists(songs):
    shown = symbolic_embed.show("songs/b.mid", notes=True).as_dict()
    assert json.loads(json.dumps(shown)) == run("show", "songs/b.mid", "--notes", "--format", "json").json
