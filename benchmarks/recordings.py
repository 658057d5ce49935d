"""Does a recording of several instruments find its MIDI, and a part of ten seconds?

    python benchmarks/recordings.py --music FOLDER [--split test] [--queries 200] [--pieces 1000] [--checkpoint DIR]

Pieces of the split are drawn, set by set in turn, one of each group of near-duplicates, and where they are too few the
others from the validation split, to be searched only. Some of those with two pitched parts or more are played, at a
tempo of .8 to .88 or 1.02 to 1.1 times their own, between those that the encoder has learnt from, by FluidSynth with
TimGM6mb and by TiMidity with freepats in turn, neither of which it has heard; up to a hundred seconds of each are
recorded. Each recording, and ten seconds from somewhere in it, is looked for among all pieces:

    learnt           `rank --by sound`
    chroma alignment chroma of half seconds, the recording's against those of the notes, aligned by dynamic time warping
                     (a part of the piece, tempo between half and double; Müller, Fundamentals of Music Processing, 7.2)
    chroma           cosine of the mean chroma

Sets without pitch, and those made by rules, are left out. Intervals are 95 %, Wilson.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError
from symbolic_embed.library.by_sound import Sounding, query_of_recording, sounding
from symbolic_embed.listening.recordings import recording
from symbolic_embed.listening.spectra import FRAMES_A_SECOND, RATE, SEMITONES, Spectra, spectra
from symbolic_embed.playing.sound import samples_of
from symbolic_embed.score import read
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.similarity.heard import beside
from symbolic_embed.training.sounding.excerpts import at_tempo

LEFT_OUT = {"groove_drums", "own_bands", "chord_loops", "ruleband", "composable_drums"}
TEMPI = ((0.8, 0.88), (1.02, 1.1))
FONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
TIMIDITY = Path("/etc/timidity/freepats.cfg")
LONGEST, PART = 100.0, 10.0  # seconds
FEWEST_NOTES = 20
A_SECOND = 2  # chroma
STEPS = np.array([[1, 1], [1, 2], [2, 1]])
Z = 1.96


@dataclass(frozen=True, eq=False)
class Recorded:
    """A recording of piece number `piece`, by whom, and what is heard of it and of a part of it."""

    piece: int
    player: str
    whole: Spectra
    part: Spectra


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="test")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--pieces", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--checkpoint", type=Path)
    asked = parser.parse_args()
    random = np.random.default_rng(asked.seed)
    pieces = drawn(asked.music, asked.split, asked.pieces, random)
    recordings = list(recorded(pieces, asked.queries, random))
    pieces += drawn(asked.music, "valid", asked.pieces - len(pieces), random)
    embedder = Embedder.load(asked.checkpoint)
    named = [(str(number), barred) for number, barred in enumerate(pieces)]
    searched = list(sounding(named, embedder))
    chromas = [chroma_of_notes(barred) for barred in pieces]
    print(f"{len(recordings)} recordings of {asked.split}, {len(pieces)} pieces")
    for what in ("whole", "part"):
        heard = [getattr(one, what) for one in recordings]
        begun = time.process_time()
        learnt = [distances(one, searched, embedder) for one in heard]
        took = (time.process_time() - begun) / len(heard)
        tell(f"{what}, learnt ({took:.2f} CPU s)", learnt, recordings)
        mine = [chroma_of(one) for one in heard]
        tell(
            f"{what}, chroma alignment",
            [np.array([aligned(one, their) for their in chromas]) for one in mine],
            recordings,
        )
        means = np.stack([their.mean(axis=0) for their in chromas])
        tell(f"{what}, chroma", [-cosines(one.mean(axis=0)[None], means)[0] for one in mine], recordings)


def drawn(music: Path, split: str, count: int, random: np.random.Generator) -> list[BarredScore]:
    """Pieces of a split, set by set in turn, no two of one group of near-duplicates."""
    waiting = []
    for listing in sorted(music.glob("*/meta.jsonl")):
        if listing.parent.name not in LEFT_OUT:
            lines = [json.loads(line) for line in listing.read_text(encoding="utf-8").splitlines()]
            own = [(listing.parent / line["path"], line.get("cluster")) for line in lines if line["split"] == split]
            waiting.append([own[number] for number in random.permutation(len(own))])
    taken: list[BarredScore] = []
    groups: set[str] = set()
    while len(taken) < count and any(waiting):
        for own in waiting:
            while own:
                path, group = own.pop()
                barred = _readable(path) if str(group or path) not in groups else None
                if barred is not None:
                    groups.add(str(group or path))
                    taken.append(barred)
                    break
    return taken[:count]


def _readable(path: Path) -> BarredScore | None:
    try:
        barred = cut(read(path))
    except InputError:
        return None
    return barred if barred.score.note_count >= FEWEST_NOTES else None


def recorded(pieces: Sequence[BarredScore], count: int, random: np.random.Generator) -> Iterator[Recorded]:
    """Recordings of some pieces of several parts, by one player and the other in turn."""
    several = [
        number
        for number in random.permutation(len(pieces)).tolist()
        if sum(not track.is_drum for track in pieces[number].score.tracks) >= 2
    ]
    players = ["fluidsynth", *(["timidity"] if shutil.which("timidity") and TIMIDITY.exists() else [])]
    for turn, number in enumerate(several[:count]):
        low, high = TEMPI[random.integers(len(TEMPI))]
        events = score_to_events(at_tempo(pieces[number].score, random.uniform(low, high)))
        player = players[turn % len(players)]
        if player == "fluidsynth":
            samples = samples_of(events, font=FONT, rate=RATE, in_a_hall=True)
        else:
            samples = by_timidity(events.to_bytes())
        whole = spectra(samples[: round(LONGEST * RATE)])
        begin = int(random.uniform(0, max(len(whole) - PART * FRAMES_A_SECOND, 0)))
        yield Recorded(number, player, whole, stretch(whole, begin, begin + round(PART * FRAMES_A_SECOND)))


def by_timidity(midi: bytes) -> NDArray[np.float32]:
    """A MIDI file as TiMidity plays it with freepats."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "piece.mid", Path(folder) / "piece.wav"
        source.write_bytes(midi)
        options = ["-c", str(TIMIDITY), "-Ow", "-s", str(RATE), "--output-mono", "-o", str(out)]
        subprocess.run(["timidity", *options, str(source)], capture_output=True, check=True)
        return recording(out, source=str(out), stretch=(0.0, LONGEST), rate=RATE).samples


