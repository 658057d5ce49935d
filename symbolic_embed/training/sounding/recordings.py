"""What an encoder of recordings learns from: excerpts of many pieces, played by sound fonts and recorded in rooms, and
for every window the embedding of its notes.

They are made in lots, each of which is kept in the user's cache, in a folder named after all that they depend on: a run
that is begun again goes on making them, and one that wants more of them makes what is missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows, cut, ranges
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.encodings.sound import FEATURES, SOUND_KINDS, SoundKind, sound_frames
from symbolic_embed.errors import InputError, SoundError, TrainingError
from symbolic_embed.files import placing_folder, user_cache
from symbolic_embed.files.caches import NewFolder
from symbolic_embed.listening.spectra import RATE, spectra
from symbolic_embed.notation import read
from symbolic_embed.playing.sound import samples_of
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.training.sounding.excerpts import Excerpt, counted, excerpt, varied
from symbolic_embed.training.sounding.rooms import recorded

FORMAT = 1
LOT = 100  # recordings
TRIES = 8  # pieces that may have no excerpt before a recording is left out
IN_A_HALL = 0.4

Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Rendering:
    """Of what recordings are made. count: how many; seed: of all that is drawn; fonts: sound fonts."""

    count: int
    seed: int
    fonts: tuple[Path, ...]


@dataclass(frozen=True, eq=False)
class Recordings:
    """Recordings end to end.

    frames: float16 (all frames, features); offsets: int64 (recordings + 1,), where each begins. Of each window: which
    `recording`, int64; `begin`, `end`, float64 seconds from the beginning of its recording; `steps`, int64; `vector`,
    float16 (windows, dim), what the embedder makes of its notes; `content`, uint64, equal for equal notes.
    """

    frames: NDArray[np.float16]
    offsets: NDArray[np.int64]
    recording: NDArray[np.int64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    steps: NDArray[np.int64]
    vector: NDArray[np.float16]
    content: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.offsets) - 1


def rendered(
    corpus: PreparedCorpus, embedder: Embedder, rendering: Rendering, kind: SoundKind, *, progress: Progress
) -> Recordings:
    """Recordings of the train split, made now or earlier, with their frames of one kind. Raises TrainingError where no
    music can be played, SoundError where no font can be."""
    folder = user_cache() / f"recordings-{_stamp(corpus, embedder, rendering)[:16]}"
    drawn = _Drawing.of(corpus)
    lots = range(-(-rendering.count // LOT))
    for lot in progress(lots, len(lots), "recording"):
        if not (folder / str(lot)).is_dir():
            numbers = range(lot * LOT, (lot + 1) * LOT)
            with placing_folder(folder / str(lot)) as working:
                _write(working, [_recorded(drawn, embedder, rendering, number) for number in numbers])
    loaded = [_loaded(folder / str(lot), kind) for lot in lots]
    begins = np.cumsum([0, *(len(one["lengths"]) for one in loaded)])
    columns = {name: np.concatenate([one[name] for one in loaded]) for name in loaded[0]}
    columns["recording"] += np.repeat(begins[:-1], [len(one["recording"]) for one in loaded])
    if not len(columns["recording"]):
        raise TrainingError("none of the pieces has a few bars in a row of one metre; name more music in --data")
    return Recordings(offsets=ranges.offsets(columns.pop("lengths")), **columns)


def _stamp(corpus: PreparedCorpus, embedder: Embedder, rendering: Rendering) -> str:
    fonts = [(font.name, font.stat().st_size) for font in rendering.fonts]
    content = [FORMAT, corpus.stamp, corpus.split_hash("train"), embedder.embedding_hash, rendering.seed, fonts]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _loaded(folder: Path, kind: SoundKind) -> Columns:
    """The columns of a lot, by name."""
    with np.load(folder / "windows.npz") as windows:
        return {"frames": np.load(folder / f"{kind}.npy"), **windows}


def _write(folder: NewFolder, made: Sequence[tuple[Columns, Columns]]) -> None:
    """A lot of recordings: of each kind of frames one file, and one for the windows."""
    for kind in SOUND_KINDS:
        with folder.open(f"{kind}.npy") as file:
            np.save(file, np.concatenate([frames[kind] for frames, _ in made]))
    columns = {name: np.concatenate([windows[name] for _, windows in made]) for name in made[0][1]}
    counts = [len(windows["steps"]) for _, windows in made]
    lengths = np.array([len(frames[SOUND_KINDS[0]]) for frames, _ in made], np.int64)
    arrays: dict[str, Any] = {"lengths": lengths, "recording": np.repeat(np.arange(len(made)), counts), **columns}
    with folder.open("windows.npz") as file:
        np.savez(file, **arrays)


def _recorded(drawn: _Drawing, embedder: Embedder, rendering: Rendering, number: int) -> tuple[Columns, Columns]:
    """Recording `number`: its frames of each kind, and its windows by column; of no length where chance found no
    music."""
    random = np.random.default_rng([rendering.seed, number])
    found = drawn.excerpt(random)
    if found is None:
        return _nothing(embedder.dim)
    music = varied(found, random)
    font = rendering.fonts[random.integers(len(rendering.fonts))]
    in_a_hall = bool(random.random() < IN_A_HALL)
    sound = samples_of(score_to_events(music.score), font=font, rate=RATE, in_a_hall=in_a_hall)
    if not sound.any():
        raise SoundError(f"{font}: FluidSynth made no sound with it; name another as `sound_font`")
    samples, stretch = recorded(sound, RATE, random)
    heard = spectra(samples)
    parts = list(counted(music))
    windows = Windows.concatenated([part.windows for part in parts])
    return {kind: sound_frames(heard, kind).astype(np.float16) for kind in SOUND_KINDS}, {
        "begin": stretch * np.concatenate([part.begin for part in parts]),
        "end": stretch * np.concatenate([part.end for part in parts]),
        "steps": windows.steps,
        "vector": embedder.embed_windows(windows).astype(np.float16),
        "content": windows.content_hashes(),
    }


def _nothing(dim: int) -> tuple[Columns, Columns]:
    frames: Columns = {kind: np.zeros((0, FEATURES[kind]), np.float16) for kind in SOUND_KINDS}
    none, no_time = np.zeros(0, np.int64), np.zeros(0)
    vector, content = np.zeros((0, dim), np.float16), np.zeros(0, np.uint64)
    return frames, {"begin": no_time, "end": no_time, "steps": none, "vector": vector, "content": content}


@dataclass(frozen=True)
class _Drawing:
    """The pieces of the train split, set by set; a set is drawn by the root of its size."""

    paths: tuple[tuple[str, ...], ...]
    shares: NDArray[np.float64]

    @classmethod
    def of(cls, corpus: PreparedCorpus) -> _Drawing:
        sets: dict[str, list[str]] = {}
        for number in corpus.pieces_of("train"):
            piece = corpus.pieces[number]
            sets.setdefault(piece.set_name, []).append(piece.path)
        weights = np.sqrt([len(paths) for paths in sets.values()])
        return cls(tuple(map(tuple, sets.values())), weights / weights.sum())

    def excerpt(self, random: np.random.Generator) -> Excerpt | None:
        """An excerpt of one of them; None where several in a row have none."""
        for _ in range(TRIES):
            paths = self.paths[random.choice(len(self.paths), p=self.shares)]
            try:
                music = excerpt(cut(read(paths[random.integers(len(paths))])), random)
            except InputError:  # it was readable when it was prepared
                continue
            if music is not None:
                return music
        return None
