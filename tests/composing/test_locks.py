"""Locks hold on what comes out, whatever the weights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from composers import band_seed, tiny_composer, variation

from symbolic_embed.bars import cell_windows, cut
from symbolic_embed.bars.voices import is_single_voice
from symbolic_embed.composing.locks import LOCKS, Locks, melody_parts, rules_for
from symbolic_embed.composing.scope import Scope
from symbolic_embed.encodings.note_rows import FIRST_DRUM
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.expression import expressed
from symbolic_embed.outputs.new_notes import with_notes
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import VaryRequest
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.vary import vary


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer(seed=3).embedder


def varied(embedder, seed, *names, strength=0.6):
    """The notes of the seed and of its variation on the seed's own grid, and how many notes came."""
    change = variation(embedder, seed.barred, strength=strength, random_seed=5, scope=Scope(locks=Locks.of(names)))
    after = with_notes(seed, removed=change.removed, added=expressed(change.added, seed.barred))
    return on_grid(seed.barred.score, seed), on_grid(after.score(), seed), len(change.added.onset_steps)


def on_grid(score, seed):
    """All notes of a score by the seed's grid: cutting it anew might find that nonsense lies beside it."""
    rows = np.concatenate([np.insert(track.notes.rows(), 0, n, axis=1) for n, track in enumerate(score.tracks)])
    step, end = (seed.barred.grid.step_of(ticks) for ticks in (rows[:, 1], rows[:, 1] + rows[:, 2]))
    return WrittenNotes(rows[:, 0], step, end - step, rows[:, 3])


def piano_seed():
    """Chords of three notes under a tune, in one part: no part is a melody."""
    rows = []
    for beat in range(16):
        rows.append((beat * 480, 450, 72 + (beat * 5) % 9, 80))
        if beat % 2 == 0:
            rows += [(beat * 480, 900, pitch, 60) for pitch in (48, 55, 64)]
    track = Track(Notes.of(*zip(*rows, strict=True)), name="piano")
    score = Score(480, (track,), time_signatures=(TimeSignature(0, 4, 4),))
    return Seed.from_bytes(score_to_events(score).to_bytes(), path="piano.mid")


def rhythm_of(notes, part):
    notes = notes.where(notes.track == part)
    return sorted(zip(notes.onset_steps.tolist(), notes.length_steps.tolist(), strict=True))


def test_rhythm_stays_note_for_note(embedder):
    """Drum lengths mean nothing and are left out."""
    before, after, new = varied(embedder, band_seed(), "rhythm")
    assert new > 5
    for part in range(3):
        assert rhythm_of(before, part) == rhythm_of(after, part)
    assert [step for step, _ in rhythm_of(before, 3)] == [step for step, _ in rhythm_of(after, 3)]


def test_chords_stay_within_each_half_bar(embedder):
    seed = band_seed()
    before, after, new = varied(embedder, seed, "chords")
    assert new > 5
    for first, last in pairwise(range(0, int(seed.barred.grid.bar_steps[-1]) + 1, 24)):
        old, now = (_pitch_classes(notes, first, last) for notes in (before, after))
        assert now <= old


def _pitch_classes(notes, first, last):
    """The classes of the pitched notes that sound in these steps; the band's part 3 is the drums."""
    here = (notes.onset_steps < last) & (notes.onset_steps + notes.length_steps > first) & (notes.track != 3)
    return set((notes.pitch[here] % 12).tolist())


def test_melodies_are_not_touched(embedder):
    seed = band_seed()
    assert melody_parts(seed.barred) == {0}
    before, after, new = varied(embedder, seed, "melody")
    assert new > 0
    tune, same = (notes.where(notes.track == 0) for notes in (before, after))
    assert all(
        np.array_equal(getattr(tune, name), getattr(same, name)) for name in ("onset_steps", "length_steps", "pitch")
    )


def test_without_a_melody_the_top_line_stays_and_nothing_is_written_above_it(embedder):
    seed = piano_seed()
    assert melody_parts(seed.barred) == frozenset()
    before, after, new = varied(embedder, seed, "melody")
    assert new > 0
    tune = {(step, pitch) for step, pitch in zip(before.onset_steps, before.pitch, strict=True) if pitch >= 72}
    assert tune <= set(zip(after.onset_steps, after.pitch, strict=True))
    for step, pitch in zip(after.onset_steps, after.pitch, strict=True):
        assert (step, pitch) in tune or pitch < max(top for onset, top in tune if onset <= step < onset + 12)


def test_all_locks_together(embedder):
    before, after, new = varied(embedder, piano_seed(), *LOCKS)
    assert new > 0
    assert rhythm_of(before, 0) == rhythm_of(after, 0)


