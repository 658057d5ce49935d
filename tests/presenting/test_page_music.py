"""The music of a page, read back by a few lines that know nothing of how it was written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pieces
import pytest
import takes

from symbolic_embed.outputs.normalising import normalised_output
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.presenting.page_music import page_music
from symbolic_embed.score import Event, Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events


def rows(part: dict) -> tuple[list[list[int]], list[bool]]:
    """The notes of a part as `Notes.rows` has them, and which of them are new."""
    table = np.array(part["notes"], np.int64).reshape(-1, 4)
    table[:, 0] = np.cumsum(table[:, 0])
    new = table[:, 3] >= 128
    table[:, 3] %= 128
    return table.tolist(), new.tolist()


def test_all_notes_of_all_parts_are_there():
    seed = takes.band()
    take = takes.continued(seed)
    for piece, score in zip(page_music(seed, [take])["pieces"], (seed.barred.score, take.events.score()), strict=True):
        assert [rows(part)[0] for part in piece["parts"]] == [track.notes.rows().tolist() for track in score.tracks]


def test_what_comes_after_the_seed_is_new_and_its_end_is_marked():
    seed = takes.band(bars=2)
    before, after = page_music(seed, [takes.continued(seed)])["pieces"]
    assert before["seedEnd"] is None
    assert after["seedEnd"] == 2 * takes.BAR
    assert after["bars"] == [0, takes.BAR, 2 * takes.BAR, 3 * takes.BAR]
    for part in after["parts"]:
        notes, new = rows(part)
        assert new == [onset >= 2 * takes.BAR for onset, *_ in notes]
        assert part["gone"] == []
    assert not any(is_new for part in before["parts"] for is_new in rows(part)[1])


def test_what_the_seed_has_and_a_take_has_not_is_told_by_its_number():
    score = takes.band_score()
    notes = score.tracks[0].notes
    pitch = notes.pitch.copy()
    pitch[3] += 1
    tune = replace(score.tracks[0], notes=Notes.of(notes.onset_ticks, notes.duration_ticks, pitch, notes.velocity))
    varied = replace(score, tracks=(tune, *score.tracks[1:]))
    part = page_music(takes.seed_of(score), [takes.output(varied)])["pieces"][1]["parts"][0]
    assert part["gone"] == [3]
    assert [number for number, is_new in enumerate(rows(part)[1]) if is_new] == [3]


def test_a_part_that_rests_in_a_take_leaves_the_others_their_places():
    score = takes.band_score()
    found = page_music(takes.seed_of(score), [takes.output(replace(score, tracks=score.tracks[1:]))])
    first, *others = found["pieces"][1]["parts"]
    assert (first["part"], first["notes"]) == (0, [])
    assert first["gone"] == list(range(len(score.tracks[0].notes)))
    assert [part["part"] for part in others] == [1, 2, 3]
    assert len(found["parts"]) == 4


def test_new_parts_of_several_takes_are_one():
    score = pieces.piece(1, bars=2, parts=(pieces.melody, pieces.chords))
    more = [replace(score, tracks=(*score.tracks, pieces.bass(number, bars=2))) for number in (1, 2)]
    found = page_music(takes.seed_of(score), [takes.output(one) for one in more])
    assert [part["isNew"] for part in found["parts"]] == [False, False, True]
    assert [piece["parts"][-1]["part"] for piece in found["pieces"]] == [1, 2, 2]
    assert all(rows(found["pieces"][1]["parts"][2])[1])


def test_new_bars_alone_are_laid_beside_nothing():
    seed = takes.band()
    alone = takes.output(takes.band_score(), settings={"alone": True})
    piece = page_music(seed, [alone])["pieces"][1]
    assert piece["seedEnd"] is None
    assert all(all(rows(part)[1]) and part["gone"] == [] for part in piece["parts"])


@pytest.mark.parametrize("score", [takes.band_score(), pieces.piece(1, bars=2)])
def test_a_plain_layout_changes_neither_parts_nor_what_is_new(score):
    """Not even where it gives names to parts that had none."""
    seed = takes.seed_of(score)
    take = takes.continued(seed, diff={}, settings={"bars": 1, "variation": 1})
    plain = page_music(seed, [normalised_output(take, seed)])
    piece = plain["pieces"][1]
    assert len(plain["parts"]) == 4
    for part, as_before in zip(piece["parts"], page_music(seed, [take])["pieces"][1]["parts"], strict=True):
        assert rows(part)[1] == rows(as_before)[1]


def test_metre_and_tempo_are_told_where_they_change():
    notes = Notes.of([0, 1920, 3360], [480] * 3, [60] * 3, [80] * 3)
    score = Score(
        480,
        (Track(notes),),
        tempi=(Tempo(0, 500_000), Tempo(1920, 400_000)),
        time_signatures=(TimeSignature(0, 4, 4), TimeSignature(1920, 3, 4)),
    )
    piece = page_music(takes.seed_of(score), [])["pieces"][0]
    assert piece["metres"] == [[0, "4/4"], [1, "3/4"]]
    assert piece["tempi"] == [[0, 500_000], [1920, 400_000]]
    assert piece["bars"][:3] == [0, 1920, 3360]


def controlled(*messages: tuple[int, int, int]) -> dict:
    """The one part of a piece whose channel was told something: (tick, controller, value)."""
    events = score_to_events(Score(480, (Track(Notes.of([0, 480], [240] * 2, [60, 62], [80] * 2)),)))
    told = [Event(tick, bytes([0xB0, number, value])) for tick, number, value in messages]
    chunks = [tuple(sorted((*told, *chunk[:-1]), key=lambda event: event.tick)) + chunk[-1:] for chunk in events.chunks]
    with_notes = [number for number, chunk in enumerate(events.chunks) if any(e.message[0] == 0x90 for e in chunk)]
    events = replace(events, chunks=tuple(
        chunk if number in with_notes else events.chunks[number] for number, chunk in enumerate(chunks)
    ))  # fmt: skip
    return page_music(Seed.from_bytes(events.to_bytes(), path="one.mid"), [])["pieces"][0]["parts"][0]


def test_volume_place_and_pedal_of_a_part_are_told():
    silent = controlled()
    assert silent["level"] == pytest.approx((100 / 127) ** 2, abs=1e-3)
    assert (silent["pan"], silent["pedal"]) == (0, [])
    told = controlled((0, 7, 64), (0, 10, 127), (10, 64, 127), (20, 64, 100), (300, 64, 0))
    assert told["level"] == pytest.approx((64 / 127) ** 2, abs=1e-3)
    assert (told["pan"], told["pedal"]) == (1, [10, 300])


def test_struck_drums_have_their_names():
    assert page_music(takes.band(), [])["drums"] == {"36": "kick", "38": "snare", "42": "closed hat"}