def stretch(heard: Spectra, first: int, last: int) -> Spectra:
    """The frames of a recording from one to before another."""
    rows = slice(first, last)
    return Spectra(heard.semitones[rows], heard.cepstrum[rows], heard.strokes[rows], heard.tuning)


def distances(heard: Spectra, searched: Sequence[Sounding], embedder: Embedder) -> NDArray[np.float64]:
    """How far a recording is from each piece by what is learnt."""
    (ways,) = query_of_recording(heard, embedder.sound_model, transpose=False).keys
    return np.array([beside(ways, piece.ways).distance for piece in searched])


def chroma_of(heard: Spectra) -> NDArray[np.float64]:
    """The chroma of a recording, (half seconds, 12)."""
    folded = heard.semitones.reshape(len(heard), SEMITONES // 12, 12).sum(axis=1)
    slot = (np.arange(len(heard)) / FRAMES_A_SECOND * A_SECOND).astype(np.int64)
    return np.stack([np.bincount(slot, folded[:, pitch]) for pitch in range(12)], axis=1)


def chroma_of_notes(barred: BarredScore) -> NDArray[np.float64]:
    """The chroma of notes, each as loud as it is struck while it sounds, (half seconds, 12)."""
    score = barred.score
    total = np.zeros((1, 12))
    for track in score.tracks:
        if not track.is_drum:
            begin, end = (
                seconds(ticks, tempi=score.tempi, division=score.division) * A_SECOND
                for ticks in (track.notes.onset_ticks, track.notes.offset_ticks)
            )
            total = np.pad(total, ((0, max(0, int(end.max()) + 1 - len(total))), (0, 0)))
            for first, last, pitch, loud in zip(begin, end, track.notes.pitch, track.notes.velocity, strict=True):
                total[int(first) : int(last) + 1, pitch % 12] += loud
    return total


def aligned(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """What it costs to align chroma with a part of other chroma, a step."""
    import librosa

    costs = 1 - cosines(ours, theirs)
    if theirs.shape[0] < ours.shape[0] / 2:
        return math.inf
    total = librosa.sequence.dtw(C=costs, step_sizes_sigma=STEPS, subseq=True, backtrack=False)
    return float(total[-1].min() / len(ours))


def cosines(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cosine of each of some vectors (n, 12) with each of others (m, 12); 0 where there is silence."""
    scaled = [rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9) for rows in (ours, theirs)]
    product: NDArray[np.float64] = scaled[0] @ scaled[1].T
    return product


def tell(name: str, found: Sequence[NDArray[np.float64]], recordings: Sequence[Recorded]) -> None:
    """How often the right piece is the first, and among the first ten, in all and by player."""
    ranks = np.array(
        [
            int((row < row[one.piece]).sum() + ((row == row[one.piece]).sum() - 1))
            if math.isfinite(row[one.piece])
            else len(row)
            for row, one in zip(found, recordings, strict=True)
        ]
    )
    by = np.array([one.player for one in recordings])
    players = ", ".join(f"{player} {np.mean(ranks[by == player] == 0):.2f}" for player in sorted(set(by.tolist())))
    print(f"{name}: first {rate(ranks == 0)}, among ten {rate(ranks < 10)}; first by {players}", flush=True)


def rate(hits: NDArray[np.bool_]) -> str:
    """A share, with its interval."""
    count, share = len(hits), float(hits.mean())
    centre = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2)) / (1 + Z**2 / count)
    return f"{share:.3f} ({centre - half:.2f} to {centre + half:.2f})"


if __name__ == "__main__":
    main()
