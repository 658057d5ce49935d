"""Forms: which bars return, and that they do, note for note."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, tiny_composer

from symbolic_embed.bars import cut
from symbolic_embed.bars.voices import is_single_voice
from symbolic_embed.composing.continuing import continue_piece
from symbolic_embed.composing.form import Recalled, recalled_bars, section_length
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import ComposeRequest
from symbolic_embed.score import Notes


def recalled(form, *, bars, seed_bars):
    return recalled_bars(ComposeRequest(form=form, bars=bars), seed_bars=seed_bars)


def test_letters_return_and_an_apostrophe_ends_anew():
    seed, own = (lambda bar: Recalled(True, bar)), (lambda bar: Recalled(False, bar))
    assert recalled("BA", bars=4, seed_bars=8) == [None, None, seed(6), seed(7)]
    assert recalled("BCB", bars=6, seed_bars=1) == [None] * 4 + [own(0), own(1)]
    assert recalled("bA'", bars=8, seed_bars=4) == [None] * 4 + [seed(0), seed(1), seed(2), None]
    assert recalled("BB\u2019B", bars=3, seed_bars=1) == [None, None, own(0)]
    assert recalled(None, bars=3, seed_bars=1) == [None] * 3


@pytest.mark.parametrize(
    ("bars", "own", "length"),
    [(8, 4, 2), (8, 2, 2), (26, 8, 8), (26, 12, 6), (4, 8, 1), (9, 8, 3), (24, 4, 8)],
)
def test_sections_share_the_bars_or_are_as_long_as_the_seeds_own(bars, own, length):
    """Three letters: evenly where that goes; else the seed's own length, halved as often as need be."""
    assert section_length(ComposeRequest(form="ABA", bars=bars), own=own) == length


def test_what_is_left_over_is_new_and_belongs_to_the_last_section():
    again = recalled_bars(ComposeRequest(form="BAB", bars=8), seed_bars=16, own_section=4)
    assert again == [
        None,
        None,
        Recalled(True, 14),
        Recalled(True, 15),
        Recalled(False, 0),
        Recalled(False, 1),
        None,
        None,
    ]
    assert recalled("AB", bars=3, seed_bars=1) == [Recalled(True, 0), None, None]


@pytest.mark.parametrize(
    ("form", "bars", "message"),
    [
        ("AB1", 6, "must be letters"),
        ("'A", 6, "must be letters"),
        ("", 6, "must be letters"),
        ("BABA", 2, "2 bars are too few for 4 sections"),
        ("BA", 16, "a section has 8 bars, and A, the seed, only 4; `bars` 8 would fit"),
    ],
)
def test_forms_that_do_not_fit_say_why(form, bars, message):
    with pytest.raises(UsageError, match=message):
        recalled(form, bars=bars, seed_bars=4)


def bars_of(written: WrittenNotes, start: int) -> list[set]:
    """Track, step in the bar and pitch of the notes of each bar of four quarters."""
    rows = list(zip(written.track, written.onset_steps - start, written.pitch, strict=True))
    return [
        {(t, s % 48, p) for t, s, p in rows if s // 48 == bar} for bar in range(max(s for _, s, _ in rows) // 48 + 1)
    ]


@pytest.fixture(scope="module")
def trained():
    return tiny_composer()


def test_sections_return_note_for_note(trained):
    """Of the seed (which may fall silent for a bar only if nothing stands there) and of what was written."""
    piece = band_seed().barred
    start = int(piece.grid.bar_steps[-1])
    written = bars_of(
        continue_piece(trained, piece, ComposeRequest(bars=8, form="BABA'", random_seed=3))[0].notes, start
    )
    notes = piece.notes
    seed = [
        set(
            zip(
                *(column[piece.note_bar == bar] for column in (notes.track, notes.onset_steps % 48, notes.pitch)),
                strict=True,
            )
        )
        for bar in (2, 3)
    ]
    assert written[0]
    assert written[0] == written[4]
    assert written[1] == written[5] != written[0]
    assert written[2:4] == seed
    assert written[6] == seed[0]
    assert written[7] != seed[1]


def test_a_double_stop_of_a_single_voice_returns_as_long_as_it_was(trained):
    score = band_seed(bars=8).barred.score
    tune, *others = score.tracks
    stopped = Notes.concatenated([tune.notes, Notes.of([30 * 480], [400], [76], [80])])
    piece = cut(replace(score, tracks=(replace(tune, notes=stopped), *others)))
    again = continue_piece(trained, piece, ComposeRequest(bars=8, form="A"))[0].notes
    start, tune = int(piece.grid.bar_steps[-1]), again.track == 0
    assert is_single_voice(piece, 0)
    assert again.pitch[tune & (again.onset_steps == start + 30 * 12)].tolist() == [66, 76]
    assert set(again.length_steps[tune].tolist()) == {10}


def test_what_was_recalled_is_context_of_what_follows(trained):
    """The same draws after another history are other notes, where they are not a return of the same bar."""
    piece = band_seed().barred
    start = int(piece.grid.bar_steps[-1])

    def second_bars(seed):
        return [
            bars_of(
                continue_piece(trained, piece, ComposeRequest(bars=2, form=form, random_seed=seed))[0].notes, start
            )[1]
            for form in ("AB", "BC")
        ]

    assert any(one != two for one, two in map(second_bars, range(6)))


def test_bars_of_another_metre_do_not_return(trained):
    piece = band_seed(numerator=7).barred
    assert len(continue_piece(trained, piece, ComposeRequest(bars=2, form="BA", random_seed=1))[0].notes.onset_steps)
    changing = metre_change().barred
    with pytest.raises(UsageError, match="bar 1 of the seed has 3 quarters, its last bar 4"):
        continue_piece(trained, changing, ComposeRequest(bars=4, form="BA", random_seed=1))


def metre_change():
    from symbolic_embed.outputs.seed_file import Seed
    from symbolic_embed.score import Notes, Score, TimeSignature, Track
    from symbolic_embed.score.writing.layout import score_to_events

    ticks = np.arange(7) * 480
    track = Track(Notes.of(ticks, [400] * 7, [60] * 7, [80] * 7))
    signatures = (TimeSignature(0, 3, 4), TimeSignature(3 * 480, 4, 4))
    return Seed.from_bytes(score_to_events(Score(480, (track,), time_signatures=signatures)).to_bytes(), path="c.mid")
