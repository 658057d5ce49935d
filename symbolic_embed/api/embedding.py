"""Music as the model has it: embeddings as arrays, and pieces through the model and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.api.music import Music, Paths, Rejected, piece_of, pieces_in
from symbolic_embed.api.session import Model, Session, request_of
from symbolic_embed.embedding.precision import chosen_precision
from symbolic_embed.library.arrays import embedded
from symbolic_embed.requests import EmbedRequest, ReconstructRequest
from symbolic_embed.verbs.reconstruct import Reconstruction
from symbolic_embed.verbs.reconstruct import reconstruct as reconstructed


def embed(
    paths: Paths,
    request: EmbedRequest | None = None,
    *,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> dict[str, NDArray[Any]]:
    """Files as arrays: an embedding for each piece, bar and cell.

    Parameters
    ----------
    paths : path or paths
        Files, and folders to walk.
    request : EmbedRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint, rejected, where
        As in `rank`.
    level : "bar" or "cell", default "bar"
        Pieces and bars; or also cells, each part's share of each bar.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums; of a single file.
    precision : "auto", "float32" or "bfloat16", default "auto"
        Of matrix products. "auto" measures which is faster here; in "float32" the embeddings are, to the last bit, what
        `rank` and `Embedder.embed_bars` compute.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    dict of str to array
        paths, str (pieces,); piece_embedding, float32 (pieces, dim); bar_embedding, float32 (bars, dim); bar_piece and
        bar_number, from 1, int64 (bars,); precision, what was chosen; checkpoint, its hash; format, 2; and of cells
        cell_embedding, cell_piece, cell_track, from 0, cell_bar, from 1 (`symbolic_embed.library.arrays`).

    Examples
    --------
    >>> import symbolic_embed
    >>> arrays = symbolic_embed.embed("datasets/samples/midi/ode_to_joy.mid", precision="float32")
    >>> arrays["bar_embedding"].shape
    (16, 256)
    """
    request = request_of(EmbedRequest, request, fields)
    embedder = Session.of(checkpoint).embedder.with_precision(chosen_precision(request.precision))
    with embedded(
        pieces_in(paths, rejected, request, request.roles, where=request.conditions),
        embedder=embedder,
        level=request.level,
    ) as arrays:
        return {name: np.array(array) for name, array in arrays.items()}


def reconstruct(
    music: Music, request: ReconstructRequest | None = None, *, checkpoint: Model = None, **fields: Any
) -> Reconstruction:
    """A piece through the model and back: what its embeddings keep of it.

    Parameters
    ----------
    music : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The piece.
    request : ReconstructRequest, optional
        All of what follows `checkpoint` in one; then nothing else is given.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model. Default: the bundled one, loaded anew.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    Reconstruction
        `score()`, what came back; `counts()`, the notes that are right, by role.

    Examples
    --------
    >>> import symbolic_embed
    >>> back = symbolic_embed.reconstruct("datasets/samples/midi/frere_jacques.mid")
    >>> round(back.counts()["melody"].f1, 1)
    1.0
    """
    request = request_of(ReconstructRequest, request, fields)
    return reconstructed(Session.of(checkpoint).embedder, piece_of(music, request, request.roles))
