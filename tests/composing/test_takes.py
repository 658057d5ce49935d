"""Which takes are kept, in which order, and what is said of them."""

from __future__ import annotations

from stretches import stretch

from symbolic_embed.composing.takes import best_takes

TUNE = ["0:60 4:62 8:64 12:65", "0:67 4:65 8:64 12:62"]
SEED = stretch(TUNE * 2)  # half of its cells are new, half return
COPY = stretch(TUNE * 2)  # nothing is new
HALF = stretch([TUNE[0], TUNE[1], "0:62 4:64 8:65 12:67", "0:64 4:62 8:60 12:62"])
ALL_NEW = stretch(["0:62 4:64 8:65 12:67", "0:64 4:62 8:60 12:62", "0:64 4:65 8:67 12:64", "0:65 4:64 8:62 12:60"])
DRONE = stretch([" ".join(f"{place}:60" for place in range(0, 16, 2))] * 4)


def test_of_takes_without_a_failure_those_are_best_that_bring_as_much_new_as_the_seed():
    kept = best_takes(SEED, [COPY, HALF, COPY], keep=2)
    assert [take.number for take in kept] == [2, 1]
    assert [take.rank for take in kept] == [1, 2]
    assert [take.drawn for take in kept] == [3, 3]
    assert [take.new_cells for take in kept] == [0.5, 0.0]


def test_failures_count_before_what_is_new():
    """One pitch all along, a quarter of it new, is nearer to the seed's half than a copy; but it drones. Where all is
    new nothing returns, and that is a failure too."""
    kept = best_takes(SEED, [DRONE, ALL_NEW, COPY], keep=3)
    assert [take.number for take in kept] == [3, 1, 2]
    assert [[check.name for check in take.checks.failures] for take in kept] == [[], ["drone"], ["no_return"]]
    assert [take.new_cells for take in kept] == [0.0, 0.25, 1.0]


def test_of_equals_the_first():
    assert [take.number for take in best_takes(SEED, [HALF, HALF, HALF], keep=2)] == [1, 2]


def test_a_record_says_what_was_tested_and_why_it_was_kept():
    (first, last) = best_takes(SEED, [DRONE, HALF], keep=2)
    record = first.record()
    assert set(record) == {"number", "of", "rank", "failures", "checks", "new_cells", "why"}
    assert (record["number"], record["of"], record["rank"]) == (2, 2, 1)
    assert (record["failures"], record["new_cells"]) == ([], 0.5)
    assert record["why"] == "no failure; 50% of its cells are new"
    assert all(set(check) == {"measured", "bound", "fails"} for check in record["checks"].values())
    assert "groove" not in record["checks"]  # there are no drums
    worse = last.record()
    assert worse["checks"]["drone"] == {"measured": 32.0, "bound": 8.0, "fails": True}
    assert worse["why"].startswith("drone 32.00, at most 8.00 wanted")
    assert "drone" in worse["failures"]


def test_a_take_of_rests_has_no_new_cell():
    (take,) = best_takes(SEED, [stretch(["", "", "", ""])], keep=1)
    assert take.new_cells is None
    assert take.record()["new_cells"] is None
    assert take.why().endswith("; no new cell")