def test_a_part_without_a_choice_stays_and_the_others_are_varied(embedder):
    """Nothing but C sounds: the keys have two of them in their range, the drone one."""
    keys = [(bar * 1920, 1900, 60 + 12 * (bar % 2), 70) for bar in range(4)]
    drone = [(bar * 1920, 1900, 36, 70) for bar in range(4)]
    tracks = (
        Track(Notes.of(*zip(*keys, strict=True)), name="keys", channel=0),
        Track(Notes.of(*zip(*drone, strict=True)), name="drone", program=33, channel=1),
    )
    score = Score(480, tracks, (), (TimeSignature(0, 4, 4),))
    seed = Seed.from_bytes(score_to_events(score).to_bytes(), path="drone.mid")
    (output,) = vary(seed, embedder, VaryRequest(change=1.0, keep=["chords", "rhythm"]))
    assert output.record["no_choice"] == ["track 1 drone"]
    after = output.events.score().tracks
    assert after[1].notes == seed.barred.score.tracks[1].notes
    assert after[0].notes != seed.barred.score.tracks[0].notes
    (free,) = vary(seed, embedder, VaryRequest(change=1.0))
    assert free.record["no_choice"] == []


def test_what_is_neither_a_lock_nor_a_part_is_named(embedder):
    with pytest.raises(UsageError, match="tempo") as refusal:
        vary(band_seed(), embedder, VaryRequest(keep=["tempo"]))
    assert refusal.value.field == "keep"


def rules(*notes: tuple[int, int, int], names: str):
    """The rules of one bar of a part of several voices: notes (onset step, length in steps, pitch)."""
    rows = [(onset * 40, length * 40, pitch, 80) for onset, length, pitch in notes]
    rows += [(1920, 1920, 40, 80), (1920, 1920, 44, 80)]  # a bar with a chord, so that it is no melody and no bass
    score = Score(480, (Track(Notes.of(*zip(*rows, strict=True))),), time_signatures=(TimeSignature(0, 4, 4),))
    piece = cut(score)
    cells = cell_windows(piece)
    assert melody_parts(piece) == frozenset()
    return rules_for(cells, piece, Locks.of(names.split(","))), cells


@pytest.mark.parametrize(("rest", "is_bridged"), [(11, True), (12, False)])
def test_nothing_is_written_above_the_top_line_in_a_rest_shorter_than_a_beat(rest, is_bridged):
    """A note of a beat, a rest, a note to the end of the bar."""
    locked, _ = rules((0, 12, 72), (0, 48, 50), (12 + rest, 36 - rest, 72), names="melody")
    may_be_above = locked.allowed[0, :, 80]
    assert not may_be_above[:12].any()
    assert may_be_above[12 : 12 + rest].all() != is_bridged
    assert not may_be_above[12 + rest :].any()
    assert locked.allowed[0, :, 71].all()
    assert not locked.allowed[0, 0, 72]


def test_where_nothing_sounds_the_chords_forbid_nothing():
    """C and G in the first half bar, nothing in the second."""
    locked, _ = rules((0, 24, 60), (0, 24, 67), names="chords")
    classes = {int(pitch) % 12 for pitch in np.flatnonzero(locked.allowed[0, 0, :FIRST_DRUM])}
    assert classes == {0, 7}
    assert locked.allowed[0, 24].all()
    assert locked.allowed[0, :, FIRST_DRUM:].all()


def test_a_note_that_no_lock_leaves_a_choice_is_written_as_it_was():
    """A C of three beats begins over a chord of C and G, and goes on over D alone: no class sounds as long."""
    locked, cells = rules((0, 36, 60), (0, 24, 67), (24, 24, 62), names="chords,rhythm")
    may_begin = set(np.flatnonzero(locked.allowed[0, 0, :FIRST_DRUM]).tolist())
    assert {60, 67} <= may_begin
    assert 55 not in may_begin  # another G would have to sound on, as long as the C
    assert 72 in may_begin  # C does: the seed's own sounds in the second half too
    assert locked.leave_choice(cells).tolist()[0]


def test_with_a_rhythm_lengths_stay_also_where_a_single_voice_holds_a_note_into_the_next(embedder):
    """One of thirty notes overlaps, by a beat and more; a single voice may do so now and then."""
    beats = range(30)
    tune = [(beat * 480, 1100 if beat == 8 else 470, 60 + beat * 5 % 12, 80) for beat in beats]
    part = Track(Notes.of(*zip(*tune, strict=True)), name="tune", program=73)
    score = Score(480, (part,), time_signatures=(TimeSignature(0, 4, 4),))
    seed = Seed.from_bytes(score_to_events(score).to_bytes(), path="legato.mid")
    assert is_single_voice(seed.barred, 0)
    lengths = set()
    for random_seed in range(4):
        scope = Scope(bars=frozenset({2}), locks=Locks(rhythm=True))
        change = variation(embedder, seed.barred, strength=0.6, random_seed=random_seed, scope=scope)
        lengths |= set(change.added.length_steps[change.added.onset_steps == 96].tolist())
    assert lengths == {28}  # steps, as in the seed
