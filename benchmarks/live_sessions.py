"""Sessions with synthetic players made from test pieces: is the answer in time, and is it the same again?

    python benchmarks/live_sessions.py --music FOLDER [--sessions 50] [--bars 40] [--split test] [--tempo 120]
        [--metre 4/4] [--busy 2] [--replays 50]

`live/players.py` says who plays: with timing noise of 20 ms, at a tempo drawn from 60 to 180 quarters a minute or the
one given. Time is simulated, but what an answer takes is measured on this machine, on which --busy processes do nothing
but compute. Bars are begun as long ahead as a session on this machine would begin them, when it is started.

Printed: milliseconds that an answer takes from being asked for, and what was left of them before the barline; the bars
whose answer was late, so that something stood in; notes of ours that were due before they were sent; how many sessions
replayed to the same messages.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from live.players import bands, played, rehearsed, request_for
from rich.console import Console
from rich.progress import track

from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.live.answering import Answering
from symbolic_embed.live.asking import PATTERN
from symbolic_embed.live.performance import Ahead
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.live.replay import Replay
from symbolic_embed.live.running import SPARE, TIMES
from symbolic_embed.live.sessions import Recording, lines_of
from symbolic_embed.live.worker import practised
from symbolic_embed.requests.live import LiveRequest


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--bars", type=int, default=40)
    parser.add_argument("--split", default="test")
    parser.add_argument("--tempo", type=float)
    parser.add_argument("--metre")
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--replays", type=int, default=0)
    given = parser.parse_args()
    trained, random = TrainedComposer.load(), np.random.default_rng(0)
    took, left, waiting, counts, metres = [], [], [], Counter(), Counter()
    wanted = bands(given.music, split=given.split, count=given.sessions, bars=given.bars)
    with ExitStack() as ending:
        for _ in range(given.busy):
            busy = multiprocessing.get_context("spawn").Process(target=_compute, daemon=True)
            busy.start()
            ending.callback(busy.kill)
        lead = _lead(trained)
        for band in track(wanted, total=given.sessions, console=Console(stderr=True), description="playing"):
            request = request_for(band, bars=given.bars, random=random)
            request = request.model_copy(update={"tempo": given.tempo} if given.tempo else {})
            if given.metre not in (None, band.metre):
                continue
            messages = played(band, tempo=request.tempo, bars=given.bars, random=random)
            rehearsal, text = _recorded(rehearsed(trained, request, messages, lead=lead))
            answers = [one for one in rehearsal.decided if one.answer.notes]
            took += [one.answer.milliseconds for one in answers if one.answer.by != PATTERN]
            left += [1e3 * one.left for one in answers if one.left is not None]
            waiting += [1e3 * (lead - one.left) for one in answers if one.left is not None]
            counts += Counter(stood_in=sum(one.answer.by == PATTERN for one in answers), bars=len(answers))
            metres[band.metre] += 1
            if counts["sessions"] < given.replays:
                counts["same"] += _is_the_same(trained, request, text, lead=lead)
                counts["replayed"] += 1
            counts["sessions"] += 1
    print(f"{counts['sessions']} sessions {dict(metres)}, {counts['bars']} bars, begun {1e3 * lead:.0f} ms ahead")
    print(_line("an answer takes, ms", took))
    print(_line("from being asked for to being there, ms", waiting))
    print(_line("left before the barline, ms", [-one for one in left], sign=-1))
    print(f"late, so that the last pattern stood in: {counts['stood_in']} of {counts['bars']} bars")
    print(f"replayed to the same messages: {counts['same']} of {counts['replayed']} sessions")


def _lead(trained: TrainedComposer) -> float:
    """How long ahead a session would begin its bars, in seconds."""
    request = LiveRequest()
    return SPARE + TIMES * practised(Answering(trained, request, parts=request.parts), request)


def _line(name: str, values: list[float], *, sign: int = 1) -> str:
    """The middle, the worst hundredth and the worst of some values; the worst are the highest."""
    middle, tail, worst = (sign * value for value in (*np.percentile(values, [50, 99]), max(values)))
    return f"{name}: p50 {middle:.0f}, worst hundredth {tail:.0f}, worst {worst:.0f}"


def _recorded(rehearsal: Rehearsal) -> tuple[Rehearsal, str]:
    stream = io.StringIO()
    rehearsal.recording = Recording(stream, {})
    rehearsal.run(until=1e5)
    return rehearsal, stream.getvalue()


def _is_the_same(trained: TrainedComposer, request: LiveRequest, text: str, *, lead: float) -> bool:
    begin = [lambda: Answering(trained, request, parts=request.parts)]
    replay = Replay(request, parts=request.parts, ahead=Ahead(lead), begin=begin)
    lines = lines_of(io.StringIO(text), source="session")
    next(lines)
    return replay.run(lines) is None


def _compute() -> None:
    while True:
        np.linalg.norm(np.ones((64, 64)) @ np.ones((64, 64)))


if __name__ == "__main__":
    main()
