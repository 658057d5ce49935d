"""Music as objects of other libraries: symusic, mido, pretty_midi, music21.

    bytes_of(object)                                        a MIDI file of it
    to_symusic, to_mido, to_pretty_midi, to_music21         an object from a MIDI file

An object is recognised without importing a library that its owner has not imported: whoever has a score of music21 has
loaded music21. Nothing that comes in is changed. What an object cannot hold is lost on the way: symusic and pretty_midi
keep notes, controllers, bends and markers, but no channels; a stream of music21 is sheet music, which is performed as
it stands, and what comes back as one has been written for players (`notation.writing`).
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from symbolic_embed.errors import MidiError
from symbolic_embed.score.score import DRUM_CHANNEL

if TYPE_CHECKING:
    import mido
    import music21
    import pretty_midi
    from symusic.core import ScoreTick

LAST_TICK = (1 << 28) - 1  # the longest wait that symusic can write
NOTE_BOUNDS = {"time": (0, LAST_TICK), "duration": (0, LAST_TICK), "pitch": (0, 127), "velocity": (1, 127)}
TAKEN = "symusic.Score, mido.MidiFile, pretty_midi.PrettyMIDI or music21.stream.Stream"


def bytes_of(music: object) -> bytes:
    """A Standard MIDI File of an object of one of the four libraries; bytes are taken for a file as they are.

    Raises TypeError for any other, MidiError where the object holds what MIDI cannot say.
    """
    if isinstance(music, bytes):
        return music
    for module, names, written in (
        ("symusic.core", ("ScoreTick", "ScoreQuarter", "ScoreSecond"), _from_symusic),
        ("mido", ("MidiFile",), _from_mido),
        ("pretty_midi", ("PrettyMIDI",), _from_pretty_midi),
        ("music21.stream", ("Stream",), _from_music21),
    ):
        loaded = sys.modules.get(module)
        if loaded is not None and isinstance(music, tuple(getattr(loaded, name) for name in names)):
            return written(music)
    raise TypeError(f"music is a path, bytes, {TAKEN}, not {type(music).__module__}.{type(music).__qualname__}")


def to_symusic(data: bytes) -> ScoreTick:
    """A score of symusic, in ticks."""
    from symusic.core import ScoreTick

    return ScoreTick.from_midi(data)


def to_mido(data: bytes) -> mido.MidiFile:
    """A file of mido; every event is in it."""
    import mido

    return mido.MidiFile(file=io.BytesIO(data))


def to_pretty_midi(data: bytes) -> pretty_midi.PrettyMIDI:
    """Instruments and notes in seconds."""
    import pretty_midi

    return pretty_midi.PrettyMIDI(io.BytesIO(data))


def to_music21(data: bytes) -> music21.stream.Score:
    """A score as players read it: bars, voices, ties and spelling as `musicxml` writes them. The pitches of drums are
    keys of MIDI's drum channel, which their instrument is on."""
    from music21 import instrument, stream

    from symbolic_embed.notation.reading.formats import musicxml_stream
    from symbolic_embed.notation.writing.musicxml import musicxml
    from symbolic_embed.score import parse

    music, facts = musicxml_stream(musicxml(parse(data)), source="MIDI")
    for player in music.recurse().getElementsByClass(instrument.Instrument):
        player.midiProgram = facts.programs.get(str(player.partId), player.midiProgram)
        player.midiChannel = DRUM_CHANNEL if str(player.partId) in facts.drums else player.midiChannel
    if not isinstance(music, stream.Score):
        raise TypeError(f"music21 made a {type(music).__name__} of a score")
    return music


def _from_symusic(music: Any) -> bytes:
    """Its own MIDI, once it is sure that nothing is in it that symusic would write wrong without a word."""
    score = music.to("Tick")
    for number, track in enumerate(score.tracks):
        notes = track.notes.numpy()
        for name, (lowest, highest) in NOTE_BOUNDS.items():
            values = np.asarray(notes[name])
            wrong = values[(values < lowest) | (values > highest)]
            if len(wrong):
                said = f"track {number}: a note of {name} {wrong[0]}, where {lowest} to {highest} are possible"
                raise MidiError("symusic.Score", said)
    return bytes(score.dumps_midi())


def _from_mido(music: Any) -> bytes:
    written = io.BytesIO()
    try:
        music.save(file=written)
    except (ValueError, TypeError) as fault:
        raise MidiError("mido.MidiFile", f"cannot be said in MIDI ({fault})") from None
    return written.getvalue()


def _from_pretty_midi(music: Any) -> bytes:
    written = io.BytesIO()
    try:
        music.write(written)
    except (ValueError, TypeError) as fault:
        raise MidiError("pretty_midi.PrettyMIDI", f"cannot be said in MIDI ({fault})") from None
    return written.getvalue()


def _from_music21(music: Any) -> bytes:
    """The sheet music in a copy of the stream, performed."""
    from music21 import stream

    from symbolic_embed.notation.reading.performing import performed_events
    from symbolic_embed.notation.reading.streams import sheet_of_stream

    if isinstance(music, stream.Opus):
        music = next(iter(music.scores), stream.Score())
    return performed_events(sheet_of_stream(music.toSoundingPitch()), source="music21.stream").to_bytes()
