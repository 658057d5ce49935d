"""Pieces as they are played without a click, with the moments of their beats: what `beats.py` measures on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import cut
from symbolic_embed.errors import InputError
from symbolic_embed.score import Notes, Score, Tempo, Track, read
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.metre import MetreMap, beat_ticks, metre_map

SETS = (
    "mutopia_pd",
    "chopin_first_editions",
    "openscore_lieder",
    "pop909",
    "polish_scores",
    "openhymnal",
    "nottingham",
)
DRUM_SETS = ("groove_drums", "ruleband")
DIVISION, TICKS_A_SECOND = 480, 960  # at 120 beats a minute
FEWEST_NOTES = 60
LONGEST_SECONDS = 90.0
WAYS = tuple((rubato, jitter) for rubato in (0.0, 0.08, 0.15) for jitter in (0.01, 0.02, 0.03))
MISSING, WRONG, GRACE, ROLLED = 0.02, 0.01, 0.03, 0.1  # shares of the notes

Clock = Callable[[NDArray[np.int64]], NDArray[np.float64]]  # ticks to the seconds at which they are played


class Performance(NamedTuple):
    """What was played, when its beats and its barlines are, in seconds, and the metre of most bars."""

    score: Score
    beats: NDArray[np.float64]
    barlines: NDArray[np.float64]
    metre: str


def performed(score: Score, random: np.random.Generator, *, rubato: float, jitter: float) -> Performance:
    """A score as somebody plays it: `rubato` is how far the tempo walks, as a ratio, `jitter` how far beside their
    moment notes begin, in seconds, each a standard deviation."""
    metre = metre_map(score)
    end = score.end_tick
    beats, barlines = _beats(metre, score.division), metre.barline_ticks
    curve = _tempo_curve(float(_seconds(end, score)), random, rubato=rubato)
    silence = random.uniform(0, 2)

    def played_at(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        return silence + np.interp(_seconds(ticks, score), *curve)

    first = min(int(track.notes.onset_ticks.min()) for track in score.tracks)
    tracks = tuple(_played_part(track, played_at, random, jitter=jitter) for track in score.tracks)
    start = float(played_at(np.array(first)))  # what is silent before the first note was not recorded
    kept = tuple(_recorded(track, start - silence) for track in tracks)
    end_seconds = min(float(played_at(np.array(end))) - start + silence, LONGEST_SECONDS)
    true = [played_at(ticks) - start + silence for ticks in (beats, barlines[:-1])]
    beats, barlines = (times[(times > silence - 0.05) & (times < end_seconds)] for times in true)
    played = Score(DIVISION, kept, (Tempo(0, 500_000),), source=score.source)
    names = [str(signature) for signature in metre.signatures]
    return Performance(played, beats, barlines, max(sorted(set(names)), key=names.count))


def _recorded(track: Track, earlier: float) -> Track:
    """A part that was recorded so many seconds earlier, as far as it is listened to."""
    notes = track.notes
    onset = np.maximum(notes.onset_ticks - round(earlier * TICKS_A_SECOND), 0)
    inside = onset < LONGEST_SECONDS * TICKS_A_SECOND
    columns = (onset, notes.duration_ticks, notes.pitch, notes.velocity)
    return Track(Notes.of(*(column[inside] for column in columns)), channel=track.channel)


def _seconds(ticks: NDArray[np.int64] | int, score: Score) -> NDArray[np.float64]:
    return seconds(ticks, tempi=score.tempi, division=score.division)


def _beats(metre: MetreMap, division: int) -> NDArray[np.int64]:
    """The ticks of all beats; those of a pick-up are counted from its end."""
    beats = []
    for bar, signature in enumerate(metre.signatures):
        begin, end = metre.barline_ticks[bar : bar + 2]
        beat = float(beat_ticks(signature, division=division))
        in_bar = np.arange(begin, end - 1, beat) if bar else np.arange(end, begin, -beat)[:0:-1]
        beats.append(np.rint(in_bar))
    return np.unique(np.concatenate(beats)).astype(np.int64)


def _tempo_curve(
    end: float, random: np.random.Generator, *, rubato: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds as written and as they pass: in a tempo between three quarters and four thirds of the written one, which
    walks away from it every half second and comes home; the last two seconds slow down."""
    clock = np.arange(0, end + 1, 0.5)
    drift = random.normal(0, rubato * (1 - 0.9**2) ** 0.5, len(clock))
    for step in range(1, len(clock)):
        drift[step] += 0.9 * drift[step - 1]
    if rubato:
        drift[-4:] += [0.1, 0.2, 0.3, 0.4][-len(drift) :]
    passed = np.concatenate([[0], np.cumsum(np.exp(drift[:-1]) * 0.5)])
    return clock, passed * random.uniform(0.75, 1.33)


def _played_part(track: Track, played_at: Clock, random: np.random.Generator, *, jitter: float) -> Track:
    """A part with the notes that are hit, where and as loud as they are; ornaments among them."""
    notes = track.notes.where(random.random(len(track.notes)) > MISSING)
    count = len(notes)
    begin, end = played_at(notes.onset_ticks), played_at(notes.offset_ticks)
    length = (end - begin) * random.uniform(0.6, 1.05, count)
    begin = begin + random.normal(0, jitter, count)
    rolled = np.isin(notes.onset_ticks, notes.onset_ticks[random.random(count) < ROLLED / 4])
    begin += rolled * 0.025 * _above(notes)
    pitch = notes.pitch.astype(np.int64)
    if not track.is_drum:
        pitch = np.clip(pitch + (random.random(count) < WRONG) * random.choice([-2, -1, 1, 2], count), 0, 127)
    velocity = np.clip(random.normal(70, 12, count), 20, 120)
    graced = np.flatnonzero(random.random(count) < (0 if track.is_drum else GRACE))
    columns = [begin, length, pitch, velocity]
    before = [begin[graced] - random.uniform(0.05, 0.09, len(graced)), np.full(len(graced), 0.06)]
    more = [*before, np.minimum(pitch[graced] + 2, 127), velocity[graced] * 0.8]
    onset, lasting, pitch, velocity = (np.concatenate([a, b]) for a, b in zip(columns, more, strict=True))
    ticks = [np.rint(column * TICKS_A_SECOND) for column in (np.maximum(onset, 0), np.maximum(lasting, 0.03))]
    return Track(Notes.of(*ticks, pitch, np.rint(velocity)), channel=track.channel)


def _above(notes: Notes) -> NDArray[np.int64]:
    """How many notes of its chord lie below each note, which are in order."""
    first = np.searchsorted(notes.onset_ticks, notes.onset_ticks)
    return np.arange(len(notes)) - first


def drawn(music: Path, split: str, count: int, *, random: np.random.Generator, sets: Sequence[str]) -> Iterator[Score]:
    """So many scores, one a cluster of like pieces, drawn from the sets in turn."""
    by_set = []
    for name in sets:
        lines = map(json.loads, (music / name / "meta.jsonl").read_text(encoding="utf-8").splitlines())
        one_each = {line["cluster"]: music / name / line["path"] for line in lines if line["split"] == split}
        by_set.append([list(one_each.values())[n] for n in random.permutation(len(one_each))])
    while count and any(by_set):
        for paths in filter(None, by_set):
            try:
                score = read(paths.pop())
            except InputError:
                continue
            kept = [track for track in score.tracks if len(track.notes)]
            if sum(len(track.notes) for track in kept) >= FEWEST_NOTES and not cut(score).follows_beats and count:
                count -= 1
                yield score
