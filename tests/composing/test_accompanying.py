"""Accompanying: legal parts beside those that are there, which stay as they are."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from composers import band_seed, quiet_composer, tiny_composer

from symbolic_embed.bars import bar_windows, cut
from symbolic_embed.composing.accompanying import KIT, LONG_REST, NEW_PARTS, accompany_piece, roles_of
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import AccompanyRequest
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events


@pytest.fixture(scope="module")
def trained():
    return tiny_composer()


def tune_seed():
    """The band's tune alone."""
    score = band_seed().barred.score
    alone = Score(score.division, score.tracks[:1], score.tempi, score.time_signatures)
    return Seed.from_bytes(score_to_events(alone).to_bytes(), path="tune.mid")


def test_by_default_a_tune_gets_what_it_lacks_and_a_whole_band_a_second_tune():
    assert roles_of(None, tune_seed().barred) == ["chords", "bass", "drums"]
    assert roles_of(None, band_seed().barred) == ["melody"]
    assert roles_of(["drums", "chords"], band_seed().barred) == ["chords", "drums"]
    with pytest.raises(UsageError, match="`parts`"):
        AccompanyRequest(parts=["horns"])


def test_where_the_piece_begins_a_note_each_part_writes_its_fewest_and_elsewhere_it_may_rest():
    """The decoder would rather end at once. The tune plays in the first bar and the third."""
    onsets = [0, 480, 960, 1440, 3840, 4320]
    tune = Track(Notes.of(onsets, [400] * 6, [60, 64, 67, 72, 60, 64], [80] * 6), name="tune")
    piece = cut(Score(480, (tune,), (), (TimeSignature(0, 4, 4),)))
    roles = ["chords", "bass", "melody", "drums"]
    (made,) = accompany_piece(quiet_composer(), piece, AccompanyRequest(temperature=0), roles=roles)
    written = made.notes
    for track, role in enumerate(roles, start=1):
        counts = np.bincount(written.onset_steps[written.track == track] // 48, minlength=3).tolist()
        assert counts == [NEW_PARTS[role].fewest, 0, NEW_PARTS[role].fewest]
    assert [NEW_PARTS[role].fewest for role in roles] == [3, 1, 0, 2]


def test_each_part_plays_in_each_bar_in_its_range_and_in_its_voices(trained):
    piece = tune_seed().barred
    roles = ["chords", "bass", "drums"]
    written = accompany_piece(trained, piece, AccompanyRequest(random_seed=1), roles=roles)[0].notes
    for track, role in enumerate(roles, start=1):
        part, mine = NEW_PARTS[role], written.track == track
        pitches = written.pitch[mine]
        assert (
            set(pitches) <= set(KIT)
            if role == "drums"
            else part.lowest <= pitches.min() <= pitches.max() <= part.highest
        )
        in_bars = np.bincount(piece.grid.bar_of(written.onset_steps[mine]), minlength=piece.bars)
        assert in_bars.min() >= part.fewest
        if part.single:
            assert ((written.onset_steps + written.length_steps)[mine][:-1] <= written.onset_steps[mine][1:]).all()
    assert (written.onset_steps + written.length_steps).max() <= piece.grid.bar_steps[-1]


def test_given_parts_are_context(trained):
    """Other notes in the tune, other notes beside it."""
    seed, other = tune_seed().barred, band_seed().barred
    one = accompany_piece(trained, seed, AccompanyRequest(random_seed=1), roles=["bass"])[0].notes
    two = accompany_piece(trained, other, AccompanyRequest(random_seed=1), roles=["bass"])[0].notes
    assert one.pitch.tolist() != two.pitch.tolist()


def accompanied_windows(piece) -> list[int]:
    """The windows of a piece in which its accompaniment is written; in all others it rests."""
    written, really = [], Ensemble.write_window

    def write_window(ensemble, *, played=None, nats=None, **rest):
        if nats is None:  # else a beginning is judged
            written.append(played is None)
            assert played is None or not any(len(cell) for cells in played for cell in cells)
        really(ensemble, played=played, nats=nats, **rest)

    with patch.object(Ensemble, "write_window", write_window):
        accompany_piece(tiny_composer(), piece, AccompanyRequest(), roles=["drums"])
    assert len(written) == len(bar_windows(piece))
    return np.flatnonzero(written).tolist()


@pytest.mark.parametrize(("temperature", "takes", "drawn"), [(1.0, 4, [16]), (1.0, 2, [8]), (0.0, None, [])])
def test_takes_go_on_from_the_best_of_several_beginnings(temperature, takes, drawn):
    """From different ones, as there are such; the likeliest music has but one."""
    really, went_on = Ensemble.rows, []

    def rows(ensemble, variations):
        cells = [np.concatenate(cells).tobytes() for cells in ensemble.sheet.played_in(0)]
        went_on.append((ensemble.variations, variations.tolist()))
        chosen = {cells[variation] for variation in variations}
        assert len(chosen) == min(len(set(cells)), takes)
        return really(ensemble, variations)

    request = AccompanyRequest(temperature=temperature, takes=takes)
    with patch.object(Ensemble, "rows", rows):
        (made,) = accompany_piece(tiny_composer(), bars_of_tune(0, 1), request, roles=["drums"])
    assert [variations for variations, _ in went_on] == drawn
    assert all(len(set(chosen)) == takes for _, chosen in went_on)
    assert made.take.drawn == (takes or 1)


def bars_of_tune(*bars: int, numerator: int = 4):
    """A tune that plays four notes in each of these bars (from 0) and rests in the others."""
    onsets = [bar * numerator * 480 + beat * 480 for bar in bars for beat in range(4)]
    tune = Track(Notes.of(onsets, [450] * len(onsets), [60, 64, 67, 72] * len(bars), [80] * len(onsets)), name="tune")
    return cut(Score(480, (tune,), (), (TimeSignature(0, numerator, 4),)))


@pytest.mark.parametrize("rest", [LONG_REST - 1, LONG_REST, 20])
def test_in_a_long_rest_of_the_piece_the_new_parts_wait_and_in_a_shorter_one_play_on(rest):
    """A bar, so many bars of rest, and a bar."""
    expected = list(range(rest + 2)) if rest < LONG_REST else [0, rest + 1]
    assert accompanied_windows(bars_of_tune(0, rest + 1)) == expected


@pytest.mark.parametrize("silent", [1, 2, 5])
def test_new_parts_wait_until_the_piece_begins(silent):
    """In 7/4 as well, where a bar has two windows."""
    assert accompanied_windows(bars_of_tune(silent, silent + 1)) == [silent, silent + 1]
    long = bars_of_tune(silent, silent + 1, numerator=7)
    assert accompanied_windows(long) == list(range(2 * silent, 2 * silent + 4))


def test_in_a_long_bar_parts_are_written_where_its_later_windows_lie():
    """In 7/4 the tune begins notes in steps 48 to 83 of each bar too, the second window."""
    piece = band_seed(bars=2, numerator=7).barred
    request = AccompanyRequest(temperature=0)
    (made,) = accompany_piece(quiet_composer(), piece, request, roles=["bass"])
    written = made.notes
    assert (written.onset_steps // 12 // 4 * 4).tolist() != [0]
    starts = [0, 48, 84, 132]
    windows = [max(start for start in starts if start <= onset) for onset in written.onset_steps.tolist()]
    assert windows == starts
