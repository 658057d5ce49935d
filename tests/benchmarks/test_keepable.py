"""What a composer would keep: rivals that do what they say, shares with their errors, and a run over two seeds."""

import json
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import composers
import numpy as np
import pieces
import pytest
from stretches import stretch

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import keepable
import keepable_counts
import keepable_fills
import keepable_pieces
from loops import every_loop

from symbolic_embed.bars.patterns import cells

TUNE, OTHER = ["0:60 4:62 8:64 12:65"], ["0:67 4:65 8:64 12:62"]
ROCK = ["0:36 4:38 8:36 12:38"]
BARS = keepable_pieces.BARS


@pytest.fixture
def random():
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    """Two sets: bands, and the same without their drums."""
    folder = tmp_path_factory.mktemp("music")
    parts = {"bands": (pieces.melody, pieces.chords, pieces.bass, pieces.drums), "duos": (pieces.melody, pieces.bass)}
    for name, chosen in parts.items():
        scores = {f"{seed}.mid": pieces.piece(seed, bars=20, parts=chosen) for seed in range(3)}
        meta = {path: {"split": "valid"} for path in scores}
        pieces.folder_of(folder / name, scores, meta=meta)
    return folder


# seeds


def test_half_of_the_seeds_have_drums_and_all_are_followed_by_their_own_bars(music):
    found = list(keepable_pieces.split_pieces(music, split="valid", count=4))
    assert sorted(piece.before.part_is_drum.any() for piece in found) == [False, False, True, True]
    for piece in found:
        assert piece.before.bars == piece.after.bars == piece.seed.barred.bars == BARS
        assert piece.before.parts == piece.after.parts
        assert set(piece.after.part.tolist()) == set(range(piece.after.parts))


def test_where_too_few_have_drums_others_take_their_place(music, tmp_path):
    found = list(keepable_pieces.split_pieces(music, split="valid", count=5))
    assert sorted(piece.before.part_is_drum.any() for piece in found) == [False, False, True, True, True]
    (music / "duos" / "meta.jsonl").replace(tmp_path / "meta.jsonl")
    found = list(keepable_pieces.split_pieces(music, split="valid", count=2))
    (tmp_path / "meta.jsonl").replace(music / "duos" / "meta.jsonl")
    assert [piece.before.part_is_drum.any() for piece in found] == [True, True]
    assert list(keepable_pieces.split_pieces(music, split="test", count=1)) == []


# rivals


def test_bars_of_the_seed_at_random_are_bars_of_it_and_parts_shuffled_are_cells(random):
    seed = stretch(TUNE + OTHER + ["0:72"], OTHER + TUNE + ["0:50"])
    copied = keepable_pieces.seed_bars_at_random(seed, random)
    assert copied.bars == BARS
    assert cells.bars_that_return(copied, before=seed) == 1
    shuffled = keepable_pieces.parts_shuffled(seed, random)
    assert cells.cells_that_return(shuffled, before=seed) == 1
    assert cells.bars_that_return(shuffled, before=seed) < 1


def test_the_markov_rival_keeps_rhythms_and_drums_and_goes_only_where_the_part_has_gone(random):
    seed = stretch(TUNE + OTHER, ROCK * 2, drums=[1])
    new = keepable_pieces.markov(seed, random)
    twice = keepable_pieces.of_cells(seed, np.tile(np.arange(BARS) % 2, (2, 1)))
    assert new.place.tolist() == twice.place.tolist()
    assert new.pitch[new.part == 1].tolist() == twice.pitch[twice.part == 1].tolist()
    known = seed.pitch[seed.part == 0].tolist()
    steps = set(pairwise(known))
    line = new.pitch[new.part == 0].tolist()
    assert set(pairwise(line)) <= steps
    assert line != twice.pitch[twice.part == 0].tolist()


