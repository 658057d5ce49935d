"""All checks together: a tidy file passes, what we write passes, any file can be checked."""

import strategies
from hypothesis import given
from midi_bytes import NOTE, midi, track
from tidy import SETUP, findings_in, findings_of, part

from symbolic_embed.score import parse
from symbolic_embed.score.checks import FAULT, REMARK, findings
from symbolic_embed.score.writing.layout import score_to_events


def test_a_tidy_file_has_no_finding():
    assert findings_of(part(NOTE)) == []


def test_what_reading_repaired_is_a_finding_and_what_is_harmless_a_remark():
    """A track cut short, and a tempo faster than anybody plays; what a check of its own finds is not told twice."""
    cut_short = midi(track(*SETUP), part(NOTE))[:-2]
    assert "fault chunk-length | whole file" in findings_in(cut_short)
    fast = midi(track(b"\x00\xff\x51\x03\x00\x00\x01", SETUP[1]), part(NOTE))
    (extreme,) = findings(parse(fast))
    assert (extreme.level, extreme.kind) == (REMARK, "extreme-tempo")
    assert findings_of(part("00 90 3c 40")) == ["fault hanging-note | bar 1 beat 1, track 0 Flute"]


@given(strategies.scores())
def test_what_we_write_has_no_fault_but_a_metre_that_was_asked_for(score):
    kinds = {one.kind for one in findings(score_to_events(score)) if one.level == FAULT}
    assert kinds <= {"metre-inside-bar"}


@given(strategies.event_lists(long=False))
def test_any_file_can_be_checked_and_every_finding_has_a_line(events):
    for one in findings(events):
        assert "\n" not in str(one).replace(one.name, "").replace(one.text, "")
        assert one.way_out
