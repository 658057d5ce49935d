"""Checkpoints: a folder with weights (safetensors) and a card (JSON).

    card.json             format, settings, scores, training data with licences, SHA-256 of each weight file
    embedder.safetensors  encoder and decoder
    composer.safetensors  the composer, where there is one
    anchor.safetensors    what foretells the next bar from some, where there is one
    passages.safetensors  the passage encoder, where there is one
    chroma.safetensors    the encoder of recordings by their chroma, where there is one; or mfcc.safetensors

Nothing in it can run code. Every weight file is compared with its SHA-256 before use, since neither torch nor
safetensors notices a flipped bit. Weights are kept in half precision and used in single precision.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from symbolic_embed.errors import CheckpointError, SettingsError, UsageError
from symbolic_embed.files import FileSet
from symbolic_embed.files.identity import identity

if TYPE_CHECKING:
    from torch import Tensor

FORMAT = 2  # 1: embeddings are not standardised
CARD = "card.json"
EMBEDDING = ("embedder", "passages")  # the parts by which music is embedded
BUNDLED = "bundled"  # the word for that checkpoint
LARGEST_CARD = 4_000_000
LARGEST_HEADER = 1_000_000  # a safetensors header can be made to cost 39 s and 1.9 GB
PACKAGE = Path(__file__).parent.parent
NOTHING: Mapping[str, bytes] = MappingProxyType({})


def embedding_hash(card: Mapping[str, Any]) -> str:
    """`Checkpoint.embedding_hash` of a checkpoint's card."""
    weights = {part: card["weights"][part] for part in EMBEDDING if part in card["weights"]}
    return hashlib.sha256(json.dumps(weights, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint's folder and card. Weights are read when asked for."""

    folder: Path
    card: Mapping[str, Any]

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the hashes of all weight files: which weights these are."""
        return hashlib.sha256(json.dumps(self.card["weights"], sort_keys=True).encode()).hexdigest()

    @cached_property
    def embedding_hash(self) -> str:
        """The same over those alone by which music is embedded: what a library is built by, whoever composes."""
        return embedding_hash(self.card)

    def holds(self, part: str) -> bool:
        """Whether there are weights of `part`, "embedder", "composer" or "anchor"."""
        return part in self.card["weights"]

    def weights(self, part: str) -> dict[str, Tensor]:
        """The tensors of a part in single precision, by name. Raises CheckpointError where bits have changed."""
        from safetensors import SafetensorError
        from safetensors.torch import load

        path = self.folder / f"{part}.safetensors"
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CheckpointError(f"{path}: cannot be read ({error.strerror}); the card says it is there") from None
        digest, expected = hashlib.sha256(content).hexdigest(), str(self.card["weights"].get(part))
        if digest != expected:
            raise CheckpointError(f"{path}: SHA-256 is {digest[:12]}, the card says {expected[:12]}; copy it again")
        header = int.from_bytes(content[:8], "little")
        if header > LARGEST_HEADER:
            raise CheckpointError(
                f"{path}: its header has {header} bytes, {LARGEST_HEADER} are allowed; not one of ours"
            )
        try:
            tensors = load(content)
        except SafetensorError as error:
            raise CheckpointError(
                f"{path}: no weights in it ({error}), though the card knows it; copy it again"
            ) from None
        return {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}


def bundled_folder() -> Path:
    """Where the bundled checkpoint lies: inside the installed package, or in `checkpoints/` of a clone."""
    installed = PACKAGE / "bundled"
    return installed if installed.is_dir() else PACKAGE.parent / "checkpoints" / "bundled"


def meant_folder(named: Path | None) -> Path:
    """The folder of a checkpoint that is named: the bundled one where none is, or by the word "bundled", unless that is
    a folder with a checkpoint of one's own."""
    is_word = named is not None and str(named) == BUNDLED and not (named / CARD).exists()
    return bundled_folder() if named is None or is_word else named


def open_checkpoint(folder: Path | None = None) -> Checkpoint:
    """The checkpoint in a folder; the bundled one where none is named, or "bundled". Raises CheckpointError."""
    folder = meant_folder(folder)
    try:
        with open(folder / CARD, "rb") as file:
            text = file.read(LARGEST_CARD + 1)
        card = json.loads(text) if len(text) <= LARGEST_CARD else None
    except OSError as error:
        reason = f"{CARD}: {(error.strerror or 'cannot be read').lower()}"
        raise CheckpointError(f"{folder}: no checkpoint here ({reason}); name a folder with {CARD}") from None
    except ValueError:
        raise CheckpointError(f"{folder}: no checkpoint here ({CARD}: no JSON); name a folder with {CARD}") from None
    if not isinstance(card, dict) or "format" not in card or not isinstance(card.get("weights"), dict):
        raise CheckpointError(f"{folder / CARD}: not the card of a checkpoint ('format' and 'weights' are missing)")
    if not isinstance(card["format"], int) or card["format"] > FORMAT:
        raise CheckpointError(f"{folder / CARD}: format {card['format']}, this version reads up to {FORMAT}; update it")
    return Checkpoint(folder, card)


@contextmanager
def requiring_fit(checkpoint: Checkpoint) -> Iterator[None]:
    """Where networks are built as a card describes them and given the weights beside it. Raises CheckpointError where
    the two do not fit."""
    try:
        yield
    except (KeyError, TypeError, RuntimeError, SettingsError) as error:
        reason = str(error).strip("'").splitlines()[-1].strip()
        raise CheckpointError(
            f"{checkpoint.folder}: its card describes another model than it holds ({reason})"
        ) from None


def own_folder(named: Path | None) -> Path:
    """The folder of a checkpoint that is going to be changed. Raises UsageError for the bundled one, unless a clone's
    is named, where it is made: what is installed is not the user's to change, and would be lost with the next version.
    """
    installed = PACKAGE / "bundled"
    if named is None or meant_folder(named) != named or (installed.is_dir() and identity(named) == identity(installed)):
        raise UsageError(
            f"`checkpoint` must name one of your own, since it is changed: copy {bundled_folder()} and name the copy",
            field="checkpoint",
        )
    return named


def write_checkpoint(
    folder: Path,
    *,
    parts: Mapping[str, Mapping[str, Tensor]],
    card: Mapping[str, Any],
    beside: Mapping[str, bytes] = NOTHING,
) -> Checkpoint:
    """Writes weights, what else belongs to them (`beside`, by file name), and the card with their hashes, together or
    not at all. Raises OutputError.

    A power cut on the way leaves an earlier checkpoint in `folder` as it was, or one whose hashes do not fit its card
    and which is therefore refused, never one that is silently wrong.
    """
    weights = {part: _packed(tensors) for part, tensors in parts.items()}
    hashes = {part: hashlib.sha256(content).hexdigest() for part, content in weights.items()}
    contents = {**{f"{part}.safetensors": content for part, content in weights.items()}, **beside}
    return _written(folder, contents, {"format": FORMAT, **card, "weights": hashes})


def with_part(
    checkpoint: Checkpoint, part: str, *, weights: Mapping[str, Tensor], card: Mapping[str, Any]
) -> Checkpoint:
    """The checkpoint with one more part, or another in the place of one, and with this card; together or not at all.
    The files of the other parts are not touched. Raises OutputError."""
    content = _packed(weights)
    hashes = {**checkpoint.card["weights"], part: hashlib.sha256(content).hexdigest()}
    card = {**card, "format": checkpoint.card["format"], "weights": hashes}
    return _written(checkpoint.folder, {f"{part}.safetensors": content}, card)


def copied_checkpoint(checkpoint: Checkpoint, folder: Path) -> Checkpoint:
    """The same checkpoint in another folder, to the bit, with all that lies beside its weights. Raises OutputError,
    CheckpointError where a file that the card knows is missing."""
    names = [f"{part}.safetensors" for part in checkpoint.card["weights"]]
    names += sorted(path.name for path in checkpoint.folder.glob("*.safetensors") if path.name not in names)
    try:
        contents = {name: (checkpoint.folder / name).read_bytes() for name in names}
    except OSError as error:
        raise CheckpointError(
            f"{error.filename}: cannot be read ({error.strerror}); the card says it is there"
        ) from None
    return _written(folder, contents, checkpoint.card)


def rewrite_card(
    checkpoint: Checkpoint, card: Mapping[str, Any], *, beside: Mapping[str, bytes] = NOTHING
) -> Checkpoint:
    """The same weights with another card, whose `weights` must stay those of the checkpoint, and with other files
    `beside` them, by name; together or not at all. Raises OutputError."""
    card = {**card, "format": checkpoint.card["format"], "weights": checkpoint.card["weights"]}
    return _written(checkpoint.folder, beside, card)


def _written(folder: Path, contents: Mapping[str, bytes], card: Mapping[str, Any]) -> Checkpoint:
    with FileSet(force=True) as files:
        for name, content in contents.items():
            files.add(folder / name, content)
        files.add(folder / CARD, (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode())
    return open_checkpoint(folder)


def _packed(tensors: Mapping[str, Tensor]) -> bytes:
    """The content of a file of weights."""
    from safetensors.torch import save

    return save({name: _halved(one) for name, one in tensors.items()})


def _halved(tensor: Tensor) -> Tensor:
    tensor = tensor.detach().contiguous().cpu()
    return tensor.half() if tensor.is_floating_point() else tensor
