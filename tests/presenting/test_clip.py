"""A piece with every note, its barlines, chords and scale."""

import json

from symbolic_embed.bars import cut
from symbolic_embed.presenting.clip import clip
from symbolic_embed.presenting.overview import overview
from symbolic_embed.score import Notes, Score, TimeSignature, Track

QUARTER = 480


def part(*notes, **fields):
    """A part of notes, each (quarter, quarters, pitch)."""
    onset, length, pitch = zip(*notes, strict=True)
    ticks = [[QUARTER * quarters for quarters in column] for column in (onset, length)]
    return Track(Notes.of(*ticks, pitch, [80] * len(notes)), **fields)


def chord(quarter, *pitches, quarters=3):
    return [(quarter, quarters, pitch) for pitch in pitches]


# A waltz with a pick-up: A minor, then D minor and, for the last beat and a half, G; a silent bar; A minor.
WALTZ = Score(
    QUARTER,
    (
        part((0, 1, 64), *chord(1, 57, 60, 64), *chord(4, 50, 53, 57, quarters=2), *chord(6, 55, 59, 62, quarters=1),
             *chord(10, 57, 60, 64)),
        part((1, 1, 36), channel=9),
    ),
    time_signatures=(TimeSignature(0, 1, 4), TimeSignature(QUARTER, 3, 4)),
)  # fmt: skip


def test_every_note_stands_under_its_part():
    seen = clip(cut(WALTZ), path="waltz.mid").as_dict()
    chords, drums = (track["note_list"] for track in seen["tracks"])
    assert chords[0] == (0, QUARTER, 64, 80)
    assert [len(chords), drums] == [13, ((QUARTER, QUARTER, 36, 80),)]


def test_barlines_chords_and_scale_are_those_of_the_music():
    seen = clip(cut(WALTZ), path="waltz.mid")
    assert [tick // QUARTER for tick in seen.bar_ticks] == [0, 1, 4, 7, 10, 13]
    assert seen.chords[1:] == ((2, "Am"), (3, "Dm G"), (4, "N.C."), (5, "Am"))
    assert (seen.scale.name, seen.scale.share) == ("A minor", 1.0)


def test_it_says_all_that_an_overview_says_and_is_json():
    barred = cut(WALTZ)
    said = json.loads(json.dumps(clip(barred, path="waltz.mid").as_dict()))
    for track in said["tracks"]:
        del track["note_list"]
    added = {name: said.pop(name) for name in ("bar_ticks", "chords", "scale")}
    assert said == json.loads(json.dumps(overview(barred, path="waltz.mid").as_dict()))
    assert added["scale"] == {"name": "A minor", "share": 1.0}


def test_nothing_has_no_bars_no_chords_and_no_scale():
    seen = clip(cut(Score(QUARTER)), path="bare.mid")
    assert (seen.note_lists, seen.bar_ticks, seen.chords, seen.scale) == ((), (0,), (), None)
    drums = clip(cut(Score(QUARTER, (part((0, 1, 36), channel=9),))), path="drums.mid")
    assert (drums.chords, drums.scale) == (((1, "N.C."),), None)
