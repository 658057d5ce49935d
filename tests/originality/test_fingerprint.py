"""Fingerprints: what is in the data is always found, what is not by chance alone, whatever the key."""

from __future__ import annotations

import numpy as np
import pieces
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import cut
from symbolic_embed.errors import CheckpointError
from symbolic_embed.originality.fingerprint import (
    FILE,
    RUN,
    corpus_lines,
    corpus_runs,
    fingerprint_of,
    load_fingerprint,
    longest_runs,
    run_hashes,
    save_fingerprint,
    top_lines,
)


def tune(pitches, *, part=0, first=0, length=6):
    """A line in notes of one length."""
    count = len(pitches)
    return top_lines(np.full(count, part), first + length * np.arange(count), np.array(pitches))


WANDERING = [60, 62, 64, 60, 67, 65, 64, 62, 60, 59]


def test_runs_are_as_many_as_fit_and_know_where_they_begin():
    hashes, first = run_hashes(tune(WANDERING))
    assert first.tolist() == [0, 1, 2]
    assert len(set(hashes.tolist())) == 3
    assert run_hashes(tune(WANDERING[: RUN - 1]))[0].size == 0


def test_runs_are_blind_to_key_and_place_and_not_to_rhythm():
    here = run_hashes(tune(WANDERING))[0].tolist()
    assert run_hashes(tune([p + 5 for p in WANDERING], part=3, first=480))[0].tolist() == here
    assert not set(run_hashes(tune(WANDERING, length=12))[0].tolist()) & set(here)


def test_a_run_stays_within_its_part_and_a_repeated_note_is_none():
    two = top_lines(np.repeat([0, 1], 6), np.tile(np.arange(6), 2), np.array(WANDERING + WANDERING)[:12])
    assert run_hashes(two)[0].size == 0
    assert run_hashes(tune([60] * 20))[0].size == 0


def test_of_a_chord_the_highest_note_counts():
    lines = top_lines(np.zeros(4), np.array([0, 0, 3, 3]), np.array([60, 67, 72, 48]))
    assert lines.pitch.tolist() == [67, 72]


def test_the_longest_run_is_found_through_each_of_its_notes():
    known = fingerprint_of([run_hashes(tune(WANDERING))[0], np.arange(1000, dtype=np.uint64)])
    lines = tune([40, 90, *WANDERING, 41, 88])
    assert longest_runs(lines, known).tolist() == [0, 0, *[len(WANDERING)] * len(WANDERING), 0, 0]


@given(st.lists(st.integers(0, 2**64 - 1), max_size=200), st.integers(64, 5000))
def test_what_is_in_it_is_found(runs, most_bits):
    runs = np.array(runs, np.uint64)
    assert fingerprint_of([runs], most_bits=most_bits).holds(runs).all()


@pytest.mark.parametrize(("bits_per_run", "at_most"), [(10, 0.02), (4, 0.17)])
def test_what_is_not_in_it_is_found_as_often_as_it_says(bits_per_run, at_most):
    random = np.random.default_rng(1)
    inside, outside = (random.integers(0, 2**63, count, dtype=np.uint64) for count in (20_000, 200_000))
    known = fingerprint_of([inside], most_bits=bits_per_run * len(inside))
    assert known.chance < at_most
    assert known.holds(outside).mean() == pytest.approx(known.chance, rel=0.15)


def test_a_corpus_holds_the_runs_of_its_training_pieces_as_cutting_finds_them(tmp_path):
    corpus = pieces.band_corpus(tmp_path, count=5, bars=6)
    (runs,) = corpus_runs(corpus)
    known = fingerprint_of([runs])
    for number, piece in enumerate(corpus.pieces):
        barred = cut(pieces.piece(int(piece.path.split("/")[-1].split(".")[0]), bars=6))
        pitched = barred.notes.where(barred.notes.track < 3)
        lines = top_lines(pitched.track, pitched.onset_steps, pitched.pitch)
        prepared = corpus_lines(corpus, np.array([number]))
        assert prepared.onset_steps.tolist() == lines.onset_steps.tolist()
        assert prepared.pitch.tolist() == lines.pitch.tolist()
        found = known.holds(run_hashes(lines)[0])
        assert found.all() if piece.split == "train" else found.mean() < 0.2


def test_a_saved_fingerprint_is_read_again_and_a_changed_one_refused(tmp_path):
    known = fingerprint_of([run_hashes(tune(WANDERING))[0]], source="three tunes")
    content, said = save_fingerprint(known)
    (tmp_path / FILE).write_bytes(content)
    again = load_fingerprint(tmp_path, {"fingerprint": said})
    assert (again.bits == known.bits).all()
    assert (again.hashes, again.runs, again.source) == (known.hashes, 3, "three tunes")
    assert load_fingerprint(tmp_path, {}) is None
    with pytest.raises(
        CheckpointError, match=r"none.*cannot be read .*though the card knows it; .* `train fingerprint`"
    ):
        load_fingerprint(tmp_path / "none", {"fingerprint": said})
    (tmp_path / FILE).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(CheckpointError, match=r"not the file that the card knows; .* `train fingerprint`"):
        load_fingerprint(tmp_path, {"fingerprint": said})
