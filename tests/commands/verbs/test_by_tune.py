"""`rank` and `find` by tune, as they are typed."""

import pieces
from command_line import run

from symbolic_embed.score import Notes, Score, Tempo, Track
from symbolic_embed.score.writing.verified import write


def tune(path, *, notes=10, semitones=5):
    line = pieces.piece(1, bars=3).tracks[0].notes
    onset = (line.onset_ticks[2 : 2 + notes] * 0.77).astype(int) + 13
    moved = Notes.of(onset, [150] * notes, line.pitch[2 : 2 + notes].astype(int) + semitones, [80] * notes)
    write(Score(480, (Track(moved),), tempi=(Tempo(0, 500_000),)), path)


def test_a_tune_in_another_key_and_tempo_is_found(songs, checkpoint):
    tune("tune.mid")
    ran = run("find", "tune.mid", "songs", "--by", "tune", "--format", "json", "--checkpoint", checkpoint)
    first = ran.json[0]
    assert (ran.code, first["path"], first["transposition"], first["track"]) == (0, "songs/b.mid", -5, 0)
    assert list(first) == ["rank", "path", "distance", "transposition", "track", "bar", "last_bar", *CALLED]
    ranked = run("rank", "tune.mid", "songs", "--by", "tune", "--format", "json", "--checkpoint", checkpoint)
    assert [row["distance"] for row in ranked.json] == [row["distance"] for row in ran.json]
    assert list(ranked.json[0]) == ["rank", "path", "distance", "transposition", "query_bar", "bar", *CALLED]


CALLED = ("likeness", "probability")


def test_why_says_nothing_of_a_tune(songs, checkpoint):
    tune("tune.mid")
    asked = ("rank", "tune.mid", "songs", "--by", "tune", "--checkpoint", checkpoint)
    assert run(*asked, "--why").text == run(*asked).text


def test_three_notes_are_refused(songs, checkpoint):
    tune("tune.mid", notes=3)
    ran = run("rank", "tune.mid", "songs", "--by", "tune", "--checkpoint", checkpoint)
    assert ran.code == 2
    assert ran.err_lines[-1] == "error: the query has 3 notes; a tune has at least 4"


def test_a_picture_shows_nothing_of_a_tune(songs, checkpoint):
    tune("tune.mid")
    ran = run("rank", "tune.mid", "songs", "--by", "tune", "--plot", "a.png", "--checkpoint", checkpoint)
    assert ran.code == 2
    assert "--plot with --by tune" in ran.err
