"""What a piece has played so far, against counts note by note."""

from __future__ import annotations

import numpy as np
import pytest
from bands import PARTS, append, only

from symbolic_embed.encodings.patterns.past import AS_GOOD, LEAST_LIKE, NOWHERE, RECENT, REGISTER, Past

PIECES, ROOM = 2, 12
DRUMS = np.array([[False, False, True], [False, True, False]])


def cells(random, *, pieces: int = PIECES) -> np.ndarray:
    """A few notes at few places, so that many are the same; some cells are silent."""
    rolls = np.zeros((pieces, PARTS, 48, 128), np.uint8)
    for piece in range(pieces):
        for part in range(PARTS):
            for _ in range(random.integers(0, 5)):
                rolls[piece, part, 12 * random.integers(3), 60 + random.integers(4)] = 1 + random.integers(2)
    return rolls


def windows(count: int = 9, *, seed: int = 0) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    fresh = [cells(random) for _ in range(4)]
    return [fresh[random.integers(4)] if random.random() < 0.6 else cells(random) for _ in range(count)]


def heard(played: list[np.ndarray], *, lengths: list[int] | None = None) -> Past:
    """A past of two pieces, or of the first; each window has its number for its chord."""
    past = Past(DRUMS[: len(played[0])], room=ROOM)
    for number, window in enumerate(played):
        append(past, window, steps=48 if lengths is None else lengths[number], chord=number)
    return past


def notes(cell: np.ndarray) -> dict[tuple[int, int], int]:
    return {(onset, pitch): int(cell[onset, pitch]) for onset, pitch in np.argwhere(cell).tolist()}


def f1(these: list[dict], those: list[dict]) -> float:
    total = sum(map(len, these)) + sum(map(len, those))
    shared = sum(len(one.keys() & other.keys()) for one, other in zip(these, those, strict=True))
    return 2 * shared / total if total else 1.0


def equal_share(these: list[dict], those: list[dict]) -> float:
    sounding = [one == other for one, other in zip(these, those, strict=True) if one or other]
    return sum(sounding) / len(sounding) if sounding else 1.0


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("chosen", [slice(None), slice(1, None)])
def test_how_like_windows_are_is_counted_note_by_note(seed, chosen):
    played = windows(seed=seed)
    past, new = heard(played), windows(1, seed=9)[0]
    new[:, :, 12] = played[3][:, :, 12]
    coming = past.coming(new, parts=chosen)
    for piece in range(PIECES):
        now = [notes(cell) for cell in new[piece]]
        for window, earlier in enumerate(played):
            then = [notes(cell) for cell in earlier[piece]]
            assert coming.like[piece, window] == pytest.approx(f1(now[chosen], then[chosen]))
            assert coming.equal[piece, window] == pytest.approx(equal_share(now[chosen], then[chosen]))
            for part in range(PARTS):
                assert coming.own[piece, part, window] == pytest.approx(f1(now[part : part + 1], then[part : part + 1]))
                assert coming.same[piece, part, window] == (now[part] == then[part])


def test_what_was_said_of_each_window_when_it_came_is_kept():
    played = windows()
    past = heard(played)
    for number in range(1, len(played)):
        coming = heard(played[:number]).coming(played[number])
        for name in ("like", "equal", "own", "same"):
            assert np.array_equal(getattr(past, name)[..., number, :number], getattr(coming, name))


def test_what_parts_are_used_to_is_how_often_each_note_stood():
    played = windows()
    past = heard(played)
    for piece in range(PIECES):
        for part in range(PARTS):
            stood = [note for window in played for note in notes(window[piece, part]).items()]
            for (onset, pitch), length in stood:
                assert past.onsets[piece, part, onset] == sum(place[0] == onset for place, _ in stood)
                assert past.pitches[piece, part, pitch] == sum(place[1] == pitch for place, _ in stood)
                assert past.lengths[piece, part, length - 1] == sum(other == length for _, other in stood)
            for name in ("onsets", "pitches", "lengths"):
                assert getattr(past, name)[piece, part].sum() == len(stood)


