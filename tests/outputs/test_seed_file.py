"""Where written music goes: what is beside it, and the layout that every DAW expects."""

from __future__ import annotations

import numpy as np
import pytest
from composers import QUARTER, band_seed, tiny_composer
from midi_bytes import midi, track

from symbolic_embed.bars.cutting import PlacedNotes
from symbolic_embed.errors import OutputExistsError
from symbolic_embed.outputs.seed_file import Seed, normalised_output, save_outputs, with_notes
from symbolic_embed.requests import ComposeRequest, VaryRequest
from symbolic_embed.score import Marker, Notes, Score, TimeSignature, Track, read
from symbolic_embed.score.checks import FAULT, findings
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.compose import compose
from symbolic_embed.verbs.vary import vary


@pytest.fixture(scope="module")
def varied():
    seed = band_seed()
    return seed, vary(seed, tiny_composer().embedder, VaryRequest(strength=0.5, count=2, bars=[1, 2]))


def test_what_is_beside_an_output_has_its_name_and_nothing_is_overwritten(varied, tmp_path):
    _, outputs = varied
    paths = save_outputs(outputs, tmp_path, beside=[{".diff": b"one"}, {".diff": b"two"}])
    assert [path.with_name(f"{path.stem}.diff").read_bytes() for path in paths] == [b"one", b"two"]
    paths[0].unlink()
    with pytest.raises(OutputExistsError):
        save_outputs(outputs[:1], tmp_path, beside=[{".diff": b"three"}])
    assert not paths[0].exists()


def test_a_normalised_output_has_no_fault_and_a_marker_where_the_new_begins(varied, tmp_path):
    seed, outputs = varied
    second = normalised_output(outputs[1], seed)
    (path,) = save_outputs([second], tmp_path)
    assert read(path).markers == (Marker(0, "A"), Marker(4 * QUARTER, "variation 2"))
    assert not [one for one in findings(second.events) if one.level == FAULT]
    assert second.record["normalised"]
    assert second.record["diff"] == outputs[1].record["diff"]


@pytest.mark.parametrize(("alone", "markers"), [(False, ((0, "A"), (16 * QUARTER, "continuation 1"))), (True, None)])
def test_a_continuation_is_marked_at_the_seam(alone, markers):
    seed = band_seed()
    (output,) = compose(seed, tiny_composer(), ComposeRequest(bars=1, alone=alone))
    found = normalised_output(output, seed).events.score().markers
    assert [(marker.tick, marker.text) for marker in found] == list(markers or [(0, "continuation 1")])


def test_a_marker_that_is_there_is_kept(varied):
    seed, _ = varied
    (output,) = vary(seed, tiny_composer().embedder, VaryRequest(strength=0.5))
    assert normalised_output(output, seed).events.score().markers == (Marker(0, "A, variation 1"),)


def test_two_hands_on_one_channel_do_not_strike_the_same_key():
    """Each hand has a chunk; what is new in either keeps clear of what stays, and of what is new, in the other."""
    hands = midi(track("00 90 48 40", "60 80 48 40"), track("00 90 30 40", "60 80 30 40"), format=1, division=96)
    seed = Seed.from_bytes(hands, path="hands.mid")
    rows = [(0, 12, 12, 48), (0, 24, 12, 60), (1, 24, 6, 60), (1, 36, 12, 62)]  # part, step, steps, pitch
    columns = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    zeros = np.zeros(len(rows), np.int64)
    new = PlacedNotes(*columns, zeros + 80, zeros, zeros, zeros - 1)
    events = with_notes(seed, removed=np.zeros(0, np.int64), added=new)
    right, left = (part.track.notes.rows()[:, :3].tolist() for part in events.parts())
    assert right == [[0, 96, 72], [96, 96, 48], [192, 96, 60]]
    assert left == [[0, 96, 48], [288, 96, 62]]
    assert not [one for one in findings(events) if one.level == FAULT]


def test_a_note_that_would_have_to_wait_into_the_next_bar_is_left_out():
    """The seed's own C sounds until the barline; a new C shortly before it finds room only behind it."""
    part = Track(Notes.of([0, 1800, 1920], [400, 120, 480], [64, 60, 64], [80] * 3))
    score = Score(480, (part,), time_signatures=(TimeSignature(0, 4, 4),))
    seed = Seed.from_bytes(score_to_events(score).to_bytes(), path="wait.mid")
    one = [np.array([value]) for value in (0, 46, 4, 60, 90, 0, 0, -1)]
    after = with_notes(seed, removed=np.zeros(0, np.int64), added=PlacedNotes(*one))
    assert after == seed.events
    later = [np.array([value]) for value in (0, 47, 12, 62, 90, 0, 0, -1)]
    assert with_notes(seed, removed=np.zeros(0, np.int64), added=PlacedNotes(*later)).score().note_count == 4
