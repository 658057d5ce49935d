"""Seeds that are legal and odd: one bar, only drums, no notes, 7/8 with changes, 40 tracks, three hours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from symbolic_embed.score import Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events

QUARTER = 480
TUNE, DRUMS = (60, 64, 67, 72, 71, 67), (36, 42, 38, 42)


def odd_seeds(folder: Path) -> Iterator[Path]:
    """Writes them into a new folder."""
    folder.mkdir(parents=True)
    for name, score in SCORES.items():
        path = folder / f"{name}.mid"
        path.write_bytes(score().to_bytes())
        yield path


def one_bar():
    return _piece([_line(0, bars=1)])


def one_note():
    return _piece([Track(Notes.of([0], [QUARTER], [60], [80]), name="note")])


def only_drums():
    return _piece([_line(0, bars=4, channel=9)])


def no_notes():
    return _piece([Track(Notes.none(), name="silent")])


def seven_eight_with_changes():
    """7/8, 3/4, 7/8, 5/8 and 15/8, two bars each."""
    signatures, tick = [], 0
    for numerator, denominator in ((7, 8), (3, 4), (7, 8), (5, 8), (15, 8)):
        signatures.append(TimeSignature(tick, numerator, denominator))
        tick += 2 * numerator * QUARTER * 4 // denominator
    quarters = tick // QUARTER
    return _piece([_line(0, quarters=quarters), _line(1, quarters=quarters, channel=9)], signatures=signatures)


def forty_tracks():
    """More parts than there are channels."""
    return _piece([_line(number, bars=4, channel=(*range(9), *range(10, 16))[number % 15]) for number in range(40)])


def three_hours():
    """5,400 bars of 4/4 at 120 quarters a minute, two parts."""
    return _piece([_line(0, bars=5_400), _line(1, bars=5_400, channel=9)])


def rests_for_long():
    """A bar, 500 bars of silence, and a bar."""
    bar = _line(0, bars=1).notes
    later = Notes.of(bar.onset_ticks + 501 * 4 * QUARTER, bar.duration_ticks, bar.pitch, bar.velocity)
    return _piece([Track(Notes.concatenated([bar, later]), name="rests")])


def _line(number: int, *, bars: int = 0, quarters: int = 0, channel: int = 0) -> Track:
    """A note on each quarter."""
    pitches = DRUMS if channel == 9 else TUNE
    count = quarters or 4 * bars
    onsets = [QUARTER * quarter for quarter in range(count)]
    pitch = [
        pitches[(quarter + number) % len(pitches)] + (number % 3 if channel != 9 else 0) for quarter in range(count)
    ]
    return Track(
        Notes.of(onsets, [QUARTER - 20] * count, pitch, [80] * count),
        name=f"part {number}",
        program=8 * number % 128,
        channel=channel,
    )


def _piece(tracks: list[Track], *, signatures: list[TimeSignature] | None = None):
    return score_to_events(
        Score(
            division=QUARTER,
            tracks=tuple(tracks),
            tempi=(Tempo(0, 500_000),),
            time_signatures=tuple(signatures or [TimeSignature(0, 4, 4)]),
        )
    )


SCORES = {
    one.__name__: one
    for one in (
        one_bar,
        one_note,
        only_drums,
        no_notes,
        seven_eight_with_changes,
        forty_tracks,
        three_hours,
        rests_for_long,
    )
}
