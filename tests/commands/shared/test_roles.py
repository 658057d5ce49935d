"""What the command line is told of parts, and what it tells."""

import numpy as np
import pytest
from command_line import run
from midi_bytes import meta, midi, track

from symbolic_embed.bars import cut
from symbolic_embed.commands.shared.roles import roles_line
from symbolic_embed.score import Notes, Score, Track

TUNE = Notes.of([0, 480, 960], [400] * 3, [60, 62, 64], [80] * 3)


def beat(name, channel):
    """A kit without a programme."""
    keys = [(0, 36), (0, 42), (48, 42), (48, 38)] * 12
    hits = "".join(f"{wait:02x} 9{channel} {key:02x} 50 10 8{channel} {key:02x} 40 " for wait, key in keys)
    return track(meta(3, name), hits)


@pytest.fixture
def clip(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clip.mid").write_bytes(midi(beat(b"Drums", 2)))
    return tmp_path


def test_parts_by_role_with_numbers_and_names():
    tracks = [Track(TUNE, "Lead"), Track(TUNE, channel=9), Track(TUNE, "Oboe d'amore and English horn", 68)]
    assert roles_line(cut(Score(480, tuple(tracks)))) == ('roles: melody 0 "Lead", 2 "Oboe d\'amore and..."; drums 1')


def test_of_many_parts_the_first_and_how_many_more():
    line = roles_line(cut(Score(480, (Track(TUNE),) * 20)), of="a\nb.mid")
    assert line == f"roles of a\\nb.mid: melody {', '.join(map(str, range(16)))}; and 4 more"


def test_show_says_the_role_and_takes_another(clip):
    assert run("show", "clip.mid", "--format", "json").json["tracks"][0]["role"] == "drums"
    assert "taken for drums, by its name and its keys; --role says otherwise" in run("show", "clip.mid").text
    said = run("show", "clip.mid", "--role", "drums=chords", "--format", "json").json
    assert (said["tracks"][0]["role"], said["warnings"]) == ("piano", [])


def test_a_role_or_a_track_that_is_not_there_is_refused(clip):
    ran = run("show", "clip.mid", "--role", "0=drumms")
    assert (ran.code, len(ran.err_lines)) == (2, 1)
    assert ran.err.startswith("error: --role must give tracks one of the roles melody, bass, chords, drums; did you")
    ran = run("show", "clip.mid", "--role", "4=drums")
    assert (ran.code, ran.err) == (2, "error: --role: there is no track '4'; there are: 0 Drums\n")


def test_the_fragment_is_in_the_role_that_was_said(clip, checkpoint):
    ran = run("find", "clip.mid", "clip.mid", "--role", "0=bass", "--checkpoint", checkpoint)
    assert ran.err_lines[0] == 'roles: bass 0 "Drums"'
    assert run("find", "clip.mid", "clip.mid", "-q", "--checkpoint", checkpoint).err == ""


def test_one_file_is_embedded_in_the_role_that_was_said(clip, checkpoint):
    for name, more in (("a.npz", ()), ("b.npz", ("--role", "0=melody"))):
        ran = run("embed", "clip.mid", "-o", name, *more, "--checkpoint", checkpoint)
        assert ran.code == 0
    assert 'roles: melody 0 "Drums"' in ran.err_lines
    a, b = (np.load(name)["bar_embedding"] for name in ("a.npz", "b.npz"))
    assert not np.allclose(a, b)


def test_roles_are_of_one_file(clip, checkpoint):
    (clip / "other.mid").write_bytes(midi(beat(b"Kit", 3)))
    for verb in ("embed", "reconstruct"):
        ran = run(verb, "clip.mid", "other.mid", "--role", "0=melody", "--checkpoint", checkpoint)
        assert (ran.code, ran.err) == (2, "error: --role speak of the tracks of one file; 2 were named\n")
