"""Playing along while somebody plays, on MIDI ports; and sessions played again."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from symbolic_embed.api.music import Paths, pieces_in
from symbolic_embed.api.session import Model, PathLike, Session, request_of
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.files.writer import place
from symbolic_embed.library.stores.library import Library
from symbolic_embed.live.interrupting import Interrupts
from symbolic_embed.live.notes import parts_of
from symbolic_embed.live.places import Places
from symbolic_embed.live.running import Told
from symbolic_embed.live.takes import Take, midi_of_take, play_take, replay_take
from symbolic_embed.live.worker import Start
from symbolic_embed.requests import LiveRequest


def play_along(
    input: str,
    out: str,
    request: LiveRequest | None = None,
    *,
    checkpoint: Model = None,
    source: Paths | Library | None = None,
    folder: PathLike = "live",
    tell: Callable[[Told], object] = lambda told: None,
    **fields: Any,
) -> Take:
    """Plays along while somebody plays, until the session is over: after `end_after` bars, or when it is interrupted.
    What was played lies in `folder` then, as a session (take001.session) and as a MIDI file of both players.

    Parameters
    ----------
    input : str
        The port that is played on: a part of its name, virtual:NAME or socket:HOST:PORT.
    out : str
        The port that is sent to, likewise.
    request : LiveRequest, optional
        All of what follows `tell` in one; then nothing else is given.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model, which a process of its own loads from its folder. Default: the bundled one.
    source : path, paths or Library, optional
        Music of your own that is answered from: files, folders to walk, or the files of a library.
    folder : path, default "live"
        Where the session goes.
    tell : callable, optional
        Is told of each bar as it is decided: answer, seconds left, tempo, bar, clocks.
    parts : sequence of "bass", "drums", "chords", "melody", or text with commas, default "bass,drums"
        What is played.
    player : "melody", "bass", "chords" or "drums", optional
        What the player plays. Default: what it sounds like.
    tempo : float, 20 to 400, default 120
        Quarters a minute, until another clock or a tap says otherwise.
    metre : str, default "4/4"
        Beats a bar.
    sync : "internal", "midi" or "link", default "internal"
        Whose clock counts; the internal one starts with the first note.
    clock_out : bool, default False
        MIDI clock, start, stop and song position are sent.
    offset_ms : float, -500 to 500, default 0
        Everything is sent so much earlier.
    trade : int, 1 to 32, optional
        The player so many bars, then so many of ours.
    stand_in : bool, default False
        The music of `source` answers only where the model would be late.
    perturb : "near", "far" or float, 0 to 1, default 0
        How far what is new is moved from what would come next.
    toward : "denser", "calmer", "higher" or "lower", optional
        Where to.
    end_after : int, at least 2, optional
        End after so many bars. Default: when it is interrupted.
    lead_ms : float, 50 to 5000, optional
        So long before it sounds a bar is begun. Default: as this machine needs.
    temperature : float, .01 to 5, default 0.9
        Lower: the likelier notes.
    top_p : float, .01 to 1, default 0.95
        Only the likeliest choices are drawn from.
    random_seed : int, at least 0, default 0
        Another seed, other music.

    Returns
    -------
    Take
        path: the session's file, beside which lies the MIDI file; account: how many bars were written by whom, and how
        late messages were.

    Raises
    ------
    UsageError
        A field is unknown or out of bounds, a port is not there, or the model was never on disk.
    SoundError
        There are no ports, or one cannot be opened.
    """
    request = request_of(LiveRequest, request, fields)
    start = Start(request, parts_of(request), _folder_of(checkpoint), _lenders(source, request))
    take = play_take(
        start,
        places=Places(input, out),
        folder=Path(folder),
        tell=tell,
        meanwhile=lambda session: Interrupts(signal.SIGINT).ending(session.interrupt),
    )
    place(midi_of_take(take.path), take.path.with_suffix(".mid"), force=False)
    return take


def replay_session(session: PathLike, *, checkpoint: Model = None, source: Paths | Library | None = None) -> bytes:
    """A session played again, without ports and faster, and compared message by message with what was sent. One whose
    file was cut off is played as far as it goes.

    Parameters
    ----------
    session : path
        The session's file.
    checkpoint : path, Session or TrainedComposer, optional
        The model that it was played with. Default: the bundled one, loaded anew.
    source : path, paths or Library, optional
        The music that it was played with.

    Returns
    -------
    bytes
        The MIDI file of both players.

    Raises
    ------
    InputError
        That is no session.
    UsageError
        It was played with another model.
    OutputError
        Another message comes out.
    """
    path = Path(session)

    def load(request: LiveRequest) -> tuple[Any, Start]:
        return Session.of(checkpoint).composer, Start(request, request.parts, None, _lenders(source, request))

    replay_take(path, load)
    return midi_of_take(path)


def _folder_of(checkpoint: Model) -> Path | None:
    """The folder of a model; None: the bundled one."""
    folder = Session.of(checkpoint).folder
    if folder is None and isinstance(checkpoint, Embedder | TrainedComposer):
        raise UsageError("`checkpoint` was never on disk, and a process of its own loads it; name a folder")
    return folder


def _lenders(source: Paths | Library | None, request: LiveRequest) -> tuple[Any, ...] | None:
    """The music to borrow from, read; None where none is named."""
    if source is None:
        if request.stand_in:
            raise UsageError("`stand_in` needs music of your own to play; name it with `source`", field="stand_in")
        return None
    named = [file.path for file in source.files() if file.piece is not None] if isinstance(source, Library) else source
    return tuple(pieces_in(named, None))
