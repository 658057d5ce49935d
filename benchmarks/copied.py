"""How long are the runs that music shares with the training data: unseen music, and what the program writes?

    python benchmarks/copied.py --data datasets/bundled_checkpoint.json --music FOLDER

Two tables, of the longest run of notes (top lines, blind to key, as `originality.provenance` finds them in the bundled
fingerprint). First, whole pieces of the validation split: by chance, by convention, or because they share a tune with a
piece of the training split. Second, SEEDS passages of sixteen bars of the test split, each cut in half:
its real second half, and what `compose` writes in its place. Drums are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from seeds_of_a_split import between, passages

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.shared.music_data import Music, prepared
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.checkpoint import bundled_folder, open_checkpoint
from symbolic_embed.originality.fingerprint import Fingerprint, corpus_lines, load_fingerprint, longest_runs, top_lines
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import ComposeRequest
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.compose import compose

BARS = 16  # of a passage: half of them seed


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--checkpoint", type=Path, default=bundled_folder())
    given = parser.parse_args()
    opened = open_checkpoint(given.checkpoint)
    known = load_fingerprint(given.checkpoint, opened.card)
    if known is None:
        raise SystemExit(f"{given.checkpoint}: no fingerprint; `train fingerprint` adds one")
    _, corpus = prepared(Music(data=given.data, music=given.music))
    by_set = of_pieces(corpus, known, count=given.pieces)
    print("longest run in notes          n  median  90th  longest")
    for name, longest in sorted(by_set.items()):
        print(row(name, longest))
    print(row("all validation pieces", [longest for of_set in by_set.values() for longest in of_set]))
    trained = TrainedComposer.of(opened)
    pairs = np.array(list(of_seeds(given.music, trained, known, count=given.seeds)))
    print(row(f"{BARS // 2} real bars", pairs[:, 0]), row(f"{BARS // 2} written bars", pairs[:, 1]), sep="\n")


def of_pieces(corpus: PreparedCorpus, known: Fingerprint, *, count: int) -> dict[str, list[int]]:
    """Of `count` validation pieces, drawn evenly from the data sets, the longest run each; by data set."""
    random, found = np.random.default_rng(0), {}
    waiting = list(random.permutation(corpus.pieces_of("valid")))
    sets = sorted({corpus.pieces[piece].set_name for piece in waiting})
    queues = {name: [piece for piece in waiting if corpus.pieces[piece].set_name == name] for name in sets}
    turns = [queue[turn] for turn in range(len(waiting)) for queue in queues.values() if turn < len(queue)]
    for piece in turns[:count]:
        longest = int(longest_runs(corpus_lines(corpus, np.array([piece])), known).max(initial=0))
        found.setdefault(corpus.pieces[piece].set_name, []).append(longest)
    return found


def of_seeds(music: Path, trained: TrainedComposer, known: Fingerprint, *, count: int) -> Iterator[tuple[int, int]]:
    """Of `count` passages the longest run with a note of the real second half, and with one written in its place."""
    for passage in passages(music, split="test", count=count, bars=BARS):
        seed = first_half(passage)
        (written,) = compose(seed, trained, ComposeRequest(bars=BARS // 2))
        yield (
            longest_from(passage, BARS // 2, known),
            longest_from(cut(written.events.score()), seed.barred.bars, known),
        )


def longest_from(barred: BarredScore, bar: int, known: Fingerprint) -> int:
    """The longest run with a note from a bar (from 0) on."""
    drums = barred.part_is_drum
    notes = barred.notes.where(~drums[barred.notes.track])
    lines = top_lines(notes.track, notes.onset_steps, notes.pitch)
    return int(longest_runs(lines, known)[lines.onset_steps >= barred.grid.bar_steps[bar]].max(initial=0))


def first_half(passage: BarredScore) -> Seed:
    """The first half of a passage, all its tracks kept."""
    middle = int(passage.metre.barline_ticks[BARS // 2])
    half = between(passage.score, 0, middle, passage.metre.signatures[0])
    return Seed.from_bytes(score_to_events(half).to_bytes(), path="passage.mid")


def row(name: str, longest: np.ndarray | list[int]) -> str:
    """A line of the table."""
    median, high = np.percentile(longest, [50, 90])
    return f"{name:26s}{len(longest):5d}{median:8.0f}{high:6.0f}{max(longest):9d}"


if __name__ == "__main__":
    main()
