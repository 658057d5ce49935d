"""Is what is written as notation what was there, and what is read?

    python benchmarks/notation.py --music FOLDER [--files 3] [--musescore musescore3] [--by music21]
    python benchmarks/notation.py --sheets FOLDER [--files 20] [--musescore musescore3] [--abc2midi abc2midi]

Out: so many MIDI files of each folder in FOLDER (of FOLDER itself, where it has none) are written as MusicXML. *Placed*
is how many onsets lie exactly on their step of the grid, *moved* how many a step beside it, *lost* how many nowhere.
MuseScore reads the document and writes MIDI and MusicXML of its own: a file is *equal* where parts, bars and metres are
the same, and every onset and pitch. *Back* counts the files whose notes and barlines are the same when the document is
read here, *theirs* those where MuseScore's MusicXML is. With `--by music21` it is music21 that writes the same MIDI.

In: sheets in MusicXML are read here and by MuseScore, tunes in ABC here and by abc2midi, each without ornaments and
grace notes, which those two play: equal where every onset and pitch is.

Programs that are not installed are passed over. Times are of this machine.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from shutil import which
from xml.etree import ElementTree

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.errors import InputError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.files.kinds import kind_of
from symbolic_embed.notation import musicxml, read_bytes
from symbolic_embed.notation.reading.xml_file import parsed, unpacked
from symbolic_embed.notation.writing.layout import layout_of, staves_in
from symbolic_embed.notation.writing.values import UNITS
from symbolic_embed.score import Score, read
from symbolic_embed.score.metre import metre_map

Places = set[tuple[int, int]]  # (unit of a 24th of a quarter, pitch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path)
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--files", type=int, default=3)
    parser.add_argument("--musescore", default="musescore3")
    parser.add_argument("--abc2midi", default="abc2midi")
    parser.add_argument("--by", choices=["symbolic-embed", "music21"], default="symbolic-embed")
    given = parser.parse_args()
    if given.music:
        report_writing(given.music, given.files, given.musescore, by=given.by)
    if given.sheets:
        report_reading(given.sheets, given.files, given.musescore, given.abc2midi)


def report_writing(music: Path, count: int, musescore: str, *, by: str) -> None:
    """A row for each folder, and one for all."""
    print(f"{'folder':24} files  notes  placed   moved lost  equal  back theirs   write    read")
    whole: Counter[str] = Counter()
    for folder in sorted(one for one in music.iterdir() if one.is_dir()) or [music]:
        row: Counter[str] = Counter()
        found = [one.path for one in find_midi([folder]) if not one.problem and one.path.endswith(".mid")]
        random.Random(0).shuffle(found)
        for path in found[:count]:
            try:
                barred = cut(read(path))
            except InputError:
                continue
            if barred.score.note_count:
                row += written_figures(Path(path), barred, musescore, by=by)
        print_row(folder.name, row)
        whole += row
    print_row("all", whole)


def print_row(name: str, row: Counter[str]) -> None:
    notes, files = max(row["notes"], 1), row["files"]
    print(
        f"{name[:24]:24} {files:5} {row['notes']:6} {row['placed'] / notes:7.2%} {row['moved'] / notes:7.2%} "
        f"{row['lost']:4} {row['equal']:6} {row['back']:5} {row['theirs']:6} "
        f"{row['write_us'] / notes / 1e3:6.2f} s {row['read_us'] / notes / 1e3:6.2f} s a thousand notes"
    )


def written_figures(path: Path, barred: BarredScore, musescore: str, *, by: str) -> Counter[str]:
    """What becomes of one file."""
    row = Counter(files=1)
    start = time.perf_counter()
    document = musicxml(barred.score) if by == "symbolic-embed" else by_music21(path)
    row["write_us"] = round((time.perf_counter() - start) * 1e6)
    grid, places = on_grid(barred), on_staves(barred)
    row["notes"] = len(grid)
    row["placed"] = sum(any((unit + by, pitch) in places for by in (-1, 0, 1)) for unit, pitch in grid)
    near = sum(any((unit + by, pitch) in places for by in range(-2, 3)) for unit, pitch in grid)
    row["moved"], row["lost"] = near - row["placed"], len(grid) - near
    start = time.perf_counter()
    row["back"] = is_same(document, places, barred)
    row["read_us"] = round((time.perf_counter() - start) * 1e6)
    if which(musescore):
        theirs = musescore_s(musescore, document, ".musicxml", ".mid")
        row["equal"] = is_equal(theirs, places, barred)
        row["theirs"] = is_same(theirs[".musicxml"], places, barred) if theirs else 0
    return row


def by_music21(path: Path) -> bytes:
    """The same MIDI file as music21 writes it."""
    from music21 import converter
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    return GeneralObjectExporter(converter.parse(path, forceSource=True, storePickle=False)).parse()


def on_grid(barred: BarredScore) -> Places:
    return set(zip((2 * barred.notes.onset_steps).tolist(), barred.notes.pitch.tolist(), strict=True))


def on_staves(barred: BarredScore) -> Places:
    """Where notes are written."""
    layout = layout_of(barred)
    staves = [staff for part in range(len(barred.score.tracks)) for staff in staves_in(barred, part, layout)]
    chords = {chord for staff in staves for bar in staff.bars for voice in bar for chord in voice}
    return {(chord.onset, pitch) for chord in chords for pitch in chord.pitches}


def sounding(score: Score) -> Places:
    rows = [row for track in score.tracks for row in track.notes.rows().tolist()]
    return {(round(onset * UNITS / score.division), pitch) for onset, _, pitch, _ in rows}


def is_same(document: bytes, places: Places, barred: BarredScore) -> bool:
    """Whether the document, read here, has these notes and the barlines of the piece."""
    try:
        score = read_bytes(document, source="written.musicxml")
    except InputError:
        return False
    barlines = metre_map(score).barline_ticks * UNITS / score.division
    differ = [round(ours) != 2 * theirs for ours, theirs in zip(barlines, barred.grid.bar_steps, strict=False)]
    return sounding(score) == places and not any(differ[:-1])


def is_equal(theirs: dict[str, bytes], places: Places, barred: BarredScore) -> bool:
    """Whether MuseScore has the same parts, bars, metres, and notes."""
    if not theirs:
        return False
    root = ElementTree.fromstring(theirs[".musicxml"])
    form = (len(root.findall("part")), len(root.findall("part[1]/measure")))
    times = [
        f"{t.findtext('beats')}/{t.findtext('beat-type')}" for t in root.findall("part[1]/measure/attributes/time")
    ]
    printed = [str(heading.signature) for heading in layout_of(barred).headings]
    changes = [one for index, one in enumerate(printed) if index == 0 or one != printed[index - 1]]
    same_paper = form == (len(barred.score.tracks), barred.bars) and times == changes
    return same_paper and sounding(read_bytes(theirs[".mid"])) == places


def musescore_s(program: str, document: bytes, *endings: str) -> dict[str, bytes]:
    """What MuseScore makes of a document, by the ending of its name; nothing where it makes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.musicxml"
        path.write_bytes(document)
        made = {}
        for ending in endings:
            out = Path(folder) / f"out{ending}"
            environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": folder}
            subprocess.run([program, "-o", str(out), str(path)], env=environment, capture_output=True, timeout=600)
            if not out.exists():
                return {}
            made[ending] = out.read_bytes()
        return made


