"""What is known of music: likeness and places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.api import sounds
from symbolic_embed.api.music import Music, Paths, Rejected, collected, piece_of, pieces_in
from symbolic_embed.api.session import Model, Session, request_of
from symbolic_embed.library import find as finding
from symbolic_embed.library import matrix as comparing
from symbolic_embed.library import rank as ranking
from symbolic_embed.library.laying import Place
from symbolic_embed.library.showing import Match
from symbolic_embed.library.stores.library import Library
from symbolic_embed.requests import CompareRequest, FindRequest, RankRequest


def rank(
    query: Music,
    paths: Paths | Library,
    request: RankRequest | None = None,
    *,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> list[Match]:
    """Files, or single bars, by likeness to a query, the most alike first.

    Parameters
    ----------
    query : path, bytes, or an object of symusic, mido, pretty_midi or music21
        What to compare with.
    paths : path, paths or Library
        Files, and folders to walk; or a library (`symbolic_embed.open_library`).
    request : RankRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model. Default: the bundled one, loaded anew.
    rejected : callable, optional
        Is told (path, reason) of each file that cannot be used. Default: the first such file is an error.
    level : "piece" or "bar", default "piece"
        Files are ranked, or every bar of every file.
    metric : "euclidean" or "cosine", default "euclidean"
        How the distance of two bars is measured.
    transpose : bool, default False
        In whichever of the twelve transpositions is nearest.
    by : "all", "passages", "bars", "harmony", "melody", "rhythm", "tune" or "sound", optional
        What counts: harmony, melody and learnt passages joined, or one part alone. Where a piece has none, its bars
        count. With `level` "bar": "all" or "bars", which are the same. "tune": the query's melody as somebody sings it,
        in whatever key, tempo and rhythm. "sound": what can be heard, recordings beside MIDI and each other. Default:
        "tune" for a recording that is heard as a melody, "sound" for another one and where recordings are named among
        `paths`, else "all".
    tracks : text or iterable, optional
        Only these tracks of the query count: numbers from 0 or names, "0,bass".
    where : str, optional
        "metre=3/4 tempo=90-120 drums bars>8": only pieces of which all of it holds (`symbolic_embed.requests.where`).
    top : int, at least 1, optional
        Only so many. Default: all.
    candidates : int, default 100
        Of a library, with `top`: how many of its pieces are measured; 0: all.
    weights : dict or text, optional
        {"harmony": 0.5, "rhythm": 2}: by the mean of these parts, weighed so.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums; of the query.
    why : bool, default False
        Every match of a piece says why it is where it is; with this also by what did not count (`why.rhythm`).
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    list of Match
        path; distance, 0 for the same music and about 1 for unrelated pieces; transposition, in semitones, of the
        query; query_bar and bar, from 1, the nearest pair; of pieces also why, likeness ("same music", "related" or
        "nothing alike") and probability, that of the first.

    Raises
    ------
    UsageError
        A field is unknown or out of bounds.
    InputError
        The query cannot be used; or a file, and nobody is told.

    Examples
    --------
    >>> import symbolic_embed
    >>> samples = "datasets/samples/midi"
    >>> best = symbolic_embed.rank(f"{samples}/ah_vous_dirai_je_theme.mid", samples, transpose=True, top=2)
    >>> [match.path.rpartition("/")[2] for match in best]
    ['ah_vous_dirai_je_theme.mid', 'ah_vous_dirai_je_variation_1.mid']
    """
    request = request_of(RankRequest, request, fields)
    embedder = Session.of(checkpoint).embedder
    if sounds.is_by_sound(query, paths, embedder, request):
        return sounds.ranked(query, paths, rejected, embedder, request)
    return ranking.rank(
        piece_of(query, request, request.roles),
        collected(paths, rejected, request, where=request.conditions),
        embedder,
        request,
    )


def compare(
    paths: Paths,
    request: CompareRequest | None = None,
    *,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> tuple[list[str], NDArray[np.float32]]:
    """The distance of every pair of files: the very distance that `rank` sorts by.

    Parameters
    ----------
    paths : path or paths
        Files, and folders to walk.
    request : CompareRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint, rejected, metric, transpose, weights, where, join_channels
        As in `rank`.
    by : "all", "passages", "bars", "harmony", "melody" or "rhythm", default "all"
        As in `rank`.

    Returns
    -------
    paths : list of str, n
    distance : float32 (n, n)
        Symmetric; its diagonal is 0.

    Examples
    --------
    >>> import symbolic_embed
    >>> paths, distance = symbolic_embed.compare("datasets/samples/midi")
    >>> distance.shape
    (16, 16)
    """
    request = request_of(CompareRequest, request, fields)
    return comparing.compare(
        pieces_in(paths, rejected, request, where=request.conditions), Session.of(checkpoint).embedder, request
    )


def find(
    fragment: Music,
    paths: Paths | Library,
    request: FindRequest | None = None,
    *,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> list[Place]:
    """Which piece a fragment is from: the place in each piece where it fits best, in any key, the best first.

    Parameters
    ----------
    fragment : path, bytes, or an object of symusic, mido, pretty_midi or music21
        Some bars of one part or of several.
    paths : path, paths or Library
        Files, and folders to walk; or a library (`symbolic_embed.open_library`).
    request : FindRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint, rejected, where
        As in `rank`.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums; of the fragment.
    by : "bars" or "tune", optional
        "bars": all of the fragment, bar beside bar. "tune": its melody as somebody sings it, in whatever key, tempo and
        rhythm. Default: "tune" for a recording that is heard as a melody, else "bars".
    tracks : text or iterable, optional
        Only these tracks of the fragment count: numbers from 0 or names, "0,bass".
    top : int, at least 1, optional
        Only so many places. Default: one for each piece.
    candidates : int, default 100
        Of a library, with `top`: how many of its pieces are looked through; 0: all.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    list of Place
        path; distance; transposition, in semitones, of the fragment; track, from 0, None where all parts matched
        together; bar and last_bar, from 1; likeness and probability, as in `rank`.

    Examples
    --------
    >>> import symbolic_embed
    >>> samples = "datasets/samples/midi"
    >>> [place] = symbolic_embed.find(f"{samples}/greensleeves.mid", samples, top=1)
    >>> place.path, place.bar, place.transposition
    ('datasets/samples/midi/greensleeves.mid', 1, 0)
    """
    request = request_of(FindRequest, request, fields)
    return finding.find(
        piece_of(fragment, request, request.roles),
        collected(paths, rejected, request, where=request.conditions),
        Session.of(checkpoint).embedder,
        request,
    )
