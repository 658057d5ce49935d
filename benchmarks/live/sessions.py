"""Sessions with synthetic players made from test pieces: is the answer in time, is it the same again, does it fit?

    python benchmarks/live/sessions.py --music FOLDER [--pieces 25] [--bars 16] [--split test] [--lead-ms 400]

Of each piece with a bass and another pitched part the first such part is the player, with timing noise of 20 ms, at a
tempo drawn from 60 to 180 quarters a minute; the session has a bass and drums. Time is simulated, but what an answer
takes is measured on this machine. Printed: milliseconds that an answer takes, and what was left before the barline; the
bars that something stood in for; how many sessions replayed to the same messages. And of the bars in which both sound,
the share of steps that make one chord, and that rub (a minor second or major seventh): the player with our bass, with
the piece's own bass, and with a rival that repeats the player's last bar.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore, cut
from symbolic_embed.bars.harmony import is_one_chord, sounding_classes
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.live.answering import Answering
from symbolic_embed.live.asking import PATTERN
from symbolic_embed.live.performance import Ahead
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.live.replay import Replay
from symbolic_embed.live.sessions import Recording, lines_of
from symbolic_embed.requests.live import LiveRequest
from symbolic_embed.score import read

METRES = ("3/4", "4/4", "6/8", "7/8")
NOISE = 0.02  # seconds
PARTS = ("bass", "drums")
Messages = list[tuple[float, bytes]]
Fit = tuple[float, float]


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=25)
    parser.add_argument("--bars", type=int, default=16)
    parser.add_argument("--split", default="test")
    parser.add_argument("--lead-ms", type=float, default=400.0)
    given = parser.parse_args()
    trained, random = TrainedComposer.load(), np.random.default_rng(0)
    left, took, stood_in, same, count = [], [], 0, 0, 0
    fits: dict[str, list[Fit]] = {"ours": [], "the piece's own": [], "the player's last bar": []}
    metres: dict[str, int] = {}
    for barred in list(_pieces(given.music, split=given.split, count=given.pieces)):
        metre, tempo = str(barred.metre.signatures[0]), float(random.uniform(60, 180))
        request = LiveRequest(metre=metre, tempo=tempo, end_after=given.bars)
        player, bass = _parts(barred)
        messages = _played(barred, player, tempo=tempo, bars=given.bars, random=random)
        rehearsal, text = _session(trained, request, messages, lead=given.lead_ms / 1e3)
        bars = [one for one in rehearsal.decided if one.answer.notes]
        left += [one.left for one in bars if one.left is not None]
        took += [one.answer.milliseconds for one in bars if one.answer.by != PATTERN]
        stood_in += sum(one.answer.by == PATTERN for one in bars)
        same += _is_the_same(trained, request, text, lead=given.lead_ms / 1e3)
        count += 1
        metres[metre] = metres.get(metre, 0) + 1
        for one in bars:
            for name, fit in _fits(barred, player, bass, one.answer.bar, one.answer.notes):
                fits[name].append(fit)
    bars_played = len(took) + stood_in
    print(f"{count} sessions ({metres}), {bars_played} bars, bars begun {given.lead_ms:.0f} ms ahead")
    print(
        f"an answer takes, ms: p50 {np.percentile(took, 50):.0f}, p99 {np.percentile(took, 99):.0f}, "
        f"worst {max(took):.0f}"
    )
    tail = 1e3 * np.array(left)
    print(
        f"left before the barline, ms: p50 {np.percentile(tail, 50):.0f}, p1 {np.percentile(tail, 1):.0f}, "
        f"least {tail.min():.0f}"
    )
    print(f"stood in for: {stood_in} of {bars_played}; replayed to the same messages: {same} of {count}")
    for name, rows in fits.items():
        table = np.array(rows)
        error = table.std(axis=0) / max(len(table), 1) ** 0.5
        print(
            f"{name:22s} one chord {table[:, 0].mean():.3f} +- {error[0]:.3f}, "
            f"rubs {table[:, 1].mean():.3f} +- {error[1]:.3f} ({len(table)} bars)"
        )


def _pieces(folder: Path, *, split: str, count: int) -> Iterator[BarredScore]:
    """Pieces of a split that have a bass and another pitched part, in one of METRES."""
    found = 0
    for line in (folder / "meta.jsonl").read_text().splitlines():
        fields = json.loads(line)
        if found >= count or fields.get("split") != split:
            continue
        try:
            barred = cut(read(folder / fields["path"]))
        except SymbolicEmbedError:
            continue
        if (
            len(set(map(str, barred.metre.signatures))) == 1
            and str(barred.metre.signatures[0]) in METRES
            and _parts(barred)[0] >= 0
        ):
            found += 1
            yield barred


def _parts(barred: BarredScore) -> tuple[int, int]:
    """The player's part and the bass; -1 where there is none."""
    bass = [part for part, role in enumerate(barred.roles) if role == "bass"]
    others = [part for part, role in enumerate(barred.roles) if role in ("chords", "melody")]
    return (others[0], bass[0]) if bass and others else (-1, -1)


