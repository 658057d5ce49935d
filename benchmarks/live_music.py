"""Is it music, what is played along with test pieces? The failures of `keepable.py`, beside real parts and a rival.

    python benchmarks/live_music.py --music FOLDER [--sessions 40] [--split test] [--format json]

`live/players.py` says who plays. Bass and drums, as far as the piece has them, are the session's (played), the piece's
own (real), or what repeats the player's last bar (repeated: on the bass, with no drums). The first bar is the player's
alone; of the sixteen that follow the first eight are the seed, the last eight are what goes on. Answers come in time,
whatever they take.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from keepable import summarised, tables, told_apart
from keepable_counts import Finding, of_accompaniment, of_continuation, vector_of, without_fingerprint
from live.players import Band, bands, played, rehearsed, request_for
from rich.console import Console
from rich.progress import track

from symbolic_embed.bars.patterns import Stretch, grooves
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.outputs.written_notes import WrittenNotes

HALF = 8  # bars
HEARD = range(1, 1 + 2 * HALF)
BARS = HEARD.stop
LEAD, FOR_EVER = 0.4, 1e5  # seconds


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--split", default="test")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    given = parser.parse_args()
    trained, random = without_fingerprint(TrainedComposer.load()), np.random.default_rng(0)
    wanted = bands(given.music, split=given.split, count=given.sessions, bars=BARS + 1)
    shown = track(wanted, total=given.sessions, console=Console(stderr=True), description="playing")
    found = [one for number, band in enumerate(shown) for one in _findings(band, number, trained, random)]
    rows = summarised(found) + told_apart(found)
    print(json.dumps(rows, indent=1) if given.format == "json" else tables(rows))


def _findings(band: Band, number: int, trained: TrainedComposer, random: np.random.Generator) -> Iterator[Finding]:
    """What is counted in one piece, in each of its versions."""
    request = request_for(band, bars=BARS + 1, random=random)
    messages = played(band, tempo=request.tempo, bars=BARS + 1, random=random)
    rehearsal = rehearsed(trained, request, messages, lead=LEAD, seconds_for=lambda answer: 0.0)
    rehearsal.run(until=FOR_EVER)
    versions = {
        "real": [band.notes(part, as_part=number) for number, part in enumerate(band.away.values(), 1)],
        "played": [_answered(band, rehearsal)],
        "repeated": [_repeated(band)],
    }
    for who, others in versions.items():
        notes = WrittenNotes.concatenated(band.notes(band.player, as_part=0), *others)
        whole, before, after = (_stretch(band, notes, bars) for bars in (HEARD, HEARD[:HALF], HEARD[HALF:]))
        counted = of_continuation(before, after)
        roles = ("chords", *(("bass",) if who == "repeated" else band.away))
        beat = grooves.beat_sixteenths(band.barred.metre.signatures[0])
        vector = vector_of(before, after, counted)
        yield Finding("live", "split", number, who, counted | of_accompaniment(whole, roles, beat=beat), vector)


def _answered(band: Band, rehearsal: Rehearsal) -> WrittenNotes:
    """What was answered, as parts from 1 on."""
    starts = band.barred.grid.bar_steps[band.first :]
    rows = [
        (1 + note.part, starts[one.answer.bar] + note.step, note.length, note.pitch)
        for one in rehearsal.decided
        for note in one.answer.notes
        if one.answer.bar in HEARD
    ]
    return WrittenNotes(*np.array(rows, np.int64).reshape(-1, 4).T)


def _repeated(band: Band) -> WrittenNotes:
    """The player's bars, each a bar later, as part 1."""
    notes, grid = band.notes(band.player, as_part=1), band.barred.grid
    return replace(notes, onset_steps=notes.onset_steps + grid.bar_length(band.first))


def _stretch(band: Band, notes: WrittenNotes, bars: range) -> Stretch:
    """Bars of a session in which these notes were played, as many parts as there are in any version."""
    is_drum = np.array([False, *(role == "drums" for role in band.away)], bool)
    of_piece = range(band.first + bars.start, band.first + bars.stop)
    return Stretch.placed(notes, grid=band.barred.grid, part_is_drum=is_drum, bars=of_piece)


if __name__ == "__main__":
    main()
