"""The same notes, played otherwise: with the groove of another piece, or as people play.

As all verbs that write, these take what they are asked for by name, as listed, or as one request, and give results that
are not written to disk until `save_outputs` is called. They need no model. The same seed and request give the same
bytes.
"""

from __future__ import annotations

from typing import Any

from symbolic_embed.api.music import Music, seed_of
from symbolic_embed.api.result import Result, results_of
from symbolic_embed.api.session import request_of
from symbolic_embed.requests import GrooveRequest, HumaniseRequest
from symbolic_embed.verbs.groove import groove as grooved
from symbolic_embed.verbs.humanise import humanise as humanised


def groove(source: Music, seed: Music, request: GrooveRequest | None = None, **fields: Any) -> list[Result]:
    """The timing and loudness of one piece laid on another, of which nothing else changes.

    Parameters
    ----------
    source : path, bytes, or an object of symusic, mido, pretty_midi or music21
        Whose groove it is: a drum clip, a bar that was played.
    seed : path, bytes, or an object of symusic, mido, pretty_midi or music21
        What it is laid on.
    request : GrooveRequest, optional
        All of what follows in one; then nothing else is given.
    amount : float, 0 to 1, default 0.7
        How far it goes.
    tracks : numbers from 0, or names, or text with commas, optional
        Which tracks of `seed`. Default: all.
    roles : dict or text, optional
        What tracks of `seed` do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody".
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    list of Result
        One.

    Raises
    ------
    UsageError
        A field is unknown or out of bounds, or no bar has the metre of the groove.
    InputError
        A piece cannot be read, or has no notes.

    Examples
    --------
    >>> import symbolic_embed
    >>> samples = "datasets/samples/midi"
    >>> [result] = symbolic_embed.groove(f"{samples}/seed_band.mid", f"{samples}/ode_to_joy.mid", amount=0.5)
    >>> result.name
    'ode_to_joy__seed_band__groove__amount0.50'
    """
    request = request_of(GrooveRequest, request, fields)
    return results_of([grooved(seed_of(source, request), seed_of(seed, request), request)])


def humanise(seed: Music, request: HumaniseRequest | None = None, **fields: Any) -> list[Result]:
    """A piece played as people play: drums as drummers do, other parts more gently.

    Parameters
    ----------
    seed : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The piece to play.
    request : HumaniseRequest, optional
        All of what follows in one; then nothing else is given.
    amount : float, 0 to 1, default 0.7
        How far it goes.
    tracks : numbers from 0, or names, or text with commas, optional
        Which tracks. Default: all.
    style : str, optional
        Whose manner: "rock", "funk", "jazz", ... Default: as is usual at the tempo.
    played : bool, default False
        Also what is played already.
    random_seed : int, at least 0, default 0
        Another seed, other playing.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody".
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    list of Result
        One.

    Raises
    ------
    UsageError
        A field is unknown or out of bounds, or all that was chosen is played already.
    InputError
        The seed cannot be read, or has no notes.

    Examples
    --------
    >>> import symbolic_embed
    >>> [result] = symbolic_embed.humanise("datasets/samples/midi/ode_to_joy.mid", style="pop", random_seed=3)
    >>> result.name
    'ode_to_joy__human-pop__amount0.70__s3'
    """
    request = request_of(HumaniseRequest, request, fields)
    return results_of([humanised(seed_of(seed, request), request)])
