"""New music, as a verb gives it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symbolic_embed.api.session import PathLike
from symbolic_embed.bars import cut
from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.outputs.seed_file import save_outputs as saved
from symbolic_embed.score import EventList

if TYPE_CHECKING:
    import mido
    import music21
    import pretty_midi
    from symusic.core import ScoreTick


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """A file that was not written yet. In a notebook it shows as a piano-roll.

    Examples
    --------
    >>> import symbolic_embed
    >>> [result] = symbolic_embed.vary("datasets/samples/midi/greensleeves.mid", change=0)
    >>> result.to_bytes()[:4]
    b'MThd'
    >>> result.record["settings"]["change"]
    0.0
    >>> len(result.to_mido().tracks)  # the conductor's, and two parts
    3
    """

    output: Output

    @property
    def name(self) -> str:
        """The file's name, without an ending."""
        return self.output.name

    @property
    def record(self) -> Mapping[str, Any]:
        """What the sidecar says: how it was made, from what, and what was measured on it."""
        return self.output.record

    @property
    def events(self) -> EventList:
        """Everything the file says."""
        return self.output.events

    def to_bytes(self) -> bytes:
        """The MIDI file."""
        return self.events.to_bytes()

    def to_musicxml(self) -> bytes:
        """The score, to be read and printed."""
        from symbolic_embed.notation import musicxml

        return musicxml(self.events, title=self.name)

    def to_symusic(self) -> ScoreTick:
        """As a score of symusic, in ticks."""
        from symbolic_embed.notation import objects

        return objects.to_symusic(self.to_bytes())

    def to_mido(self) -> mido.MidiFile:
        """As a file of mido."""
        from symbolic_embed.notation import objects

        return objects.to_mido(self.to_bytes())

    def to_pretty_midi(self) -> pretty_midi.PrettyMIDI:
        """As an object of pretty_midi."""
        from symbolic_embed.notation import objects

        return objects.to_pretty_midi(self.to_bytes())

    def to_music21(self) -> music21.stream.Score:
        """As a score of music21."""
        from symbolic_embed.notation import objects

        return objects.to_music21(self.to_bytes())

    def __repr__(self) -> str:
        score = self.events.score()
        return f"Result({self.name!r}, {len(score.tracks)} tracks, {score.note_count:,} notes)"

    def _repr_png_(self) -> bytes:
        """The piano-roll that a notebook shows."""
        from symbolic_embed.presenting.piano_roll import picture

        return picture(cut(self.events.score()), title=self.name)


def results_of(outputs: Sequence[Output]) -> list[Result]:
    """What a verb has made, as it is given back."""
    return [Result(output) for output in outputs]


def save_outputs(results: Sequence[Result], folder: PathLike, *, force: bool = False) -> list[Path]:
    """Writes results into a folder: each NAME.mid, and NAME.json, its record.

    Parameters
    ----------
    results : sequence of Result
        What a verb gave.
    folder : path
        Where they go; it is made where it is not there.
    force : bool, default False
        Overwrite what exists.

    Returns
    -------
    list of Path
        The MIDI files.

    Raises
    ------
    OutputExistsError
        A file of one of the names exists; nothing was written.
    OutputError
        The folder cannot be written.

    Examples
    --------
    >>> import symbolic_embed, tempfile
    >>> results = symbolic_embed.vary("datasets/samples/midi/greensleeves.mid", change=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in symbolic_embed.save_outputs(results, folder)]
    ['greensleeves__var01__change0.00__s0.mid']
    """
    return saved([result.output for result in results], folder, force=force)
