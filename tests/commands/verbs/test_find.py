"""`find`: what is said where nothing is near, and of what was left out."""

import shutil

import pytest
from command_line import run

from symbolic_embed.similarity import calibration


def found(checkpoint, *arguments):
    return run("find", *arguments, "--checkpoint", checkpoint)


def test_a_fragment_that_is_there_is_near(songs, checkpoint):
    shutil.copy("songs/b.mid", "fragment.mid")
    ran = found(checkpoint, "fragment.mid", "songs", "--format", "json")
    assert (ran.code, ran.json[0]["path"], ran.json[0]["distance"]) == (0, "songs/b.mid", 0.0)
    assert ran.err == "roles: melody 0; chords 1; bass 2; drums 3\n"
    assert (ran.json[0]["likeness"], list(ran.json[0])[-2:]) == ("same music", ["likeness", "probability"])
    assert ran.json[0]["probability"] > 0.9


@pytest.mark.parametrize(("middle", "lines"), [(-1.0, 1), (9.0, 0)])
def test_where_nothing_is_near_it_is_said(songs, checkpoint, monkeypatch, middle, lines):
    curve = {"middle": middle, "width": 0.1}
    scales = {"pieces": {}, "fragments": {2: {"same": curve, "related": curve}}}
    monkeypatch.setattr(calibration, "BUNDLED", scales)
    ran = found(checkpoint, "songs/b.mid", "songs/a.mid", "--format", "json")
    told = f"no place is near: the nearest is at {ran.json[0]['distance']:.3f}, unrelated music at about 1"
    assert ran.err_lines[1:] == [told] * lines
    assert ran.json[0]["likeness"] == ("nothing alike" if lines else "same music")
    table = found(checkpoint, "songs/b.mid", "songs/a.mid").text.splitlines()[0].split()
    assert table[-3:] == ["bar", "likeness", "path"]


def test_only_some_tracks_of_the_fragment_count(songs, checkpoint):
    ran = found(checkpoint, "songs/b.mid", "songs", "--tracks", "1", "--format", "json")
    assert (ran.code, ran.json[0]["path"], ran.json[0]["distance"]) == (0, "songs/b.mid", 0.0)
    assert ran.json[0]["track"] == 1


def test_only_what_is_meant_is_looked_through(songs, checkpoint):
    ran = found(checkpoint, "songs/b.mid", "songs", "--where", "path!~deep", "--format", "json")
    assert sorted(place["path"] for place in ran.json) == ["songs/a.mid", "songs/b.mid"]
    assert ran.err_lines[-1] == "left out: 1 of 3 files (--where: 1)"
