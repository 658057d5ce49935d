"""`rank`: formats, order, and what becomes of a bad query or bad files."""

import csv
import io
import json
import shutil

import pytest
import tiny
from command_line import report_of, run

FIELDS = ["rank", "path", "distance", "transposition", "query_bar", "bar"]
CALLED = ["likeness", "probability"]
WHY = ["bars_distance", "harmony_distance", "melody_distance", "nearest_bars", "rhythm_distance"]


def ranked(checkpoint, *arguments, **options):
    return run("rank", *arguments, "--checkpoint", checkpoint, **options)


def test_json_is_an_array_in_order(songs, checkpoint):
    shutil.copy("songs/b.mid", "songs/twin.mid")
    ran = ranked(checkpoint, "songs/b.mid", "songs", "--format", "json")
    assert (ran.code, ran.err) == (0, "roles: melody 0; chords 1; bass 2; drums 3\n")
    assert [list(match) for match in ran.json] == [FIELDS + CALLED] * 4
    assert [match["rank"] for match in ran.json] == [1, 2, 3, 4]
    assert [(match["path"], match["distance"]) for match in ran.json[:2]] == [
        ("songs/b.mid", 0.0),
        ("songs/twin.mid", 0.0),
    ]
    keys = [(match["distance"], match["path"]) for match in ran.json]
    assert keys == sorted(keys)
    assert {match["transposition"] for match in ran.json} == {0}


def test_all_formats_say_the_same(songs, checkpoint):
    arguments = ("songs/a.mid", "songs", "--transpose", "--metric", "cosine")
    matches = ranked(checkpoint, *arguments, "--format", "json").json
    lines = ranked(checkpoint, *arguments, "--format", "jsonl").text.splitlines()
    assert [json.loads(line) for line in lines] == matches
    rows = list(csv.DictReader(io.StringIO(ranked(checkpoint, *arguments, "--format", "csv").text)))
    assert [list(row) for row in rows] == [FIELDS + CALLED] * len(matches)
    assert [{name: str(value) for name, value in match.items()} for match in matches] == rows
    table = ranked(checkpoint, *arguments).text.splitlines()
    assert table[0].split() == ["rank", "distance", "transposition", "query", "bar", "bar", "likeness", "path"]
    assert [line.split()[-1] for line in table[1:]] == [match["path"] for match in matches]


def test_why_says_what_a_distance_is_made_of(songs, checkpoint):
    plain = ranked(checkpoint, "songs/a.mid", "songs", "--format", "json").json
    told = ranked(checkpoint, "songs/a.mid", "songs", "--why", "--format", "json").json
    assert [list(match) for match in told] == [[*FIELDS, *WHY, *CALLED]] * 3
    assert [{name: match[name] for name in FIELDS + CALLED} for match in told] == plain
    assert [told[0][name] for name in WHY] == [0.0, 0.0, 0.0, [[1, 1], [2, 2], [3, 3]], 0.0]
    assert all(match["nearest_bars"][0] == [match["query_bar"], match["bar"]] for match in told)
    rows = list(
        csv.DictReader(io.StringIO(ranked(checkpoint, "songs/a.mid", "songs", "--why", "--format", "csv").text))
    )
    assert [row["nearest_bars"] for row in rows] == [
        " ".join(f"{query_bar}={bar}" for query_bar, bar in match["nearest_bars"]) for match in told
    ]
    table = ranked(checkpoint, "songs/a.mid", "songs", "--why").text.splitlines()
    assert " ".join(table[1].split()) == "1 0.0000 0 1 1 0.0000 0.0000 0.0000 1=1 2=2 3=3 0.0000 same music songs/a.mid"


def test_what_a_distance_means_stands_beside_it(songs, checkpoint):
    shutil.copy("songs/b.mid", "songs/twin.mid")
    ran = ranked(checkpoint, "songs/b.mid", "songs", "--format", "json").json
    assert [match["likeness"] for match in ran[:2]] == ["same music"] * 2
    assert ran[0]["probability"] > 0.9
    chances = [match["probability"] for match in ran]
    assert chances == sorted(chances, reverse=True)


@pytest.fixture(scope="module")
def with_passages(tmp_path_factory):
    return tiny.with_passages(tmp_path_factory.mktemp("passages")).folder


