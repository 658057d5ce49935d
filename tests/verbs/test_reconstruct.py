"""Through a model that keeps everything, a piece comes back as it was; its notes stand where they stood."""

import pieces
import strategies
from evaluation.models import PerfectModel
from hypothesis import given

from symbolic_embed.bars import Windows, cut
from symbolic_embed.bars.windows import HELD
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.verbs.reconstruct import reconstruct, reconstruct_each


def starts(score):
    """Of each part the (tick, pitch) of its notes; doubled ones once."""
    return [
        sorted(set(zip(track.notes.onset_ticks.tolist(), track.notes.pitch.tolist(), strict=True)))
        for track in score.tracks
    ]


def test_a_piece_on_the_grid_comes_back_note_for_note():
    score = pieces.piece(1)
    back = reconstruct(PerfectModel(), cut(score))
    assert all(counts.f1 == counts.f1_with_length == 1 for counts in back.counts().values())
    assert list(back.counts()) == ["drums", "bass", "melody", "chords"]
    assert starts(back.score()) == starts(score)
    for before, after in zip(score.tracks, back.score().tracks, strict=True):
        if not before.is_drum:
            assert after.notes == before.notes


@given(strategies.scores().filter(lambda score: score.note_count))
def test_whatever_the_metre_notes_come_back_to_their_steps(score):
    barred = cut(score)
    back = reconstruct(PerfectModel(), barred)
    steps = barred.grid.tick_of(barred.notes.onset_steps)
    expected = [
        sorted(set(zip(steps[mine].tolist(), barred.notes.pitch[mine].tolist(), strict=True)))
        for mine in (barred.notes.track == number for number in range(len(score.tracks)))
    ]
    assert starts(back.score()) == expected


def test_a_note_takes_the_velocity_of_the_note_that_was_there_else_the_median():
    part = Track(Notes.of([0, 480, 960], [480] * 3, [60, 62, 64], [20, 50, 110]))
    barred = cut(Score(480, (part,), time_signatures=(TimeSignature(0, 4, 4),)))

    class Wrong(PerfectModel):
        def decode(self, embeddings, rules, *, choice=None):
            return strategies.of_notes([(0, 0, 60, 12), (12, 0, 63, 12), (24, 0, 64, 12)])

    assert reconstruct(Wrong(), barred).score().tracks[0].notes.velocity.tolist() == [20, 50, 110]
    other = Track(Notes.of([0, 480, 960], [480] * 3, [60, 62, 64], [20, 30, 110]))
    barred = cut(Score(480, (other,), time_signatures=(TimeSignature(0, 4, 4),)))
    assert reconstruct(Wrong(), barred).score().tracks[0].notes.velocity.tolist() == [20, 30, 110]


def test_the_median_is_that_of_the_notes_own_part():
    loud, soft = (Track(Notes.of([0], [480], [60], [velocity]), channel=n) for n, velocity in enumerate((100, 20)))
    barred = cut(Score(480, (loud, soft), time_signatures=(TimeSignature(0, 4, 4),)))

    class Wrong(PerfectModel):
        def decode(self, embeddings, rules, *, choice=None):
            return strategies.of_notes([(12, 0, 70, 12)], [(12, 0, 70, 12)])

    parts = reconstruct(Wrong(), barred).score().tracks
    assert [part.notes.velocity.tolist() for part in parts] == [[100], [20]]


def test_many_pieces_come_in_their_order():
    several = [(str(seed), cut(pieces.piece(seed, bars=1))) for seed in range(7)]
    found = list(reconstruct_each(PerfectModel(jobs=2), several))
    assert [path for path, _ in found] == [path for path, _ in several]
    assert all(back.barred is barred for (_, back), (_, barred) in zip(found, several, strict=True))


def test_held_notes_are_written_once():
    long = Track(Notes.of([0], [8 * 480], [60], [80]))
    back = reconstruct(PerfectModel(), cut(Score(480, (long,))))
    assert isinstance(back.original, Windows)
    assert not (back.written.flags & HELD).any()
    assert starts(back.score()) == [[(0, 60)]]
