"""New music in a stretch of a seed.

As all verbs that write, it takes what it is asked for by name, as listed, or as one request, and gives results that are
not written to disk until `save_outputs` is called. The same seed, request and checkpoint give the same bytes.
"""

from __future__ import annotations

from typing import Any

from symbolic_embed.api.music import Music, seed_of
from symbolic_embed.api.result import Result, results_of
from symbolic_embed.api.session import Model, Session, request_of
from symbolic_embed.requests import FillRequest
from symbolic_embed.verbs.fill import fill as filled


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
        Which tracks are filled; where no track is called so, what it does: "drums". The others are listened to.
        Default: all.
    except_tracks : as `tracks`, optional
        Which of them are not.
    density : "lower", "same", "higher" or a number, or a dict, or text, optional
        Notes a quarter: {"bass": 2, None: "lower"}, or "lower,bass=2": a track has its own. Default: whatever comes.
    polyphony, note_length : as `density`, optional
        Notes that sound at once; how long notes are on average, in quarters.
    range : as `density`, or two notes, "C3-C5" or (48, 72), optional
        How high and low; a number: semitones beyond what the part has in the seed.
    variations : int, 1 to 256, default 1
        How many different fillings.
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