def test_by_passages_and_why_where_the_checkpoint_has_an_encoder_of_them(songs, with_passages):
    ran = ranked(with_passages, "songs/a.mid", "songs", "--by", "passages", "--why", "--format", "json")
    assert (ran.code, ran.err) == (0, "roles: melody 0; chords 1; bass 2; drums 3\n")
    assert [list(match) for match in ran.json] == [[*FIELDS, *WHY, "passages_distance", *CALLED, "passages"]] * 3
    assert [match["distance"] for match in ran.json] == [match["passages_distance"] for match in ran.json]
    assert (ran.json[0]["path"], ran.json[0]["distance"], ran.json[0]["likeness"]) == ("songs/a.mid", 0.0, None)


def test_why_says_which_bars_lie_along_which(songs, with_passages):
    asked = ("songs/a.mid", "songs", "--why", "--top", 1)
    (match,) = ranked(with_passages, *asked, "--format", "json").json
    assert match["passages"] == [{"query_bar": 1, "query_last_bar": 3, "bar": 1, "last_bar": 3, "distance": 0.0}]
    (row,) = csv.DictReader(io.StringIO(ranked(with_passages, *asked, "--format", "csv").text))
    assert row["passages"] == "1-3=1-3"
    table = ranked(with_passages, *asked).text.splitlines()
    assert table[-3:] == [
        "",
        "1  songs/a.mid: same music, distance 0.000; the query in its own key",
        "   bars 1-3 lie along bars 1-3 (0.00)",
    ]


@pytest.mark.parametrize(("ending", "head"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("HTML", b"<!DOCTYPE html>")])
def test_the_first_matches_can_be_drawn(songs, with_passages, tmp_path, ending, head):
    place = tmp_path / f"why.{ending}"
    ran = ranked(with_passages, "songs/a.mid", "songs", "--plot", place, "--format", "json")
    assert ran.code == 0
    assert ran.json == ranked(with_passages, "songs/a.mid", "songs", "--why", "--format", "json").json
    assert place.read_bytes().startswith(head)
    again = ranked(with_passages, "songs/a.mid", "songs", "--plot", place)
    assert (again.code, again.out) == (1, b"")
    assert "exists already" in again.err


def test_what_was_piped_in_is_drawn(songs, with_passages, tmp_path):
    with open("songs/b.mid", "rb") as file:
        piped = file.read()
    ran = ranked(with_passages, "songs/b.mid", "-", "--plot", tmp_path / "why.svg", stdin=piped)
    assert ran.code == 0
    assert "<!-- 1  - -->" in (tmp_path / "why.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--plot", "why.pdf"), "--plot why.pdf: a picture is a .png, .svg, .html file"),
        (("--plot", "why.png", "--level", "bar"), "--plot with --level bar"),
    ],
)
def test_pictures_that_cannot_be_are_refused(songs, checkpoint, more, said):
    ran = ranked(checkpoint, "songs/a.mid", "songs", *more)
    assert (ran.code, ran.out) == (2, b"")
    assert said in ran.err


def test_by_passages_where_it_has_none_is_refused_in_one_line(songs, checkpoint):
    ran = ranked(checkpoint, "songs/a.mid", "songs", "--by", "passages")
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err_lines[-1] == (
        f"error: {checkpoint}: no passage encoder in it; `train passages --checkpoint {checkpoint}` adds one, "
        "or leave passages out"
    )


def test_bars_have_no_why(songs, checkpoint):
    ran = ranked(checkpoint, "songs/a.mid", "songs", "--level", "bar", "--why")
    assert (ran.code, ran.out) == (2, b"")
    assert "--why with --level bar: bars have no parts to tell of" in ran.err


@pytest.mark.parametrize("by", ["bars", "harmony", "melody", "rhythm"])
def test_one_part_ranks_alone(songs, checkpoint, by):
    ran = ranked(checkpoint, "songs/a.mid", "songs", "--by", by, "--why", "--format", "json")
    assert ran.code == 0
    assert [match["distance"] for match in ran.json] == [match[f"{by}_distance"] for match in ran.json]
    assert ran.json[0]["path"] == "songs/a.mid"
    assert ran.json[0]["likeness"] == (None if by == "rhythm" else "same music")
    assert len({match["distance"] for match in ran.json}) == 3


def test_where_a_part_says_nothing_the_foot_says_so(songs, checkpoint):
    ran = ranked(checkpoint, "songs/a.mid", "songs", "--tracks", 3, "--by", "melody", "--why", "--format", "json")
    assert ran.err_lines[-1] == "by bars instead of melody: 3 of 3 files, where the query or they have none"
    assert all(match["melody_distance"] is None for match in ran.json)
    assert [match["distance"] for match in ran.json] == [match["bars_distance"] for match in ran.json]


