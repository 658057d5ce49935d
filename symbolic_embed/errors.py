"""Everything that can go wrong for a user, as one family::

    SymbolicEmbedError                   exit 1
    ├── InputError                       a file the user gave cannot be used
    │   ├── MidiError                    it cannot be read as MIDI
    │   └── NoNotesError                 it was read, and holds no note
    ├── NothingNewError                  what was written would be the seed over again
    ├── OutputExistsError                writing would overwrite something of the user's
    ├── OutputError                      the place to write to cannot be written
    ├── CorpusError                      a data set or its manifest cannot be used
    ├── CheckpointError                  a checkpoint is missing, damaged or of another kind
    ├── LibraryError                     a library is missing, damaged, of another checkpoint, out of reach
    │   └── LibraryInUseError            somebody else is writing into it
    ├── TrainingError                    training cannot go on (non-finite loss, too little music)
    ├── SoundError                       no sound: FluidSynth or a sound font is missing, or the device
    └── UsageError                       exit 2: the request itself cannot be meant
        ├── SettingsError                an unknown or impossible setting
        └── MissingComposerError         composing was asked of a checkpoint that can only embed

Every message is one line: what (file and place), both values that do not fit, and a way out. Names of fields and
parameters stand in backquotes (`max_bytes`, `force`), so that the command line can call them by its options.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class SymbolicEmbedError(Exception):
    """The head of the family; `exit_code` is what the command line ends with. The message stays on one line, also
    where a path in it has line breaks or bytes that are no text."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))

    def __reduce__(self) -> tuple[Any, ...]:
        """How a worker process hands an error back: without `__init__`, whose arguments differ from class to class."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class InputError(SymbolicEmbedError):
    """A file that the user named cannot be used. `reason` is the message without the file's name."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class MidiError(InputError):
    """The bytes are not MIDI, or are MIDI that no reader should trust."""


class NoNotesError(InputError):
    """A readable file without a single note."""

    def __init__(self, source: str) -> None:
        super().__init__(source, "no notes (0 found, 1 needed); `symbolic-embed show` lists what the file has")


class NothingNewError(SymbolicEmbedError):
    """All that was drawn, again and again, came out as the seed or as rests."""

    def __init__(self, source: str, way_out: str) -> None:
        what = "all that was drawn is the seed again, a rest, or finds no room beside what stays"
        super().__init__(f"{source}: {what}; nothing was written; {way_out}")


class OutputExistsError(SymbolicEmbedError):
    """A file of the target's name exists and was not touched."""

    def __init__(self, path: object) -> None:
        super().__init__(f"{path}: exists already, nothing was written; `force` overwrites it")


class OutputError(SymbolicEmbedError):
    """The target could not be written."""


class CorpusError(SymbolicEmbedError):
    """A folder of music, a manifest or a prepared corpus cannot be used."""


class CheckpointError(SymbolicEmbedError):
    """A checkpoint is missing, damaged, or holds something else than was asked for."""


class LibraryError(SymbolicEmbedError):
    """A library is missing, damaged, of another checkpoint, or cannot be reached."""


class LibraryInUseError(LibraryError):
    """A library that somebody else is writing into just now."""


class TrainingError(SymbolicEmbedError):
    """Training stopped because going on would be meaningless."""


class SoundError(SymbolicEmbedError):
    """A piece cannot be heard: FluidSynth, a sound font or an audio device is missing."""


class UsageError(SymbolicEmbedError):
    """The request cannot be carried out whatever the files hold. `field` is the one that is wrong, where one is."""

    exit_code = 2

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class SettingsError(UsageError):
    """A setting is unknown or outside what is possible."""

    @classmethod
    def unknown(cls, name: str, known: Iterable[str], *, where: str) -> SettingsError:
        """An error for a misspelt setting, with the nearest known name as the guess."""
        known = sorted(known)
        near = difflib.get_close_matches(name, known, n=1)
        names = ", ".join(f"`{one}`" for one in known)
        hint = f"did you mean `{near[0]}`?" if near else f"known are {names}" if known else "it has none"
        return cls(f"{where} has no setting `{name}`; {hint}", field=name)


class MissingComposerError(UsageError):
    """The checkpoint embeds, but holds no composer."""

    def __init__(self, path: object) -> None:
        super().__init__(
            f"{path} holds an embedder but no composer; train one with "
            f"`symbolic-embed train composer --checkpoint {path} --data FOLDER -o DIR`"
        )


def printable(text: str) -> str:
    """`text` on one line, in characters any terminal shows: control and undecodable ones escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in text)
