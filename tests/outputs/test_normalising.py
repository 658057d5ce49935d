"""The layout that any DAW expects, with a marker where the new begins."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composers import QUARTER, band_seed

from symbolic_embed.outputs.normalising import losses_of, normalised_output
from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.score import Event, Marker
from symbolic_embed.score.checks import FAULT, findings

END = 16 * QUARTER


def output(command: str, **settings: object) -> Output:
    return Output("out", band_seed().events, {"command": command, "settings": settings, "diff": {"asked": []}})


@pytest.mark.parametrize(
    ("made", "markers"),
    [
        (output("compose", alone=False, variation=1), ((0, "A"), (END, "continuation 1"))),
        (output("compose", alone=True, variation=2), ((0, "A, continuation 2"),)),  # a marker that is there is kept
        (output("vary", bars=[2, 3], variation=2), ((0, "A"), (4 * QUARTER, "variation 2"))),
        (output("vary", bars=None, variation=1), ((0, "A, variation 1"),)),
        (output("blend", bars=[4], step=3), ((0, "A"), (12 * QUARTER, "blend 3"))),
        (output("accompany", variation=1), ((0, "A, accompany 1"),)),
    ],
)
def test_a_marker_says_where_the_new_begins_and_what_it_is(made, markers):
    laid_out = normalised_output(made, band_seed())
    assert laid_out.events.score().markers == tuple(Marker(tick, text) for tick, text in markers)


def test_nothing_in_it_is_a_fault_and_its_record_still_compares_it_with_the_seed():
    made = output("vary", bars=[2], variation=1)
    laid_out = normalised_output(made, band_seed())
    assert not [finding for finding in findings(laid_out.events) if finding.level == FAULT]
    assert laid_out.record == {**made.record, "normalised": True}
    assert [track.chunk for track in laid_out.events.score().tracks] == [1, 2, 3, 4]


def test_what_the_layout_has_no_place_for_is_warned_of():
    seed = band_seed()
    chunk = (Event(0, bytes((0xB7, 7, 100))), *seed.events.chunks[-1])  # a volume on a channel that nothing plays on
    events = replace(seed.events, chunks=(*seed.events.chunks[:-1], chunk))
    made = replace(output("vary", bars=[2], variation=1), events=events)
    warned = normalised_output(replace(made, record={**made.record, "warnings": ["first"]}), seed)
    told = "`normalise`: 1 message left out, on channels where nothing plays"
    assert warned.record["warnings"] == ["first", told]
    assert losses_of(warned) == [told]
