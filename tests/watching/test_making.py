"""What is made of a clip."""

import json

import composers
import pieces
import pytest
import tiny

from symbolic_embed.api.collecting import Collection
from symbolic_embed.api.result import results_of
from symbolic_embed.api.session import Session
from symbolic_embed.errors import MidiError, UsageError
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import WatchRequest
from symbolic_embed.verbs.vary import vary
from symbolic_embed.watching.making import Workshop
from symbolic_embed.watching.neighbours import neighbours_of
from symbolic_embed.watching.places import MARKER, is_of_ours


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return Session(composers.composer_checkpoint(tmp_path_factory.mktemp("composer")).folder)


@pytest.fixture(scope="module")
def listening(tmp_path_factory):
    return Session(tiny.with_passages(tmp_path_factory.mktemp("model")).folder)


@pytest.fixture(scope="module")
def clip():
    return composers.band_seed().events.to_bytes()


@pytest.fixture
def loops(tmp_path, clip):
    """Three pieces; one is the clip, under another name; and one that was made of it, beside its marker."""
    folder = pieces.folder_of(
        tmp_path / "loops", {f"{name}.mid": pieces.piece(n, bars=3) for n, name in enumerate("ab")}
    )
    (folder / "copy.mid").write_bytes(clip)
    made = folder / "copy.variants"
    made.mkdir()
    (made / "copy__var01.mid").write_bytes(clip + b" ")
    (made / MARKER).write_text("{}")
    return folder


def counting(doing):
    return iter


def made(session, clip, **asked):
    return Workshop(session, WatchRequest(**asked), None, counting).make(clip, path="band.mid")


def test_variations_are_those_of_vary(session, clip):
    batch = made(session, clip, count=2, change=0.5, random_seed=3)
    request = WatchRequest(count=2, change=0.5, random_seed=3).varying
    results = results_of(vary(Seed.from_bytes(clip, path="band.mid"), session, request))
    assert {name: batch.contents[name] for name in batch.contents if name.endswith(".mid")} == {
        f"{result.name}.mid": result.to_bytes() for result in results
    }
    assert (batch.made, batch.neighbours, batch.problems) == (2, 0, ())
    assert json.loads(batch.contents[f"{results[0].name}.json"]) == json.loads(json.dumps(dict(results[0].record)))


def test_a_clip_goes_on_and_is_accompanied_where_that_is_asked(session, clip):
    names = made(session, clip, verbs="compose,accompany", count=1, new_bars=2).contents
    assert {"band__next01__s0.mid", "band__next01__s0.json"} <= set(names)
    batch = made(session, composers.duo_seed().events.to_bytes(), verbs="accompany,compose", count=2, new_bars=1)
    assert [name for name in batch.contents if name.endswith(".mid")] == [
        "band__acc01__s0.mid",
        "band__acc02__s0.mid",
        "band__next01__s0.mid",
        "band__next02__s0.mid",
    ]


def test_what_one_verb_cannot_do_is_said_and_the_others_go_on(session, clip):
    batch = made(session, clip, verbs="vary,compose", tracks="flute", count=1, new_bars=1)
    assert [name for name in batch.contents if name.endswith(".mid")] == ["band__next01__s0.mid"]
    (problem,) = batch.problems
    assert problem.startswith("`tracks`: there is no track 'flute'")
    with pytest.raises(UsageError, match="there is no track 'flute'"):
        made(session, clip, tracks="flute")


def test_what_cannot_be_read_is_refused(session):
    with pytest.raises(MidiError, match=r"^band\.mid: not MIDI"):
        made(session, b"no music")


def test_neighbours_are_copies_that_say_how_far_they_are(listening, clip, loops):
    request = WatchRequest(neighbours=2)
    seed = Seed.from_bytes(clip, path="band.mid")
    found = neighbours_of(seed, clip, listening, request, Collection(loops, apart_from=is_of_ours).opened)
    listed = json.loads(found.pop("neighbours.json"))
    assert [row["rank"] for row in listed] == [1, 2]
    assert [row["file"] for row in listed] == list(found)
    distances = [row["distance"] for row in listed]
    assert distances == sorted(distances)
    for row in listed:
        name = row["path"].rpartition("/")[2]
        assert row["file"] == f"band__near{row['rank']:02d}__d{row['distance']:.2f}__{name}"
        assert found[row["file"]] == (loops / name).read_bytes()


def test_neighbours_beside_variations_or_alone(listening, session, clip, loops):
    opens = Collection(loops).opened
    alone = Workshop(listening, WatchRequest(verbs="none", neighbours=1), opens, counting).make(clip, path="band.mid")
    assert (alone.made, alone.neighbours, sorted(alone.contents)[-1]) == (0, 1, "neighbours.json")


def test_a_library_without_music_has_no_neighbours(listening, clip, tmp_path):
    seed = Seed.from_bytes(clip, path="band.mid")
    found = neighbours_of(seed, clip, listening, WatchRequest(), Collection(tmp_path).opened)
    assert found == {"neighbours.json": b"[]\n"}


def test_where_nobody_plays_the_drums_they_need_not_be_kept(session):
    clip = composers.duo_seed().events.to_bytes()
    batch = made(session, clip, count=1, change=0.5, keep="drums")
    assert (batch.made, batch.problems) == (1, ())
