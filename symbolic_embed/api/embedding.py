"""Music as the model has it: embeddings as arrays, passages, and pieces through the model and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.api.music import Music, Paths, Rejected, piece_of, pieces_in
from symbolic_embed.api.session import Model, Session, request_of
from symbolic_embed.embedding.passages import Passages
from symbolic_embed.library.arrays import embedded
from symbolic_embed.library.building import featured
from symbolic_embed.library.features import Needs, known
from symbolic_embed.requests import EmbedRequest, PassagesRequest, ReconstructRequest
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
    """Files as arrays: an embedding for each piece, bar, cell and passage.

    Parameters
    ----------
    paths : path or paths
        Files, and folders to walk.
    request : EmbedRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint, rejected, where
        As in `rank`.
    level : "bar", "cell" or "passage", default "bar"
        Pieces and bars; or also cells, each part's share of each bar; or also all that pieces and fragments are
        compared by: passages of two, four and eight bars, harmony and melody.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums; of a single file.
    precision : "auto", "float32", "bfloat16" or "float16", default "auto"
        Of matrix products. "auto" measures which is faster here; in "float32" the embeddings are, to the last bit, what
        `rank` and `Embedder.embed_bars` compute; in "float16" they are these, rounded to half precision.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    dict of str to array
        paths, str (pieces,); piece_embedding, float32 (pieces, dim); bar_embedding, float32 (bars, dim); bar_piece and
        bar_number, from 1, int64 (bars,); precision, what was chosen; checkpoint, its hash; format, 2; of cells
        cell_embedding, cell_piece, cell_track, from 0, cell_bar, from 1; of passages passage_vector, the same in every
        key, passage_turning, passage_piece, passage_track, -1 for all parts together, passage_bar, from 1,
        passage_bars; harmony, harmony_piece, harmony_bar; melody_pitch, melody_weight, melody_piece. Shapes stand in
        `symbolic_embed.library.arrays`.

    Examples
    --------
    >>> import symbolic_embed
    >>> arrays = symbolic_embed.embed("datasets/samples/midi/ode_to_joy.mid", precision="float32")
    >>> arrays["bar_embedding"].shape
    (16, 256)
    """
    request = request_of(EmbedRequest, request, fields)
    with embedded(
        pieces_in(paths, rejected, request, request.roles, where=request.conditions),
        embedder=Session.of(checkpoint).embedder,
        level=request.level,
        precision=request.precision,
    ) as arrays:
        return {name: np.array(array) for name, array in arrays.items()}


def passages(
    music: Music, request: PassagesRequest | None = None, *, checkpoint: Model = None, **fields: Any
) -> Passages:
    """A vector for every passage of a piece: two, four and eight bars of each part, and of all parts together.

    Parameters
    ----------
    music : path, bytes, or an object of symusic, mido, pretty_midi or music21
        The piece, or a fragment of one.
    request : PassagesRequest, optional
        All of what follows `checkpoint` in one; then nothing else is given.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model; one with a passage encoder. Default: the bundled one, loaded anew.
    roles : dict or text, optional
        What tracks do, where they are read otherwise: {"Kit": "drums"} or "2=drums,Lead=melody". One of melody, bass,
        chords, drums.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    Passages
        blind, float32 (passages, 192), the same in every key; turning, float32 (passages, 12, 16), a row for each pitch
        class; both of length one. track, -1 for all parts together; bar, the first, from 0; bars, how many: int64
        (passages,). `where(mask)` chooses some.

    Raises
    ------
    CheckpointError
        Where the model has no passage encoder.

    Examples
    --------
    >>> import symbolic_embed
    >>> found = symbolic_embed.passages("datasets/samples/midi/ode_to_joy.mid")
    >>> found.blind.shape[1], sorted(set(found.bars.tolist()))
    (192, [2, 4, 8])
    """
    request = request_of(PassagesRequest, request, fields)
    piece = piece_of(music, request, request.roles)
    (features,) = featured([("", piece)], Session.of(checkpoint).embedder, Needs.of("passages"))
    return known(features.passages)


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
