"""Accompanying from a request: new tracks beside what stays, decoded or borrowed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composers import band_seed, quiet_composer, tiny_composer

from symbolic_embed.bars import cut
from symbolic_embed.composing import accompanying
from symbolic_embed.errors import NothingNewError, UsageError
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import AccompanyRequest
from symbolic_embed.score import Score
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.accompany import accompany


@pytest.fixture(scope="module")
def trained():
    return tiny_composer()


def tune_seed() -> Seed:
    """The band's tune alone."""
    score = band_seed().barred.score
    alone = Score(score.division, score.tracks[:1], score.tempi, score.time_signatures)
    return Seed.from_bytes(score_to_events(alone).to_bytes(), path="tune.mid")


def test_what_is_there_stays_and_the_new_parts_are_tracks_of_their_own(trained):
    seed = tune_seed()
    first, again, other = (
        accompany(seed, trained, AccompanyRequest(parts=["bass", "drums"], random_seed=random_seed))[0]
        for random_seed in (1, 1, 2)
    )
    assert first.events == again.events != other.events
    assert first.events.chunks[: len(seed.events.chunks)] == seed.events.chunks
    score = first.events.score()
    assert score.tracks[0] == seed.barred.score.tracks[0]
    assert [(track.name, track.is_drum) for track in score.tracks[1:]] == [("Bass", False), ("Drums", True)]
    assert len({track.channel for track in score.tracks}) == 3
    assert cut(score).bars == seed.barred.bars
    assert [part["notes"] for part in first.record["new_parts"]] == [len(track.notes) for track in score.tracks[1:]]


def test_a_record_says_which_parts_were_written_and_how(trained):
    request = AccompanyRequest(parts="drums,chords", variations=2, temperature=0.5, top_p=0.8, random_seed=4)
    _, second = accompany(tune_seed(), trained, request)
    assert second.name == "tune__acc02__s4"
    assert second.record["settings"] == {
        "parts": ["chords", "drums"],
        "random_seed": 4,
        "borrowed": False,
        "temperature": 0.5,
        "top_p": 0.8,
        "takes": None,
        "variation": 2,
    }
    assert [(part["name"], part["role"]) for part in second.record["new_parts"]] == [
        ("Chords", "chords"),
        ("Drums", "drums"),
    ]
    assert "borrowed_from" not in second.record


def test_what_is_borrowed_says_whence_and_takes_nothing_from_the_composer(trained):
    request = AccompanyRequest(parts=["bass"], variations=2, random_seed=4)
    first, second = accompany(tune_seed(), trained, request, lenders=iter([("a.mid", band_seed().barred)]))
    assert first.record["settings"] == {"parts": ["bass"], "random_seed": 4, "borrowed": True, "variation": 1}
    assert second.record["settings"]["variation"] == 2
    assert first.record["borrowed_from"]["bass"][0] == {"path": "a.mid", "bar": 1}


@pytest.mark.parametrize(
    ("field", "reason"),
    [("max_copied", "what is borrowed is a copy of your own music"), ("takes", "what is borrowed is not drawn")],
)
def test_what_is_borrowed_keeps_no_limit_on_copying_and_has_no_takes(trained, field, reason):
    """It is refused before anything is read."""
    with pytest.raises(UsageError, match=f"`{field}` with `source`: {reason}") as refusal:
        accompany(tune_seed(), trained, AccompanyRequest(**{field: 20}), lenders=map(pytest.fail, ["was read"]))
    assert refusal.value.field == field


def test_a_record_says_which_of_the_takes_was_kept(trained):
    first, second = accompany(tune_seed(), trained, AccompanyRequest(parts=["bass"], variations=2, takes=6))
    assert [output.record["take"]["of"] for output in (first, second)] == [6, 6]
    assert [output.record["take"]["rank"] for output in (first, second)] == [1, 2]
    failures = [len(output.record["take"]["failures"]) for output in (first, second)]
    assert failures == sorted(failures)
    assert "roots" in first.record["take"]["checks"]


@pytest.mark.parametrize(("lenders", "steps"), [(None, 4), ([("a.mid", band_seed().barred)], 3)])
def test_progress_counts_windows_where_notes_are_drawn_and_variations_where_they_are_borrowed(trained, lenders, steps):
    counted = []
    request = AccompanyRequest(parts=["bass"], variations=3)
    accompany(tune_seed(), trained, request, lenders=lenders, progress=lambda work: counted.append(len(work)) or work)
    assert counted == [steps]


def test_what_rests_in_every_draw_is_named_and_the_rest_is_written():
    """The decoder would rather end at once: a counter-melody need not play, a bass has to."""
    request = AccompanyRequest(parts=["bass", "melody"], random_seed=1)
    (output,) = accompany(tune_seed(), quiet_composer(), request)
    assert [part["name"] for part in output.record["new_parts"]] == ["Bass"]
    assert output.record["not_written"] == ["Counter-melody"]
    assert [track.name for track in output.events.score().tracks] == ["tune", "Bass"]


def test_where_all_rest_nothing_is_called_done():
    with pytest.raises(NothingNewError, match=r"nothing was written; another `random_seed` may find more"):
        accompany(tune_seed(), quiet_composer(), AccompanyRequest(parts=["melody"], variations=2))


def test_an_empty_part_is_drawn_again_and_always_the_same(trained, monkeypatch):
    draws = []

    def accompany_piece(*arguments, **options):
        draws.append(options["random"])
        written = piece(*arguments, **options)
        return [replace(one, notes=WrittenNotes.none()) for one in written] if len(draws) % 3 else written

    piece = accompanying.accompany_piece
    monkeypatch.setattr("symbolic_embed.verbs.accompany.accompany_piece", accompany_piece)
    one, two = (accompany(tune_seed(), trained, AccompanyRequest(parts=["bass"]))[0] for _ in range(2))
    assert len(draws) == 6
    assert draws[0] is draws[1] is draws[2] is not draws[3]
    assert one.events == two.events
    assert "not_written" not in one.record
    assert one.name == "tune__acc01__s0"
