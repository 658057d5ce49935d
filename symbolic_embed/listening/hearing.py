"""A recording heard as a melody: what it is as a score, and what has to be said about it.

    heard = hear("sung.wav", source="sung.wav")
    heard.score(), heard.notes, heard.warnings

Silence, noise and what has no note at all are refused. What can be heard and may yet not be meant (several notes at
once, speech, no beat) is heard, with a warning.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symbolic_embed.errors import InputError
from symbolic_embed.files.names import file_stem
from symbolic_embed.listening.melodies import HEARD, PitchCurve, SungNotes
from symbolic_embed.listening.noting import notes_of
from symbolic_embed.listening.partials import share_of_partials
from symbolic_embed.listening.pulse import PLAIN_TEMPO, Pulse, pulse_of
from symbolic_embed.listening.recordings import Recording, Sound, recording
from symbolic_embed.listening.scoring import melody_score
from symbolic_embed.listening.trackers import DEFAULT, pitch_curve
from symbolic_embed.requests.listening import HumRequest
from symbolic_embed.score.score import Score, ScoreWarning
from symbolic_embed.score.writing.layout import score_to_events

SILENT_DB = -66.0  # of full scale: below it nothing was sung
FEW_VOICED = 0.02  # of the recording has a pitch where there is more than noise
# Of melodies rendered with six instruments and of synthetic voices the melody has .81 of the energy or more, of two
# voices and of bands .65 or less, of speech as much; what is sung with wide vibrato stays as seldom as some speech.
ALONE = 0.72
NEAR, STEADY = 0.35, 0.7  # semitones about its note, and the share of a melody that lies so near
UNSTEADY = 0.5  # the same of what nobody sings


@dataclass(frozen=True, eq=False)
class Heard:
    """A melody as it was heard in a recording."""

    source: str
    recording: Recording
    curve: PitchCurve
    notes: SungNotes
    pulse: Pulse
    warnings: tuple[ScoreWarning, ...]

    def score(self) -> Score:
        """The melody; its only part is named after the file."""
        name = file_stem(Path(self.source).stem)
        return melody_score(self.notes, self.pulse, name=name, source=self.source)

    def midi(self) -> bytes:
        """The score as a MIDI file."""
        return score_to_events(self.score()).to_bytes()


AS_IT_IS = HumRequest(tempo=None, metre=None, begin=0.0, end=None, tracker=DEFAULT)


def hear(sound: Sound, *, source: str, request: HumRequest = AS_IT_IS) -> Heard:
    """The melody of a sound file, given by its path or its bytes. Raises InputError where there is none."""
    taken = recording(sound, source=source, stretch=(request.begin, request.end))
    require_sound(taken, source)
    curve = pitch_curve(taken.samples, taken.rate, tracker=request.tracker)
    notes = notes_of(curve, taken.samples)
    if not len(notes):
        raise InputError(source, f"no melody was heard in {taken.seconds:.1f} seconds; {_why_none(curve)}")
    pulse = pulse_of(notes, tempo=request.tempo, metre=request.metre)
    warnings = (*taken.warnings, *_warnings(taken, curve, notes, pulse))
    return Heard(source, taken, curve, notes, pulse, warnings)


def require_sound(taken: Recording, source: str) -> None:
    """Raises InputError for a recording of silence."""
    loudest = float(np.abs(taken.samples).max())
    decibels = 20 * np.log10(max(loudest, 1e-9))
    if decibels < SILENT_DB:
        level = f"its loudest sample lies at {decibels:.0f} dB" if loudest else "every sample is 0"
        raise InputError(source, f"{taken.seconds:.1f} seconds of silence ({level}); is the microphone on?")


def _why_none(curve: PitchCurve) -> str:
    voiced = float(np.isfinite(curve.pitch).mean()) if len(curve.pitch) else 0.0
    if voiced < FEW_VOICED:
        return "it has no pitch: noise, or too far from the microphone?"
    return f"{100 * voiced:.0f} % of it has a pitch, which stays nowhere"


def _warnings(taken: Recording, curve: PitchCurve, notes: SungNotes, pulse: Pulse) -> list[ScoreWarning]:
    found = [ScoreWarning(HEARD, _in_words(notes, pulse))]
    share, steady = share_of_partials(taken.samples, curve), steadiness(curve, notes)
    if steady < (STEADY if share < ALONE else UNSTEADY):
        text = f"its pitch stays only {100 * steady:.0f} % of the time; is it speech?"
        found.append(ScoreWarning("unsteady", text))
    elif share < ALONE:
        text = f"several notes sound at once, or much noise ({100 * share:.0f} % of the sound is the melody's)"
        found.append(ScoreWarning("not-alone", f"{text}; one melody was heard"))
    if not pulse.is_heard:
        way_out = "`tempo` gives them one"
        text = f"no beat was heard; the notes lie on a plain grid of {PLAIN_TEMPO:g} beats a minute; {way_out}"
        found.append(ScoreWarning("no-beat", text))
    return found


def _in_words(notes: SungNotes, pulse: Pulse) -> str:
    """heard as a melody: 12 notes, 92 beats a minute, tuned 23 cents low"""
    tempo = f", {pulse.tempo:.0f} beats a minute" if pulse.is_heard else ""
    cents = round(100 * notes.tuning)
    tuning = f", tuned {abs(cents)} cents {'high' if cents > 0 else 'low'}" if cents else ""
    return f"heard as a melody: {len(notes):,} {'note' if len(notes) == 1 else 'notes'}{tempo}{tuning}"


def steadiness(curve: PitchCurve, notes: SungNotes) -> float:
    """The share of frames with a pitch that lie near that of a note which lasts; 0 to 1."""
    voiced = np.isfinite(curve.pitch)
    number = np.searchsorted(notes.onset, curve.times, side="right") - 1
    inside = voiced & (number >= 0) & (curve.times < notes.end[np.maximum(number, 0)])
    near = np.abs(curve.pitch - notes.pitch[np.maximum(number, 0)]) <= NEAR
    return float((inside & near).sum() / max(1, voiced.sum()))
