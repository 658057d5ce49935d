"""What is played when a bar must be known: the answer, or what stands in for it.

A moment before each barline the next bar is decided. An answer that is there by then is played. Where it is late, what
stands in for it is played, if somebody has said; else the last bar that we played comes again; where there is none, a
plain one is made of what was heard: its lowest tone in the bass, its tones held as a chord, a beat on the drums. So
late never means silence, and an answer that comes after its moment is dropped: it never sounds in another bar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.live.asking import PATTERN, PLAIN, REST, Answer
from symbolic_embed.live.notes import HeardBar, Metre, Note

KICK, SNARE, HAT = 36, 38, 42
LOWEST_BASS, LOWEST_CHORD = 36, 52
STRUCK = 3  # steps that a drum note lasts
MOST_CHORD_TONES = 3
DRUM_CHANNEL = 9


class Deadline:
    """Answers that have come, and what was played at the end. `counts`: bars by whose they were; `late`: answers that
    came too late."""

    def __init__(self, parts: Sequence[str], metre: Metre) -> None:
        self.parts, self.metre = tuple(parts), metre
        self.counts: Counter[str] = Counter()
        self.late = 0
        self.last: Answer | None = None
        self._come: dict[int, Answer] = {}
        self._stand_ins: dict[int, Answer] = {}
        self._decided = 0

    def take(self, answer: Answer) -> bool:
        """Keeps an answer; False where its bar has been decided already."""
        if answer.bar <= self._decided:
            self.late += 1
            return False
        self._come[answer.bar] = answer
        return True

    def take_stand_in(self, answer: Answer) -> None:
        """Keeps what is played in a bar whose answer is late."""
        if answer.bar > self._decided:
            self._stand_ins[answer.bar] = answer

    def rest(self, bar: int) -> Answer:
        """Decides that we rest in a bar."""
        return self._decide(Answer(bar, (), REST, 0.0))

    def decide(self, bar: int, heard: HeardBar, *, hold: bool) -> Answer:
        """Decides what is played in a bar, after what was heard in the one before; `hold`: the last bar again."""
        answer = self._come.get(bar) or self._stand_ins.get(bar)
        if self.last is not None and (hold or answer is None):
            answer = self.last._replace(bar=bar, by=PATTERN)
        if answer is None:
            answer = Answer(bar, plain(self.parts, heard, self.metre), PLAIN, 0.0)
        return self._decide(answer)

    def forget(self) -> None:
        """Drops answers that have come: the bars they are for will not be."""
        self._come.clear()
        self._stand_ins.clear()

    def _decide(self, answer: Answer) -> Answer:
        self._decided = answer.bar
        for waiting in (self._come, self._stand_ins):
            for bar in [bar for bar in waiting if bar <= answer.bar]:
                del waiting[bar]
        self.counts[answer.by] += 1
        if answer.notes:
            self.last = answer
        return answer


def plain(parts: Sequence[str], heard: HeardBar, metre: Metre) -> tuple[Note, ...]:
    """A bar that needs no model: what each part can do with what was heard. A melody rests."""
    sounding = [note for note in (*heard.held, *heard.notes) if note.part != DRUM_CHANNEL]
    pitches = sorted({note.pitch for note in sounding})
    notes: list[Note] = []
    for part, role in enumerate(parts):
        if role == "drums":
            notes += _beat(part, metre)
        elif pitches and role == "bass":
            notes.append(Note(part, 0, metre.steps, LOWEST_BASS + (pitches[0] - LOWEST_BASS) % 12, 0))
        elif pitches and role == "chords":
            tones = sorted({LOWEST_CHORD + (pitch - LOWEST_CHORD) % 12 for pitch in pitches[:MOST_CHORD_TONES]})
            notes += [Note(part, 0, metre.steps, tone, 0) for tone in tones]
    return tuple(notes)


def _beat(part: int, metre: Metre) -> list[Note]:
    """A kick on the first beat, a snare in the middle of the bar, hats between."""
    beats = range(0, metre.steps, STEPS_PER_QUARTER)
    middle = beats[len(beats) // 2]
    struck = dict.fromkeys(beats, HAT) | {middle: SNARE, 0: KICK}
    return [Note(part, beat, STRUCK, pitch, 0) for beat, pitch in sorted(struck.items())]
