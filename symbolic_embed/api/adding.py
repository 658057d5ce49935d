"""New music beside a seed's own: bars after it, parts next to it.

As all verbs that write, these take what they are asked for by name, as listed, or as one request, and give results that
are not written to disk until `save_outputs` is called. The same seed, request and checkpoint give the same bytes.
"""

from __future__ import annotations

from typing import Any

from symbolic_embed.api.music import Music, Paths, pieces_in, seed_of
from symbolic_embed.api.result import Result, results_of
from symbolic_embed.api.session import Model, Session, request_of
from symbolic_embed.requests import AccompanyRequest, ComposeRequest
from symbolic_embed.verbs.accompany import accompany as accompanied
from symbolic_embed.verbs.compose import compose as composed


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
    tracks : numbers from 0, or names, or text with commas, optional
        Which tracks are written; where no track is called so, what it does: "drums". The others rest. Default: all.
    except_tracks : as `tracks`, optional
        Which of them are not.
    loop : as `tracks`, optional
        Which tracks go on as they do: their loop is found and returns.
    chords : "keep", "free" or text, default "keep"
        The seed's own chords go on; whatever comes; or which, "Am F C G", a bar each: "Am G | F" has two in the first.
    scale : str, optional
        "D dorian", or a mode alone, on the seed's tonic; "free": none. Default: the seed's own, where it keeps to one.
    ending : bool, default False
        The last bar closes with a cadence.
    density : "lower", "same", "higher" or a number, or a dict, or text, optional
        Notes a quarter: {"bass": 2, None: "lower"}, or "lower,bass=2": a track has its own. Default: whatever comes.
    polyphony, note_length : as `density`, optional
        Notes that sound at once; how long notes are on average, in quarters.
    range : as `density`, or two notes, "C3-C5" or (48, 72), optional
        How high and low; a number: semitones beyond what the part has in the seed.
    variations : int, 1 to 256, default 1
        How many different continuations.
    keep : int, 1 to 256, optional
        How many of the takes are kept: another name for `variations`, beside `takes`.
    takes : int, optional
        How many are drawn, of which the best are kept. Default: four for each result.
    temperature : float, 0 to 5, default 0.9; or for single tracks {"bass": .7, None: 1}, or "bass=.7,1"
        0: the likeliest note each time; 1: as likely as the model finds them.
    part_temperature : pairs of a track and its temperature, optional
        The same of single tracks, given apart.
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
    keep : int, 1 to 256, optional
        How many of the takes are kept: another name for `variations`, beside `takes`.
    takes : int, optional
        How many are drawn, of which the best are kept. Default: four for each result. Not with `source`.
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
