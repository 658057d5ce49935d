"""New music beside a seed's own: bars after it, parts next to it.

As all verbs that write, these take what they are asked for by name, as listed, or as one request, and give results that
are not written to disk until `save_outputs` is called. The same seed, request and checkpoint give the same bytes.
"""

from __future__ import annotations

from typing import Any

from symbolic_embed.api.music import Music, Paths, pieces_in, seed_of
from symbolic_embed.api.result import Result, results_of
from symbolic_embed.api.session import Model, Session, request_of
from symbolic_embed.requests import AccompanyRequest, ComposeRequest, FillRequest
from symbolic_embed.verbs.accompany import accompany as accompanied
from symbolic_embed.verbs.compose import compose as composed
from symbolic_embed.verbs.fill import fill as filled


def compose(
    seed: Music, request: ComposeRequest | None = None, *, checkpoint: Model = None, **fields: Any
) -> list[Result]:
    """New bars after a seed, in its own tracks, tempo and metre.

    Parameters
    ----------
    seed : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The piece to go on from.
    request : ComposeRequest, optional
        All of what follows in one; then nothing else is given.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model. Default: the bundled one, loaded anew.
    bars : int, 1 to 10000, default 8
        How many new bars.
    form : str, optional
        Sections that return, a letter each, "BACA'": A is the seed; A' begins like A and ends anew. `bars` is a
        multiple of their number. Default: all bars are new.
    alone : bool, default False
        The new bars without the seed.
    seam : {"body", "keep"}, default "body"
        How the new bars sound: volume, programme, bend, tempo and the like as in the body of the seed, or as its
        end leaves them.
    variations : int, 1 to 256, default 1
        How many different continuations.
    takes : int, optional
        How many are drawn, of which the best are kept. Default: four for each result.
    temperature : float, 0 to 5, default 0.9
        0: the likeliest note each time; 1: as likely as the model finds them.
    top_p : float, .01 to 1, default 0.95
        Only the likeliest choices are drawn from, those that make up this share.
    random_seed : int, at least 0, default 0
        Another seed, other music.
    max_copied : int, at least 11, optional
        What shares more notes in a row with the training data is drawn again. Default: whatever it shares.
    humanise : float, 0 to 1, optional
        New notes are played as people play, so far. Default: as the seed's notes are.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums.
    normalise : bool, default False
        Results are laid out as every DAW expects, one part a track.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    list of Result
        One for each variation that has a new note.

    Raises
    ------
    UsageError
        A field is unknown or out of bounds.
    InputError
        The seed cannot be read, or has no notes.
    NothingNewError
        All that was drawn is a rest.
    CheckpointError, MissingComposerError
        The checkpoint cannot be read, or cannot write.

    Examples
    --------
    >>> import symbolic_embed
    >>> [result] = symbolic_embed.compose("datasets/samples/midi/ode_to_joy.mid", bars=2, random_seed=7)
    >>> result.name
    'ode_to_joy__next01__s7'
    >>> [written["bar"] for written in result.record["written_bars"]]
    [17, 18]
    """
    request = request_of(ComposeRequest, request, fields)
    return results_of(composed(seed_of(seed, request), Session.of(checkpoint).composer, request))


def accompany(
    seed: Music,
    request: AccompanyRequest | None = None,
    *,
    source: Paths | None = None,
    checkpoint: Model = None,
    **fields: Any,
) -> list[Result]:
    """New parts beside those of a seed; all that is there stays as it was.

    Parameters
    ----------
    seed : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The piece to accompany.
    request : AccompanyRequest, optional
        All of what follows `source` in one; then nothing else is given.
    source : path or paths, optional
        Files and folders of music to borrow the parts from. Default: they are decoded.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model. Default: the bundled one, loaded anew.
    parts : sequence of "chords", "bass", "drums", "melody", or text with commas, optional
        Which parts. Default: those of chords, bass and drums that the seed lacks.
    variations : int, 1 to 256, default 1
        How many different accompaniments.
    temperature : float, 0 to 5, default 0.9
        0: the likeliest note each time; 1: as likely as the model finds them.
    top_p : float, .01 to 1, default 0.95
        Only the likeliest choices are drawn from, those that make up this share.
    random_seed : int, at least 0, default 0
        Another seed, other music.
    max_copied : int, at least 11, optional
        What shares more notes in a row with the training data is drawn again. Not with `source`.
    humanise : float, 0 to 1, optional
        New notes are played as people play, so far. Default: as the seed's notes are.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums.
    normalise : bool, default False
        Results are laid out as every DAW expects, one part a track.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    list of Result
        One for each variation that has a new note.

    Raises
    ------
    UsageError
        A field is unknown or out of bounds, or no piece of `source` has such a part.
    InputError
        The seed, or a file of `source`, cannot be read, or has no notes.
    NothingNewError
        All that was drawn is a rest.

    Examples
    --------
    >>> import symbolic_embed
    >>> [result] = symbolic_embed.accompany("datasets/samples/midi/greensleeves.mid", parts=["bass"])
    >>> [part["name"] for part in result.record["new_parts"]]
    ['Bass']
    """
    request = request_of(AccompanyRequest, request, fields)
    lenders = None if source is None else pieces_in(source, None, request)
    return results_of(accompanied(seed_of(seed, request), Session.of(checkpoint).composer, request, lenders=lenders))


def fill(seed: Music, request: FillRequest | None = None, *, checkpoint: Model = None, **fields: Any) -> list[Result]:
    """New music for some bars of a seed, from what comes before and after; what was not asked for stays as it was.

    Parameters
    ----------
    seed : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The piece with a stretch to fill.
    request : FillRequest, optional
        All of what follows `checkpoint` in one; then nothing else is given.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model. Default: the bundled one, loaded anew.
    bars : indices from 0, or text that counts from 1, "5-8,12"
        Which bars are filled. What stands there in the chosen tracks goes.
    tracks : numbers from 0, or names, or text with commas, optional
        Which tracks are filled; the others are listened to. Default: all.
    variations : int, 1 to 256, default 1
        How many different fillings.
    takes : int, optional
        How many are drawn, of which the best are kept. Default: four for each result.
    temperature : float, 0 to 5, default 0.9
        0: the likeliest note each time; 1: as likely as the model finds them.
    top_p : float, .01 to 1, default 0.95
        Only the likeliest choices are drawn from, those that make up this share.
    random_seed : int, at least 0, default 0
        Another seed, other music.
    max_copied : int, at least 11, optional
        What shares more notes in a row with the training data is drawn again.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums.
    normalise : bool, default False
        Results are laid out as every DAW expects, one part a track.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    list of Result
        One for each filling that differs from the seed.

    Raises
    ------
    UsageError
        A field is unknown or out of bounds, the seed has no such track or bar, or nothing else.
    InputError
        The seed cannot be read, or has no notes.
    NothingNewError
        All that was drawn is the seed again.

    Examples
    --------
    >>> import symbolic_embed
    >>> [result] = symbolic_embed.fill("datasets/samples/midi/seed_band.mid", bars="5-6", tracks="bass")
    >>> result.record["stretches"][0]["bars"]
    [5, 6]
    """
    request = request_of(FillRequest, request, fields)
    return results_of(filled(seed_of(seed, request), Session.of(checkpoint).composer, request))
