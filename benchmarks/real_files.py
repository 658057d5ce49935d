"""What real files do: small files in conditions that users reported, and real ones disturbed, through every verb.

    python benchmarks/real_files.py --music FOLDER [--cases FOLDER] [--files 200] [--split test]

Files of up to 64 bars are drawn from the data sets in FOLDER (each with a meta.jsonl), in turn. Each is disturbed by
mido, which shares no code with this package, in one way: *fade* (the volume of each channel falls to nothing over the
last quarter), *ritardando* (the last bar slows down to .4), *reset* (all notes off, a reset of all controllers, another
programme and a GM reset after the last note), *bend* (each channel is bent down over the last beat), *late* (a note-off
a third of a beat behind the last barline) or *port* (every other chunk on a second port). With --cases all files of a
folder are taken as they are.

compose: the tempo of each new bar beside the one that most of the undisturbed seed has, and the loudness of the new
bars (FluidSynth, mean power by bar) in the disturbed output beside the undisturbed one: the notes are the same, so what
differs is the seam. Beside it new bars against the seed's own bars, undisturbed, whose spread says what music does.
Untouched: events of the seed, read by mido, that are not in the output at their tick (compose: but for those that the
sidecar says moved). Changed nothing: outputs with the very notes of the seed and exit code 0.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import tempfile
import wave
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import mido
import numpy as np
from disturbing import KINDS, absolute, disturbed
from numpy.typing import NDArray
from seeds_of_a_split import paths_by_set

import symbolic_embed
from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.errors import InputError, SymbolicEmbedError
from symbolic_embed.outputs.body import body_tempo
from symbolic_embed.presenting.tables import aligned
from symbolic_embed.progress import Progress
from symbolic_embed.score import file_bytes, read_bytes
from symbolic_embed.score.clock import seconds

LEAST_BARS, MOST_BARS, NEW_BARS = 8, 64, 4
RATE = 22_050
SOUND_FONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")  # where Debian's timgm6mb-soundfont puts it
SILENCE = 1e-9  # of full power, where a bar holds nothing
VERBS = ("compose", "vary", "accompany", "blend", "check")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--split", default="test")
    parser.add_argument("--fluidsynth", default="fluidsynth")
    parser.add_argument("--sound-font", type=Path, default=SOUND_FONT)
    given = parser.parse_args()
    sound = Sound(given.fluidsynth, given.sound_font) if which(given.fluidsynth) else None
    session, progress = symbolic_embed.Session(), Progress()
    tallies: dict[str, Tally] = defaultdict(Tally)
    chosen = list(zip(range(given.files), drawn(given.music, given.split), strict=False))
    other = chosen[-1][1]
    for number, plain in progress.through(chosen, total=len(chosen), doing="disturbed files"):
        kind = KINDS[number % len(KINDS)]
        tried(disturbed(plain, kind), tallies[kind], session, other=other, plain=plain, sound=sound)
        other = plain
    cases = sorted(given.cases.glob("*.mid")) if given.cases else []
    for path in progress.through(cases, total=len(cases), doing="cases"):
        if path.stem != "very_long":
            tried(path.read_bytes(), tallies["cases"], session, other=other, name=path.stem)
    report(tallies)


class Tally:
    """What was counted and measured of one kind of file."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.values: dict[str, list[float]] = defaultdict(list)


def tried(
    data: bytes,
    tally: Tally,
    session: symbolic_embed.Session,
    *,
    other: bytes,
    plain: bytes | None = None,
    sound: Sound | None = None,
    name: str = "",
) -> None:
    """One file through every verb."""
    tally.counts["files"] += 1
    asked = {
        "compose": lambda: symbolic_embed.compose(data, checkpoint=session, bars=NEW_BARS),
        "vary": lambda: symbolic_embed.vary(data, checkpoint=session, change=0.3),
        "accompany": lambda: symbolic_embed.accompany(data, checkpoint=session),
        "blend": lambda: symbolic_embed.blend(data, other, checkpoint=session, steps=1),
        "check": lambda: symbolic_embed.check(data),
    }
    for verb in VERBS:
        try:
            results = asked[verb]()
        except SymbolicEmbedError as refusal:
            tally.counts[f"{verb} refused"] += 1
            print(f"{name or 'file'}: {verb}: {refusal}")
            continue
        if verb == "check":
            continue
        after = results[0].to_bytes()
        lost = untouched_differences(data, after, verb, results[0].record)
        tally.counts["events lost or moved"] += lost
        same = notes_of(after) == notes_of(data)
        tally.counts["unchanged"] += same
        if lost or same:
            print(f"{name or 'file'}: {verb}: {lost} events differ{', and no note' * same}")
        if verb == "compose" and plain is not None:
            measured(data, after, plain, tally, session, sound)