def _played(barred: BarredScore, part: int, *, tempo: float, bars: int, random: np.random.Generator) -> Messages:
    """What the player sends: the part from its first bar with notes on, with noise."""
    notes = barred.notes.where((barred.notes.track == part) & (barred.note_bar >= _first(barred, part)))
    begin = int(barred.grid.bar_steps[_first(barred, part)])
    second, messages = 60 / tempo / STEPS_PER_QUARTER, []
    columns = zip(
        notes.onset_steps.tolist(),
        notes.length_steps.tolist(),
        notes.pitch.tolist(),
        notes.velocity.tolist(),
        strict=True,
    )
    for onset, length, pitch, velocity in columns:
        at = 1.0 + (onset - begin) * second + float(random.normal(0, NOISE)) * (onset > begin)
        messages += [
            (at, bytes((0x90, pitch, velocity))),
            (at + max(length * second - 0.02, 0.03), bytes((0x80, pitch, 64))),
        ]
    return sorted(messages)


def _first(barred: BarredScore, part: int) -> int:
    """The first bar of a part that begins with a note."""
    of_part = barred.notes.where(barred.notes.track == part)
    on_barline = np.isin(of_part.onset_steps, barred.grid.bar_steps)
    return int(barred.grid.bar_of(of_part.onset_steps[on_barline][:1])[0]) if on_barline.any() else 0


def _session(
    trained: TrainedComposer, request: LiveRequest, messages: Messages, *, lead: float
) -> tuple[Rehearsal, str]:
    rehearsal = Rehearsal(request, Answering(trained, request, parts=PARTS), parts=PARTS, lead=lead)
    stream = io.StringIO()
    rehearsal.recording = Recording(stream, {})
    rehearsal.hear(messages)
    rehearsal.run(until=1e4)
    return rehearsal, stream.getvalue()


def _is_the_same(trained: TrainedComposer, request: LiveRequest, text: str, *, lead: float) -> bool:
    replay = Replay(request, parts=PARTS, ahead=Ahead(lead), begin=[lambda: Answering(trained, request, parts=PARTS)])
    lines = lines_of(io.StringIO(text), source="session")
    next(lines)
    return replay.run(lines) is None


def _fits(barred: BarredScore, player: int, bass: int, bar: int, notes: tuple) -> Iterator[tuple[str, Fit]]:
    """How each bass fits to what the player plays in a bar of the session."""
    number = _first(barred, player) + bar
    if number >= barred.bars:
        return
    here = _rows(barred, player, number)
    ours = np.array([(note.step, note.length, note.pitch) for note in notes if note.part == 0], np.int64).reshape(-1, 3)
    steps = int(barred.grid.bar_length(number))
    for name, rows in (
        ("ours", ours),
        ("the piece's own", _rows(barred, bass, number)),
        ("the player's last bar", _rows(barred, player, number - 1)),
    ):
        first, second = (sounding_classes(one[:, 0], one[:, 1], one[:, 2], steps=steps) for one in (here, rows))
        both = first.any(axis=1) & second.any(axis=1)
        if both.any():
            rubs = (second & (np.roll(first, 1, axis=1) | np.roll(first, -1, axis=1))).any(axis=1)
            yield name, (float(is_one_chord(first | second)[both].mean()), float(rubs[both].mean()))


def _rows(barred: BarredScore, part: int, bar: int) -> NDArray[np.int64]:
    """Onset in the bar, length, pitch of a part's notes."""
    cell = barred.cell(track=part, bar=bar)
    return np.stack([cell.onset_steps - barred.grid.bar_steps[bar], cell.length_steps, cell.pitch], axis=1)


if __name__ == "__main__":
    main()