def test_how_like_windows_so_far_apart_have_been_on_average():
    """Over all pairs, and, of late, each new one counts for three tenths."""
    past = heard(windows())
    for lag in range(1, past.length):
        pairs = [(now, now - lag) for now in range(lag, past.length)]
        for piece in range(PIECES):
            like = [float(past.like[piece, now, then]) for now, then in pairs]
            equal = [float(past.equal[piece, now, then]) for now, then in pairs]
            assert past.by_lag[piece, 0, lag] == pytest.approx(np.mean(like), abs=1e-5)
            assert past.by_lag[piece, 2, lag] == pytest.approx(np.mean(equal), abs=1e-5)
            assert past.by_lag[piece, 1, lag] == pytest.approx(of_late(like), abs=1e-5)
            for part in range(PARTS):
                own = [float(past.own[piece, part, now, then]) for now, then in pairs]
                assert past.own_by_lag[piece, part, lag] == pytest.approx(of_late(own), abs=1e-5)


def of_late(values: list[float]) -> float:
    mean = values[0]
    for value in values[1:]:
        mean = RECENT * mean + (1 - RECENT) * value
    return mean


def test_which_parts_begin_together_and_how_far_apart():
    played = windows()
    past = heard(played)
    for piece in range(PIECES):
        onsets = [[{onset for onset, _ in notes(w[piece, part])} for w in played] for part in range(PARTS)]
        for part in range(PARTS):
            assert past.struck[piece, part] == sum(map(len, onsets[part]))
            for other in range(PARTS):
                both = [a & b for a, b in zip(onsets[part], onsets[other], strict=True)]
                assert past.together[piece, part, other] == sum(map(len, both))
                expected = np.zeros(2 * REGISTER + 1)
                for window, at in zip(played, both, strict=True):
                    for onset in at:
                        lowest = [window[piece, which, onset].nonzero()[0][0] for which in (part, other)]
                        expected[int(lowest[0]) - int(lowest[1]) + REGISTER] += 1
                assert past.apart[piece, part, other].tolist() == expected.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_a_window_is_likest_to_those_that_are_as_good_as_the_best_of_its_length(seed):
    played = windows(seed=seed)
    lengths = [48, 36, 48] * 3
    past, new = heard(played, lengths=lengths), played[2]
    coming = past.coming(new)
    right, sources = past.likest(coming, steps=np.full(PIECES, 36))
    for piece in range(PIECES):
        scores = [0.6 * float(coming.equal[piece, w]) + 0.4 * float(coming.like[piece, w]) for w in range(9)]
        of_length = {w: score for w, score in enumerate(scores) if lengths[w] == 36}
        best = max(of_length.values())
        expected = {w for w, score in of_length.items() if score >= best - AS_GOOD and best >= LEAST_LIKE}
        assert set(np.flatnonzero(right[piece]).tolist()) == expected
        onward = int(past.sources[piece, 8]) + 1
        goes_on = onward > 0 and onward in expected
        assert sources[piece] == (onward if goes_on else max(expected, default=NOWHERE))


A, B, C = only(60, 62), only(64, 65), only(67, 69)


def test_the_source_goes_on_where_the_last_window_was_taken_from_and_is_else_the_latest():
    """A B A C A B: the second B comes after an A; B and A stand twice."""
    past = heard([A, B, A, C, A])
    assert past.sources[0, :5].tolist() == [NOWHERE, NOWHERE, 0, NOWHERE, 2]
    right, source = past.likest(past.coming(A), steps=np.array([48]))
    assert (right.tolist(), source.tolist()) == ([[True, False, True, False, True]], [4])
    _, source = past.likest(past.coming(B), steps=np.array([48]))
    assert source.tolist() == [1]
    going_on = heard([A, B, A, B, A, B, A, B])
    assert going_on.sources[0, :8].tolist() == [NOWHERE, NOWHERE, 0, 1, 2, 3, 4, 5]


