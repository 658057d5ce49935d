"""Slow versions: each says what the fast one must equal, in loops that follow the definition and nothing else."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import torch
from torch import Tensor

from symbolic_embed.bars import BarredScore, Windows
from symbolic_embed.bars.windows import DRUM, DRUM_LENGTH, HELD, HELD_WINDOWS, LONGEST
from symbolic_embed.encodings import note_rows, pianoroll
from symbolic_embed.networks.decoder import NoteDecoder
from symbolic_embed.score import Score, TimeSignature


def barlines(score: Score) -> tuple[list[int], list[TimeSignature]]:
    """Barlines and the signature of each bar, walking from bar to bar: a bar ends after its metre's length, rounded
    from where its signature stands, or where the next signature stands, but that of a signature that stands less than a
    64th beside it. The last bar is the first to reach the end; but none is for tails alone."""
    signature, coming = TimeSignature(0, 4, 4), list(score.time_signatures)
    lines, in_force, count, end = [0], [], 0, max(score.end_tick, 1)
    signature = _arrived(signature, Fraction(0), 0, coming, score)
    while lines[-1] < end:
        count += 1
        exact = signature.tick + count * _bar(signature, score)
        barline, of_bar = math.floor(exact + Fraction(1, 2)), signature
        if coming and coming[0].tick < min(exact, end) and not _means(coming[0], exact, signature, score):
            barline, exact = coming[0].tick, Fraction(coming[0].tick)
            signature = coming.pop(0)
        signature = _arrived(signature, exact, barline, coming, score)
        count = count if signature is of_bar else 0
        if barline > lines[-1]:
            lines.append(barline)
            in_force.append(of_bar)
    if len(in_force) > 1 and score.end_tick > lines[-2] and _is_tail(score, lines[-2], in_force[-1]):
        return lines[:-1], in_force[:-1]
    return lines, in_force


def _arrived(
    before: TimeSignature, exact: Fraction, barline: int, coming: list[TimeSignature], score: Score
) -> TimeSignature:
    """The signature in force from a barline on; those that mean it leave `coming`."""
    while coming and _means(coming[0], exact, before, score):
        before, exact = replace(coming.pop(0), tick=barline), Fraction(barline)
    return before


def _means(signature: TimeSignature, exact: Fraction, before: TimeSignature, score: Score) -> bool:
    nearest = min(Fraction(score.division, 16), _bar(before, score) / 4)
    return signature.tick == exact or abs(signature.tick - exact) < nearest


def _is_tail(score: Score, barline: int, signature: TimeSignature) -> bool:
    unit = Fraction(4 * score.division, signature.denominator)
    compound = signature.denominator >= 8 and signature.numerator in range(6, 256, 3)
    beat = min(3 * unit if compound else unit, _bar(signature, score) / 2)
    half_step = Fraction(score.division, 24)
    onsets = [tick for track in score.tracks for tick in track.notes.onset_ticks.tolist()]
    return score.end_tick < barline + beat - half_step and all(tick < barline - half_step for tick in onsets)


def _bar(signature: TimeSignature, score: Score) -> Fraction:
    return Fraction(4 * score.division * signature.numerator, signature.denominator)


def seconds(tick: int, score: Score) -> float:
    """When a tick sounds: each single tick lasts what the tempo in force says."""
    total = 0
    for at in range(tick):
        in_force = [tempo.microseconds for tempo in score.tempi if tempo.tick <= at]
        total += (in_force or [500_000])[-1]
    return total / (score.division * 1_000_000)


def window_notes(barred: BarredScore, *, bar: int, part: int, track: int | None = None) -> list[tuple[int, ...]]:
    """(onset, flags, pitch, length) of everything in one window: what begins there, and what is held over into it."""
    spans = windows(barred)
    mine = spans.index(next(span for span in spans if span[:2] == (bar, part)))
    start = spans[mine][2]
    found: dict[tuple[int, int, int], int] = {}
    notes = barred.notes
    for number in range(len(notes)):
        is_drum = barred.score.tracks[notes.track[number]].is_drum
        begin, length = int(notes.onset_steps[number]), int(notes.length_steps[number])
        home = next(index for index, span in enumerate(spans) if span[2] <= begin < span[2] + span[3])
        if track is not None and notes.track[number] != track:
            continue
        if home == mine:
            key = (begin - start, DRUM if is_drum else 0, int(notes.pitch[number]))
        elif not is_drum and home < mine <= home + HELD_WINDOWS and begin + length > start:
            key, length = (0, HELD, int(notes.pitch[number])), begin + length - start
        else:
            continue
        found[key] = max(found.get(key, 0), DRUM_LENGTH if is_drum else min(length, LONGEST))
    return sorted((*key, length) for key, length in found.items())


def windows(barred: BarredScore) -> list[tuple[int, int, int, int]]:
    """(bar, part of bar, first step, steps) of each window: 48 steps each, the last of a bar what is left."""
    spans = []
    for bar in range(barred.bars):
        start, end = barred.grid.bar_steps[bar : bar + 2].tolist()
        spans += [(bar, part, at, min(48, end - at)) for part, at in enumerate(range(start, end, 48))]
    return spans


def dense_frames(windows: Windows, *, onset_table: np.ndarray, sounding_table: np.ndarray) -> np.ndarray:
    """What a dense layer over the planes adds up in each frame of three steps; float64 (windows, 16, channels).

    Its inputs, read off the planes: pitches and drums that begin at each of the three steps; pitches that end there;
    pitches that sound on past the frame. And, which the planes do not show past the window, each onset's length.
    """
    planes = pianoroll.encode(windows)
    sounds = planes[:, pianoroll.ONSET] | planes[:, pianoroll.SUSTAIN]  # (windows, 48, 128)
    silent_after = np.zeros_like(sounds)
    silent_after[:, 1:] = sounds[:, :-1] & (~sounds[:, 1:] | planes[:, pianoroll.ONSET, 1:])
    begins = [planes[:, pianoroll.ONSET], planes[:, pianoroll.DRUMS], silent_after]
    inputs = np.concatenate([kind.reshape(len(windows), 16, 3 * 128) for kind in begins], axis=2)
    frames = inputs @ onset_table[: 9 * 128]
    frames += sounds[:, 2::3] @ sounding_table
    for row, window in enumerate(windows.note_window):
        if windows.flags[row] == 0:
            onset, length = int(windows.onset[row]), note_rows.length_class(windows.length[row : row + 1])[0]
            frames[window, onset // 3] += onset_table[9 * 128 + onset % 3 * len(note_rows.LENGTHS) + length]
    return frames


def note_log_likelihood(decoder: NoteDecoder, embedding: Tensor, notes: list[list[int]]) -> list[float]:
    """log P of the notes of one window, one note after the other: summed over onsets and the end, pitches, lengths."""
    total = [0.0, 0.0, 0.0]
    for written, (onset, pitch, length) in enumerate([*notes, [decoder.classes.end, 0, 0]]):
        logits = NextNote(decoder, embedding, notes[:written])
        total[0] += float(logits.of_onset().log_softmax(0)[onset])
        if onset != decoder.classes.end:
            total[1] += float(logits.of_pitch(onset).log_softmax(0)[pitch])
            total[2] += float(logits.of_length(onset, pitch).log_softmax(0)[length])
    return total


class NextNote:
    """The decoder's logits for the note after `written`, everything read again from the first note on."""

    def __init__(self, decoder: NoteDecoder, embedding: Tensor, written: list[list[int]]) -> None:
        self.decoder = decoder
        frames = decoder.unfold(embedding).view(decoder.places.shape) + decoder.places
        self.frames = decoder.plan_norm(decoder.plan_blocks(frames[None]))[0]  # (frames, channels)
        told = [torch.zeros(decoder.onset_vectors.embedding_dim)]
        for onset, pitch, length in written:
            vectors = decoder.onset_vectors.weight[onset] + decoder.pitch_vectors.weight[pitch]
            told.append(vectors + decoder.length_vectors.weight[length])
        first = torch.tanh(decoder.first_state(embedding))
        self.state = decoder.recurrent(torch.stack(told), first[None])[0][-1]  # (hidden,)

    def of_onset(self) -> Tensor:
        """Logits (steps + 1,): how well the state asks for the key of each step; each frame has a key for each."""
        query = self.decoder.query(self.state)
        steps_per_frame = self.decoder.classes.steps_per_frame
        keys = [self.decoder.keys(frame).view(steps_per_frame, -1)[step] for frame in self.frames for step in range(3)]
        near = [query @ key / len(query) ** 0.5 for key in keys]
        return self.decoder.onset_head(self.state) + torch.stack([*near, torch.tensor(0.0)])

    def _features(self, onset: int) -> Tensor:
        frame = self.frames[onset // self.decoder.classes.steps_per_frame]
        told = torch.cat([self.state, frame, self.decoder.onset_vectors.weight[onset]])
        return torch.relu(self.decoder.pitch_hidden(told))

    def of_pitch(self, onset: int) -> Tensor:
        return self.decoder.pitch_head(self._features(onset))

    def of_length(self, onset: int, pitch: int) -> Tensor:
        told = torch.cat([self._features(onset), self.decoder.pitch_vectors.weight[pitch]])
        return self.decoder.length_head(torch.relu(self.decoder.length_hidden(told)))


@torch.no_grad()
def greedy_notes(
    decoder: NoteDecoder, embedding: Tensor, *, steps: int, pitches: set[int], most: int, single: bool = False
) -> list[list[int]]:
    """The likeliest legal note, again and again: not before the last one, at the same step only a higher pitch, and in
    a single voice none."""
    notes: list[list[int]] = []
    while len(notes) < most:
        last_onset, last_pitch = notes[-1][:2] if notes else (0, -1)
        logits = NextNote(decoder, embedding, notes)
        above = [p for p in sorted(pitches) if p > last_pitch and not (single and notes)]
        legal = {onset: sorted(pitches) if onset > last_onset else above for onset in range(steps)}
        onset_logits = logits.of_onset().tolist()
        onsets = [onset for onset in range(last_onset, steps) if legal[onset]]
        onset = max([*onsets, decoder.classes.end], key=onset_logits.__getitem__)
        if onset == decoder.classes.end:
            break
        pitch = max(legal[onset], key=logits.of_pitch(onset).tolist().__getitem__)
        notes.append([onset, pitch, int(logits.of_length(onset, pitch).argmax())])
    return notes


def late_interaction(a: list[list[float]], b: list[list[float]], *, metric: str) -> float:
    """Half of: the mean over the bars of `a` of the distance to the nearest bar of `b`, and the other way round."""

    def distance(x: list[float], y: list[float]) -> float:
        if metric == "euclidean":
            return math.dist(x, y)
        return 1 - sum(p * q for p, q in zip(x, y, strict=True)) / (math.hypot(*x) * math.hypot(*y))

    def one_way(these: list[list[float]], those: list[list[float]]) -> float:
        return sum(min(distance(x, y) for y in those) for x in these) / len(these)

    return (one_way(a, b) + one_way(b, a)) / 2


def melody(barred: BarredScore) -> list[tuple[int, int]]:
    """The pitches of the top line, and what each note weighs: six times the root of the quarters to the next, four at
    most; note by note. None of fewer than four notes, or of one pitch."""
    notes = [
        (int(step), int(steps), int(pitch))
        for track, step, steps, pitch in zip(
            barred.notes.track, barred.notes.onset_steps, barred.notes.length_steps, barred.notes.pitch, strict=True
        )
        if not barred.score.tracks[track].is_drum
    ]

    def hidden(onset: int, pitch: int) -> bool:
        return any(step <= onset < step + min(steps, 192) and other > pitch for step, steps, other in notes)

    line = sorted({(step, pitch) for step, _, pitch in notes if not hidden(step, pitch)})
    if len(line) < 4 or len({pitch for _, pitch in line}) == 1:
        return []
    ends = [step for step, _ in line[1:]] + [line[-1][0] + 12]
    return [
        (pitch, max(1, round(6 * math.sqrt(min(end - step, 48) / 12))))
        for (step, pitch), end in zip(line, ends, strict=True)
    ]


def melody_score(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> int:
    """The best score of a stretch of `a` (pitch, weight) written above a stretch of `b`, cell by cell."""
    scores = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, (pitch, weight) in enumerate(a, 1):
        for j, (other, its_weight) in enumerate(b, 1):
            earned = (10, 0, 0, -3, -4, -6, -8)[min(6, abs(pitch - other))] * min(weight, its_weight)
            left_out = scores[i - 1][j] - 6 * weight, scores[i][j - 1] - 6 * its_weight
            scores[i][j] = max(0, scores[i - 1][j - 1] + earned, *left_out)
    return max(map(max, scores))


def pitch_classes(barred: BarredScore, *, start: float, end: float) -> list[float]:
    """For how many steps each pitch class sounds between two moments, drums apart, brought to length 1."""
    sums = [0.0] * 12
    for track, step, steps, pitch in zip(
        barred.notes.track, barred.notes.onset_steps, barred.notes.length_steps, barred.notes.pitch, strict=True
    ):
        if not barred.score.tracks[track].is_drum:
            sums[pitch % 12] += max(0.0, min(step + steps, end) - max(step, start))
    length = math.sqrt(sum(value * value for value in sums))
    return [value / length if length else 0.0 for value in sums]


def local_alignment(a: list[int], b: list[int]) -> int:
    """The best score of a stretch of `a` written above a stretch of `b`, cell by cell: equal 1, unequal and gap -1."""
    scores = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            pair = scores[i - 1][j - 1] + (1 if a[i - 1] == b[j - 1] else -1)
            scores[i][j] = max(0, pair, scores[i - 1][j] - 1, scores[i][j - 1] - 1)
    return max(map(max, scores))


Line = list[list[float] | None]  # an embedding for each bar of a line of music, None where it is silent


def placement_cost(fragment: Line, piece: Line, first: int) -> float:
    """What it costs to lay `fragment` along `piece` with its first bar beside bar `first`, bar by bar: distances as
    shares of that of two embeddings at right angles; 1 for a bar with nothing beside it."""
    costs = []
    for bar, vector in enumerate(fragment, start=first):
        beside = piece[bar] if 0 <= bar < len(piece) else None
        if vector is not None and beside is not None:
            costs.append(math.dist(vector, beside) / math.sqrt(2 * len(vector)))
        elif vector is not None or beside is not None:
            costs.append(1.0)
    return sum(costs) / len(costs) if costs else 0.0