def report_reading(sheets: Path, count: int, musescore: str, abc2midi: str) -> None:
    """A row for each notation."""
    print("notation  files  equal  refused   notes    read")
    found = [one.path for one in find_midi([sheets]) if not one.problem]
    random.Random(0).shuffle(found)
    for kinds, rival in ((("musicxml", "mxl"), musescore), (("abc",), abc2midi)):
        row: Counter[str] = Counter()
        for path in found:
            data = Path(path).read_bytes()
            if row["files"] == count or not which(rival):
                break
            if kind_of(data, path) in kinds:
                row += read_figures(data, path, kinds[0], rival)
        print(
            f"{kinds[0]:9} {row['files']:5} {row['equal']:6} {row['refused']:8} {row['notes']:7} "
            f"{row['read_us'] / max(row['notes'], 1) / 1e3:6.2f} s a thousand notes"
        )


def read_figures(data: bytes, path: str, kind: str, rival: str) -> Counter[str]:
    """What is read in one sheet, here and by a rival."""
    row = Counter(files=1)
    plain = without_ornaments(data, path) if kind == "musicxml" else plain_tune(data)
    start = time.perf_counter()
    try:
        score = read_bytes(plain, source=f"a.{kind}")
    except InputError as refusal:
        print(f"  {path}: {refusal.reason}")
        return row + Counter(refused=1)
    row["read_us"], row["notes"] = round((time.perf_counter() - start) * 1e6), score.note_count
    theirs = musescore_s(rival, plain, ".mid").get(".mid") if kind == "musicxml" else abc2midi_s(rival, plain)
    row["equal"] = theirs is not None and in_steps(score) == in_steps(read_bytes(theirs))
    print(f"  {path}: not equal\n" * (not row["equal"]), end="")
    return row


def in_steps(score: Score) -> Places:
    """The notes, on steps: abc2midi begins a few ticks late."""
    return {(round(unit / 2), pitch) for unit, pitch in sounding(score)}


def without_ornaments(data: bytes, path: str) -> bytes:
    if data.startswith(b"PK"):
        data = unpacked(data, source=path, most_bytes=1 << 28)
    root = parsed(data, source=path)
    for measure in root.iter("measure"):
        for note in measure.findall("note"):
            if note.find("grace") is not None or note.find("cue") is not None:
                measure.remove(note)
            for notations in note.findall("notations"):
                for element in list(notations):
                    if element.tag not in ("tied", "tuplet", "slur"):
                        notations.remove(element)
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


def plain_tune(data: bytes) -> bytes:
    """The first tune of a file, without the rhythm names that abc2midi swings to, grace notes and rolls."""
    text = data.decode("utf-8", "replace")
    tune = next((one for one in re.split(r"(?m)^(?=X:)", text) if one.startswith("X:")), text)
    return re.sub(r"\{[^}]*\}|~", "", re.sub(r"(?m)^R:.*\n", "", tune)).encode()


def abc2midi_s(program: str, tune: bytes) -> bytes | None:
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "in.abc", Path(folder) / "out.mid"
        path.write_bytes(tune)
        subprocess.run([program, str(path), "-o", str(out), "-NGUI"], capture_output=True)
        return out.read_bytes() if out.exists() else None


if __name__ == "__main__":
    main()
