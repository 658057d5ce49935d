"""write_clip: notes of an assistant's own, as a MIDI file that every DAW reads."""

from __future__ import annotations

import difflib
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from symbolic_embed.assistant.folder import told_to_name_another
from symbolic_embed.assistant.positions import ROW, Row
from symbolic_embed.assistant.workplace import Workplace
from symbolic_embed.bars import cut
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.files import place as place_file
from symbolic_embed.files.names import file_stem
from symbolic_embed.requests import Request
from symbolic_embed.requests.controls import NOTE, pitch_of
from symbolic_embed.requests.where import key_of
from symbolic_embed.score import KeySignature, Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.instruments import PROGRAMS
from symbolic_embed.score.score import DRUM_CHANNEL
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.score.writing.verified import verified_bytes
from symbolic_embed.settings import Settings

DIVISION = 480  # ticks a quarter, as every DAW reads
MOST_NOTES, MOST_PARTS, MOST_BARS = 20_000, 64, 4_000
MICROSECONDS = 60e6  # a minute
BOUNDS = (
    ("bar", 1, MOST_BARS, int),
    ("place after the barline", -1, 1_000, float),
    ("length", 0, 10_000, float),
    ("pitch", 0, 127, int),
    ("velocity", 1, 127, int),
)
MOST_SHARPS = 6  # keys with more are written with flats
VELOCITY = 80  # of a note that has none


NOTES = WithJsonSchema(
    {"type": "array", "items": {"type": "array", "minItems": 4, "maxItems": 5, "items": {"type": ["number", "string"]}}}
)


def _rows(given: object) -> tuple[Row, ...]:
    """Notes from rows. A pitch may be a number or a name, C4; a velocity may be left out. Raises UsageError."""
    if not isinstance(given, (list, tuple)):
        raise UsageError(f"`notes` must be a list of notes, each {ROW}", field="notes")
    return tuple(_row(row) for row in given)


def _row(given: object) -> Row:
    values = [*given, VELOCITY][:5] if isinstance(given, (list, tuple)) and len(given) in (4, 5) else []
    if values and isinstance(values[3], str) and NOTE.fullmatch(values[3].strip()):
        values[3] = pitch_of(values[3].strip())
    if not values or not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in values):
        raise UsageError(f"`notes`: {given!r:.60} is no note; a note is {ROW}, a pitch 60 or C4", field="notes")
    for value, (name, least, most, kind) in zip(values, BOUNDS, strict=True):
        if not least <= value <= most or kind(value) != value:
            whole = "whole, " if kind is int else ""
            raise UsageError(f"`notes`: {given!r:.60}: its {name} must be {whole}{least} to {most}", field="notes")
    bar, at, length, pitch, velocity = values
    return int(bar), float(at), float(length), int(pitch), int(velocity)


class NewPart(Settings):
    """A part that an assistant writes. `instrument`: a programme from 0, or its General MIDI name; of drums neither."""

    name: str = Field("", description="What the track is called.")
    instrument: int | str = Field(0, description="The General MIDI programme: its name, or its number from 0.")
    drums: bool = Field(False, description="Whether its notes are struck on the General MIDI drum kit.")
    notes: Annotated[tuple[Row, ...], BeforeValidator(_rows), NOTES] = Field(
        description=f"Notes, each {ROW}; a pitch may be a name (C4 is middle C), a velocity left out."
    )

    @classmethod
    def _owner(cls) -> str:
        return "a part"

    @property
    def program(self) -> int:
        """The programme. Raises UsageError, with the nearest name, for what is none."""
        if isinstance(self.instrument, int):
            if not 0 <= self.instrument < len(PROGRAMS):
                raise UsageError(f"`instrument` {self.instrument}: programmes are 0 to 127", field="parts")
            return self.instrument
        names = [name.casefold() for name in PROGRAMS]
        near = difflib.get_close_matches(self.instrument.casefold(), names, n=1, cutoff=0.0)
        if near and near[0] == self.instrument.casefold():
            return names.index(near[0])
        guess = PROGRAMS[names.index(near[0])]
        raise UsageError(f"`instrument` {printable(self.instrument)!r}: did you mean {guess}?", field="parts")


class WriteClip(Settings):
    """A clip that an assistant writes: one metre and one tempo throughout. `bars`: how long it is, with a rest at its
    end; None: as long as its notes."""

    name: str = Field(min_length=1, max_length=200, description="What the clip is called.")
    parts: tuple[NewPart, ...] = Field(min_length=1, max_length=MOST_PARTS, description="Its tracks.")
    metre: str = Field("4/4", pattern=r"^\d{1,2}/(1|2|4|8|16|32)$", description="The metre, such as 3/4.")
    tempo: float = Field(120, ge=10, le=1_000, description="Quarters a minute.")
    key: str | None = Field(None, description="The key signature, such as D minor.")
    bars: int | None = Field(None, ge=1, le=MOST_BARS, description="How many bars, with a rest at the end.")


def write_clip(place: Workplace, own: WriteClip, request: Request) -> dict[str, Any]:
    """The clip as a new file in the folder. Raises UsageError for what cannot be meant, OutputExistsError where a file
    has its name."""
    score = _score(own)
    path = place.folder.place(f"{file_stem(own.name)}.mid", field="name")
    with told_to_name_another("give another `name`"):
        place_file(verified_bytes(score_to_events(score)), path)
    clip = place.clips.of_file(path)
    return {"clip": clip.handle, "saved": place.called(clip), "bars": cut(score).bars, "notes": score.note_count}


def _score(own: WriteClip) -> Score:
    numerator, denominator = map(int, own.metre.split("/"))
    bar_ticks = 4 * DIVISION * numerator // denominator
    if not bar_ticks:
        raise UsageError(f"`metre` {own.metre}: there is no such metre", field="metre")
    if sum(len(part.notes) for part in own.parts) > MOST_NOTES:
        raise UsageError(f"`parts`: more than {MOST_NOTES:,} notes; write several clips", field="parts")
    tracks = tuple(_track(part, bar_ticks) for part in own.parts)
    return Score(
        DIVISION,
        tracks,
        tempi=(Tempo(0, round(MICROSECONDS / own.tempo)),),
        time_signatures=(TimeSignature(0, numerator, denominator),),
        key_signatures=() if own.key is None else (_key(own.key),),
        source=own.name,
        length_ticks=None if own.bars is None else own.bars * bar_ticks,
    )


def _track(part: NewPart, bar_ticks: int) -> Track:
    if not part.notes:
        raise UsageError(f"`parts`: {printable(part.name) or 'one'} has no notes; leave it out", field="parts")
    onset = [max((bar - 1) * bar_ticks + round(at * DIVISION), 0) for bar, at, *_ in part.notes]
    length = [max(round(quarters * DIVISION), 1) for _, _, quarters, *_ in part.notes]
    pitch, velocity = ([row[column] for row in part.notes] for column in (3, 4))
    channel = DRUM_CHANNEL if part.drums else 0
    return Track(Notes.of(onset, length, pitch, velocity), name=part.name, program=part.program, channel=channel)


def _key(text: str) -> KeySignature:
    """A key by its name. Raises UsageError for what is none."""
    said = key_of(text)
    if said is None:
        raise UsageError(f"`key` {printable(text)!r}: is no key such as D minor", field="key")
    tonic, minor = said
    sharps = (tonic + 3 if minor else tonic) * 7 % 12
    return KeySignature(0, sharps if sharps <= MOST_SHARPS else sharps - 12, minor)