def test_swapped_cells_are_so_many(random):
    seed = stretch([f"0:{48 + bar}" for bar in range(40)])
    swapped = keepable_pieces.cells_swapped(seed, random, share=0.5)
    assert (swapped.pitch == seed.pitch).mean() == pytest.approx(0.5, abs=0.15)
    same = keepable_pieces.cells_swapped(seed, random, share=0)
    assert same.pitch.tolist() == seed.pitch.tolist()


def test_a_note_of_a_rival_ends_with_its_music(random):
    seed = stretch(["0:60", "0:62:16"])
    assert keepable_pieces.of_cells(seed, np.array([[1, 1]])).length.tolist() == [16, 16]


# counts


def test_what_is_counted_of_an_accompaniment():
    keys = ["0:60:8 0:64:8 0:67:8", "0:65:8 0:69:8 0:72:8"]
    roles = ["chords", "bass", "drums"]
    played = stretch(keys, ["0:48", "0:48"], ["4:38 12:38", "0:36"], drums=[2])
    assert keepable_counts.of_accompaniment(played, roles, beat=4) == {
        "bars with a backbeat": 0.5,
        "drum bars like their neighbours": 0,
        "drum bars as the one before": 0,
        "bass on the root at barlines": 0.5,
    }
    nothing = keepable_counts.of_accompaniment(stretch(keys), ["chords"], beat=4)
    assert set(nothing.values()) == {None}


def test_a_copy_of_the_seed_is_nothing_new_and_its_doublings_agree():
    seed = stretch(TUNE * 4 + OTHER * 4, TUNE * 4 + OTHER * 4)
    counted = keepable_counts.of_continuation(seed, seed)
    assert counted["two or more"] == counted["new cells"] == 0
    assert counted["cells that return"] == counted["bars of the seed that return"] == 1
    assert counted["doubled parts agree"] == 1
    assert counted["groove"] is None


def test_two_failures_are_two_or_more():
    seed = stretch(TUNE * 8)
    counted = keepable_counts.of_continuation(seed, stretch(["0:80"] * 8))
    assert (counted["drone"], counted["range"], counted["two or more"]) == (1, 1, 1)
    counted = keepable_counts.of_continuation(seed, stretch(["0:60 1:80"] + TUNE * 7))
    assert (counted["range"], counted["two or more"]) == (1, 0)


@pytest.mark.parametrize(("metre", "beat"), [((4, 4), 4), ((3, 4), 4), ((2, 2), 8), ((12, 8), 6), ((7, 8), 2)])
def test_the_beat_of_a_metre(metre, beat):
    loop = next(loop for loop in every_loop() if loop.name == "one_bar")
    assert keepable_counts.beat_of(replace(loop, metre=metre).seed().barred) == beat


def test_shares_are_of_the_pieces_to_which_a_figure_applies():
    found = [
        keepable.Finding("continuations", "loops", number, "written", {"groove": value, "doubling": None})
        for number, value in enumerate((1.0, 0.0, None, 1.0, 1.0))
    ]
    groove, doubling = keepable.summarised(found)
    assert (groove["value"], groove["n"]) == (0.75, 4)
    assert groove["error"] == pytest.approx(0.25)
    assert (doubling["value"], doubling["error"], doubling["n"]) == (None, None, 0)
    assert "0.75 ± 0.25 (4)" in keepable.tables([groove, doubling])


def test_collections_that_differ_are_told_from_the_real_one_and_equal_ones_are_not():
    def findings(who, values):
        return [
            keepable.Finding("continuations", "split", number, who, {}, np.array([*[0.0] * 9, value]))
            for number, value in enumerate(values)
        ]

    spread = np.linspace(0, 1, 60)
    found = findings("real", spread) + findings("written", spread + 5)
    alone, with_counts = keepable.told_apart(found)
    assert alone["value"] == pytest.approx(0.5, abs=0.01)
    assert with_counts["value"] > 0.95
    assert keepable.told_apart(findings("written", spread)) == []


# the whole


