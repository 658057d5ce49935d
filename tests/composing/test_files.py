"""Where written music goes: what is beside it, and the layout that every DAW expects."""

from __future__ import annotations

import pytest
from composers import QUARTER, band_seed, tiny_composer

from symbolic_embed.composing.files import normalised_output, save_outputs
from symbolic_embed.composing.verbs import compose, vary
from symbolic_embed.errors import OutputExistsError
from symbolic_embed.score import Marker, read
from symbolic_embed.score.checks import FAULT, findings


@pytest.fixture(scope="module")
def varied():
    seed = band_seed()
    return seed, vary(seed, tiny_composer().embedder, strength=0.5, count=2, bars=frozenset({1, 2}))


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
    (output,) = compose(seed, tiny_composer(), bars=1, alone=alone)
    found = normalised_output(output, seed).events.score().markers
    assert [(marker.tick, marker.text) for marker in found] == list(markers or [(0, "continuation 1")])


def test_a_marker_that_is_there_is_kept(varied):
    seed, _ = varied
    (output,) = vary(seed, tiny_composer().embedder, strength=0.5)
    assert normalised_output(output, seed).events.score().markers == (Marker(0, "A, variation 1"),)
