"""Finding: the piece, the part, the bars and the key of a fragment; and what has nothing beside it costs."""

from dataclasses import replace

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.library.find import find
from symbolic_embed.library.laying import Place
from symbolic_embed.requests import FindRequest
from symbolic_embed.score import Notes, Score

MELODY, CHORDS, BASS, DRUMS = range(4)
SONGS = {f"{seed}.mid": pieces.piece(seed, bars=8) for seed in range(6)}


def excerpt(score, first, last, *, tracks=range(4), begin=0):
    """Bars of some parts, cut off at the end as an editor does, from bar `begin` of a score of its own."""
    start, end = (4 * pieces.QUARTER * bar for bar in (first, last))
    moved = 4 * pieces.QUARTER * begin - start

    def inside(notes):
        some = notes.where((notes.onset_ticks >= start) & (notes.onset_ticks < end))
        lengths = [
            min(length, end - onset) for onset, length in zip(some.onset_ticks, some.duration_ticks, strict=True)
        ]
        return Notes.of(some.onset_ticks + moved, lengths, some.pitch, some.velocity)

    parts = [score.tracks[track] for track in tracks]
    return Score(score.division, tuple(replace(part, notes=inside(part.notes)) for part in parts))


def places(embedder, fragment, songs=SONGS, **fields):
    named = [(path, cut(score)) for path, score in songs.items()]
    return find(cut(fragment), named, embedder, FindRequest(**fields))


def test_a_fragment_of_all_parts_is_found_where_it_stands(embedder):
    best, second, *_ = places(embedder, excerpt(SONGS["3.mid"], 2, 6))
    assert best == Place("3.mid", 0.0, 0, None, bar=3, last_bar=6)
    assert second.distance > 0.1


@pytest.mark.parametrize("track", [MELODY, CHORDS, BASS])
@pytest.mark.parametrize("semitones", [0, -4])
def test_one_part_is_found_in_its_part_in_any_key(embedder, track, semitones):
    fragment = pieces.transposed(excerpt(SONGS["2.mid"], 4, 7, tracks=[track]), semitones)
    best, second, *_ = places(embedder, fragment)
    assert best == Place("2.mid", 0.0, -semitones, track, bar=5, last_bar=7)
    assert second.distance > 0


def test_two_parts_of_four_are_found_together(embedder):
    fragment = pieces.transposed(excerpt(SONGS["4.mid"], 1, 4, tracks=[CHORDS, MELODY]), 2)
    assert places(embedder, fragment, top=1) == [Place("4.mid", 0.0, -2, None, bar=2, last_bar=4)]


def test_a_piece_shorter_than_the_fragment_does_not_win_by_one_equal_bar(embedder):
    """The song is there with another bass, and so is a file of the second bar alone: three of its four bars lack."""
    song = SONGS["1.mid"]
    varied = replace(song, tracks=(*song.tracks[:2], pieces.bass(7, bars=8), song.tracks[3]))
    fragment = excerpt(song, 0, 4)
    songs = {"varied.mid": varied, "bar.mid": excerpt(song, 1, 2)}
    best, other = places(embedder, fragment, songs)
    assert best.path == "varied.mid"
    assert other.distance == pytest.approx(3 / 4)
    assert (other.bar, other.last_bar) == (1, 1)


def test_what_the_piece_lacks_at_its_end_costs(embedder):
    """The last two bars of a song, and two more that are not there."""
    song = SONGS["5.mid"]
    longer = pieces.piece(5, bars=10)
    tail = excerpt(song, 6, 8)
    more = excerpt(pieces.piece(77, bars=10), 8, 10, begin=2)
    joined = replace(
        tail,
        tracks=tuple(
            replace(part, notes=Notes.concatenated([part.notes, further.notes]))
            for part, further in zip(tail.tracks, more.tracks, strict=True)
        ),
    )
    (best,) = places(embedder, joined, {"song.mid": song})
    assert best.distance == pytest.approx(2 / 4)
    assert (best.bar, best.last_bar) == (7, 8)
    assert places(embedder, excerpt(longer, 6, 8), {"longer.mid": longer})[0].distance == 0