def test_bars_are_not_ranked_by_parts(songs, checkpoint):
    ran = ranked(checkpoint, "songs/a.mid", "songs", "--level", "bar", "--by", "harmony")
    assert (ran.code, ran.out) == (2, b"")
    assert "--by harmony with --level bar: single bars are ranked by their embeddings" in ran.err


def test_only_some_tracks_of_the_query_count(songs, checkpoint):
    whole = ranked(checkpoint, "songs/a.mid", "songs", "--format", "json").json
    tune = ranked(checkpoint, "songs/a.mid", "songs", "--tracks", "0", "--format", "json").json
    assert tune[0]["path"] == "songs/a.mid"
    assert tune[0]["distance"] > whole[0]["distance"] == 0
    ran = ranked(checkpoint, "songs/a.mid", "songs", "--tracks", "flute")
    assert (ran.code, ran.out) == (2, b"")
    assert "--tracks: there is no track 'flute'" in ran.err


def test_top_and_bars(songs, checkpoint):
    everything = ranked(checkpoint, "songs/a.mid", "songs", "--level", "bar", "--format", "json").json
    assert len(everything) == 9
    assert list(everything[0]) == FIELDS
    assert [(match["path"], match["bar"], match["query_bar"]) for match in everything[:3]] == [
        ("songs/a.mid", bar, bar) for bar in (1, 2, 3)
    ]
    first = ranked(checkpoint, "songs/a.mid", "songs", "--level", "bar", "--top", 2, "--format", "json").json
    assert first == everything[:2]


def test_the_query_may_be_piped_in(songs, checkpoint):
    content = (songs / "b.mid").read_bytes()
    ran = ranked(checkpoint, "-", "songs", "--format", "json", stdin=content)
    assert (ran.json[0]["path"], ran.json[0]["distance"]) == ("songs/b.mid", 0.0)


def test_bad_files_are_named_and_left_out(mixed, checkpoint):
    ran = ranked(checkpoint, "songs/a.mid", "songs", "--format", "json", "--report", "r.jsonl")
    assert ran.code == 3
    assert [line.split(":")[1].strip() for line in ran.err_lines if line.startswith("rejected")] == [
        "songs/empty.mid",
        "songs/gone.mid",
        "songs/words.mid",
    ]
    assert {match["path"] for match in ran.json} == {"songs/a.mid", "songs/b.mid", "songs/deep/c.MID", "songs/odd.mid"}
    assert len(report_of(mixed.parent / "r.jsonl")) == 7


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("songs/words.mid", "error: songs/words.mid: not MIDI: "),
        ("songs/empty.mid", "error: songs/empty.mid: no notes "),
        ("missing.mid", "error: missing.mid: cannot be opened: "),
    ],
)
def test_a_bad_query_ends_it(mixed, checkpoint, query, message):
    ran = ranked(checkpoint, query, "songs/a.mid", "--report", "r.jsonl")
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err.startswith(message)
    assert ran.err.count("\n") == 1
    assert report_of(mixed.parent / "r.jsonl")[query]["status"] == "rejected"


def test_nothing_to_rank_is_a_failure(mixed, checkpoint):
    ran = ranked(checkpoint, "songs/a.mid", "songs/words.mid")
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err_lines[-1] == "error: nothing was done: 1 of 1 inputs were rejected"


def test_a_rank_without_files_is_wrong_usage(songs, checkpoint):
    assert ranked(checkpoint, "songs/a.mid").code == 2
    assert ranked(checkpoint, "-", "-", "songs").code == 2


def test_only_what_is_meant_is_ranked_and_the_foot_says_what_was_not(mixed, checkpoint):
    plain = ranked(checkpoint, "songs/b.mid", "songs", "--format", "json")
    assert plain.err_lines[-1].startswith("left out: 3 of 7 files (")
    assert "no notes: 1" in plain.err_lines[-1]
    assert "not MIDI: 1" in plain.err_lines[-1]
    some = ranked(checkpoint, "songs/b.mid", "songs", "--where", "bars=3 path!~deep", "--format", "json")
    assert [match["path"] for match in some.json] == ["songs/b.mid", "songs/a.mid"]
    assert "--where: 2" in some.err_lines[-1]
    assert [match["distance"] for match in plain.json if match["path"] == "songs/a.mid"] == [some.json[1]["distance"]]
