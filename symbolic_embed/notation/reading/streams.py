"""From music21's streams to sheet music.

music21 keeps a score as parts, a part as measures, a measure as notes and voices, each with its offset in quarters.
Bars are matched by their number: the third measure of every part is the third bar, however long a careless program made
each of them. Notes are taken at the pitch the stream gives (see `Stream.toSoundingPitch`). The two staves of a piano
are one part. What stands over the bars is read in `stream_bars.py`.

Left out, and counted where it is music: grace notes, chord symbols, words, ornaments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from symbolic_embed.notation.drum_staff import SNARE
from symbolic_embed.notation.reading.musicxml_file import PartFacts
from symbolic_embed.notation.reading.sheet import PLAIN_VELOCITY, VELOCITIES, Sheet, SheetNote, SheetPart
from symbolic_embed.notation.reading.stream_bars import Placed, Staff, bars_of
from symbolic_embed.score.score import DRUM_CHANNEL

if TYPE_CHECKING:
    from music21 import base, note, stream

    Music = stream.Stream[base.Music21Object]


NO_FACTS = PartFacts()


def sheet_of_stream(music: Music, facts: PartFacts = NO_FACTS) -> Sheet:
    """The sheet that a stream holds: a score, a part, a measure, an opus (its first score), or notes alone."""
    from music21 import stream

    if isinstance(music, stream.Opus):
        music = next(iter(music.scores), stream.Score())
    staves = _staves(music)
    bars = bars_of(staves)
    counts: Counter[str] = Counter()
    players = [list(together) for _, together in groupby(staves, key=lambda staff: staff.player)]
    parts = tuple(_part(player, len(bars), facts, counts) for player in players)
    counts["cue"] = facts.cues
    warnings = [(f"{kind}-notes", f"{kind} notes were left out", counts[kind]) for kind in ("grace", "cue")]
    return Sheet(bars, parts, tuple(warning for warning in warnings if warning[2]))


def _staves(music: Music) -> list[Staff]:
    """The parts of a stream with their measures; a stream without parts is one."""
    from music21 import layout, stream

    groups = {id(part): id(group) for group in music.getElementsByClass(layout.StaffGroup) for part in group}
    found: list[Music] = [*music.getElementsByClass(stream.Part)] or ([music] if len(music) else [])
    staves = []
    for part in found:
        measures: list[Music] = [*part.getElementsByClass(stream.Measure)]
        if not measures:
            measures = [*_barred(part).getElementsByClass(stream.Measure)]
        player = groups.get(id(part), id(part)) if isinstance(part, stream.PartStaff) else id(part)
        content = [sorted(_placed(measure), key=lambda one: one.place) for measure in measures]
        staves.append(Staff(part, [id(measure) for measure in measures], content, player))
    return staves


def _barred(music: Music) -> Music:
    """Notes that stand in no measure, in measures: what crosses a barline is tied."""
    from music21 import stream

    if isinstance(music, stream.Measure):
        return stream.Part([music])  # type: ignore[no-untyped-call]  # of music21
    barred: Music = music.makeMeasures()  # type: ignore[no-untyped-call]  # of music21
    tied: Music = barred.makeTies()  # type: ignore[no-untyped-call]  # of music21
    return tied


def _placed(measure: Music, start: Fraction = Fraction(0)) -> Iterator[Placed]:
    """All that a measure holds, in its voices too."""
    from music21 import stream

    for element in measure:
        place = start + Fraction(element.offset)
        if isinstance(element, stream.Stream):
            yield from _placed(element, place)
        else:
            yield Placed(place, element)


def _part(staves: Sequence[Staff], bars: int, facts: PartFacts, counts: Counter[str]) -> SheetPart:
    """One player's part, from a staff or several."""
    from music21 import instrument

    first = staves[0].part
    player = next(iter(first.recurse().getElementsByClass(instrument.Instrument)), instrument.Instrument())
    key = getattr(player, "percMapPitch", None) or SNARE
    notes: list[list[SheetNote]] = [[] for _ in range(bars)]
    of_part: Counter[str] = Counter()
    for staff in staves:
        velocity = PLAIN_VELOCITY
        for number, measure in enumerate(staff.measures[:bars]):
            for place, what in measure:
                velocity = _velocity_mark(what) or velocity
                notes[number] += _notes(place, what, velocity, key, of_part)
    counts.update(of_part)
    is_drum = (
        str(player.partId) in facts.drums
        or player.midiChannel == DRUM_CHANNEL
        or isinstance(player, instrument.UnpitchedPercussion)
        or of_part["unpitched"] > 0
    )
    name = getattr(first, "partName", None) or player.partName or player.instrumentName or _kern_name(staves[0])
    program = facts.programs.get(str(player.partId), player.midiProgram)
    return SheetPart(tuple(map(tuple, notes)), name, _program_of(name) if program is None else program, is_drum)


def _kern_name(staff: Staff) -> str:
    """The name that kern gives a part (`*I"Violin`), which music21 keeps as a word it does not know."""
    tandems = (getattr(element, "tandem", "") for element in staff.part)
    return next((said[1:] for said in tandems if said.startswith('"')), "")


def _program_of(name: str) -> int:
    """The programme of the instrument that a part is called after; a piano where it is called after none."""
    from music21 import exceptions21, instrument

    try:
        return instrument.fromString(name).midiProgram or 0
    except exceptions21.InstrumentException:
        return 0


def _velocity_mark(what: base.Music21Object) -> int | None:
    """The loudness from a dynamic mark on; None for all else."""
    from music21 import dynamics

    return VELOCITIES.get(what.value or "") if isinstance(what, dynamics.Dynamic) else None


def _notes(
    place: Fraction, what: base.Music21Object, velocity: int, drum: int, counts: Counter[str]
) -> Iterator[SheetNote]:
    """The notes that one element of a measure is. `drum`: the key of a drum that is not named."""
    from music21 import chord, harmony, note

    if not isinstance(what, note.NotRest) or isinstance(what, harmony.Harmony):
        return
    heads: Iterable[note.NotRest] = what.notes if isinstance(what, chord.ChordBase) else (what,)
    length = Fraction(what.quarterLength)
    if what.duration.isGrace or not length:
        counts["grace"] += sum(1 for _ in heads)
        return
    for head in heads:
        if isinstance(head, note.Note):
            pitch = round(head.pitch.ps)
        else:
            pitch = getattr(getattr(head, "storedInstrument", None), "percMapPitch", None) or drum
            counts["unpitched"] += 1
        tie = head.tie or what.tie
        if 0 <= pitch <= 127:
            own = next((v for v in (head.volume.velocity, what.volume.velocity) if v is not None), velocity)
            is_tied = tie is not None and tie.type in ("start", "continue")
            yield SheetNote(place, length, pitch, min(max(own, 1), 127), is_tied)