def test_silence_before_and_after_a_fragment_is_no_part_of_it(embedder):
    """As a program exports it that leaves the bars where they stood."""
    fragment = excerpt(SONGS["2.mid"], 3, 5, begin=3)
    assert cut(fragment).bars == 5
    assert places(embedder, fragment, top=1) == [Place("2.mid", 0.0, 0, None, bar=4, last_bar=5)]


def test_a_rest_in_a_part_is_no_bar_that_lacks(embedder):
    """A bass that rests for two bars in the middle, and a note held into a bar in which none begins."""
    bass = pieces.bass(3, bars=8)
    notes = bass.notes.where((bass.notes.onset_ticks < 4 * 4 * 480) | (bass.notes.onset_ticks >= 6 * 4 * 480))
    notes = Notes.concatenated([notes, Notes.of([3 * 4 * 480], [6 * 480], [28], [90])])
    song = replace(SONGS["3.mid"], tracks=(*SONGS["3.mid"].tracks[:2], replace(bass, notes=notes)))
    fragment = Score(song.division, (song.tracks[BASS],))
    (best,) = places(embedder, fragment, {"song.mid": song})
    assert best == Place("song.mid", 0.0, 0, BASS, bar=1, last_bar=8)


def test_equally_good_places_come_by_path_and_the_first_bar_is_taken(embedder):
    bar = excerpt(SONGS["1.mid"], 0, 1)
    again = [excerpt(SONGS["1.mid"], 0, 1, begin=begin) for begin in (0, 1)]
    twice = replace(
        bar,
        tracks=tuple(
            replace(part, notes=Notes.concatenated([one.tracks[number].notes for one in again]))
            for number, part in enumerate(bar.tracks)
        ),
    )
    found = places(embedder, bar, {"z.mid": twice, "a.mid": twice, **SONGS})
    assert found[0] == Place("1.mid", 0.0, 0, None, 1, 1)
    assert [place.path for place in found[:3]] == ["1.mid", "a.mid", "z.mid"]
    assert found[1].bar == 1
    assert [place.distance for place in found] == sorted(place.distance for place in found)


def test_top_keeps_the_first_and_progress_sees_every_piece(embedder):
    seen = []

    def listening(work, total):
        seen.append(total)
        for piece in work:
            seen.append(piece.path)
            yield piece

    named = [(path, cut(score)) for path, score in SONGS.items()]
    fragment = cut(excerpt(SONGS["0.mid"], 0, 2))
    best = find(fragment, named, embedder, FindRequest(top=2), progress=listening)
    assert best == find(fragment, named, embedder, FindRequest())[:2]
    assert seen == [6, *SONGS]


def test_silence_is_found_in_nothing_and_breaks_nothing(embedder):
    silent = cut(Score(480))
    (place,) = find(silent, [("a.mid", cut(SONGS["1.mid"]))], embedder, FindRequest())
    assert place.distance > 0.1
    (place,) = find(cut(SONGS["1.mid"]), [("silent.mid", silent)], embedder, FindRequest())
    assert place.distance > 0.1
    assert find(silent, [], embedder, FindRequest()) == []


def test_a_place_is_far_where_nothing_is_alike(embedder):
    near, *_, far = places(embedder, excerpt(SONGS["3.mid"], 2, 6))
    assert (near.likeness, near.is_far) == ("same music", False)
    assert far.is_far == (far.likeness == "nothing alike")
    assert near.probability > far.probability


def test_a_few_notes_are_never_the_same_music(embedder):
    score = excerpt(SONGS["3.mid"], 2, 4, tracks=[MELODY])
    few = replace(score, tracks=(replace(score.tracks[0], notes=score.tracks[0].notes.where(np.arange(5))),))
    best = places(embedder, few, {"few.mid": few}, top=1)[0]
    assert (best.distance, best.likeness) == (0, "related")
    assert best.probability <= 0.5
