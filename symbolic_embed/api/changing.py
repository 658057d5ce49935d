"""A seed changed: other notes in it, or pieces on the way to another.

As all verbs that write, these take what they are asked for by name, as listed, or as one request, and give results that
are not written to disk until `save_outputs` is called. The same seed, request and checkpoint give the same bytes.
"""

from __future__ import annotations

from typing import Any

from symbolic_embed.api.music import Music, Paths, pieces_in, seed_of
from symbolic_embed.api.result import Result, results_of
from symbolic_embed.api.session import Model, Session, request_of
from symbolic_embed.requests import BlendRequest, VaryRequest
from symbolic_embed.verbs.blend import blend as blended
from symbolic_embed.verbs.vary import vary as varied


def vary(
    seed: Music,
    request: VaryRequest | None = None,
    *,
    library: Paths | None = None,
    source: Paths | None = None,
    checkpoint: Model = None,
    **fields: Any,
) -> list[Result]:
    """A seed with other notes, as far from it as asked; what was not asked for stays as it was, event for event.

    Parameters
    ----------
    seed : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The piece to vary.
    request : VaryRequest, optional
        All of what follows `source` in one; then nothing else is given.
    library : path or paths, optional
        Files and folders whose distances `strength` is measured by. Default: those of the training data.
    source : path or paths, optional
        Files and folders whose cells are written in place of decoded ones. Needs `strength`.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model. Default: the bundled one, loaded anew.
    change : float, 0 to 1, default 0.3; or for single tracks {"bass": .1, None: .3}, or "bass=.1,.3"
        Which share of the notes becomes another. None stands for all other tracks; without it they stay.
    strength : the same, optional
        Instead of `change`: how far in the model's space, as a quantile of random distances.
    part_change, part_strength : pairs of a track and how far it goes, optional
        The same of single tracks, given apart.
    each_bar : bool, default False
        Every cell is varied for itself. Else equal bars stay equal, doublings stay doublings, bass drum and snare hold
        below half of the dial, and parts stay within two semitones of their range.
    count : int, 1 to 1000, default 1
        How many different variations.
    tracks : numbers from 0, or names, or text with commas, optional
        Which tracks may change; where no track is called so, what it does: "drums". Default: all.
    except_tracks : as `tracks`, optional
        Which of them may not.
    bars : indices from 0, or text that counts from 1, "5-8,12", or a dict, optional
        Which bars may change; {"drums": "5-8", None: "1-4"}, or "1-4,drums=5-8": a track has its own. Default: all.
        Tracks that are named, or all that are chosen, and only rest in the bars that are: these are filled.
    part_bars : pairs of a track and its bars, optional
        The same of single tracks, given apart.
    keep : sequence of "melody", "chords", "rhythm", "drums", "bass", or tracks, or text with commas, default none
        What of them stays; drums, bass and tracks as a whole.
    random_seed : int, at least 0, default 0
        Another seed, other music.
    max_copied : int, at least 11, optional
        What shares more notes in a row with the training data is drawn again.
    humanise : float, 0 to 1, optional
        New notes are played as people play, so far. Default: as the seed's notes are.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums.
    normalise : bool, default False
        Results are laid out as every DAW expects, one part a track.
    played_tempo : float, 20 to 400, optional
        Of a seed played without a click: how many beats a minute, by and large. Default: as it is heard.
    played_metre : "2/4", "3/4", "4/4", "5/4", "6/8", "9/8" or "12/8", optional
        And in which metre. Default: as it is heard.
    barlines : bool, default False
        Of a seed played without a click: its beats are written as bars, and every sound stays when it was.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    list of Result
        One for each variation that differs from the seed.

    Raises
    ------
    UsageError
        A field is unknown or out of bounds, both dials are given, or nothing may change.
    InputError
        The seed, or a file of `library` or `source`, cannot be read, or has no notes.
    NothingNewError
        All that was drawn is the seed again.

    Examples
    --------
    >>> import symbolic_embed
    >>> [result] = symbolic_embed.vary("datasets/samples/midi/seed_band.mid", tracks="bass", bars="1-2", change=0.5)
    >>> sorted({cell["track"] for cell in result.record["cells"]})
    [3]
    """
    request = request_of(VaryRequest, request, fields)
    scale, cells = (None if paths is None else pieces_in(paths, None, request) for paths in (library, source))
    return results_of(varied(seed_of(seed, request), Session.of(checkpoint), request, library=scale, source=cells))


def blend(
    first: Music, second: Music, request: BlendRequest | None = None, *, checkpoint: Model = None, **fields: Any
) -> list[Result]:
    """Pieces on the way from one seed to another, in the tracks, metre, tempo and key of the first.

    Parameters
    ----------
    first, second : path, bytes, or an object of symusic, mido, pretty_midi or music21
        Where to set out from, and where to go.
    request : BlendRequest, optional
        All of what follows in one; then nothing else is given.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model. Default: the bundled one, loaded anew.
    steps : int, 1 to 100, default 3
        How many pieces lie between the two.
    seam : {"body", "keep"}, default "body"
        How bars after the first one's last sound: as in its body, or as its end leaves them.
    to_tempo, to_key : bool, default False
        Arrive at the second one's tempo, in its key, step by step.
    tracks, except_tracks, bars, part_bars, keep
        Of the first, as in `vary`.
    random_seed : int, at least 0, default 0
        Another seed: parts and rests change sides elsewhere.
    max_copied : int, at least 11, optional
        What shares more notes in a row with the training data is drawn again.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums.
    normalise : bool, default False
        Results are laid out as every DAW expects, one part a track.
    played_tempo : float, 20 to 400, optional
        Of a seed played without a click: how many beats a minute, by and large. Default: as it is heard.
    played_metre : "2/4", "3/4", "4/4", "5/4", "6/8", "9/8" or "12/8", optional
        And in which metre. Default: as it is heard.
    barlines : bool, default False
        Of a seed played without a click: its beats are written as bars, and every sound stays when it was.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    list of Result
        One for each step.

    Raises
    ------
    UsageError
        A field is unknown or out of bounds.
    InputError
        A seed cannot be read, or has no notes.

    Examples
    --------
    >>> import symbolic_embed
    >>> samples = "datasets/samples/midi"
    >>> [result] = symbolic_embed.blend(f"{samples}/ode_to_joy.mid", f"{samples}/frere_jacques.mid", steps=1)
    >>> result.record["asked_share"]
    0.5
    """
    request = request_of(BlendRequest, request, fields)
    return results_of(
        blended(seed_of(first, request), seed_of(second, request), Session.of(checkpoint).embedder, request)
    )
