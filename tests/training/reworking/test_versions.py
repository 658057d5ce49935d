"""All ways of reworking together: the same music still, in another arrangement, then in another key."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from passage_notes import BAND, KIT, PIANO, TUNE, is_sound, passages, rows_of, some_passages

from symbolic_embed.training.augmenting import TRANSPOSITIONS
from symbolic_embed.training.reworking import versions
from symbolic_embed.training.reworking.notes import ACCOMPANIMENT, LEAD
from symbolic_embed.training.reworking.versions import altered, reworked

TUNE_NOTES = [(TUNE, bar, onset, 72 + bar, 12) for bar in range(4) for onset in (0, 18)]
CHORD_NOTES = [(PIANO, bar, 0, pitch, 48) for bar in range(4) for pitch in (48, 52, 55)]
PIECE = [*TUNE_NOTES, *CHORD_NOTES, (KIT, 0, 0, 36, 3)]
SHARES = ("OCTAVES", "WRONG", "SHORTENED", "DOTTED", "OTHER_BARLINES")
OF_LEAD = ("ORNAMENTED", "SIMPLIFIED", "PASSING")
OF_PARTS = ("ACCOMPANIED", "LEAD_ALONE", "NO_LEAD", "JOINED", "LEFT_OUT")


def many(count):
    return passages(*[PIECE] * count, steps=(48,) * 4)


@given(notes=some_passages(), seed=st.integers(0, 200))
def test_what_comes_out_is_sound_and_has_cells_with_roles(notes, seed):
    random = np.random.default_rng(seed)
    arranged = reworked(notes, random)
    assert is_sound(arranged)
    assert set(arranged.passage[arranged.begins].tolist()) == {0, 1, 2}
    assert arranged.steps.tolist() == notes.steps.tolist()
    other, semitones = altered(arranged, random)
    assert is_sound(other)
    assert set(semitones.tolist()) <= set(TRANSPOSITIONS.tolist())
    assert (other.cells().role >= 0).all()


def test_the_same_chance_gives_the_same_versions():
    one, same, other = (reworked(many(6), np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert [rows_of(one, passage) for passage in range(6)] == [rows_of(same, passage) for passage in range(6)]
    assert [rows_of(one, passage) for passage in range(6)] != [rows_of(other, passage) for passage in range(6)]


def test_how_often_what_is_done():
    """In 800 passages: so many are led, and lose parts; all have something with pitches."""
    after = reworked(many(800), np.random.default_rng(0))
    there = np.zeros((800, 8), bool)
    there[after.passage, after.part] = True
    led = after.roles[:, LEAD] >= 0
    assert led.mean() == pytest.approx(versions.LED, abs=0.05)
    assert not there[~led, LEAD].any()
    pitched = there[:, [TUNE, PIANO, LEAD, ACCOMPANIMENT]]
    assert pitched.any(axis=1).all()
    together = there[:, ACCOMPANIMENT] & (pitched.sum(axis=1) == 1)
    assert together.mean() > versions.JOINED * 0.8
    assert 0.15 < (~there[:, KIT]).mean() < 0.4
    as_before = sum(rows_of(after, p) == rows_of(many(1)) for p in range(800)) / 800
    assert as_before < 0.25


def test_nothing_is_altered_but_the_key_where_chance_is_nothing(monkeypatch):
    for name in SHARES:
        monkeypatch.setattr(versions, name, 0.0)
    notes = many(60)
    after, semitones = altered(notes, np.random.default_rng(0))
    assert (after.pitch - notes.pitch == np.where(notes.is_pitched, semitones[notes.passage], 0)).all()
    assert replace(after, pitch=notes.pitch).cells().windows.content_hashes().tolist() == (
        notes.cells().windows.content_hashes().tolist()
    )
    assert len(set(semitones.tolist())) == 12


@pytest.mark.parametrize("name", SHARES)
def test_each_alteration_is_done_where_its_share_is_all(monkeypatch, name):
    for other in SHARES:
        monkeypatch.setattr(versions, other, float(other == name))
    monkeypatch.setattr(versions, "TRANSPOSITIONS", np.array([0]))
    notes = many(40)
    after, _ = altered(notes, np.random.default_rng(0))
    changed = [rows_of(after, passage) != rows_of(notes, passage) for passage in range(40)]
    assert np.mean(changed) > 0.7
    assert set(after.roles[after.passage, after.part].tolist()) <= set(BAND.values())


ARRANGING = ("ACCOMPANIED", "ORNAMENTED", "SIMPLIFIED", "LEAD_ALONE", "NO_LEAD", "JOINED", "LEFT_OUT")


@pytest.mark.parametrize("name", [None, *ARRANGING])
def test_each_way_of_arranging_is_done_where_its_share_is_all(monkeypatch, name):
    """All are led; which parts there are then, and how many notes the lead has of its eight."""
    monkeypatch.setattr(versions, "LED", 1.0)
    for other in ARRANGING:
        monkeypatch.setattr(versions, other, float(other == name))
    after = reworked(many(30), np.random.default_rng(0))
    parts = {frozenset(after.part[after.passage == passage].tolist()) for passage in range(30)}
    expected = {
        "ACCOMPANIED": {frozenset({LEAD, ACCOMPANIMENT, KIT})},
        "LEAD_ALONE": {frozenset({LEAD})},
        "NO_LEAD": {frozenset({PIANO, KIT})},
        "JOINED": {frozenset({ACCOMPANIMENT, KIT})},
    }
    if name == "LEFT_OUT":
        assert len(parts) > 3
    else:
        assert parts == expected.get(name, {frozenset({LEAD, PIANO, KIT})})
        sung = (after.part == LEAD).sum() / 240
        assert (sung > 1.1) == (name == "ORNAMENTED")
        assert (0 < sung < 0.9) == (name == "SIMPLIFIED")


@pytest.mark.parametrize("name", [None, *OF_LEAD])
def test_the_lead_is_sung_otherwise_where_the_share_is_all_and_only_it(monkeypatch, name):
    for other in (*OF_LEAD, *OF_PARTS):
        monkeypatch.setattr(versions, other, float(other == name))
    monkeypatch.setattr(versions, "LED", 1.0)
    notes = many(40)
    after = reworked(notes, np.random.default_rng(0))
    before = [row for row in rows_of(notes) if row[0] != TUNE]
    tunes = [(LEAD, *row[1:]) for row in rows_of(notes) if row[0] == TUNE]
    changed = []
    for passage in range(40):
        rows = rows_of(after, passage)
        assert [row for row in rows if row[0] != LEAD] == before
        changed.append([row for row in rows if row[0] == LEAD] != tunes)
    assert np.mean(changed) > 0.3 if name else not any(changed)  # of four notes that can be, some by chance none