def run(monkeypatch, tmp_path, *arguments):
    """The command with a small composer that has learnt nothing."""
    composers.composer_checkpoint(tmp_path / "checkpoint")
    given = ["keepable.py", *map(str, arguments), "--checkpoint", str(tmp_path / "checkpoint")]
    monkeypatch.setattr(sys, "argv", given)
    keepable.main()


def test_two_seeds_and_two_loops_from_end_to_end(music, tmp_path, monkeypatch, capsys):
    kinds = ["continuations", "accompaniments"]
    only = [word for kind in kinds for word in ("--only", kind)]
    run(monkeypatch, tmp_path, "--music", music, "--seeds", 2, "--loops", 2, *only, "--format", "json")
    rows = {(row["kind"], row["music"], row["figure"], row["who"]): row for row in json.loads(capsys.readouterr().out)}
    assert {key[:2] for key in rows} == {(kind, music) for kind in kinds for music in ("split", "loops")}
    everyone = {who for kind, music, _, who in rows if (kind, music) == ("continuations", "split")}
    assert everyone == {"real", "written", *keepable_counts.RIVALS}
    assert rows["continuations", "split", "two or more", "written"]["n"] == 2
    assert rows["continuations", "split", "told from real", "written"]["n"] == 2
    assert rows["continuations", "loops", "bars of the seed that return", "seed bars at random"]["value"] == 1
    assert rows["accompaniments", "loops", "bass on the root at barlines", "real"]["value"] == 1


def test_a_bar_is_varied_as_far_as_asked_and_its_rival_is_the_bar_itself(monkeypatch):
    monkeypatch.setattr(keepable_counts, "CHANGES", (0.1, 0.6))
    bar = keepable_pieces.loop_pieces([loop for loop in every_loop() if loop.bars == 1])
    found = {one.who: one.figures for one in keepable.KINDS["variations"](bar, composers.tiny_composer())}
    assert set(found) == {f"{who} {change}" for who in ("written", "swapped") for change in keepable_counts.CHANGES}
    measured = [found[f"written {change}"]["change as measured"] for change in keepable_counts.CHANGES]
    assert measured == sorted(measured)
    assert found["written 0.6"]["likeness to the drums"] < found["swapped 0.6"]["likeness to the drums"] == 1


@pytest.mark.parametrize("kind", ["fills", "fills of one part"])
def test_a_stretch_is_emptied_and_filled_and_what_stood_there_and_the_bars_before_are_beside_it(music, kind):
    """In a loop of four bars the bars before are what stood there."""
    (loop,) = keepable_pieces.loop_pieces([loop for loop in every_loop() if loop.name == "house"])
    trained = composers.deciding(composers.tiny_composer(), plays=True)
    found = {one.who: one for one in keepable.KINDS[kind]([loop], trained)}
    assert set(found) == {"real", "written", "continued", "bars copied"}
    assert found["bars copied"].figures == found["real"].figures
    assert found["real"].figures["bars of the seed that return"] == 1
    assert found["written"].figures["nats a note behind"] > 0
    assert found["continued"].figures["behind likelier than continued"] is None


def test_what_is_emptied_are_the_notes_that_begin_there():
    (loop,) = keepable_pieces.loop_pieces([loop for loop in every_loop() if loop.name == "house"])
    whole, bars = loop.whole, range(6, 10)
    assert whole.barred.bars == keepable_pieces.WHOLE
    seed = keepable_fills.emptied(whole, bars=bars, parts=[1])
    gone = keepable_fills.notes_of(whole.barred, bars, [1])
    assert seed.barred.score.note_count == whole.barred.score.note_count - len(gone)
    assert not len(keepable_fills.notes_of(seed.barred, bars, [1]))


def test_one_kind_as_a_table(music, tmp_path, monkeypatch, capsys):
    run(monkeypatch, tmp_path, "--music", music, "--seeds", 1, "--loops", 0, "--only", "accompaniments")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "accompaniments, split"
    assert [line.split("|")[1].strip() for line in lines if line.startswith("| bars with")] == ["bars with a backbeat"]
    assert not any(line.startswith(("variations", "continuations")) for line in lines)