def test_what_is_like_nothing_has_no_source_and_neither_has_the_first_window():
    past = heard([A, B])
    right, source = past.likest(past.coming(C), steps=np.array([48]))
    assert (right.any(), source.tolist()) == (False, [NOWHERE])
    nothing = Past(DRUMS[:1], room=2)
    right, source = nothing.likest(nothing.coming(A), steps=np.array([48]))
    assert (right.shape, source.tolist()) == ((1, 0), [NOWHERE])


def test_cells_return_where_they_are_those_of_the_source_note_for_note():
    """The question does not arise where there is no source, or silence on either side."""
    longer = A.copy()
    longer[longer > 0] += 1
    two = A.copy()
    two[0, 1] = B[0, 0]
    past = heard([two])
    for new, source, expected in (
        (two, 0, [1, 1, 0]),
        (A, 0, [1, 0, 0]),
        (longer, 0, [-1, 0, 0]),
        (two[:, [1, 0, 2]], 0, [-1, -1, 0]),
        (two, NOWHERE, [0, 0, 0]),
        (0 * two, 0, [0, 0, 0]),
    ):
        assert past.returned(new, np.array([source])).tolist() == [expected]
        for part in range(PARTS):
            chosen = slice(part, part + 1)
            assert past.returned(new, np.array([source]), parts=chosen).tolist() == [expected[chosen]]


def answers(past: Past, new: np.ndarray):
    """What a past says of a window that comes, and of itself."""
    coming = past.coming(new)
    right, source = past.likest(coming, steps=np.full(len(new), 48))
    kept = ("counts", "like", "equal", "own", "same", "steps", "chords")
    length = past.length
    now = {name: getattr(past, name)[..., :length] for name in kept}
    used_to = ("pitches", "onsets", "lengths", "together", "struck", "apart", "by_lag", "own_by_lag")
    return coming.__dict__ | now | {name: getattr(past, name) for name in used_to} | {"right": right, "source": source}


def assert_same(one: dict, other: dict, *, but: tuple[str, ...] = ()) -> None:
    for name, value in one.items():
        if name not in but:
            np.testing.assert_allclose(value, other[name], atol=1e-6, err_msg=name)


def test_a_repeated_past_is_as_one_that_has_heard_the_same_in_each_piece_and_they_part_from_there():
    played = [window[:1] for window in windows()]
    past = heard(played).of(np.array([0, 0]))
    together = Past(np.tile(DRUMS[:1], (2, 1)), room=ROOM)
    for number, window in enumerate(played):
        append(together, window.repeat(2, axis=0), chord=number)
    new = windows(1, seed=5)[0]
    assert_same(answers(past, new), answers(together, new))
    for one in (past, together):
        append(one, new)
    assert_same(answers(past, played[0].repeat(2, axis=0)), answers(together, played[0].repeat(2, axis=0)))
    assert np.array_equal(past.sources, together.sources)


def test_the_last_windows_answer_as_if_they_were_all_there_had_been_but_habits_stay():
    played = windows()
    whole, few = heard(played), heard(played[-5:])
    last = whole.last(5)
    assert last.length == 5
    kept = ("pitches", "onsets", "lengths", "together", "struck", "apart", "by_lag", "own_by_lag", "chords")
    new = played[6]
    assert_same(answers(last, new), answers(few, new), but=(*kept, "source"))
    for name in kept[:-1]:
        assert np.array_equal(getattr(last, name), getattr(whole, name))
    assert last.chords[:, :5].tolist() == whole.chords[:, 4:9].tolist()
    for piece in range(PIECES):
        moved = [source - 4 if source >= 4 else NOWHERE for source in whole.sources[piece, 4:9].tolist()]
        assert last.sources[piece, :5].tolist() == moved
    append(last, new)
    assert last.length == 6
    assert last.rolls.shape == whole.rolls.shape
