"""Continued and varied files, read by other programs.

    python benchmarks/written.py --music FOLDER [--files 500] [--musescore 100] [--lmms 0] [--split test]

Seeds of at most MOST_BARS bars are drawn from FOLDER (of data sets with a meta.jsonl each: from one split); each is
continued by four bars, and four bars of it are varied. Every written file must be read identically by symusic and mido
(notes of every channel), and by midi2abc (of `abcmidi`, where it is installed) with the right tracks, notes, tempo and
metre; the first so many also by MuseScore (`musescore3`, where it is installed) with the right parts, names, bars,
tempo and metre; the first so many by LMMS (`lmms.py`), with a picture of each in the folder --pictures. No note may
hang, have no length or overlap another of its pitch that does not in the seed.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import lmms
import mido
import numpy as np
import symusic
from seeds_of_a_split import paths_by_set

from symbolic_embed.bars import cut
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.errors import InputError, OutputError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.outputs.seed_file import Seed, save_outputs
from symbolic_embed.requests import ComposeRequest, VaryRequest
from symbolic_embed.score import EventList, file_bytes, parse, read
from symbolic_embed.score.checks import findings
from symbolic_embed.verbs.compose import compose
from symbolic_embed.verbs.vary import vary

MUSESCORE = shutil.which("musescore3") or shutil.which("mscore3")
MIDI2ABC = shutil.which("midi2abc")
MOST_BARS, VARIED_BARS = 64, 4
BROKEN = ("hanging-note", "zero-length", "overlap", "doubled-note")


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--musescore", type=int, default=100)
    parser.add_argument("--lmms", type=int, default=0)
    parser.add_argument("--pictures", type=Path, default=Path("lmms"))
    parser.add_argument("--split", default="test")
    parser.add_argument("--checkpoint", type=Path)
    given = parser.parse_args()
    if given.lmms and lmms.missing():
        parser.error(f"--lmms: {', '.join(lmms.missing())} is not installed")
    trained = TrainedComposer.load(given.checkpoint)
    random = np.random.default_rng(0)
    found = [str(path) for of_set in paths_by_set(given.music, split=given.split) for path in of_set]
    found = found or [one.path for one in find_midi([str(given.music)]) if not one.problem]
    random.shuffle(found)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        for number, path in enumerate(found):
            if counts["files"] >= given.files:
                break
            try:
                seed = Seed.from_bytes(file_bytes(path), path=path)
            except InputError:
                continue
            if seed.barred.bars > MOST_BARS:
                continue
            counts["seeds"] += 1
            first = int(random.integers(max(seed.barred.bars - VARIED_BARS, 0) + 1))
            bars = frozenset(range(first, min(first + VARIED_BARS, seed.barred.bars)))
            try:
                outputs = [
                    *compose(seed, trained, ComposeRequest(bars=4)),
                    *vary(seed, trained.embedder, VaryRequest(bars=bars)),
                ]
            except OutputError as error:
                counts["seeds not written"] += 1
                print(f"{path}: {error}", flush=True)
                continue
            for written in save_outputs(outputs, Path(place) / str(number)):
                counts["files"] += 1
                opened = bool(MUSESCORE) and counts["files"] <= given.musescore
                counts["files opened in MuseScore"] += opened
                found_faults = [*faults(written, musescore=opened), *new_findings(written, seed)]
                if counts["files"] <= given.lmms:
                    given.pictures.mkdir(parents=True, exist_ok=True)
                    found_faults += lmms.faults(written, picture=given.pictures / f"{written.stem}.png")
                for fault in found_faults:
                    counts[fault] += 1
                    print(f"{path}: {written.name}: {fault}", flush=True)
    missing = [name for name, program in (("MuseScore", MUSESCORE), ("midi2abc", MIDI2ABC)) if not program]
    print(dict(counts), *(f"({name} is not installed: not tried)" for name in missing))


def faults(path: Path, *, musescore: bool) -> list[str]:
    """What is wrong with a written file, for MuseScore too if so asked; nothing, if all is well."""
    found = []
    if notes_of_symusic(path) != notes_of_mido(path):
        found.append("symusic and mido differ")
    if musescore:
        found += _musescore_faults(path)
    if MIDI2ABC:
        found += _midi2abc_faults(path)
    return found


def new_findings(path: Path, seed: Seed) -> list[str]:
    """Notes that hang, overlap or have no length, of which the seed has fewer."""
    before, after = (Counter(one.kind for one in findings(e)) for e in (seed.events, parse(path.read_bytes())))
    return [f"check: {kind}" for kind in BROKEN if after[kind] > before[kind]]


def notes_of_symusic(path: Path) -> list[tuple[int, ...]]:
    """Onset, duration, pitch, velocity, drums or not, of all notes, sorted."""
    tracks = symusic.Score(path).tracks
    return sorted((n.time, n.duration, n.pitch, n.velocity, int(t.is_drum)) for t in tracks for n in t.notes)


def notes_of_mido(path: Path) -> list[tuple[int, ...]]:
    """The same, paired first in, first out."""
    notes = []
    for track in mido.MidiFile(path).tracks:
        tick, sounding = 0, {}
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                sounding.setdefault((message.channel, message.note), []).append((tick, message.velocity))
            elif message.type in ("note_on", "note_off") and sounding.get((message.channel, message.note)):
                onset, velocity = sounding[message.channel, message.note].pop(0)
                notes.append((onset, tick - onset, message.note, velocity, int(message.channel == 9)))
    return sorted(notes)


def _midi2abc_faults(path: Path) -> list[str]:
    """What midi2abc lists otherwise than it was written: tracks, notes, the first tempo and metre."""
    done = subprocess.run([MIDI2ABC, str(path), "-mftext"], capture_output=True, check=False)
    text = done.stdout.decode("latin-1")
    events = parse(path.read_bytes())
    score = events.score()
    found = []
    if f"ntrks={len(events.chunks)} " not in text:
        found.append("midi2abc: tracks")
    onsets = re.findall(r"Note on +\d+ +\d+ \([^)]*\) +(\d+)", text)
    if sum(int(velocity) > 0 for velocity in onsets) != score.note_count:
        found.append("midi2abc: notes")
    tempo, metre = re.search(r"tempo = ([\d.]+) bpm", text), re.search(r"time signature=(\d+/\d+)", text)
    if tempo and score.tempi and abs(float(tempo[1]) - first_tempo(events)) > 0.02 * float(tempo[1]):
        found.append("midi2abc: tempo")
    if metre and metre[1] != first_metre(events):
        found.append("midi2abc: metre")
    return found


def first_tempo(events: EventList) -> float:
    """Beats a minute of the first tempo event in the file."""
    data = next(m for chunk in events.chunks for _, m in chunk if m[:2] == b"\xff\x51")
    return 60e6 / int.from_bytes(data[3:6], "big")


def first_metre(events: EventList) -> str:
    """The first time signature in the file."""
    data = next(m for chunk in events.chunks for _, m in chunk if m[:2] == b"\xff\x58")
    return f"{data[3]}/{1 << data[4]}"


def _musescore_faults(path: Path) -> list[str]:
    import music21

    xml = path.with_suffix(".musicxml")
    done = subprocess.run(
        [MUSESCORE, "-o", str(xml), str(path)],
        capture_output=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    if done.returncode or not xml.exists():
        return ["MuseScore refuses it"]
    opened = music21.converter.parse(xml, forceSource=True, storePickle=False)
    barred = cut(read(path))
    found = []
    if len({part.partName for part in opened.parts}) < len({track.name for track in barred.score.tracks}):
        found.append("MuseScore: parts")
    # "Flute, Solo" for a track Solo played by a flute; an ampersand it escapes twice
    shown = html.unescape(" ".join(part.partName or "" for part in opened.parts))
    if not all(track.name.strip() in shown for track in barred.score.tracks if track.name.isascii()):
        found.append("MuseScore: names")
    bars = max(len(part.getElementsByClass("Measure")) for part in opened.parts)
    if not any("beats" in str(w) or "grid" in str(w) for w in barred.score.warnings) and bars != barred.bars:
        found.append("MuseScore: bars")
    signature = opened.recurse().getElementsByClass("TimeSignature").first()
    if signature is not None and signature.ratioString != str(barred.metre.signatures[0]):
        found.append("MuseScore: metre")
    mark = opened.recurse().getElementsByClass("MetronomeMark").first()
    tempo = barred.score.tempi[0].per_minute if barred.score.tempi else 120.0
    if mark is not None and mark.getQuarterBPM() and abs(mark.getQuarterBPM() - tempo) > 1:
        found.append("MuseScore: tempo")
    return found


if __name__ == "__main__":
    main()