def measured(
    data: bytes, after: bytes, plain: bytes, tally: Tally, session: symbolic_embed.Session, sound: Sound | None
) -> None:
    """Tempo and loudness of new bars."""
    before, score = cut(read_bytes(plain)), read_bytes(after)
    barred = cut(read_bytes(data))
    tally.counts["bars moved"] += barred.bars != before.bars
    seam = int(barred.metre.barline_ticks[-1])
    _, body = body_tempo(before.score, until=int(before.metre.barline_ticks[-1]))
    now = [tempo.microseconds for tempo in score.tempi if tempo.tick <= seam] or [500_000]
    later = [tempo.microseconds for tempo in score.tempi if seam < tempo.tick < seam + 4 * NEW_BARS * score.division]
    tally.counts["other tempo"] += any(abs(one / body - 1) > 0.01 for one in [now[-1], *later])
    if sound is None:
        return
    (calm,) = symbolic_embed.compose(plain, checkpoint=session, bars=NEW_BARS)
    here, there = (sound.by_bar(one, piece) for one, piece in ((after, barred), (calm.to_bytes(), before)))
    new, calm_new = here[barred.bars :], there[before.bars :]
    if len(new) and len(calm_new) and notes_behind(after, seam) == notes_behind(calm.to_bytes(), seam):
        tally.values["dB beside the undisturbed"].append(decibels(new.mean()) - decibels(calm_new.mean()))
    if len(calm_new):
        own = there[: before.bars][there[: before.bars] > SILENCE]
        tally.values["dB beside its own bars"].append(decibels(new.mean()) - decibels(own.mean()))
        tally.values["dB of own bars, spread"].append(float(np.std([decibels(one) for one in own])))


def report(tallies: dict[str, Tally]) -> None:
    names = ["files", "bars moved", "other tempo", "events lost or moved", "unchanged"]
    refused = [f"{verb} refused" for verb in VERBS]
    rows = [[kind, *(tally.counts[name] for name in (*names, *refused))] for kind, tally in tallies.items()]
    print(*aligned(rows, header=["kind", *names, *refused], right=[*names, *refused]), sep="\n")
    loud = [
        [kind, name, len(values), *(f"{one:.2f}" for one in np.percentile(np.abs(values), [50, 90, 100]))]
        for kind, tally in tallies.items()
        for name, values in tally.values.items()
    ]
    print(*aligned(loud, header=["kind", "absolute", "files", "median", "nine of ten", "most"]), sep="\n")


def drawn(music: Path, split: str) -> Iterator[bytes]:
    """Files of a split, from one data set after the other, of few bars, with a beat."""
    random = np.random.default_rng(0)
    sets = [random.permutation(paths).tolist() for paths in paths_by_set(music, split=split) if paths]
    while any(sets):
        for paths in sets:
            while paths:
                data = file_bytes(paths.pop())
                try:
                    piece = cut(read_bytes(data))
                    mido.MidiFile(file=io.BytesIO(data))
                except (InputError, OSError, ValueError, EOFError):
                    continue
                if LEAST_BARS <= piece.bars <= MOST_BARS and piece.score.has_grid:
                    yield data
                    break


def untouched_differences(before: bytes, after: bytes, verb: str, record: dict) -> int:
    """Messages of the seed that are not in the output at their tick: of a continuation all but those that moved behind
    it; of a variation all but notes."""
    lost = messages(before) - messages(after)
    if verb in ("vary", "blend"):
        lost = Counter({one: n for one, n in lost.items() if not one[2].startswith(("note_", "polytouch"))})
    moved = sum(record.get("seam", {}).get("moved_behind", {}).values())
    return max(lost.total() - moved, 0)


def messages(data: bytes) -> Counter[tuple[int, int, str]]:
    """Each message of each track, with its tick."""
    try:
        file = mido.MidiFile(file=io.BytesIO(data))
    except (OSError, ValueError, EOFError):
        return Counter()
    return Counter(
        (number, tick, f"{message.type} {message.copy(time=0)!r}")
        for number, track in enumerate(file.tracks)
        for tick, message in absolute(track)
    )


def notes_of(data: bytes) -> list[list[list[int]]]:
    return [track.notes.rows().tolist() for track in read_bytes(data).tracks]


def notes_behind(data: bytes, seam: int) -> list[list[int]]:
    return [row[:3] for rows in notes_of(data) for row in rows if row[0] >= seam]


class Sound:
    """FluidSynth, and how loud it plays each bar."""

    def __init__(self, program: str, font: Path) -> None:
        self.program, self.font = program, font

    def by_bar(self, data: bytes, barred: BarredScore) -> NDArray[np.float64]:
        """The mean power of each bar of a file whose first bars are those of `barred`; float64 (bars,)."""
        score = read_bytes(data)
        lines = barred.metre.barline_ticks
        length = int(lines[-1] - lines[-2])
        ticks = np.concatenate([lines, lines[-1] + length * np.arange(1, NEW_BARS + 1)])
        times = (seconds(ticks, tempi=score.tempi, division=score.division) * RATE).astype(int)
        wave_form = self.rendered(data)
        power = np.concatenate([[0.0], np.cumsum(wave_form**2)])
        times = np.minimum(times, len(wave_form))
        return np.diff(power[times]) / np.maximum(np.diff(times), 1)

    def rendered(self, data: bytes) -> NDArray[np.float64]:
        with tempfile.TemporaryDirectory() as folder:
            midi, out = Path(folder, "in.mid"), Path(folder, "out.wav")
            midi.write_bytes(data)
            quiet = ["-ni", "-q", "-R", "0", "-C", "0", "-g", "0.5", "-r", str(RATE)]
            subprocess.run([self.program, *quiet, "-F", out, self.font, midi], check=True, capture_output=True)
            with wave.open(str(out)) as file:
                samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return samples.reshape(-1, 2).mean(axis=1) / 2**15


def decibels(power: float) -> float:
    return 10 * float(np.log10(max(power, SILENCE)))


if __name__ == "__main__":
    main()
