"""A tune that is sung into the microphone: kept as a file before anything is made of it."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.errors import SoundError
from symbolic_embed.files import FileSet, require_folder

NAME = "sung"


def record_into(folder: Path, *, seconds: float | None, progress: Progress) -> Path:
    """Records until it has been quiet for a while, or for some seconds, into a new WAV file of a folder, which is made;
    its path. Raises SoundError where there is no microphone, or nothing was heard, OutputError where the folder cannot
    be written."""
    from symbolic_embed.listening.microphone import LONGEST_TUNE, QUIET_AFTER_TUNE, blocks_now, one_request, stretch
    from symbolic_embed.listening.recordings import wav_of

    require_folder(folder)
    blocks = blocks_now()
    if seconds is None:
        progress.tell(f"sing; {QUIET_AFTER_TUNE:g} seconds of silence end it", needed=True)
        samples = one_request(blocks, longest=LONGEST_TUNE, quiet_at_end=QUIET_AFTER_TUNE)
    else:
        progress.tell(f"sing; it is recorded for {seconds:g} seconds", needed=True)
        samples = stretch(blocks, seconds=seconds)
    if not len(samples):
        raise SoundError("nobody was heard to sing; is the microphone on?")
    path = next(path for number in count(1) if not (path := folder / f"{NAME}{number:02d}.wav").exists())
    with FileSet() as files:
        files.add(path, wav_of(samples))
    progress.tell(f"recorded: {path}", needed=True)
    return path
