"""`reconstruct`: what is written, and how it is counted."""

import pieces
import pytest
from command_line import run

from symbolic_embed.score import read


def test_pieces_are_written_with_their_parts(songs, checkpoint):
    ran = run("reconstruct", "songs", "-o", "out", "--checkpoint", checkpoint)
    assert ran.code == 0
    assert sorted(path.name for path in (songs.parent / "out").iterdir()) == ["a.mid", "b.mid", "c.mid"]
    before, after = read("songs/a.mid"), read("out/a.mid")
    assert {track.channel for track in after.tracks} <= {track.channel for track in before.tracks}
    assert after.division == before.division
    lines = ran.text.splitlines()
    assert lines[0].split() == ["class", "sets", "cells", "notes", "precision", "recall", "F1", "F1", "with", "length"]
    assert [line.split()[0] for line in lines[1:]] == ["drums", "bass", "melody", "piano"]


def test_json_pools_notes_within_sets_and_means_over_them(here, checkpoint):
    pieces.folder_of(here, {"one/a.mid": pieces.piece(1), "one/b.mid": pieces.piece(2), "two/c.mid": pieces.piece(3)})
    found = run("reconstruct", "one", "two", "--format", "json", "--checkpoint", checkpoint).json
    assert list(found["sets"]) == ["one", "two"]
    for role, figures in found["roles"].items():
        of_sets = [of_set[role] for of_set in found["sets"].values()]
        assert figures["sets"] == 2
        assert figures["notes"] == sum(one["original"] for one in of_sets)
        assert figures["f1"] == pytest.approx(sum(one["f1"] for one in of_sets) / 2)
        for one in of_sets:
            assert one["f1"] == pytest.approx(2 * one["right"] / (one["written"] + one["original"]))
            assert one["precision"] == pytest.approx(one["right"] / max(one["written"], 1))


def test_files_of_one_name_get_numbers(here, checkpoint):
    pieces.folder_of(here, {f"{folder}/x.mid": pieces.piece(1, bars=1) for folder in "abc"})
    assert run("reconstruct", ".", "-o", "out", "--checkpoint", checkpoint).code == 0
    assert sorted(path.name for path in (here / "out").iterdir()) == ["x.mid", "x_2.mid", "x_3.mid"]


def test_what_exists_is_not_touched_and_nothing_is_written(songs, checkpoint):
    (songs.parent / "out").mkdir()
    (songs.parent / "out" / "b.mid").write_bytes(b"mine")
    ran = run("reconstruct", "songs", "-o", "out", "--checkpoint", checkpoint)
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err == "error: out/b.mid: exists already, nothing was written; --force overwrites it\n"
    assert {path.name: path.read_bytes() for path in (songs.parent / "out").iterdir()} == {"b.mid": b"mine"}
    assert run("reconstruct", "songs", "-o", "out", "--force", "--checkpoint", checkpoint).code == 0


def test_jobs_change_nothing(songs, checkpoint):
    for jobs in (1, 3):
        run("reconstruct", "songs", "-o", f"out{jobs}", "--jobs", jobs, "--checkpoint", checkpoint)
    for name in ("a.mid", "b.mid", "c.mid"):
        assert (songs.parent / "out1" / name).read_bytes() == (songs.parent / "out3" / name).read_bytes()


def test_rejected_files_are_left_out(mixed, checkpoint):
    ran = run("reconstruct", "songs", "-o", "out", "--checkpoint", checkpoint)
    assert ran.code == 3
    assert sorted(path.name for path in (mixed.parent / "out").iterdir()) == ["a.mid", "b.mid", "c.mid", "odd.mid"]
    assert run("reconstruct", "songs/words.mid", "--checkpoint", checkpoint).code == 1
