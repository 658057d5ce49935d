"""Writes the sample pieces: each tune of `abc/` and the band of `seed_band.py` become a MIDI file in `midi/`.

    python datasets/samples/make_samples.py [FOLDER]

FOLDER is where `midi/` and `meta.jsonl` go, this folder if none is named. The same sources always give the same bytes.
"""

import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from abc_notation import Tune, Voice, read_tune
from midi_file import Part, Piece, midi_bytes
from seed_band import TUNE as BAND_TUNE
from seed_band import band
from strumming import strum

SOURCE = Path(__file__).parent
SEED_BAND = "seed_band"
LICENCE = "CC0-1.0"


def main(folder: Path) -> None:
    """Write all MIDI files and the list of them."""
    (folder / "midi").mkdir(parents=True, exist_ok=True)
    records = []
    for name, tune, piece in sorted(samples(), key=lambda sample: sample[0]):
        path = f"midi/{name}.mid"
        (folder / path).write_bytes(midi_bytes(piece))
        records.append(record(path, tune=tune))
    lines = "".join(json.dumps(line) + "\n" for line in records)
    (folder / "meta.jsonl").write_text(lines, encoding="utf-8", newline="\n")


def samples() -> Iterator[tuple[str, Tune, Piece]]:
    """File name without suffix, tune and piece of each sample."""
    for source in SOURCE.glob("abc/*.abc"):
        tune = read_tune(source.read_text(encoding="utf-8"))
        yield source.stem, tune, piece_of(tune)
    yield SEED_BAND, read_tune(BAND_TUNE), band()


def piece_of(tune: Tune) -> Piece:
    """The tune as it is played, with a guitar where it has chord symbols."""
    parts = [part for voice in tune.voices for part in parts_of(voice)]
    last = tune.bars[-1]
    return Piece(
        title=tune.title,
        key=tune.key,
        tempi=((Fraction(0), tune.quarters_a_minute),),
        metres=tuple(metres(tune)),
        markers=tune.sections,
        parts=tuple(parts),
        length=last.onset + last.length,
    )


def parts_of(voice: Voice) -> Iterator[Part]:
    """The voice, and the guitar that its chord symbols ask for."""
    yield Part(name=voice.name, programme=voice.programme, notes=voice.notes)
    if voice.symbols:
        yield strum(voice)


def metres(tune: Tune) -> Iterator[tuple[Fraction, int, int]]:
    """The metre wherever it changes. A pick-up is a bar with a short metre of its own, so that barlines are right."""
    before = None
    for bar in tune.bars:
        metre = pickup_metre(bar.length) if bar.is_pickup else bar.metre
        if metre != before:
            yield bar.onset, *metre
        before = metre


def pickup_metre(length: Fraction) -> tuple[int, int]:
    """The metre of a pick-up: a quarter is 1/4, an eighth 1/8."""
    whole_notes = length / 4
    return whole_notes.numerator, whole_notes.denominator


def record(path: str, *, tune: Tune) -> dict[str, str]:
    """A line of `meta.jsonl`; versions of one piece share their group."""
    return {
        "path": path,
        "title": tune.title,
        "composer": tune.composer,
        "piece": tune.group,
        "group": tune.group,
        "split": "train",
        "licence": LICENCE,
        "use": "ship",
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE)
